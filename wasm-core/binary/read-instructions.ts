import { ByteReader } from './byte-reader.ts';
import { InstructionReader } from './instruction-reader.ts';
import { readValueType } from './read-types.ts';
import type { ByteRange, WasmModule } from './wasm-module.ts';

/** An instruction's place in its file, bytes, and its opcode. */
export interface PlacedInstruction {
  readonly offset: number;
  readonly opcode: number;
}

/**
 * The instructions of a function, in their order, the final `end` included.
 *
 * @param body one of the module's
 * @throws CoreError FORMAT_WASM, FORMAT_UNSUPPORTED
 */
export function readInstructions(module: WasmModule, body: ByteRange): PlacedInstruction[] {
  const found: PlacedInstruction[] = [];
  walkInstructions(module, body, (offset, opcode) => found.push({ offset, opcode }));
  return found;
}

/**
 * Reads the instructions of a function one by one, as `readInstructions` does, without keeping any.
 *
 * @param visit gets each instruction's place in the file, bytes, and its opcode
 * @throws CoreError FORMAT_WASM, FORMAT_UNSUPPORTED
 */
export function walkInstructions(
  module: WasmModule,
  body: ByteRange,
  visit: (offset: number, opcode: number) => void,
): void {
  const reader = new ByteReader(module.bytes, body.start, body.end);
  for (let groups = reader.u32(); groups > 0; groups--) {
    reader.u32();
    readValueType(reader);
  }
  const code = new InstructionReader(reader, {
    type: module.types.length,
    function: module.functions.length,
    table: module.tables.length,
    memory: module.memories.length,
    global: module.globals.length,
    tag: module.tags.length,
    // Whoever lists instructions has a valid module.
    local: Number.POSITIVE_INFINITY,
  });
  while (!reader.done) {
    const opcode = code.next();
    visit(code.start, opcode);
  }
}
