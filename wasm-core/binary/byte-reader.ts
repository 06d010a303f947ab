import { CoreError } from '../protocol/errors.ts';
import { decodeUtf8, decodeUtf8Lossy } from './utf8.ts';

/**
 * A cursor over the bytes of a `.wasm` file that never leaves its range. Numbers are LEB128 as the WebAssembly
 * specification has them (https://webassembly.github.io/spec/core/binary/values.html).
 */
export class ByteReader {
  readonly bytes: Uint8Array;
  offset: number;
  readonly end: number;

  /**
   * @param bytes not copied
   * @param start first byte to read
   * @param end first byte not to read
   */
  constructor(bytes: Uint8Array, start = 0, end = bytes.byteLength) {
    this.bytes = bytes;
    this.offset = start;
    this.end = end;
  }

  /** Whether everything was read. */
  get done(): boolean {
    return this.offset >= this.end;
  }

  /** @throws CoreError FORMAT_WASM at the end of the range */
  u8(): number {
    if (this.offset >= this.end) throw malformed('it ends too early', this.offset);
    return this.bytes[this.offset++] ?? 0;
  }

  /** @throws CoreError FORMAT_WASM when the number is cut off, longer than 5 bytes or above 2^32 - 1 */
  u32(): number {
    const start = this.offset;
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.u8();
      if (shift === 28 && byte > 0x0f) break;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw malformed('a number does not fit 32 bits', start);
  }

  /**
   * Reads past a signed number.
   *
   * @param maxBytes 5 for 32 bits, 10 for 64 bits
   * @throws CoreError FORMAT_WASM when it is cut off or longer
   */
  skipSigned(maxBytes: number): void {
    const start = this.offset;
    for (let left = maxBytes; left > 0; left--) if (this.u8() < 0x80) return;
    throw malformed(`a number does not fit ${maxBytes === 5 ? 32 : 64} bits`, start);
  }

  /**
   * @param lossy true for names that engines decode leniently: those of custom sections
   * @throws CoreError FORMAT_WASM when the name is cut off or, unless `lossy`, not UTF-8
   */
  name(options: { readonly lossy?: boolean } = {}): string {
    const byteLength = this.u32();
    const start = this.offset;
    this.skip(byteLength);
    const bytes = this.bytes.subarray(start, this.offset);
    const text = options.lossy ? decodeUtf8Lossy(bytes) : decodeUtf8(bytes);
    if (text === undefined) throw malformed('a name is not UTF-8', start);
    return text;
  }

  /** @throws CoreError FORMAT_WASM when fewer bytes are left */
  skip(byteLength: number): void {
    if (byteLength > this.end - this.offset) throw malformed('it ends too early', this.offset);
    this.offset += byteLength;
  }
}

/** The error of a file that is not WebAssembly. `what` completes "The file is not a valid WebAssembly module: …". */
export function malformed(what: string, offset: number): CoreError {
  const message = `The file is not a valid WebAssembly module: ${what} (at byte ${offset}).`;
  return new CoreError('FORMAT_WASM', message, { offset });
}

/** The error of a valid module that uses a proposal Quern does not read. */
export function unsupported(feature: string, offset: number): CoreError {
  const message = `The module uses ${feature}, which Quern does not support (at byte ${offset}). Compile it without.`;
  return new CoreError('FORMAT_UNSUPPORTED', message, { offset, feature });
}
