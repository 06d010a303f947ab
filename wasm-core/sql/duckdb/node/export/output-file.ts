import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { CoreError } from '../../../../protocol/errors.ts';

/** Writes are gathered to so many bytes. */
const BUFFER_BYTES = 256 * 1024;

/** A new file that is written from its beginning to its end. Whoever asked for it deletes what is not wanted. */
export class OutputFile {
  readonly #file: string;
  readonly #descriptor: number;
  readonly #buffer = Buffer.allocUnsafe(BUFFER_BYTES);
  #used = 0;
  #byteLength = 0;
  #closed = false;

  /** @param file there is nothing there yet @throws CoreError FILE_IO */
  constructor(file: string) {
    this.#file = file;
    this.#descriptor = this.#attempt(() => openSync(file, 'wx', 0o666));
  }

  /** Of all that was written, bytes. */
  get byteLength(): number {
    return this.#byteLength;
  }

  /** @throws CoreError FILE_IO */
  write(chunk: string | Uint8Array): void {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    this.#byteLength += bytes.length;
    if (this.#used + bytes.length > BUFFER_BYTES) this.#flush();
    if (bytes.length > BUFFER_BYTES) {
      this.#put(bytes);
      return;
    }
    this.#buffer.set(bytes, this.#used);
    this.#used += bytes.length;
  }

  /** What was written is on the disk then. @throws CoreError FILE_IO */
  finish(): void {
    this.#flush();
    this.#attempt(() => fsyncSync(this.#descriptor));
    this.close();
  }

  /** Leaves it as it is. Idempotent. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    closeSync(this.#descriptor);
  }

  #flush(): void {
    const bytes = this.#buffer.subarray(0, this.#used);
    this.#used = 0;
    this.#put(bytes);
  }

  #put(bytes: Uint8Array): void {
    this.#attempt(() => {
      for (let from = 0; from < bytes.length; ) from += writeSync(this.#descriptor, bytes, from);
    });
  }

  #attempt<T>(operation: () => T): T {
    try {
      return operation();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new CoreError('FILE_IO', `Could not write '${this.#file}': ${reason}`, { path: this.#file });
    }
  }
}
