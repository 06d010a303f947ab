import { WASM_COLUMNS, type WasmList } from '../../protocol/wasm-viewer.ts';
import { entityText, functionTypeText, shortened } from './entity-text.ts';
import { bodyOf } from './module-outline.ts';
import type { OpenedModule } from './opened-module.ts';
import { exportDocs, pluginOf } from './plugin-part.ts';
import type { RowSource } from './row-list.ts';

/** The rows of a module's lists, each as `WASM_COLUMNS` says. */
export function rowSources(module: OpenedModule): Readonly<Record<Exclude<WasmList, 'changes'>, RowSource>> {
  return { functions: functionRows(module), exports: exportRows(module), imports: importRows(module) };
}

function functionRows({ outline, identifiers }: OpenedModule): RowSource {
  return {
    count: outline.functions.count,
    columns: WASM_COLUMNS.functions,
    row: (index) => {
      const body = bodyOf(outline, index);
      const name = shortened(identifiers.functionName(index) ?? '');
      const size = body === undefined ? 'imported' : String(body.end - body.start);
      return {
        cells: [String(index), name, shortened(functionTypeText(outline, index)), size],
        function: index,
      };
    },
  };
}

function exportRows({ outline }: OpenedModule): RowSource {
  const plugin = pluginOf(outline);
  return {
    count: outline.exports.length,
    columns: WASM_COLUMNS.exports,
    row: (row) => {
      const { name, kind, index } = outline.exports[row] ?? { name: '', kind: 'function', index: 0 };
      const type = shortened(entityText(outline, kind, index));
      const cells = [shortened(name), kind, type, shortened(exportDocs(plugin, name))];
      return { cells, ...functionOf(outline.functions.count, kind, index) };
    },
  };
}

function importRows({ outline }: OpenedModule): RowSource {
  return {
    count: outline.imports.length,
    columns: WASM_COLUMNS.imports,
    row: (row) => {
      const { module, name, kind, index } = outline.imports[row] ?? MISSING;
      const type = shortened(entityText(outline, kind, index));
      return {
        cells: [shortened(module), shortened(name), kind, type],
        ...functionOf(outline.functions.count, kind, index),
      };
    },
  };
}

const MISSING = { module: '', name: '', kind: 'function', index: 0 } as const;

function functionOf(count: number, kind: string, index: number): { readonly function?: number } {
  return kind === 'function' && index < count ? { function: index } : {};
}
