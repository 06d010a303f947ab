/*
 * Snappy's raw format, https://github.com/google/snappy/blob/main/format_description.txt. The packages that there are,
 * are native, or were left years ago.
 */

/** Bytes that are not what Snappy makes. */
export class SnappyError extends Error {}

/** @param most bytes that may come out @throws SnappyError */
export function unpackSnappy(packed: Uint8Array, most: number): Uint8Array {
  let at = 0;
  let byteLength = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = packed[at++];
    if (byte === undefined || shift > 28) throw new SnappyError('its length is damaged');
    byteLength += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) break;
  }
  if (byteLength > most) throw new SnappyError(`it says that it has ${byteLength} bytes`);
  const out = new Uint8Array(byteLength);
  let end = 0;
  while (at < packed.length) {
    const tag = packed[at++] ?? 0;
    const isCopy = (tag & 3) !== 0;
    const { length, offset, start } = isCopy ? copyAt(packed, at, tag) : literalAt(packed, at, tag);
    at = start;
    if (end + length > byteLength) throw new SnappyError('more comes out than it says');
    if (isCopy) {
      if (offset === 0 || offset > end) throw new SnappyError('a copy begins before the output');
      for (let i = 0; i < length; i++, end++) out[end] = out[end - offset] ?? 0;
    } else {
      if (at + length > packed.length) throw new SnappyError('it is cut off');
      out.set(packed.subarray(at, at + length), end);
      at += length;
      end += length;
    }
  }
  if (end !== byteLength) throw new SnappyError('less comes out than it says');
  return out;
}

interface Piece {
  readonly length: number;
  readonly offset: number;
  /** Behind the tag. */
  readonly start: number;
}

function literalAt(packed: Uint8Array, at: number, tag: number): Piece {
  const short = tag >>> 2;
  if (short < 60) return { length: short + 1, offset: 0, start: at };
  const bytes = short - 59;
  return { length: littleEndian(packed, at, bytes) + 1, offset: 0, start: at + bytes };
}

function copyAt(packed: Uint8Array, at: number, tag: number): Piece {
  if ((tag & 3) === 1) {
    const offset = ((tag >>> 5) << 8) | (packed[at] ?? 0);
    return { length: ((tag >>> 2) & 7) + 4, offset, start: at + 1 };
  }
  const bytes = (tag & 3) === 2 ? 2 : 4;
  return { length: (tag >>> 2) + 1, offset: littleEndian(packed, at, bytes), start: at + bytes };
}

function littleEndian(packed: Uint8Array, at: number, bytes: number): number {
  let value = 0;
  for (let i = 0; i < bytes; i++) value += (packed[at + i] ?? 0) * 256 ** i;
  return value;
}
