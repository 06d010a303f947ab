import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { CoreError } from '../../../protocol/errors.ts';
import type { RemoteAddress } from '../remote-address.ts';
import type { CacheStore } from './cache-store.ts';
import type { CachedFile } from './cached-file.ts';
import { DownloadPart } from './download-part.ts';
import { contentRange, type FileVersion, isSameVersion, onlyIfSame, versionOf } from './file-version.ts';
import { bodyOf, type HttpAnswer, NetworkFailure } from './http-request.ts';
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

/** So much has to come before a failure counts as a new one, bytes. */
const PROGRESS_BYTES = 64 * 1024;

/**
 * Loads a file of a server that gives no parts of it, or only of its encoded form. A connection that is cut is taken up
 * where it was if the server can do that, else from the beginning; so is a download that a statement before gave up.
 *
 * @returns the complete file; `release` it afterwards
 * @throws CoreError REMOTE_LIMIT when it is larger than the cache may be, REMOTE_RESPONSE, REMOTE_UNREACHABLE,
 *   REMOTE_STATUS
 */
export async function downloadWhole(download: WholeDownload): Promise<CachedFile> {
  const { requests, store, signal } = download;
  const attempts = new Attempts(requests.address);
  let { answer } = download;
  let version = versionOf(answer.headers);
  const part = openPart(download, version);
  try {
    if (part.size > 0) {
      answer.body.destroy();
      answer = await answerAgain(download, { part, version, encoding: 'identity', attempts });
    }
    for (;;) {
      version = versionOf(answer.headers);
      try {
        await receive(download, { answer, part, attempts });
        const { address } = requests;
        const whole = { partPath: part.path, shown: address.shown, size: part.size, version };
        return store.adopt(requests.key, { ...whole, sums: part.close() });
      } catch (error) {
        await attempts.again(error, signal);
      }
      answer = await answerAgain(download, { part, version, encoding: encodingOf(answer), attempts });
    }
  } catch (error) {
    const isPart = part.size > 0 && encodingOf(answer) === 'identity' && canResume(version);
    const isTooLarge = error instanceof CoreError && error.kind === 'REMOTE_LIMIT';
    if (isPart && !isTooLarge) store.keepPart(requests.key, { path: part.path, version, size: part.keep() });
    throw error;
  } finally {
    part.discard();
  }
}

/** What another download of this state of the file left, or nothing yet. */
function openPart({ requests, store, answer }: WholeDownload, version: FileVersion): DownloadPart {
  const options = { capBytes: store.capBytes, address: requests.address };
  const kept = store.takePart(requests.key);
  if (kept === undefined) return new DownloadPart(store.newPart(), { ...options, isKept: false });
  const isSame = isSameVersion(kept.version, version) && canResume(version);
  const part = new DownloadPart(kept.path, { ...options, isKept: true });
  if (!isSame || encodingOf(answer) !== 'identity' || part.size !== kept.size) part.clear();
  return part;
}

/** Whether the server can say that bytes are of the same state of the file. */
function canResume(version: FileVersion): boolean {
  return onlyIfSame(version)['if-range'] !== undefined;
}

/** The rest of the file where that is possible, else all of it, and the part is empty again. */
async function answerAgain(
  { requests, signal }: WholeDownload,
  options: {
    readonly part: DownloadPart;
    readonly version: FileVersion;
    readonly encoding: string;
    readonly attempts: Attempts;
  },
): Promise<HttpAnswer> {
  const { part, version, encoding, attempts } = options;
  for (;;) {
    try {
      const condition = onlyIfSame(version);
      const resumes = part.size > 0 && encoding === 'identity' && canResume(version);
      const answer = await requests.get(
        resumes ? { range: `bytes=${part.size}-`, ...condition } : {},
        signal,
      );
      if (answer.status === 206 && isRest(requests.address, { answer, part, version })) return answer;
      part.clear();
      if (answer.status === 200) return answer;
      answer.body.destroy();
      throw new NetworkFailure(new Error(`the file was answered with status ${answer.status}`));
    } catch (error) {
      await attempts.again(error, signal);
    }
  }
}

/** Whether an answer has the bytes behind the part, of the same state of the file. */
function isRest(
  address: RemoteAddress,
  options: { readonly answer: HttpAnswer; readonly part: DownloadPart; readonly version: FileVersion },
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
  {
    answer,
    part,
    attempts,
  }: { readonly answer: HttpAnswer; readonly part: DownloadPart; readonly attempts: Attempts },
): Promise<void> {
  const before = part.size;
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
    for await (const chunk of counted()) {
      part.append(chunk);
      // What begins anew each time never gets further, however much comes.
      if (answer.status === 206 && part.size - before >= PROGRESS_BYTES) attempts.progressed();
    }
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
