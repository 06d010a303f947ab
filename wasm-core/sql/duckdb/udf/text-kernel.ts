import { CoreError } from '../../../protocol/errors.ts';
import type { Pointer } from '../c-api.ts';
import type { Native } from '../native.ts';
import { align } from './batch-layout.ts';
import { TEXT_KERNEL } from './text-kernel-code.ts';

/*
 * Texts of whole chunks at once, by `text-kernel.wat`: a row of JavaScript for each text costs more than most functions
 * do with it. A staging block in the engine's memory holds offsets and bytes as a batch has them.
 */

/** Texts as one block in the engine's memory: i32 offsets, one more than rows, then their bytes at the next 16. */
export interface TextBlock {
  readonly pointer: Pointer;
  /** Of offsets and bytes together. */
  readonly byteLength: number;
}

/** What is to become rows of a vector. */
export interface TextRows {
  /** Memory that the addresses are in. */
  readonly memory: Uint8Array;
  /** Address of the offsets, checked: they rise, and all that they name is inside memory. */
  readonly offsets: number;
  /** Address of the data that offset 0 names. */
  readonly data: number;
  /** The first and the last offset. */
  readonly start: number;
  readonly end: number;
  readonly rowCount: number;
}

/** Bytes of the first rows' texts together; rows that share theirs count each. @param data of a flat vector, no NULL */
export function measureTexts(native: Native, data: Pointer, rowCount: number): number {
  return kernelOf(native).measure(data, rowCount);
}

/**
 * Calls `use` with the first rows' texts as a block, freed afterwards.
 *
 * @param from.byteLength as `measureTexts` gave it
 * @throws CoreError MEMORY_LIMIT when the engine has no room for them
 */
export function withTexts(
  native: Native,
  from: { readonly data: Pointer; readonly rowCount: number; readonly byteLength: number },
  use: (block: TextBlock) => void,
): void {
  const { data, rowCount, byteLength } = from;
  const bytesAt = align(4 * (rowCount + 1));
  withRoom(native, bytesAt + byteLength, (pointer) => {
    kernelOf(native).gather(data, rowCount, pointer, pointer + bytesAt);
    use({ pointer, byteLength: bytesAt + byteLength });
  });
}

/**
 * Sets rows of a vector.
 *
 * @param to.firstRow the row that the first text is for
 * @param isValid asked when not all bytes are ASCII; throws for what may not be stored. Absent: anything may be
 * @throws CoreError MEMORY_LIMIT when the engine has no room for them
 */
export function writeTexts(
  native: Native,
  texts: TextRows,
  to: { readonly vector: Pointer; readonly firstRow: number; readonly isValid?: (() => void) | undefined },
): void {
  const { memory, offsets, start, end, rowCount } = texts;
  const kernel = kernelOf(native);
  const bytesAt = align(4 * (rowCount + 1));
  withRoom(native, bytesAt + end - start, (pointer) => {
    const bytes = pointer + bytesAt;
    const engine = native.bytes();
    engine.set(memory.subarray(offsets, offsets + 4 * (rowCount + 1)), pointer);
    engine.set(memory.subarray(texts.data + start, texts.data + end), bytes);
    if (to.isValid !== undefined && kernel.isAscii(bytes, end - start) === 0) to.isValid();
    const data = native.api.duckdb_vector_get_data(to.vector) + STRING_BYTES * to.firstRow;
    const longCount = kernel.scatterShort(pointer, bytes - start, rowCount, data);
    if (longCount === 0) return;
    const owned = ownBytes(native, { ...to, data, bytes, byteLength: end - start });
    kernel.scatterLong(pointer, owned - start, rowCount, data);
  });
}

interface Kernel {
  measure(data: Pointer, rows: number): number;
  gather(data: Pointer, rows: number, offsets: Pointer, bytes: Pointer): void;
  scatterShort(offsets: Pointer, bytes: Pointer, rows: number, data: Pointer): number;
  scatterLong(offsets: Pointer, bytes: Pointer, rows: number, data: Pointer): void;
  isAscii(at: Pointer, byteLength: number): number;
}

function kernelOf(native: Native): Kernel {
  // The exports are those of `text-kernel.wat`.
  return native.helper(TEXT_KERNEL) as unknown as Kernel;
}

/**
 * Makes the vector take a copy of all bytes as if they were one text of more than 12 bytes; each long text is then a
 * part of that. @returns where the copy is
 */
function ownBytes(
  native: Native,
  options: {
    readonly vector: Pointer;
    readonly firstRow: number;
    readonly data: Pointer;
    readonly bytes: Pointer;
    readonly byteLength: number;
  },
): Pointer {
  const { vector, firstRow, data, bytes, byteLength } = options;
  const entry = native.bytes().slice(data, data + STRING_BYTES);
  native.api.duckdb_vector_assign_string_element_len(vector, firstRow, 0, bytes, byteLength, 0);
  const owned = native.word(data + 8);
  native.bytes().set(entry, data);
  return owned;
}

/** Calls `use` with room for so many bytes and the slack that the kernel needs behind them. */
function withRoom(native: Native, byteLength: number, use: (pointer: Pointer) => void): void {
  const needed = byteLength + SLACK_BYTES;
  const pointer = needed < 2 ** 31 ? native.api.malloc(needed) >>> 0 : 0;
  if (pointer === 0) {
    throw new CoreError(
      'MEMORY_LIMIT',
      `The texts of one chunk, ${byteLength} bytes, do not fit in the engine's memory. Call the function on shorter texts.`,
    );
  }
  try {
    use(pointer);
  } finally {
    native.api.free(pointer);
  }
}

const STRING_BYTES = 16;
const SLACK_BYTES = 16;
