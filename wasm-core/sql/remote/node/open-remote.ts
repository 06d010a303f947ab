import type { CacheStore } from './cache-store.ts';
import type { CachedFile } from './cached-file.ts';
import { changed, contentRange, isSameVersion, isTold, unlessSame, versionOf } from './file-version.ts';
import { bodyOf, type HttpAnswer, NetworkFailure } from './http-request.ts';
import { notRead, type ServerState } from './opened-file.ts';
import { pageBytesFor } from './page-sums.ts';
import type { RemoteRequests } from './remote-requests.ts';
import { Attempts, isOffline, unreachable } from './retry.ts';
import { downloadWhole, encodingOf } from './whole-download.ts';

/** What the first request asks for: the kind of most files is in their first bytes, bytes. */
const PROBE_BYTES = 16 * 1024;

export interface OpenOptions {
  readonly requests: RemoteRequests;
  readonly store: CacheStore;
  /** Nothing is sent. */
  readonly keptOnly: boolean;
  readonly signal: AbortSignal;
  /** @param total of a file that is loaded as a whole, bytes */
  readonly onBytes: (byteLength: number, total?: number) => void;
  /** Takes a sentence for the user of the rows. */
  readonly onWarning: (text: string) => void;
}

/**
 * Finds out what a file is. One request for its first bytes tells whether it is there, its size, its state, and whether the
 * server gives parts; where the cache has it, the same request asks whether it is still that.
 *
 * @returns the caller releases `file`
 * @throws CoreError REMOTE_*; the signal's reason
 */
export async function openRemote(
  options: OpenOptions,
): Promise<{ readonly file: CachedFile; readonly server: ServerState }> {
  const { requests, store, keptOnly } = options;
  const kept = store.newest(requests.key);
  let opened: CachedFile | undefined;
  try {
    if (keptOnly) {
      if (kept === undefined) throw notRead(requests);
      opened = kept;
      return { file: kept, server: { type: 'unasked' } };
    }
    const answer = await probe(options, kept);
    if (answer.type === 'offline') {
      opened = answer.file;
      return { file: answer.file, server: answer.server };
    }
    opened = await take(options, { answer: answer.answer, kept });
    return { file: opened, server: { type: 'asked' } };
  } finally {
    if (kept !== undefined && kept !== opened) store.release(kept);
  }
}

/**
 * Asks the server of a file that was opened without asking it.
 *
 * @throws CoreError REMOTE_CHANGED when it is another by now; REMOTE_*
 */
export async function askAgain(options: OpenOptions, file: CachedFile): Promise<ServerState> {
  const again = await openRemote(options);
  options.store.release(again.file);
  if (again.file !== file) throw changed(options.requests.address);
  return again.server;
}

type Probed =
  | { readonly type: 'answered'; readonly answer: HttpAnswer }
  | { readonly type: 'offline'; readonly file: CachedFile; readonly server: ServerState };

async function probe(options: OpenOptions, kept: CachedFile | undefined): Promise<Probed> {
  const { requests, signal, onWarning } = options;
  const attempts = new Attempts(requests.address);
  const condition = kept === undefined ? {} : unlessSame(kept.parts.version);
  for (let isFirst = true; ; isFirst = false) {
    try {
      const headers = { range: `bytes=0-${PROBE_BYTES - 1}`, ...condition };
      return { type: 'answered', answer: await requests.get(headers, signal) };
    } catch (error) {
      // A connection that lay idle may have been closed just then.
      const isStale = isFirst && isOffline(error) && /^(?:ECONNRESET|EPIPE)$/.test(error.code);
      if (kept !== undefined && isOffline(error) && !isStale) {
        const { shown } = requests.address;
        const day = new Date(kept.parts.fetchedAt).toISOString().slice(0, 16).replace('T', ' ');
        onWarning(`'${shown}' could not be reached (${error.code}); this is the copy of ${day} UTC.`);
        const server = { type: 'offline', error: unreachable(requests.address, error) } as const;
        return { type: 'offline', file: kept, server };
      }
      await attempts.again(error, signal);
    }
  }
}

async function take(
  options: OpenOptions,
  { answer, kept }: { readonly answer: HttpAnswer; readonly kept: CachedFile | undefined },
): Promise<CachedFile> {
  const { requests, store, signal, onBytes } = options;
  const version = versionOf(answer.headers);
  if (answer.status === 304) {
    answer.body.destroy();
    if (kept !== undefined) return kept;
    throw changed(requests.address);
  }
  if (answer.status === 200 || encodingOf(answer) !== 'identity') {
    const isKept = kept?.isComplete === true && isSameVersion(kept.parts.version, version);
    if (isKept || answer.status !== 200) answer.body.destroy();
    if (isKept) return kept;
    const whole = answer.status === 200 ? answer : await requests.get({}, signal);
    return downloadWhole({ requests, store, answer: whole, signal, onBytes });
  }
  const { size, start, end } = rangeOf(requests, answer);
  if (size === undefined || (start !== 0 && size > 0)) {
    answer.body.destroy();
    return downloadWhole({ requests, store, answer: await requests.get({}, signal), signal, onBytes });
  }
  const isKept = kept?.size === size && isTold(version) && isSameVersion(kept.parts.version, version);
  const parts = { shown: requests.address.shown, size, version };
  const file = isKept ? kept : store.create(requests.key, parts);
  await keepBeginning(options, { answer, file, end });
  return file;
}

function rangeOf({ address }: RemoteRequests, answer: HttpAnswer) {
  try {
    return contentRange(address, answer);
  } catch (error) {
    answer.body.destroy();
    throw error;
  }
}

/** Keeps the first page; when it does not come whole, it is asked for like any other. */
async function keepBeginning(
  { signal, onBytes }: OpenOptions,
  { answer, file, end }: { readonly answer: HttpAnswer; readonly file: CachedFile; readonly end: number },
): Promise<void> {
  const pageLength = Math.min(pageBytesFor(file.size), file.size);
  if (answer.status !== 206 || end < pageLength) {
    answer.body.destroy();
    return;
  }
  const pieces: Buffer[] = [];
  let length = 0;
  try {
    for await (const piece of bodyOf(answer, signal)) {
      pieces.push(piece);
      length += piece.length;
      onBytes(piece.length);
      if (length >= pageLength) break;
    }
  } catch (error) {
    if (!(error instanceof NetworkFailure)) throw error;
  }
  if (length >= pageLength && pageLength > 0) file.write(0, Buffer.concat(pieces).subarray(0, pageLength));
}
