/** Bytes in the making. It grows as it is written. */
export class ByteSink {
  private buffer: Uint8Array;
  private used = 0;

  /** @param capacity bytes to begin with; at least 1 */
  constructor(capacity = 256) {
    this.buffer = new Uint8Array(capacity);
  }

  get byteLength(): number {
    return this.used;
  }

  /** A copy of what was written. */
  toBytes(): Uint8Array {
    return this.buffer.slice(0, this.used);
  }

  /** What was written, not copied: valid until the next write. */
  view(): Uint8Array {
    return this.buffer.subarray(0, this.used);
  }

  /** @param byte 0 to 255 */
  u8(byte: number): void {
    this.reserve(1);
    this.buffer[this.used++] = byte;
  }

  /** LEB128 of an unsigned number below 2^32. */
  u32(value: number): void {
    let rest = value >>> 0;
    while (rest > 0x7f) {
      this.u8((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    this.u8(rest);
  }

  /**
   * LEB128 of an unsigned number below 2^28 in four bytes, whatever its value.
   *
   * @param at where to write it over what is there; the end when absent
   */
  padded(value: number, at = this.used): void {
    if (at === this.used) {
      this.reserve(PADDED_BYTES);
      this.used += PADDED_BYTES;
    }
    for (let i = 0; i < PADDED_BYTES; i++) {
      const low = (value >>> (7 * i)) & 0x7f;
      this.buffer[at + i] = i < PADDED_BYTES - 1 ? low | 0x80 : low;
    }
  }

  /** LEB128 of a signed number, -2^31 to 2^31 - 1. */
  s32(value: number): void {
    let rest = value | 0;
    while (rest < -0x40 || rest > 0x3f) {
      this.u8((rest & 0x7f) | 0x80);
      rest >>= 7;
    }
    this.u8(rest & 0x7f);
  }

  /** Several bytes, each 0 to 255. */
  put(bytes: Uint8Array | readonly number[]): void {
    this.reserve(bytes.length);
    this.buffer.set(bytes, this.used);
    this.used += bytes.length;
  }

  private reserve(byteLength: number): void {
    const needed = this.used + byteLength;
    if (needed <= this.buffer.byteLength) return;
    const larger = new Uint8Array(Math.max(needed, this.buffer.byteLength * 2));
    larger.set(this.view());
    this.buffer = larger;
  }
}

const PADDED_BYTES = 4;
