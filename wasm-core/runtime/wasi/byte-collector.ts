/** Bytes collected piece by piece, up to a cap. */
export class ByteCollector {
  private readonly maxBytes: number;
  private buffer = new Uint8Array(0);
  private size = 0;

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes;
  }

  get byteLength(): number {
    return this.size;
  }

  /** Copies a piece. @returns false when it does not fit, and then nothing was taken */
  add(bytes: Uint8Array): boolean {
    const end = this.size + bytes.byteLength;
    if (end > this.maxBytes) return false;
    if (end > this.buffer.byteLength) {
      const grown = new Uint8Array(
        Math.min(this.maxBytes, Math.max(end, 2 * this.buffer.byteLength, MIN_BYTES)),
      );
      grown.set(this.buffer.subarray(0, this.size));
      this.buffer = grown;
    }
    this.buffer.set(bytes, this.size);
    this.size = end;
    return true;
  }

  /** A copy of all of it. */
  toBytes(): Uint8Array {
    return this.buffer.slice(0, this.size);
  }
}

const MIN_BYTES = 1024;
