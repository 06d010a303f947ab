import { withoutCustomSections } from '../../../wasm-core/binary/custom-section.ts';
import { readModule } from '../../../wasm-core/binary/reader.ts';
import { CoreError } from '../../../wasm-core/protocol/errors.ts';

/** Modules up to this keep all that a debugger may want, bytes. */
const SMALL = 512 * 1024;

/**
 * A module with, of its DWARF, no more than the lines that traps are told by: Rust's standard library brings megabytes of
 * what nothing here reads. A small one is left as it is.
 *
 * @returns `wasm` itself, or a new file
 */
export function withLineTables(wasm: Uint8Array): Uint8Array {
  if (wasm.byteLength <= SMALL) return wasm;
  try {
    const { customSections } = readModule(wasm);
    // Before version 5 line tables have their names in themselves.
    const isNew = customSections.some(({ name }) => name === '.debug_line_str');
    const kept = new Set(['.debug_line', '.debug_line_str', ...(isNew ? ['.debug_str'] : [])]);
    const names = customSections.map(({ name }) => name);
    return withoutCustomSections(
      wasm,
      names.filter((name) => name.startsWith('.debug_') && !kept.has(name)),
    );
  } catch (error) {
    // The check of the module tells what is wrong with it.
    if (error instanceof CoreError) return wasm;
    throw error;
  }
}
