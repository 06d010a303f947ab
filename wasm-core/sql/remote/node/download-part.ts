import { closeSync, fstatSync, ftruncateSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { CoreError } from '../../../protocol/errors.ts';
import type { RemoteAddress } from '../remote-address.ts';
import { PageSums, pageBytesFor } from './page-sums.ts';

/** A file that is loaded as a whole, while it comes. */
export class DownloadPart {
  readonly path: string;
  readonly #capBytes: number;
  readonly #address: RemoteAddress;
  #descriptor: number | undefined;
  #size = 0;

  /** @param options.isKept it is one that `keep` left; else there is nothing at the path */
  constructor(
    path: string,
    options: { readonly capBytes: number; readonly address: RemoteAddress; readonly isKept: boolean },
  ) {
    this.path = path;
    this.#capBytes = options.capBytes;
    this.#address = options.address;
    this.#descriptor = openSync(path, options.isKept ? 'r+' : 'wx+', 0o600);
    this.#size = options.isKept ? fstatSync(this.#descriptor).size : 0;
  }

  get size(): number {
    return this.#size;
  }

  /** @throws CoreError REMOTE_LIMIT */
  append(bytes: Uint8Array): void {
    if (this.#size + bytes.length > this.#capBytes) throw this.#tooLarge();
    for (let from = 0; from < bytes.length; ) {
      const written = writeSync(this.#file(), bytes, from, bytes.length - from, this.#size);
      from += written;
      this.#size += written;
    }
  }

  clear(): void {
    ftruncateSync(this.#file());
    this.#size = 0;
  }

  /** Closes the complete file. @returns the checksums of its pages */
  close(): Uint8Array {
    const pageBytes = pageBytesFor(this.#size);
    const sums = new PageSums(Math.ceil(this.#size / pageBytes));
    const page = Buffer.alloc(pageBytes);
    for (let index = 0; index < sums.pageCount; index++) {
      const length = readSync(this.#file(), page, 0, pageBytes, index * pageBytes);
      sums.set(index, page.subarray(0, length));
    }
    closeSync(this.#file());
    this.#descriptor = undefined;
    return sums.toBytes();
  }

  /** Leaves it as it is, for another download to go on with. @returns how many bytes it has */
  keep(): number {
    closeSync(this.#file());
    this.#descriptor = undefined;
    return this.#size;
  }

  /** Deletes it, unless it was kept, or closed as complete. */
  discard(): void {
    if (this.#descriptor === undefined) return;
    closeSync(this.#descriptor);
    this.#descriptor = undefined;
    rmSync(this.path, { force: true });
  }

  #file(): number {
    if (this.#descriptor === undefined) throw new Error('the part is closed');
    return this.#descriptor;
  }

  #tooLarge(): CoreError {
    const { shown, origin, written } = this.#address;
    const megabytes = Math.floor(this.#capBytes / 2 ** 20);
    return new CoreError(
      'REMOTE_LIMIT',
      `'${shown}' can only be loaded as a whole, and is larger than the ${megabytes} MB that may be kept. Raise the setting quern.remoteCacheMb, or QUERN_REMOTE_CACHE_MB.`,
      { origin, written },
    );
  }
}
