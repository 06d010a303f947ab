import { concat, nameBytes, sectionBytes } from './byte-writer.ts';
import { readModule } from './reader.ts';
import { SECTION } from './wasm-module.ts';

/**
 * Puts a custom section into a module as its last, in the place of any that it had under the name.
 *
 * @param section.without names of sections to leave out
 * @returns a new file; `bytes` stays as it is
 * @throws CoreError FORMAT_WASM, FORMAT_UNSUPPORTED
 */
export function withCustomSection(
  bytes: Uint8Array,
  section: { readonly name: string; readonly content: Uint8Array; readonly without?: readonly string[] },
): Uint8Array {
  const { name, content, without = [] } = section;
  const payload = concat([nameBytes(name), content]);
  return concat([withoutCustomSections(bytes, [name, ...without]), sectionBytes(SECTION.custom, payload)]);
}

/**
 * Takes custom sections out of a module.
 *
 * @param names of sections, there or not
 * @returns a new file; `bytes` stays as it is
 * @throws CoreError FORMAT_WASM, FORMAT_UNSUPPORTED
 */
export function withoutCustomSections(bytes: Uint8Array, names: readonly string[]): Uint8Array {
  const module = readModule(bytes);
  const leftOut = new Set(module.customSections.filter((s) => names.includes(s.name)).map((s) => s.end));
  const kept = module.sections
    .filter((s) => !(s.id === SECTION.custom && leftOut.has(s.end)))
    .map((s) => bytes.subarray(s.start, s.end));
  return concat([bytes.subarray(0, 8), ...kept]);
}
