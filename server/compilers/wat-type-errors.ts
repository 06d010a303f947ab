import type { ByteRange } from '../../wasm-core/binary/wasm-module.ts';
import { CoreError } from '../../wasm-core/protocol/errors.ts';
import type { WorkerDiagnostic } from './compile-types.ts';
import { functionBodies, instructionOffsets } from './instruction-offsets.ts';
import { fromV8, v8Message, v8Offset } from './wat-errors.ts';
import { type ListedInstruction, listFunctions } from './wat-instructions.ts';

/** So many are told of one module at most. */
const MOST_ERRORS = 20;

/**
 * What V8 finds wrong in a module, at the instructions of the text that it was assembled from. V8 stops at the first
 * error, so functions that have one are emptied, one after the other, to hear of the others.
 *
 * @param refusal what V8 said of the bytes
 * @returns at least one error
 */
export async function typeErrorsOfV8(
  text: string,
  bytes: Uint8Array<ArrayBuffer>,
  refusal: unknown,
): Promise<WorkerDiagnostic[]> {
  const places = new InstructionPlaces(text, bytes);
  const tried = bytes.slice();
  const found: WorkerDiagnostic[] = [];
  let error = refusal;
  while (error !== undefined && found.length < MOST_ERRORS) {
    const offset = v8Offset(error);
    const place = offset === undefined ? undefined : places.at(offset);
    if (place === undefined) break;
    const { start, end } = place;
    found.push({ severity: 'error', code: 'wat/type', message: v8Message(error), start, end });
    if (offset === undefined || !places.empty(tried, offset)) break;
    error = await WebAssembly.compile(tried).then(
      () => undefined,
      (next: unknown) => next,
    );
  }
  return found.length > 0 ? found : [fromV8(text, refusal)];
}

class InstructionPlaces {
  private readonly bodies: readonly ByteRange[];
  private readonly functions: readonly (readonly ListedInstruction[] | undefined)[];

  constructor(
    text: string,
    private readonly bytes: Uint8Array,
  ) {
    this.bodies = functionBodies(bytes);
    this.functions = listFunctions(text);
  }

  /** The instruction of the text whose bytes an offset lies in, where both sides agree on how many there are. */
  at(offset: number): ListedInstruction | undefined {
    const index = this.indexAt(offset);
    const body = this.bodies[index];
    const listed = this.functions[index];
    if (body === undefined || listed === undefined || this.functions.length !== this.bodies.length)
      return undefined;
    const offsets = offsetsIn(this.bytes, body);
    if (offsets?.length !== listed.length) return undefined;
    const behind = offsets.findIndex((start) => start > offset);
    return listed[behind < 0 ? listed.length - 1 : Math.max(0, behind - 1)];
  }

  /** Makes the function at an offset one that is valid whatever its type; false when it is too short for that. */
  empty(bytes: Uint8Array, offset: number): boolean {
    const body = this.bodies[this.indexAt(offset)];
    if (body === undefined || body.end - body.start < EMPTY.length + 1) return false;
    bytes.fill(NOP, body.start, body.end);
    bytes.set(EMPTY, body.start);
    bytes[body.end - 1] = END;
    return true;
  }

  private indexAt(offset: number): number {
    return this.bodies.findIndex(({ start, end }) => start <= offset && offset < end);
  }
}

const NOP = 0x01;
const END = 0x0b;
/** No locals, and `unreachable`. */
const EMPTY = [0x00, 0x00];

/** What cannot be read has no places. */
function offsetsIn(bytes: Uint8Array, body: ByteRange): number[] | undefined {
  try {
    return instructionOffsets(bytes, body);
  } catch (error) {
    if (error instanceof CoreError) return undefined;
    throw error;
  }
}
