import { WASM_COLUMNS, type WasmComparison, type WasmRow } from '../../protocol/wasm-viewer.ts';
import { entityText, functionTypeText, shortened } from './entity-text.ts';
import { bodyOf, type ModuleOutline } from './module-outline.ts';
import type { OpenedModule } from './opened-module.ts';
import type { RowSource } from './row-list.ts';

/** What is compared of a thing that two modules may have. */
interface Item {
  readonly kind: 'import' | 'export' | 'function';
  readonly name: string;
  /** What differs when it has changed. */
  readonly text: string;
  readonly byteLength: number;
  readonly function?: number;
}

/**
 * Compares a module with another one: sections and functions by their sizes, imports and exports by their types. What
 * belongs together is told by names; functions without one are matched by their size and type, since an index says
 * nothing once a function was added. Bodies are not compared byte by byte, for the same reason.
 *
 * @param before the other module
 * @param after the module that is shown; rows lead to its functions
 */
export function compareModules(
  before: OpenedModule,
  after: OpenedModule,
  other: string,
): { readonly comparison: WasmComparison; readonly rows: RowSource } {
  const old = itemsOf(before);
  const now = itemsOf(after);
  const rows: WasmRow[] = [];
  let sameFunctionCount = 0;
  for (const [key, item] of now) {
    const was = old.get(key);
    if (was === undefined) rows.push(rowOf('added', undefined, item));
    else if (was.text !== item.text || was.byteLength !== item.byteLength) {
      rows.push(rowOf('changed', was, item));
    } else if (item.kind === 'function') sameFunctionCount++;
  }
  for (const [key, item] of old) if (!now.has(key)) rows.push(rowOf('removed', item, undefined));
  const comparison = {
    other: shortened(other),
    before: before.outline.bytes.byteLength,
    after: after.outline.bytes.byteLength,
    sections: compareSections(before.outline, after.outline),
    changeCount: rows.length,
    sameFunctionCount,
  };
  const source = {
    count: rows.length,
    columns: WASM_COLUMNS.changes,
    row: (i: number) => rows[i] ?? { cells: [] },
  };
  return { comparison, rows: source };
}

/** Everything that is compared, by what tells it apart. */
function itemsOf({ outline, identifiers }: OpenedModule): Map<string, Item> {
  const items = new Map<string, Item>();
  const counts = new Map<string, number>();
  const add = (item: Item, told = item.name) => {
    // What is told by the same again gets a number, too.
    const base = `${item.kind} ${told}`;
    const number = (counts.get(base) ?? 0) + 1;
    counts.set(base, number);
    items.set(`${number} ${base}`, item);
  };
  for (const { module, name, kind, index } of outline.imports) {
    add({ kind: 'import', name: `${module}.${name}`, text: entityText(outline, kind, index), byteLength: 0 });
  }
  for (const { name, kind, index } of outline.exports) {
    add({ kind: 'export', name, text: entityText(outline, kind, index), byteLength: 0 });
  }
  for (let index = outline.functions.importedCount; index < outline.functions.count; index++) {
    const body = bodyOf(outline, index);
    const byteLength = body === undefined ? 0 : body.end - body.start;
    const text = functionTypeText(outline, index);
    const name = identifiers.functionName(index);
    const item = { kind: 'function', name: name ?? '', text, byteLength, function: index } as const;
    // A space at the front, which keeps it apart from names.
    add(item, name ?? ` ${byteLength} ${text}`);
  }
  return items;
}

function rowOf(change: string, before: Item | undefined, after: Item | undefined): WasmRow {
  const item = after ?? before;
  const difference = (after?.byteLength ?? 0) - (before?.byteLength ?? 0);
  const cells = [change, item?.kind ?? '', shortened(item?.name ?? ''), textOf(before), textOf(after)];
  const bytes = item?.kind === 'function' ? `${difference > 0 ? '+' : ''}${difference}` : '';
  const place = after?.function;
  return { cells: [...cells, bytes], ...(place !== undefined && { function: place }) };
}

function textOf(item: Item | undefined): string {
  if (item === undefined) return '';
  return shortened(item.kind === 'function' ? `${item.byteLength} bytes, ${item.text}` : item.text);
}

function compareSections(before: ModuleOutline, after: ModuleOutline): WasmComparison['sections'] {
  const old = sectionSizes(before);
  const now = sectionSizes(after);
  return [...new Set([...now.keys(), ...old.keys()])].map((name) => {
    const [was, is] = [old.get(name), now.get(name)];
    return {
      name: shortened(name),
      ...(was !== undefined && { before: was }),
      ...(is !== undefined && { after: is }),
    };
  });
}

function sectionSizes({ sections }: ModuleOutline): Map<string, number> {
  const sizes = new Map<string, number>();
  for (const { name, start, end } of sections) sizes.set(name, (sizes.get(name) ?? 0) + end - start);
  return sizes;
}
