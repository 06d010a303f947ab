import { CoreError } from '../../../protocol/errors.ts';
import type { CachedFile } from './cached-file.ts';
import { changed, contentRange, isSameVersion, isTold, onlyIfSame, versionOf } from './file-version.ts';
import { bodyOf, type HttpAnswer, NetworkFailure } from './http-request.ts';
import type { RemoteRequests } from './remote-requests.ts';
import { Attempts } from './retry.ts';

/** What a transfer is about. */
export interface TransferOptions {
  readonly requests: RemoteRequests;
  readonly file: CachedFile;
  /** The beginning of a page. */
  readonly start: number;
  /** The end of a page, or of the file. */
  readonly end: number;
  readonly signal: AbortSignal;
  readonly onBytes: (byteLength: number) => void;
}

/** One range on its way into the cache. A connection that is cut is taken up again where it was. */
export class Transfer {
  readonly #options: TransferOptions;
  readonly #attempts: Attempts;
  /** Bytes behind this are still to come. */
  #at: number;
  readonly #page: Buffer;
  #pageFilled = 0;
  #ended = false;
  #error: unknown;
  #waiting: (() => void)[] = [];

  constructor(options: TransferOptions) {
    this.#options = options;
    this.#at = options.start;
    this.#attempts = new Attempts(options.requests.address);
    this.#page = Buffer.alloc(options.file.pageBytes);
    void this.#run();
  }

  /** Whether nothing more comes. */
  get hasEnded(): boolean {
    return this.#ended;
  }

  /** Whether a byte comes with it, or was to come. */
  covers(position: number): boolean {
    const { start, end } = this.#options;
    return !this.#ended && position >= start && position < end;
  }

  /** Resolves when more pages are there. @throws CoreError REMOTE_*, what ended it */
  async progress(): Promise<void> {
    if (!this.#ended) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    if (this.#error !== undefined) throw this.#error;
  }

  async #run(): Promise<void> {
    const { end, signal } = this.#options;
    try {
      while (this.#at < end) {
        try {
          await this.#request();
        } catch (error) {
          await this.#attempts.again(error, signal);
        }
      }
    } catch (error) {
      this.#error = error;
    } finally {
      this.#ended = true;
      this.#wake();
    }
  }

  async #request(): Promise<void> {
    const { requests, file, end, signal, onBytes } = this.#options;
    const headers = { range: `bytes=${this.#at}-${end - 1}`, ...onlyIfSame(file.parts.version) };
    const answer = await requests.get(headers, signal);
    this.#check(answer);
    const before = this.#at;
    for await (const chunk of bodyOf(answer, signal)) {
      // Some servers send more than they were asked for.
      const wanted = chunk.subarray(0, end - this.#at);
      this.#take(wanted);
      onBytes(wanted.length);
      if (this.#at - before >= file.pageBytes) this.#attempts.progressed();
      if (this.#at >= end) return;
    }
    if (this.#at === before) throw new NetworkFailure(new Error('the answer was empty'));
  }

  /** @throws CoreError REMOTE_CHANGED, REMOTE_RESPONSE unless these are the bytes that were asked for, of that file */
  #check(answer: HttpAnswer): void {
    const { requests, file } = this.#options;
    const { address } = requests;
    try {
      if (answer.status !== 206) throw changed(address);
      const range = contentRange(address, answer);
      const version = versionOf(answer.headers);
      const isOther =
        isTold(version) && isTold(file.parts.version) && !isSameVersion(version, file.parts.version);
      if (isOther || (range.size !== undefined && range.size !== file.size)) throw changed(address);
      if (range.start !== this.#at || (answer.headers['content-encoding'] ?? 'identity') !== 'identity') {
        const message = `'${address.shown}' was answered with another part than the one that was asked for.`;
        const { origin, written } = address;
        throw new CoreError('REMOTE_RESPONSE', message, { origin, written });
      }
    } catch (error) {
      answer.body.destroy();
      throw error;
    }
  }

  #take(chunk: Uint8Array): void {
    const { file } = this.#options;
    for (let from = 0; from < chunk.length; ) {
      const page = Math.floor(this.#at / file.pageBytes);
      const pageLength = Math.min(file.pageBytes, file.size - page * file.pageBytes);
      const part = chunk.subarray(from, from + pageLength - this.#pageFilled);
      this.#page.set(part, this.#pageFilled);
      this.#pageFilled += part.length;
      from += part.length;
      this.#at += part.length;
      if (this.#pageFilled < pageLength) break;
      file.write(page, this.#page.subarray(0, pageLength));
      this.#pageFilled = 0;
      this.#wake();
    }
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}
