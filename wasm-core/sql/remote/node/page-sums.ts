import { createHash } from 'node:crypto';

/** Bytes of one checksum. */
const SUM_BYTES = 8;

/**
 * The size of pages, bytes. The smallest are those in which the engine reads: of smaller ones it would want those of the
 * column behind, and larger ones would be more than one column of a file needs.
 */
export function pageBytesFor(size: number): number {
  if (size <= 2 ** 30) return 16 * 1024;
  return size <= 2 ** 36 ? 64 * 1024 : 1024 * 1024;
}

/** Checksums of the pages of a file, which also say which pages are there. */
export class PageSums {
  readonly #bytes: Buffer;

  /** @param bytes from `toBytes`; absent: no page is there */
  constructor(pageCount: number, bytes?: Uint8Array) {
    this.#bytes = bytes === undefined ? Buffer.alloc(pageCount * SUM_BYTES) : Buffer.from(bytes);
    if (this.#bytes.length !== pageCount * SUM_BYTES) throw new Error('checksums of another size');
  }

  get pageCount(): number {
    return this.#bytes.length / SUM_BYTES;
  }

  /** How many pages are there. */
  get presentCount(): number {
    let count = 0;
    for (let page = 0; page < this.pageCount; page++) if (this.has(page)) count++;
    return count;
  }

  has(page: number): boolean {
    return this.#bytes.readBigUInt64LE(page * SUM_BYTES) !== 0n;
  }

  set(page: number, bytes: Uint8Array): void {
    this.#bytes.writeBigUInt64LE(sumOf(bytes), page * SUM_BYTES);
  }

  /** Whether these are the bytes that were set. */
  fits(page: number, bytes: Uint8Array): boolean {
    return this.#bytes.readBigUInt64LE(page * SUM_BYTES) === sumOf(bytes);
  }

  clear(): void {
    this.#bytes.fill(0);
  }

  toBytes(): Uint8Array {
    return this.#bytes;
  }
}

/** Never 0, which means that a page is not there. */
function sumOf(bytes: Uint8Array): bigint {
  return createHash('sha256').update(bytes).digest().readBigUInt64LE() || 1n;
}
