import type { CachedFile } from './cached-file.ts';
import { type ByteRange, PARQUET_TAIL_BYTES, parquetChunks, parquetFooterLength } from './parquet-chunks.ts';

/** What is fetched with one request for a file that is read from its beginning, bytes: doubled each time, to a cap. */
const FIRST_AHEAD_BYTES = 64 * 1024;
const MAX_AHEAD_BYTES = 16 * 2 ** 20;

/** At a place of its own the engine asks for more than it needs, so that no more than this is fetched at first, bytes. */
const RANDOM_BYTES = 64 * 1024;

/** The engine's reads begin at multiples of this, bytes. */
const ENGINE_PAGE_BYTES = 16 * 1024;

/** So many ranges that a reader said it will read are remembered: those of one batch of a file with many columns. */
const MAX_EXPECTED = 4096;

/** Decides how much of a file is fetched with one request. */
export class ReadAhead {
  readonly #file: CachedFile;
  #aheadBytes = FIRST_AHEAD_BYTES;
  /** Where the last answer ended. */
  #next = 0;
  #chunks: readonly ByteRange[] | undefined;
  #expected: ByteRange[] = [];

  constructor(file: CachedFile) {
    this.#file = file;
  }

  /** A reader got bytes up to a position. */
  served(end: number): void {
    this.#next = end;
  }

  /** A reader is going to read a range from its beginning. */
  expect(range: ByteRange): void {
    this.#expected.push(range);
    if (this.#expected.length > MAX_EXPECTED) this.#expected = this.#expected.slice(-MAX_EXPECTED / 2);
  }

  /** Where the range ends that is fetched for a read whose first byte is not there. */
  end(position: number, byteLength: number): number {
    const chunk = this.#expectedAt(position) ?? this.#chunkAt(position);
    if (chunk !== undefined) return Math.min(chunk.end, position + MAX_AHEAD_BYTES);
    if (position !== this.#next) {
      this.#aheadBytes = FIRST_AHEAD_BYTES;
      return position + Math.min(byteLength, RANDOM_BYTES);
    }
    const ahead = this.#aheadBytes;
    this.#aheadBytes = Math.min(ahead * 2, MAX_AHEAD_BYTES);
    return position + ahead;
  }

  #expectedAt(position: number): ByteRange | undefined {
    return this.#expected.findLast(({ start, end }) => position >= start && position < end);
  }

  #chunkAt(position: number): ByteRange | undefined {
    const chunks = this.#chunks ?? this.#readChunks();
    let low = 0;
    let high = chunks.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((chunks[middle]?.start ?? 0) <= position) low = middle + 1;
      else high = middle;
    }
    const chunk = chunks[low - 1];
    const next = chunks[low];
    // The engine begins with the page of its own in which a chunk begins, which may be in the end of the one before.
    const isBefore =
      next !== undefined && next.start - position < ENGINE_PAGE_BYTES && position !== this.#next;
    if (isBefore) return next;
    return chunk !== undefined && position < chunk.end ? chunk : undefined;
  }

  /** The engine reads the footer before anything else, so that it is there when it is of use. */
  #readChunks(): readonly ByteRange[] {
    const { size } = this.#file;
    const tail = this.#kept(size - PARQUET_TAIL_BYTES, PARQUET_TAIL_BYTES);
    const length = tail && parquetFooterLength(tail);
    const footer = length === undefined ? undefined : this.#kept(size - PARQUET_TAIL_BYTES - length, length);
    if (footer === undefined) return [];
    this.#chunks = parquetChunks(footer);
    return this.#chunks;
  }

  #kept(position: number, byteLength: number): Uint8Array | undefined {
    if (position < 0 || this.#file.missing(position, position + byteLength) !== undefined) return undefined;
    const bytes = this.#file.read(position, byteLength);
    return bytes?.length === byteLength ? bytes : undefined;
  }
}
