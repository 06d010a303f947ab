import { CoreError } from '../../../protocol/errors.ts';
import type { CachedFile } from './cached-file.ts';
import { changed } from './file-version.ts';
import type { ByteRange } from './parquet-chunks.ts';
import { ReadAhead } from './read-ahead.ts';
import type { RemoteRequests } from './remote-requests.ts';
import { Transfer } from './transfer.ts';

/** No answer is longer, so that an engine gets the first bytes while the others are on their way. */
const MAX_ANSWER_BYTES = 2 ** 20;

/** So many ranges of a file that are on their way are known: a batch of Arrow's is read from many places in turn. */
const MAX_TRANSFERS = 32;

/** What is known of a file's server. */
export type ServerState =
  /** It gave this state of the file, and gives parts of it. */
  | { readonly type: 'asked' }
  /** Nothing was sent: the file is as it was kept. */
  | { readonly type: 'unasked' }
  /** It cannot be reached. */
  | { readonly type: 'offline'; readonly error: CoreError };

/** A file that an engine reads. */
export class OpenedFile {
  readonly file: CachedFile;
  readonly #requests: RemoteRequests;
  readonly #ahead: ReadAhead;
  readonly #close = new AbortController();
  readonly #onBytes: (byteLength: number) => void;
  #server: ServerState;
  #transfers: Transfer[] = [];

  constructor(options: {
    readonly file: CachedFile;
    readonly requests: RemoteRequests;
    readonly server: ServerState;
    readonly onBytes: (byteLength: number) => void;
  }) {
    this.file = options.file;
    this.#requests = options.requests;
    this.#ahead = new ReadAhead(options.file);
    this.#onBytes = options.onBytes;
    this.#server = options.server;
  }

  /** Whether its server was asked, or could not be. */
  get isAsked(): boolean {
    return this.#server.type !== 'unasked';
  }

  /** The server was asked again: the file is still this one, or it cannot be reached. */
  asked(server: ServerState): void {
    this.#server = server;
  }

  /**
   * Bytes from a position, at least one unless it is the file's end.
   *
   * @param options.keptOnly nothing is sent
   * @throws CoreError REMOTE_*; the signal's reason
   */
  async read(
    position: number,
    byteLength: number,
    options: { readonly keptOnly: boolean; readonly signal: AbortSignal },
  ): Promise<Uint8Array<ArrayBuffer>> {
    for (;;) {
      options.signal.throwIfAborted();
      const bytes = this.file.read(position, Math.min(byteLength, MAX_ANSWER_BYTES));
      if (bytes !== undefined) {
        this.#ahead.served(position + bytes.length);
        return bytes;
      }
      if (options.keptOnly) throw notRead(this.#requests);
      await this.#transfer(position, { byteLength, signal: options.signal }).progress();
    }
  }

  /** A range is going to be read from its beginning. */
  expect({ start, end }: ByteRange): void {
    this.#ahead.expect({ start, end });
  }

  /** Ends what is on its way. Idempotent. */
  dispose(): void {
    this.#close.abort(changed(this.#requests.address));
  }

  #transfer(
    position: number,
    { byteLength, signal }: { readonly byteLength: number; readonly signal: AbortSignal },
  ): Transfer {
    if (this.#server.type === 'offline') throw this.#server.error;
    const known = this.#transfers.find((transfer) => transfer.covers(position));
    if (known !== undefined) return known;
    const missing = this.file.missing(position, this.#ahead.end(position, byteLength));
    if (missing === undefined) throw new Error('nothing is missing');
    const transfer = new Transfer({
      requests: this.#requests,
      file: this.file,
      ...missing,
      signal: AbortSignal.any([signal, this.#close.signal]),
      onBytes: this.#onBytes,
    });
    const others = this.#transfers.filter(({ hasEnded }) => !hasEnded);
    this.#transfers = [...others.slice(1 - MAX_TRANSFERS), transfer];
    return transfer;
  }
}

/** What is not kept, where nothing may be sent; the details have `unread`. */
export function notRead({ address }: Pick<RemoteRequests, 'address'>): CoreError {
  const { shown, origin, written } = address;
  const message = `'${shown}' was not read yet; only a run fetches it.`;
  return new CoreError('REMOTE_UNREACHABLE', message, { origin, written, unread: true });
}
