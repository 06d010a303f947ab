import { ByteReader } from './byte-reader.ts';
import { concat, nameBytes, sectionBytes, u32Bytes } from './byte-writer.ts';
import { type AddedFunction, VALUE_TYPE_BYTES } from './control-functions.ts';
import { SECTION, SECTION_ORDER, type Section, type WasmModule } from './wasm-module.ts';

/** New contents of sections by id; undefined leaves the section out. Sections that are not named stay as they are. */
export type SectionEdits = ReadonlyMap<number, Uint8Array | undefined>;

/**
 * The file with other sections. A section that was not there is put where the specification wants it, before the custom
 * sections that end the file.
 */
export function withSections(module: WasmModule, edits: SectionEdits): Uint8Array {
  const parts = [module.bytes.subarray(0, 8)];
  const ids = new Set(module.sections.map((s) => s.id));
  const missing = [...edits.keys()].filter((id) => !ids.has(id)).sort((a, b) => rank(a) - rank(b));
  const last = module.sections.findLastIndex((s) => s.id !== SECTION.custom);
  for (const [index, section] of module.sections.entries()) {
    if (section.id !== SECTION.custom) putMissing(rank(section.id));
    if (!edits.has(section.id)) parts.push(module.bytes.subarray(section.start, section.end));
    else put(section.id);
    if (index === last) putMissing(SECTION_ORDER.length);
  }
  if (last < 0) parts.splice(1, 0, ...missing.splice(0).flatMap((id) => partOf(id)));
  return concat(parts);

  function putMissing(before: number): void {
    while (missing[0] !== undefined && rank(missing[0]) < before) put(missing.shift() ?? 0);
  }

  function put(id: number): void {
    parts.push(...partOf(id));
  }

  function partOf(id: number): Uint8Array[] {
    const payload = edits.get(id);
    return payload === undefined ? [] : [sectionBytes(id, payload)];
  }
}

/** The content of a section that is a vector, with entries added at its end. */
export function withEntries(module: WasmModule, id: number, added: readonly Uint8Array[]): Uint8Array {
  const section = sectionOf(module, id);
  return withEntriesBehind(section && module.bytes.subarray(section.payloadStart, section.end), added);
}

/** The same for a content that is at hand. @param payload absent: a vector without entries */
export function withEntriesBehind(payload: Uint8Array | undefined, added: readonly Uint8Array[]): Uint8Array {
  const reader = new ByteReader(payload ?? new Uint8Array(1));
  const count = reader.u32();
  const entries = reader.bytes.subarray(reader.offset);
  return concat([Uint8Array.from(u32Bytes(count + added.length)), entries, ...added]);
}

/** The section of an id; undefined when there is none. */
export function sectionOf(module: WasmModule, id: number): Section | undefined {
  return module.sections.find((s) => s.id === id);
}

/** The type of a function as the type section holds it. */
export function functionTypeBytes({ type }: Pick<AddedFunction, 'type'>): Uint8Array {
  const bytesOf = (types: AddedFunction['type']['parameters']): number[] => [
    ...u32Bytes(types.length),
    ...types.map((t) => VALUE_TYPE_BYTES[t]),
  ];
  return Uint8Array.from([0x60, ...bytesOf(type.parameters), ...bytesOf(type.results)]);
}

/** An export of a function, or of a table. */
export function exportBytes(
  name: string,
  index: number,
  kind: 'function' | 'table' = 'function',
): Uint8Array {
  return concat([nameBytes(name), Uint8Array.from([kind === 'table' ? 1 : 0, ...u32Bytes(index)])]);
}

/** The position of a section in a file. */
function rank(id: number): number {
  return SECTION_ORDER.indexOf(id);
}
