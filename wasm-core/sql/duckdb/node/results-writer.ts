import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import type { ResultFile, ResultPage } from '../../../protocol/methods.ts';
import type { RowSink } from '../row-sink.ts';
import { MAX_BATCH_BYTES, splitBatches } from './split-batches.ts';

/** A page is closed once it holds this many rows or bytes, so that a reader pulls a few hundred KiB at a time. */
const PAGE_ROWS = 16_384;
const PAGE_BYTES = 512 * 1024;

/** The end-of-stream marker of Arrow's IPC streaming format. */
const END_OF_STREAM = new Uint8Array([0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0]);

/** Writes one statement's rows to a file as they come, and the index of its pages. */
export class ResultsWriter implements RowSink {
  readonly #path: string;
  readonly #descriptor: number;
  readonly #maxRows: number;
  readonly #pages: ResultPage[] = [];
  #schema = new Uint8Array();
  #schemaByteLength = 0;
  #offset = 0;
  #rowCount = 0;
  #pageStart = 0;
  #pageRows = 0;
  #truncated = false;
  #closed = false;

  /**
   * @param file a path that does not exist yet
   * @param maxRows rows to keep
   */
  constructor(file: string, maxRows: number) {
    this.#path = file;
    this.#descriptor = openSync(file, 'wx', 0o600);
    this.#maxRows = maxRows;
  }

  /** Absolute path of its file. */
  get path(): string {
    return this.#path;
  }

  /** Size of what `schema` wrote, bytes. */
  get schemaByteLength(): number {
    return this.#schemaByteLength;
  }

  /** Rows kept so far. */
  get rowCount(): number {
    return this.#rowCount;
  }

  /** Whether rows were left out; nothing more has to be written then. */
  get truncated(): boolean {
    return this.#truncated;
  }

  /** Writes the schema message, and dictionaries that come before the first rows. */
  schema(bytes: Uint8Array): void {
    this.#schema = bytes.slice();
    this.#write(bytes);
    this.#schemaByteLength = this.#offset;
    this.#pageStart = this.#offset;
  }

  /**
   * Writes the messages of record batches, large ones split. The batch that crosses `maxRows` is written
   * whole, but its rows beyond the cap do not count.
   */
  batch(bytes: Uint8Array, rowCount: number): void {
    if (bytes.length <= MAX_BATCH_BYTES || rowCount < 2) this.#batch(bytes, rowCount);
    else for (const part of splitBatches(this.#schema, bytes)) this.#batch(part.bytes, part.rowCount);
  }

  /** All pages that can be read now; what was written behind the last one becomes a page. */
  pagesSoFar(): readonly ResultPage[] {
    this.#closePage();
    return this.#pages;
  }

  /** Ends the file; the caller's to delete from then on. */
  finish(): ResultFile {
    this.#closePage();
    this.#write(END_OF_STREAM);
    this.#close();
    return {
      path: this.#path,
      schemaByteLength: this.#schemaByteLength,
      byteLength: this.#offset,
      pages: this.#pages,
    };
  }

  /** Gives the file up. Idempotent. */
  discard(): void {
    this.#close();
    rmSync(this.#path, { force: true });
  }

  #batch(bytes: Uint8Array, rowCount: number): void {
    const room = this.#maxRows - this.#rowCount;
    if (rowCount > room) this.#truncated = true;
    if (room <= 0) return;
    // Few rows in front of a large batch must not wait for it.
    if (bytes.length > PAGE_BYTES) this.#closePage();
    this.#write(bytes);
    this.#pageRows += Math.min(rowCount, room);
    this.#rowCount += Math.min(rowCount, room);
    if (this.#pageRows >= PAGE_ROWS || this.#offset - this.#pageStart >= PAGE_BYTES) this.#closePage();
  }

  #closePage(): void {
    if (this.#pageRows === 0) return;
    this.#pages.push({
      firstRow: this.#rowCount - this.#pageRows,
      rowCount: this.#pageRows,
      offset: this.#pageStart,
      byteLength: this.#offset - this.#pageStart,
    });
    this.#pageStart = this.#offset;
    this.#pageRows = 0;
  }

  #write(bytes: Uint8Array): void {
    for (let from = 0; from < bytes.length; ) from += writeSync(this.#descriptor, bytes, from);
    this.#offset += bytes.length;
  }

  #close(): void {
    if (this.#closed) return;
    this.#closed = true;
    closeSync(this.#descriptor);
  }
}
