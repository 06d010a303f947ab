import { concat, nameBytes, sectionBytes, u32Bytes } from './byte-writer.ts';
import { readModule } from './reader.ts';
import { type MemoryLimits, SECTION, type Section, type WasmModule } from './wasm-module.ts';

/** Raise this when the rewritten bytes of the same module change. */
export const REWRITER_VERSION = 1;

/**
 * Makes a module take its memory from us: a declared memory, or an import `env.memory`, becomes the import
 * `quern.memory`. Its index stays 0, so exports, code, data and the name section stay as they are. The maximum is
 * dropped: the cap is that of the Memory object given at instantiation.
 *
 * @param bytes a module that `readModule` accepts
 * @returns `bytes` itself when the module has no memory of either kind; `memory` is what it declared
 * @throws CoreError FORMAT_WASM, FORMAT_UNSUPPORTED
 */
export function importMemory(
  bytes: Uint8Array,
  module: WasmModule = readModule(bytes),
): { bytes: Uint8Array; memory?: MemoryLimits } {
  const [memory] = module.memories;
  if (memory === undefined) return { bytes };
  const imported = module.imports.find((i) => i.kind === 'memory');
  if (imported && !(imported.module === 'env' && imported.name === 'memory')) return { bytes, memory };
  const entry = importEntry(memory);
  const section = imported
    ? replaceImport(module, { entry, start: imported.start, end: imported.end })
    : appendImport(module, entry);
  return { bytes: withImportSection(module, { section, dropMemory: !imported }), memory };
}

function importEntry(memory: MemoryLimits): Uint8Array {
  const limits = Uint8Array.from([MEMORY_KIND, NO_MAXIMUM, ...u32Bytes(memory.initialPages)]);
  return concat([nameBytes('quern'), nameBytes('memory'), limits]);
}

const MEMORY_KIND = 2;
const NO_MAXIMUM = 0;

function replaceImport(
  module: WasmModule,
  edit: { readonly entry: Uint8Array; readonly start: number; readonly end: number },
): Uint8Array {
  const { payloadStart, end } = sectionOf(module, SECTION.import) ?? { payloadStart: 0, end: 0 };
  const before = module.bytes.subarray(payloadStart, edit.start);
  return sectionBytes(SECTION.import, concat([before, edit.entry, module.bytes.subarray(edit.end, end)]));
}

function appendImport(module: WasmModule, entry: Uint8Array): Uint8Array {
  const count = Uint8Array.from(u32Bytes(module.imports.length + 1));
  const first = module.imports[0];
  const last = module.imports.at(-1);
  const entries = first && last ? module.bytes.subarray(first.start, last.end) : new Uint8Array(0);
  return sectionBytes(SECTION.import, concat([count, entries, entry]));
}

function sectionOf(module: WasmModule, id: number): Section | undefined {
  return module.sections.find((s) => s.id === id);
}

/** The file with another import section, which comes after the types and before everything else. */
function withImportSection(
  module: WasmModule,
  edit: { readonly section: Uint8Array; readonly dropMemory: boolean },
): Uint8Array {
  const parts = [module.bytes.subarray(0, 8)];
  let written = false;
  for (const section of module.sections) {
    const comesLater = section.id !== SECTION.custom && section.id !== SECTION.type;
    if (comesLater && !written) {
      parts.push(edit.section);
      written = true;
    }
    if (section.id === SECTION.import) continue;
    if (section.id === SECTION.memory && edit.dropMemory) continue;
    parts.push(module.bytes.subarray(section.start, section.end));
  }
  return concat(parts);
}
