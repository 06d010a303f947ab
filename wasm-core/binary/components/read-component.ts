import { ByteReader } from '../byte-reader.ts';

/**
 * What stands in front of a component's sections, in the place of a module's version: layer 1 of the format. From
 * https://github.com/WebAssembly/component-model/blob/main/design/mvp/Binary.md.
 */
const PREAMBLE = [0x00, 0x61, 0x73, 0x6d, 0x0d, 0x00, 0x01, 0x00] as const;

/** Ids of a component's sections that we look at. */
const CORE_MODULE = 1;
const COMPONENT = 4;

/** Whether a file is a component of the Component Model, and no module. */
export function isComponent(bytes: Uint8Array): boolean {
  return PREAMBLE.every((byte, index) => bytes[index] === byte);
}

/** How deep components may lie in each other. */
const MAX_DEPTH = 100;

/**
 * Finds the modules of a component and of the components in it, which often only give names to what it exports.
 *
 * @param bytes for which `isComponent` holds
 * @returns the modules in the order of the file, not copied
 * @throws CoreError FORMAT_WASM with `{offset}` when a section ends behind the file
 */
export function modulesOfComponent(bytes: Uint8Array, depth = 0): Uint8Array[] {
  const reader = new ByteReader(bytes, PREAMBLE.length);
  const modules: Uint8Array[] = [];
  while (!reader.done) {
    const id = reader.u8();
    const byteLength = reader.u32();
    const start = reader.offset;
    reader.skip(byteLength);
    const content = bytes.subarray(start, reader.offset);
    if (id === CORE_MODULE) modules.push(content);
    if (id === COMPONENT && depth < MAX_DEPTH) modules.push(...modulesOfComponent(content, depth + 1));
  }
  return modules;
}
