import { ByteReader } from '../../wasm-core/binary/byte-reader.ts';
import { InstructionDecoder } from '../../wasm-core/binary/inspect/instruction-decoder.ts';
import { readOutline } from '../../wasm-core/binary/inspect/read-outline.ts';
import { readValueTypeText } from '../../wasm-core/binary/inspect/type-text.ts';
import type { ByteRange } from '../../wasm-core/binary/wasm-module.ts';

/** The bodies of a module's functions, from their local declarations on; the module need not be valid. */
export function functionBodies(bytes: Uint8Array): ByteRange[] {
  const { starts, ends } = readOutline(bytes).functions;
  return Array.from({ length: starts.length }, (_, at) => ({ start: starts.at(at), end: ends.at(at) }));
}

/** The first byte of each instruction of a body, in their order. @throws CoreError FORMAT_WASM */
export function instructionOffsets(bytes: Uint8Array, body: ByteRange): number[] {
  const reader = new ByteReader(bytes, body.start, body.end);
  for (let groups = reader.u32(); groups > 0; groups--) {
    reader.u32();
    readValueTypeText(reader);
  }
  const code = new InstructionDecoder(reader);
  const offsets: number[] = [];
  while (!reader.done) {
    code.next();
    offsets.push(code.start);
  }
  return offsets;
}
