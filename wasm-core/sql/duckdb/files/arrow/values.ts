import type { FilePlatform } from '../file-table.ts';
import type { BufferSource } from './buffers.ts';

/** Offsets that begin at 0, and the part of the values that they are about. */
export interface Offsets {
  /** As Arrow has them, of 32 or 64 bits; one more than rows. */
  readonly offsets: Uint8Array;
  readonly start: number;
  readonly length: number;
}

/** As many bytes, or values of lists, as a chunk of rows may have: the engine's memory ends at 4 GiB. */
const MAX_LENGTH = 2 ** 30;

/** Bits of some rows, the first of which becomes the lowest bit of the first byte. */
export function copyBits(
  source: BufferSource,
  { first, rows }: { readonly first: number; readonly rows: number },
): Uint8Array {
  const shift = first & 7;
  const bits = source.bytes(first >>> 3, (shift + rows + 7) >>> 3);
  if (shift === 0) return bits.slice();
  const out = new Uint8Array((rows + 7) >>> 3);
  for (let i = 0; i < out.length; i++) {
    out[i] = ((bits[i] ?? 0) >>> shift) | ((bits[i + 1] ?? 0) << (8 - shift));
  }
  return out;
}

/** @returns undefined when they do not rise, or mean more than can be held */
export function readOffsets(
  source: BufferSource,
  { first, rows, isWide }: { readonly first: number; readonly rows: number; readonly isWide: boolean },
): Offsets | undefined {
  // Without rows there may be no offsets at all.
  if (rows === 0) return { offsets: new Uint8Array(isWide ? 8 : 4), start: 0, length: 0 };
  return isWide ? wideOffsets(source, first, rows) : narrowOffsets(source, first, rows);
}

function narrowOffsets(source: BufferSource, first: number, rows: number): Offsets | undefined {
  const values = new Int32Array(source.bytes(4 * first, 4 * rows + 4).slice().buffer);
  const start = values[0] ?? 0;
  if (start < 0) return undefined;
  let previous = start;
  for (let i = 0; i <= rows; i++) {
    const value = values[i] ?? 0;
    if (value < previous) return undefined;
    values[i] = value - start;
    previous = value;
  }
  const length = previous - start;
  return length > MAX_LENGTH ? undefined : { offsets: new Uint8Array(values.buffer), start, length };
}

function wideOffsets(source: BufferSource, first: number, rows: number): Offsets | undefined {
  const values = new BigInt64Array(source.bytes(8 * first, 8 * rows + 8).slice().buffer);
  const start = values[0] ?? 0n;
  if (start < 0n || start > BigInt(Number.MAX_SAFE_INTEGER)) return undefined;
  let previous = start;
  for (let i = 0; i <= rows; i++) {
    const value = values[i] ?? 0n;
    if (value < previous) return undefined;
    values[i] = value - start;
    previous = value;
  }
  const length = previous - start;
  if (length > BigInt(MAX_LENGTH)) return undefined;
  return { offsets: new Uint8Array(values.buffer), start: Number(start), length: Number(length) };
}

/** Whether texts are UTF-8, each for itself. */
export function checkUtf8(
  platform: FilePlatform,
  {
    data,
    offsets,
    isWide,
  }: { readonly data: Uint8Array; readonly offsets: Uint8Array; readonly isWide: boolean },
): boolean {
  if (!platform.isUtf8(data)) return false;
  const words = new Int32Array(offsets.buffer, offsets.byteOffset, offsets.length >>> 2);
  // Of wide ones the lower halves: none is larger than the limit above.
  const step = isWide ? 2 : 1;
  for (let i = 0; i < words.length; i += step) {
    // A text that begins in the middle of a character.
    if (((data[words[i] ?? 0] ?? 0) & 0xc0) === 0x80) return false;
  }
  return true;
}

/** Makes the indexes of NULL rows 0. @returns whether all others are below the limit */
export function settleIndexes(options: {
  readonly values: Uint8Array;
  /** Of an index. */
  readonly bytes: number;
  readonly isValid: (row: number) => boolean;
  readonly below: number;
}): boolean {
  const { values, bytes, isValid, below } = options;
  const view = new DataView(values.buffer, values.byteOffset, values.byteLength);
  for (let row = 0; row * bytes < values.length; row++) {
    if (!isValid(row)) values.fill(0, row * bytes, (row + 1) * bytes);
    else if (indexAt(view, row * bytes, bytes) >= below) return false;
  }
  return true;
}

/** Read without its sign, a negative index is far above any limit. */
function indexAt(view: DataView, at: number, bytes: number): number {
  if (bytes === 1) return view.getUint8(at);
  if (bytes === 2) return view.getUint16(at, true);
  if (bytes === 4) return view.getUint32(at, true);
  return Number(view.getBigUint64(at, true));
}
