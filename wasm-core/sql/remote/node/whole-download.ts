import { closeSync, ftruncateSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { CoreError } from '../../../protocol/errors.ts';
import type { RemoteAddress } from '../remote-address.ts';
import type { CacheStore } from './cache-store.ts';
import type { CachedFile } from './cached-file.ts';
import { contentRange, type FileVersion, isSameVersion, onlyIfSame, versionOf } from './file-version.ts';
import { bodyOf, type HttpAnswer, NetworkFailure } from './http-request.ts';
import { PageSums, pageBytesFor } from './page-sums.ts';
import type { RemoteRequests } from './remote-requests.ts';
import { Attempts, RetryLater } from './retry.ts';

/** What a download is about. */
export interface WholeDownload {
  readonly requests: RemoteRequests;
  readonly store: CacheStore;
  /** An answer with the whole file. */
  readonly answer: HttpAnswer;
  readonly signal: AbortSignal;
  /** @param total of the body, bytes; undefined when the server does not say */
  readonly onBytes: (byteLength: number, total: number | undefined) => void;
}

/**
 * Loads a file of a server that gives no parts of it, or only of its encoded form. A connection that is cut is taken up
 * where it was if the server can do that, else from the beginning.
 *
 * @returns the complete file; `release` it afterwards
 * @throws CoreError REMOTE_LIMIT when it is larger than the cache may be, REMOTE_RESPONSE, REMOTE_UNREACHABLE,
 *   REMOTE_STATUS
 */
export async function downloadWhole(download: WholeDownload): Promise<CachedFile> {
  const { requests, store, signal } = download;
  const part = new Part(store.newPart(), { capBytes: store.capBytes, address: requests.address });
  const attempts = new Attempts(requests.address);
  let { answer } = download;
  try {
    for (;;) {
      const version = versionOf(answer.headers);
      try {
        await receive(download, { answer, part });
        const { address } = requests;
        const whole = { partPath: part.path, shown: address.shown, size: part.size, version };
        return store.adopt(requests.key, { ...whole, sums: part.close() });
      } catch (error) {
        await attempts.again(error, signal);
      }
      answer = await answerAgain(download, { part, version, encoding: encodingOf(answer), attempts });
    }
  } finally {
    part.discard();
  }
}

/** The rest of the file where that is possible, else all of it, and the part is empty again. */
async function answerAgain(
  { requests, signal }: WholeDownload,
  options: {
    readonly part: Part;
    readonly version: FileVersion;
    readonly encoding: string;
    readonly attempts: Attempts;
  },
): Promise<HttpAnswer> {
  const { part, version, encoding, attempts } = options;
  for (;;) {
    try {
      const condition = onlyIfSame(version);
      const canResume = part.size > 0 && encoding === 'identity' && condition['if-range'] !== undefined;
      const answer = await requests.get(
        canResume ? { range: `bytes=${part.size}-`, ...condition } : {},
        signal,
      );
      if (answer.status === 206 && resumes(requests.address, { answer, part, version })) return answer;
      part.clear();
      if (answer.status === 200) return answer;
      answer.body.destroy();
      throw new NetworkFailure(new Error(`the file was answered with status ${answer.status}`));
    } catch (error) {
      await attempts.again(error, signal);
    }
  }
}

function resumes(
  address: RemoteAddress,
  options: { readonly answer: HttpAnswer; readonly part: Part; readonly version: FileVersion },
): boolean {
  const { answer, part, version } = options;
  return (
    contentRange(address, answer).start === part.size &&
    isSameVersion(versionOf(answer.headers), version) &&
    encodingOf(answer) === 'identity'
  );
}

async function receive(
  { requests, signal, onBytes }: WholeDownload,
  { answer, part }: { readonly answer: HttpAnswer; readonly part: Part },
): Promise<void> {
  const length = answer.headers['content-length'];
  const total = length === undefined ? undefined : Number(length) + (answer.status === 206 ? part.size : 0);
  async function* counted(): AsyncGenerator<Buffer> {
    for await (const chunk of bodyOf(answer, signal)) {
      onBytes(chunk.length, total);
      yield chunk;
    }
  }
  const encoding = encodingOf(answer);
  if (encoding === 'identity') {
    for await (const chunk of counted()) part.append(chunk);
    return;
  }
  const decoder = decoderOf(encoding, requests.address);
  try {
    await pipeline(Readable.from(counted()), decoder, async (pieces: AsyncIterable<string | Buffer>) => {
      for await (const piece of pieces) part.append(piece as Buffer);
    });
  } catch (error) {
    // The beginning of an encoded body does not tell where to go on.
    part.clear();
    if (error instanceof NetworkFailure || error instanceof RetryLater || error instanceof CoreError)
      throw error;
    signal.throwIfAborted();
    throw wrongEncoding(requests.address, `${encoding} that cannot be decoded: ${String(error)}`);
  }
}

/** `identity` when a body is the file as it is. */
export function encodingOf({ headers }: HttpAnswer): string {
  return (headers['content-encoding'] ?? 'identity').trim().toLowerCase() || 'identity';
}

function decoderOf(encoding: string, address: RemoteAddress): NodeJS.ReadWriteStream {
  switch (encoding) {
    case 'gzip':
    case 'x-gzip':
      return createGunzip();
    case 'deflate':
      return createInflate();
    case 'br':
      return createBrotliDecompress();
    default:
      throw wrongEncoding(address, `the encoding ${JSON.stringify(encoding)}, which is not known`);
  }
}

function wrongEncoding({ shown, origin, written }: RemoteAddress, what: string): CoreError {
  return new CoreError('REMOTE_RESPONSE', `'${shown}' was answered in ${what}.`, { origin, written });
}

/** The file while it comes. */
class Part {
  readonly path: string;
  readonly #capBytes: number;
  readonly #address: RemoteAddress;
  #descriptor: number | undefined;
  #size = 0;

  constructor(path: string, options: { readonly capBytes: number; readonly address: RemoteAddress }) {
    this.path = path;
    this.#capBytes = options.capBytes;
    this.#address = options.address;
    this.#descriptor = openSync(path, 'wx+', 0o600);
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

  /** Deletes it, unless it was closed as complete. */
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
