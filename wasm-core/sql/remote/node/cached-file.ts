import { closeSync, constants, openSync, readSync, writeSync } from 'node:fs';
import type { FileVersion } from './file-version.ts';
import { PageSums, pageBytesFor } from './page-sums.ts';

/** Pages that found no room on the disk are kept in memory up to this, bytes. */
const MAX_MEMORY_BYTES = 64 * 2 ** 20;

/** What is kept of one state of a file. */
export interface CachedFileParts {
  /** Absolute; holds the pages at their own positions. */
  readonly dataPath: string;
  /** Without the values of a query. */
  readonly shown: string;
  readonly size: number;
  readonly version: FileVersion;
  /** When it was fetched first, milliseconds since 1970. */
  readonly fetchedAt: number;
  /** Absent: nothing is there yet. */
  readonly sums?: Uint8Array;
}

/** What a cached file asks of the folder that it lies in. */
export interface CacheRoom {
  /** Makes room on the disk. @returns whether there is some */
  reserve(byteLength: number): boolean;
  /** Moves a file out of the way whose bytes are not those that were written. */
  setAside(dataPath: string): void;
}

/** Pages of one state of a file, on the disk, each with a checksum that is looked at before it is believed. */
export class CachedFile {
  readonly parts: CachedFileParts;
  readonly pageBytes: number;
  readonly #room: CacheRoom;
  readonly #sums: PageSums;
  /** Pages that were looked at since the file was opened, or written since. */
  readonly #believed: Uint8Array;
  /** Pages that are not on the disk, the one used last behind. */
  readonly #memory = new Map<number, Uint8Array>();
  #descriptor: number | undefined;
  #isDirty = false;

  constructor(parts: CachedFileParts, room: CacheRoom) {
    this.parts = parts;
    this.pageBytes = pageBytesFor(parts.size);
    const pageCount = Math.ceil(parts.size / this.pageBytes);
    this.#sums = new PageSums(pageCount, parts.sums);
    this.#believed = new Uint8Array(pageCount);
    this.#room = room;
  }

  get size(): number {
    return this.parts.size;
  }

  /** Whether every page is there. */
  get isComplete(): boolean {
    return this.missing(0, this.size) === undefined;
  }

  /** Bytes on the disk. */
  get byteLength(): number {
    return Math.min(this.#sums.presentCount * this.pageBytes, this.size);
  }

  /** Whether pages were written since the last call of `takeSums`. */
  get isDirty(): boolean {
    return this.#isDirty;
  }

  /** The checksums as they have to be saved. */
  takeSums(): Uint8Array {
    this.#isDirty = false;
    return this.#sums.toBytes();
  }

  /**
   * The first range in `start` to `end` that is not there, whole pages; undefined when all of it is.
   */
  missing(start: number, end: number): { readonly start: number; readonly end: number } | undefined {
    let page = Math.floor(start / this.pageBytes);
    const last = Math.ceil(Math.min(end, this.size) / this.pageBytes);
    while (page < last && this.#has(page)) page++;
    if (page >= last) return undefined;
    let behind = page;
    while (behind < last && !this.#has(behind)) behind++;
    return { start: page * this.pageBytes, end: Math.min(behind * this.pageBytes, this.size) };
  }

  /**
   * Bytes from a position, as many as are there one behind the other.
   *
   * @param byteLength at most so many
   * @returns undefined when the first is not there; empty at the end of the file
   */
  read(position: number, byteLength: number): Uint8Array<ArrayBuffer> | undefined {
    const end = Math.min(position + byteLength, this.size);
    if (position >= end) return new Uint8Array(0);
    const firstPage = Math.floor(position / this.pageBytes);
    const found: Uint8Array[] = [];
    for (let page = firstPage; page * this.pageBytes < end; page++) {
      const bytes = this.#page(page);
      if (bytes === undefined) break;
      found.push(bytes);
    }
    if (found.length === 0) return undefined;
    const from = position - firstPage * this.pageBytes;
    const all = Buffer.concat(found);
    const wanted = all.subarray(from, Math.min(all.length, from + end - position));
    // A copy of its own, which can be handed to another thread.
    return new Uint8Array(wanted);
  }

  /** Keeps a page. @param bytes a whole page, or what the file has of its last one */
  write(page: number, bytes: Uint8Array): void {
    if (this.#has(page)) return;
    if (this.#room.reserve(bytes.length) && this.#writePage(page, bytes)) {
      this.#sums.set(page, bytes);
      this.#believed[page] = 1;
      this.#isDirty = true;
      return;
    }
    this.#memory.set(page, Uint8Array.from(bytes));
    const [oldest] = this.#memory.keys();
    if (this.#memory.size * this.pageBytes > MAX_MEMORY_BYTES && oldest !== undefined)
      this.#memory.delete(oldest);
  }

  /** Closes its file; it can be read again afterwards. */
  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
    this.#memory.clear();
  }

  #has(page: number): boolean {
    return this.#memory.has(page) || this.#sums.has(page);
  }

  #page(page: number): Uint8Array | undefined {
    const kept = this.#memory.get(page);
    if (kept !== undefined || !this.#sums.has(page)) return kept;
    const start = page * this.pageBytes;
    const bytes = Buffer.allocUnsafe(Math.min(this.pageBytes, this.size - start));
    const isThere = this.#readPage(bytes, start);
    if (isThere && (this.#believed[page] === 1 || this.#sums.fits(page, bytes))) {
      this.#believed[page] = 1;
      return bytes;
    }
    this.#startOver();
    return undefined;
  }

  #readPage(bytes: Buffer, start: number): boolean {
    try {
      return readSync(this.#open(), bytes, 0, bytes.length, start) === bytes.length;
    } catch {
      // It was deleted, as somebody may who needs room.
      return false;
    }
  }

  #writePage(page: number, bytes: Uint8Array): boolean {
    try {
      return writeSync(this.#open(), bytes, 0, bytes.length, page * this.pageBytes) === bytes.length;
    } catch {
      // A full disk must not end a query that does not need it.
      return false;
    }
  }

  #open(): number {
    this.#descriptor ??= openSync(this.parts.dataPath, constants.O_RDWR | constants.O_CREAT, 0o600);
    return this.#descriptor;
  }

  /** What lies on the disk is not what was written there: none of it is believed any more. */
  #startOver(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
    this.#room.setAside(this.parts.dataPath);
    this.#sums.clear();
    this.#believed.fill(0);
    this.#isDirty = true;
  }
}
