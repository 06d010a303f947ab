import { concat, nameBytes, u32Bytes } from './byte-writer.ts';
import { sectionOf, withEntries } from './rewrite-sections.ts';
import { type MemoryLimits, SECTION, type WasmImport, type WasmModule } from './wasm-module.ts';

/** The memory of a module, and whether the rewriter takes it out of the module's hands. */
export interface OwnMemory {
  /** As declared or imported as `env.memory`. */
  readonly limits: MemoryLimits;
  /** The import `env.memory`; absent when the memory is declared. */
  readonly imported?: WasmImport;
}

/** The memory that we give: a declared one, or `env.memory`. An import under another name is another's to give. */
export function ownMemory(module: WasmModule): OwnMemory | undefined {
  const [limits] = module.memories;
  if (limits === undefined) return undefined;
  const imported = module.imports.find((i) => i.kind === 'memory');
  if (imported === undefined) return { limits };
  return imported.module === 'env' && imported.name === 'memory' ? { limits, imported } : undefined;
}

/**
 * The content of an import section that takes the memory from us, as `quern.memory`. Its index stays 0, so exports, code
 * and data stay as they are. The maximum is left out: the cap is that of the Memory object given at instantiation.
 */
export function withImportedMemory(module: WasmModule, { limits, imported }: OwnMemory): Uint8Array {
  const bytes = Uint8Array.from([MEMORY_KIND, NO_MAXIMUM, ...u32Bytes(limits.initialPages)]);
  const entry = concat([nameBytes('quern'), nameBytes('memory'), bytes]);
  if (imported === undefined) return withEntries(module, SECTION.import, [entry]);
  const section = sectionOf(module, SECTION.import);
  const before = module.bytes.subarray(section?.payloadStart ?? imported.start, imported.start);
  return concat([before, entry, module.bytes.subarray(imported.end, section?.end ?? imported.end)]);
}

const MEMORY_KIND = 2;
const NO_MAXIMUM = 0;
