/*
 * LZ4 frames, as Arrow's buffers have them: https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md. Written here
 * because the packages that there are, are native, or load asynchronously, or were left years ago. Checksums are not
 * looked at; whatever else a frame says is held against the room that there is.
 */

/** Bytes that are no LZ4 frame, or one that does not fit. */
export class Lz4Error extends Error {}

/** Unpacks a frame of known size. @throws Lz4Error */
export function unpackLz4(packed: Uint8Array, byteLength: number): Uint8Array {
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  const out = new Uint8Array(byteLength);
  try {
    const { start, hasBlockSums } = frameHeader(view);
    let at = start;
    let filled = 0;
    for (;;) {
      const word = view.getUint32(at, true);
      at += 4;
      if (word === 0) break;
      const size = word & 0x7fff_ffff;
      if (at + size > packed.length) throw new Lz4Error('a block ends behind the frame');
      const block = packed.subarray(at, at + size);
      filled = word >>> 31 === 1 ? copied(block, out, filled) : unpackBlock(block, out, filled);
      at += size + (hasBlockSums ? 4 : 0);
    }
    if (filled !== byteLength) throw new Lz4Error(`${filled} bytes came out in place of ${byteLength}`);
    return out;
  } catch (error) {
    if (error instanceof RangeError) throw new Lz4Error('the frame is cut off');
    throw error;
  }
}

function frameHeader(view: DataView): { readonly start: number; readonly hasBlockSums: boolean } {
  if (view.getUint32(0, true) !== 0x184d_2204) throw new Lz4Error('there is no frame');
  const flags = view.getUint8(4);
  if (flags >>> 6 !== 1) throw new Lz4Error('the frame is of another version');
  const hasSize = (flags & 8) !== 0;
  const hasDictionary = (flags & 1) !== 0;
  // Behind the descriptor stands a checksum of one byte.
  return { start: 7 + (hasSize ? 8 : 0) + (hasDictionary ? 4 : 0), hasBlockSums: (flags & 16) !== 0 };
}

function copied(block: Uint8Array, out: Uint8Array, at: number): number {
  if (at + block.length > out.length) throw new Lz4Error('more comes out than there is room for');
  out.set(block, at);
  return at + block.length;
}

/** @returns where the output ends */
function unpackBlock(block: Uint8Array, out: Uint8Array, start: number): number {
  let at = 0;
  let end = start;
  const length = (nibble: number): number => {
    let total = nibble;
    if (nibble < 15) return total;
    for (;;) {
      const byte = block[at++];
      if (byte === undefined) throw new Lz4Error('a block is cut off');
      total += byte;
      if (byte < 255) return total;
    }
  };
  while (at < block.length) {
    const token = block[at++] ?? 0;
    const literals = length(token >>> 4);
    if (at + literals > block.length) throw new Lz4Error('a block is cut off');
    if (end + literals > out.length) throw new Lz4Error('more comes out than there is room for');
    for (let i = 0; i < literals; i++) out[end++] = block[at++] ?? 0;
    if (at === block.length) break;
    const distance = (block[at] ?? 0) | ((block[at + 1] ?? 0) << 8);
    at += 2;
    const match = length(token & 15) + 4;
    if (distance === 0 || distance > end) throw new Lz4Error('a copy begins before the output');
    if (end + match > out.length) throw new Lz4Error('more comes out than there is room for');
    // Byte by byte, since a copy may repeat what it has just written.
    for (let i = 0; i < match; i++, end++) out[end] = out[end - distance] ?? 0;
  }
  return end;
}
