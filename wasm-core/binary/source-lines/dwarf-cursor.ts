import { decodeUtf8Lossy } from '../utf8.ts';

/** Thrown by `DwarfCursor` at the end of its bytes; whoever reads debugging information goes on without the rest. */
export class DwarfCutOff extends Error {}

/** A cursor over little-endian debugging information that never leaves its range. */
export class DwarfCursor {
  private readonly bytes: Uint8Array;
  offset: number;
  readonly end: number;

  /** @param bytes not copied */
  constructor(bytes: Uint8Array, start = 0, end = bytes.byteLength) {
    this.bytes = bytes;
    this.offset = start;
    this.end = Math.min(end, bytes.byteLength);
  }

  get done(): boolean {
    return this.offset >= this.end;
  }

  /** @throws DwarfCutOff, as all that reads */
  u8(): number {
    if (this.offset >= this.end) throw new DwarfCutOff();
    return this.bytes[this.offset++] ?? 0;
  }

  i8(): number {
    return (this.u8() << 24) >> 24;
  }

  /** An unsigned number of 1 to 8 bytes; above 2^53 it is not exact. */
  fixed(byteLength: number): number {
    let value = 0;
    for (let i = 0; i < byteLength; i++) value += this.u8() * 2 ** (8 * i);
    return value;
  }

  /** An unsigned LEB128 number of at most 10 bytes; above 2^53 it is not exact. */
  uleb(): number {
    let value = 0;
    for (let scale = 1; scale <= MAX_SCALE; scale *= 128) {
      const byte = this.u8();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
    throw new DwarfCutOff();
  }

  /** A signed LEB128 number of at most 10 bytes; beyond 2^53 it is not exact. */
  sleb(): number {
    let value = 0;
    for (let scale = 1; scale <= MAX_SCALE; scale *= 128) {
      const byte = this.u8();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return byte & 0x40 ? value - scale * 128 : value;
    }
    throw new DwarfCutOff();
  }

  skip(byteLength: number): void {
    if (byteLength > this.end - this.offset) throw new DwarfCutOff();
    this.offset += byteLength;
  }

  /** Reads past a text that a zero ends. @returns where it begins */
  skipText(): number {
    const start = this.offset;
    while (this.u8() !== 0);
    return start;
  }
}

/** What the tenth byte of a LEB128 number counts. */
const MAX_SCALE = 128 ** 9;

/** The longest path that is read, bytes. */
const MAX_TEXT_BYTES = 1024;

/** The text that a zero ends at an offset; as much of it as there is, and no more than a path has. */
export function textAt(bytes: Uint8Array, offset: number): string {
  const most = bytes.subarray(offset, offset + MAX_TEXT_BYTES);
  const length = most.indexOf(0);
  return decodeUtf8Lossy(length < 0 ? most : most.subarray(0, length));
}
