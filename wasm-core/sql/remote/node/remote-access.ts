import { setTimeout as sleep } from 'node:timers/promises';
import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import { CoreError, fromRpcError } from '../../../protocol/errors.ts';
import { isRemoteAllowed } from '../../../protocol/remote-allow.ts';
import { type RemoteAddress, readRemoteAddress } from '../remote-address.ts';
import type { RemoteFile, RemoteFiles, RemoteGate, RemoteStatement } from '../remote-files.ts';
import type { FetchAsk, FetchTell, OpenedRemote } from '../remote-messages.ts';

/** How often a statement is asked whether it has to stop while it waits, milliseconds. */
const LOOK_MS = 20;

/** What so many patterns meant is remembered. */
const MAX_LISTS = 20;

interface KnownFile {
  readonly opened: OpenedRemote;
  /** Handles that the engine has of it. */
  users: number;
}

/** Places through which threads talk while this one blocks. */
export interface SharedPlaces {
  readonly signals: Int32Array;
  /** Counted up, with a notification, when the port has a message. */
  readonly index: number;
  /** 1 while this thread waits. */
  readonly waits: number;
}

/**
 * Files on a network in the engine's thread. The engine calls and cannot wait, so that this thread blocks until the one
 * that fetches has answered; a statement that has to stop ends that.
 */
export class RemoteAccess implements RemoteFiles {
  readonly #shared: SharedPlaces;
  #gate: RemoteGate = { allow: [], asks: [] };
  #port: MessagePort | undefined;
  #statement: RemoteStatement | undefined;
  #isKeptOnly = false;
  /** What the statement under way has opened. */
  #files = new Map<string, KnownFile>();
  /** What patterns meant when they were asked for last, and by which statement. */
  readonly #lists = new Map<
    string,
    { readonly addresses: readonly string[]; readonly statement: RemoteStatement | undefined }
  >();
  #warnings = new Set<string>();
  #answers = new Map<number, Answer>();
  #lastId = 0;
  /** Up to this number nobody waits for answers. */
  #givenUp = 0;

  constructor(shared: SharedPlaces) {
    this.#shared = shared;
  }

  /** Says what may be read. @param port another way to the thread that fetches; absent: the one of before */
  set(gate: RemoteGate, port: MessagePort | undefined): void {
    this.#gate = gate;
    if (port === undefined) return;
    this.#port?.close();
    this.#port = port;
    this.#files.clear();
    this.#lists.clear();
    this.#answers.clear();
  }

  begin(statement: RemoteStatement): void {
    this.#forget();
    this.#warnings.clear();
    this.#statement = statement;
  }

  end(): readonly string[] {
    if (this.#statement !== undefined && this.#files.size > 0) {
      this.#port?.postMessage({ type: 'save' } satisfies FetchAsk);
    }
    this.#statement = undefined;
    return [...this.#warnings];
  }

  async prepare(addresses: readonly string[]): Promise<void> {
    const ids = [...new Set(addresses)].map((address) => {
      const known = readRemoteAddress(address);
      this.#assertAllowed(known);
      return { known, id: this.#ask({ type: 'open', address, keptOnly: false }) };
    });
    for (const { known, id } of ids) {
      let answer = this.#take(id);
      while (answer === undefined) {
        this.#assertWaiting();
        await sleep(LOOK_MS / 4);
        answer = this.#take(id);
      }
      this.#noteOpened(known, answer);
    }
  }

  keptOnly<T>(use: () => T): T {
    this.#isKeptOnly = true;
    try {
      return use();
    } finally {
      this.#isKeptOnly = false;
    }
  }

  admit(address: string): void {
    this.#assertAllowed(readRemoteAddress(address));
  }

  list(pattern: string): readonly string[] {
    const known = readRemoteAddress(pattern);
    this.#assertAllowed(known);
    if (known.object === undefined) throw remotePatternError(pattern);
    const listed = this.#lists.get(pattern);
    if (listed !== undefined && (this.#sendsNothing || listed.statement === this.#statement)) {
      return listed.addresses;
    }
    if (this.#sendsNothing) throw notListed(known);
    const answer = this.#await(this.#ask({ type: 'list', address: pattern }));
    if (answer.type !== 'listed') throw new Error('a list was answered as something else');
    this.#lists.delete(pattern);
    this.#lists.set(pattern, { addresses: answer.addresses, statement: this.#statement });
    const [oldest] = this.#lists.keys();
    if (this.#lists.size > MAX_LISTS && oldest !== undefined) this.#lists.delete(oldest);
    return answer.addresses;
  }

  open(address: string): RemoteFile {
    const known = readRemoteAddress(address);
    this.#assertAllowed(known);
    const key = this.#keyOf(known);
    const file = this.#files.get(key) ?? this.#noteOpened(known, this.#openNow(known));
    file.users++;
    return this.#handleOf(known, file);
  }

  #openNow({ written }: RemoteAddress): Answer {
    return this.#await(this.#ask({ type: 'open', address: written, keptOnly: this.#sendsNothing }));
  }

  #handleOf({ written }: RemoteAddress, file: KnownFile): RemoteFile {
    const { opened } = file;
    const port = this.#port;
    let isOpen = true;
    return {
      size: opened.size,
      modified: opened.modified,
      state: opened.state,
      expect: (start, byteLength) => {
        if (port !== this.#port || byteLength === 0) return;
        const expected = { type: 'expect', file: opened.file, start, end: start + byteLength } as const;
        port?.postMessage(expected satisfies FetchAsk);
      },
      read: (bytes, position) => {
        if (port !== this.#port) throw lost(written);
        const id = this.#ask({
          type: 'read',
          file: opened.file,
          position,
          byteLength: bytes.length,
          keptOnly: this.#sendsNothing,
        });
        const answer = this.#await(id);
        if (answer.type !== 'bytes') throw new Error('a read was answered as an opening');
        bytes.set(answer.bytes);
        return answer.bytes.length;
      },
      close: () => {
        if (!isOpen) return;
        isOpen = false;
        file.users--;
        if (file.users === 0 && ![...this.#files.values()].includes(file)) this.#close(file);
      },
    };
  }

  /** Outside of a statement nothing is sent: what is only checked must not tell a server what is typed. */
  get #sendsNothing(): boolean {
    return this.#isKeptOnly || this.#statement === undefined;
  }

  /** What was opened without asking its server is no answer for a statement. */
  #keyOf({ written }: RemoteAddress): string {
    return `${this.#sendsNothing} ${written}`;
  }

  #noteOpened(address: RemoteAddress, answer: Answer): KnownFile {
    if (answer.type === 'failed') throw answer.error;
    if (answer.type !== 'opened') throw new Error('an opening was answered as a read');
    const file = { opened: answer.opened, users: 0 };
    this.#files.set(this.#keyOf(address), file);
    return file;
  }

  /** The next statement asks again. */
  #forget(): void {
    const files = this.#files;
    this.#files = new Map();
    for (const file of files.values()) if (file.users === 0) this.#close(file);
    this.#giveUp();
  }

  /** Nobody waits any more for what was asked for. */
  #giveUp(): void {
    this.#givenUp = this.#lastId;
    for (const answer of this.#answers.values()) this.#dropAnswer(answer);
    this.#answers.clear();
  }

  #dropAnswer(answer: Answer): void {
    if (answer.type === 'opened') this.#close({ opened: answer.opened, users: 0 });
  }

  #close({ opened }: KnownFile): void {
    this.#port?.postMessage({ type: 'close', file: opened.file } satisfies FetchAsk);
  }

  #assertAllowed({ place, origin, shown, written }: RemoteAddress): void {
    const { allow, asks, askedBy } = this.#gate;
    if (isRemoteAllowed(place, allow)) return;
    if (isRemoteAllowed(place, asks)) {
      const message = `'${shown}' may not be read before you agree: quern.json of ${askedBy} asks for ${origin}. Agree in the editor, or allow it with --allow-url ${origin} on the command line.`;
      throw new CoreError('REMOTE_DENIED', message, { origin, written, folder: askedBy });
    }
    const message = `'${shown}' is on a network, and ${origin} is not allowed. Allow it with --allow-url ${origin} on the command line, the setting quern.allowUrls in the editor, or remote.allow in quern.json.`;
    throw new CoreError('REMOTE_DENIED', message, { origin, written });
  }

  #ask(ask: AskWithoutId<'open'> | AskWithoutId<'read'> | AskWithoutId<'list'>): number {
    if (this.#port === undefined) throw new Error('there is no way to the thread that fetches');
    const id = ++this.#lastId;
    this.#port.postMessage({ ...ask, id } as FetchAsk);
    return id;
  }

  /** Blocks until the answer is there. @throws CoreError what it says, or why the statement stops */
  #await(id: number): Exclude<Answer, { readonly type: 'failed' }> {
    const { signals, index, waits } = this.#shared;
    Atomics.store(signals, waits, 1);
    try {
      for (;;) {
        const seen = Atomics.load(signals, index);
        const answer = this.#take(id);
        if (answer?.type === 'failed') throw answer.error;
        if (answer !== undefined) return answer;
        this.#assertWaiting();
        Atomics.wait(signals, index, seen, LOOK_MS);
      }
    } finally {
      Atomics.store(signals, waits, 0);
    }
  }

  /** @throws CoreError when the statement has to stop */
  #assertWaiting(): void {
    try {
      this.#statement?.check();
    } catch (error) {
      this.#port?.postMessage({ type: 'cancel' } satisfies FetchAsk);
      this.#giveUp();
      throw error;
    }
  }

  /** The answer with a number, if it is there. */
  #take(id: number): Answer | undefined {
    for (;;) {
      const known = this.#answers.get(id);
      this.#answers.delete(id);
      if (known !== undefined || this.#port === undefined) return known;
      const tell = receiveMessageOnPort(this.#port)?.message as FetchTell | undefined;
      if (tell === undefined) return undefined;
      this.#hear(tell);
    }
  }

  #hear(tell: FetchTell): void {
    switch (tell.type) {
      case 'progress':
        this.#statement?.onProgress(tell.text);
        break;
      case 'warning':
        this.#warnings.add(tell.text);
        break;
      case 'opened':
        if (tell.id <= this.#givenUp) this.#dropAnswer(tell);
        else this.#answers.set(tell.id, tell);
        break;
      case 'failed':
        this.#answers.set(tell.id, { type: 'failed', error: fromRpcError(tell.error) });
        break;
      case 'bytes':
      case 'listed':
        this.#answers.set(tell.id, tell);
        break;
    }
  }
}

type AskWithoutId<T extends FetchAsk['type']> = Omit<Extract<FetchAsk, { readonly type: T }>, 'id'>;

type Answer =
  | Extract<FetchTell, { readonly type: 'opened' | 'bytes' | 'listed' }>
  | { readonly type: 'failed'; readonly error: CoreError };

/** CAPABILITY_DENIED for a pattern of an address whose server has no lists. */
function remotePatternError(written: string): CoreError {
  const message = `'${written}' is a pattern, and files on a network cannot be listed, except those of s3: addresses; name them: read_parquet(['https://…/1.parquet', 'https://…/2.parquet']).`;
  return new CoreError('CAPABILITY_DENIED', message, { written });
}

/** What was not listed yet, where nothing may be sent; the details have `unread`. */
function notListed({ shown, origin, written }: RemoteAddress): CoreError {
  const message = `'${shown}' was not listed yet; only a run does.`;
  return new CoreError('REMOTE_UNREACHABLE', message, { origin, written, unread: true });
}

function lost(written: string): CoreError {
  const message = `'${written}' was open in a thread that has ended. Run the statement again.`;
  return new CoreError('REMOTE_UNREACHABLE', message, { written });
}
