import type { WasmOverview } from '../../protocol/wasm-viewer.ts';
import { SECTION } from '../wasm-module.ts';
import { shortened } from './entity-text.ts';
import type { OpenedModule } from './opened-module.ts';
import { pluginOf } from './plugin-part.ts';
import { readProducers } from './producers.ts';
import { sizeTree } from './size-tree.ts';

/** Of what a file may have any number of, so many are told at a glance. */
const MAX_SHOWN = 100;

/** What there is to say of a file at a glance. Its code is not read. */
export function overviewOf(module: OpenedModule): WasmOverview {
  const { outline, identifiers } = module;
  const { moduleName } = outline.names;
  return {
    form: outline.form,
    byteLength: outline.bytes.byteLength,
    problems: outline.problems.slice(0, MAX_SHOWN),
    ...(moduleName !== undefined && { name: shortened(moduleName) }),
    sections: outline.sections.map(({ id, name, start, end, itemCount }) => ({
      name: shortened(name),
      offset: start,
      byteLength: end - start,
      isCustom: id === SECTION.custom,
      ...(itemCount !== undefined && { itemCount }),
    })),
    sizes: sizeTree(outline, identifiers),
    functionCount: outline.functions.count,
    importedFunctionCount: outline.functions.importedCount,
    importCount: outline.imports.length,
    exportCount: outline.exports.length,
    memories: outline.memories.slice(0, MAX_SHOWN).map(({ type }) => type),
    tables: outline.tables.slice(0, MAX_SHOWN).map(({ type }) => type),
    globalCount: outline.globals.length,
    ...(outline.start !== undefined && { start: module.functionRef(outline.start) }),
    producers: readProducers(outline).slice(0, MAX_SHOWN).map(shortProducer),
    plugin: pluginOf(outline),
  };
}

function shortProducer(producer: WasmOverview['producers'][number]): WasmOverview['producers'][number] {
  const { field, name, version } = producer;
  return { field: shortened(field), name: shortened(name), version: shortened(version) };
}
