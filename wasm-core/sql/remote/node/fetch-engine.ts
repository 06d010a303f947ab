import type { MessagePort } from 'node:worker_threads';
import { toRpcError } from '../../../protocol/errors.ts';
import { readRemoteAddress } from '../remote-address.ts';
import type { FetchAsk, FetchTell, OpenedRemote, RemoteRights } from '../remote-messages.ts';
import type { CacheStore } from './cache-store.ts';
import { modifiedAt, versionName } from './file-version.ts';
import type { HttpAgents } from './http-request.ts';
import { listObjects } from './list-objects.ts';
import { askAgain, type OpenOptions, openRemote } from './open-remote.ts';
import { OpenedFile } from './opened-file.ts';
import { RemoteRequests } from './remote-requests.ts';

/** Between two reports of how far a file is, milliseconds. */
const REPORT_MS = 100;

/** Nobody may read anything before the host says what. */
const NO_RIGHTS: RemoteRights = { allow: [], credentials: [], timeoutMs: 30_000 };

interface EngineFile {
  readonly opened: OpenedFile;
  readonly requests: RemoteRequests;
}

/** The thread's half of one engine: answers what it waits for. */
export class FetchEngine {
  readonly #port: MessagePort;
  readonly #wake: () => void;
  readonly #store: CacheStore;
  readonly #agents: HttpAgents;
  readonly #files = new Map<number, EngineFile>();
  #rights = NO_RIGHTS;
  #cancel = new AbortController();
  #opened = 0;
  #received = 0;
  #reported = 0;

  /** @param options.wake tells the engine's thread that the port has a message */
  constructor(
    port: MessagePort,
    options: { readonly wake: () => void; readonly store: CacheStore; readonly agents: HttpAgents },
  ) {
    this.#port = port;
    this.#wake = options.wake;
    this.#store = options.store;
    this.#agents = options.agents;
    port.on('message', (ask: FetchAsk) => this.#hear(ask));
  }

  setRights(rights: RemoteRights): void {
    this.#rights = rights;
  }

  /** Ends what is on its way, and closes its files. Idempotent. */
  dispose(): void {
    this.#stop();
    for (const id of [...this.#files.keys()]) this.#close(id);
    this.#port.close();
  }

  #hear(ask: FetchAsk): void {
    switch (ask.type) {
      case 'cancel':
        this.#stop();
        break;
      case 'close':
        this.#close(ask.file);
        break;
      case 'list':
        this.#answer(ask.id, async () => ({ type: 'listed', id: ask.id, addresses: await this.#list(ask) }));
        break;
      case 'expect':
        this.#files.get(ask.file)?.opened.expect(ask);
        break;
      case 'save':
        for (const { opened } of this.#files.values()) this.#store.save(opened.file);
        break;
      case 'open':
        this.#answer(ask.id, async () => ({
          type: 'opened',
          id: ask.id,
          opened: await this.#open(ask),
        }));
        break;
      case 'read':
        this.#answer(ask.id, async () => ({ type: 'bytes', id: ask.id, bytes: await this.#read(ask) }));
        break;
    }
  }

  #answer(id: number, work: () => Promise<FetchTell>): void {
    work().then(
      (tell) => this.#tell(tell),
      (error: unknown) => this.#tell({ type: 'failed', id, error: toRpcError(error) }),
    );
  }

  async #open({ address, keptOnly }: Extract<FetchAsk, { readonly type: 'open' }>): Promise<OpenedRemote> {
    if (this.#files.size === 0) this.#received = 0;
    const requests = this.#requestsFor(address);
    const options = this.#openOptions(requests, keptOnly);
    const { file, server } = await openRemote(options);
    const opened = new OpenedFile({ file, requests, server, onBytes: options.onBytes });
    const id = ++this.#opened;
    this.#files.set(id, { opened, requests });
    const { size } = file;
    const { version } = file.parts;
    return { file: id, size, modified: modifiedAt(version), state: versionName(version, size) };
  }

  async #list({ address }: Extract<FetchAsk, { readonly type: 'list' }>): Promise<readonly string[]> {
    return listObjects(this.#requestsFor(address), this.#cancel.signal);
  }

  #requestsFor(address: string): RemoteRequests {
    const options = { agents: this.#agents, rights: () => this.#rights };
    return new RemoteRequests(readRemoteAddress(address), options);
  }

  async #read(ask: Extract<FetchAsk, { readonly type: 'read' }>): Promise<Uint8Array<ArrayBuffer>> {
    const found = this.#files.get(ask.file);
    if (found === undefined) throw new Error(`file ${ask.file} is not open`);
    const { opened, requests } = found;
    const { keptOnly, position, byteLength } = ask;
    if (!keptOnly && !opened.isAsked) {
      opened.asked(await askAgain(this.#openOptions(requests, false), opened.file));
    }
    return opened.read(position, byteLength, { keptOnly, signal: this.#cancel.signal });
  }

  #openOptions(requests: RemoteRequests, keptOnly: boolean): OpenOptions {
    return {
      requests,
      store: this.#store,
      keptOnly,
      signal: this.#cancel.signal,
      onBytes: (byteLength, total) => this.#progress(requests, byteLength, total),
      onWarning: (text) => this.#tell({ type: 'warning', text }),
    };
  }

  #progress({ host }: RemoteRequests, byteLength: number, total: number | undefined): void {
    this.#received += byteLength;
    const now = performance.now();
    if (now - this.#reported < REPORT_MS) return;
    this.#reported = now;
    const of = total === undefined ? 'MB' : `of ${megabytes(total)} MB`;
    this.#tell({ type: 'progress', text: `${megabytes(this.#received)} ${of} from ${host}` });
  }

  #stop(): void {
    this.#cancel.abort(new DOMException('nobody waits for it', 'AbortError'));
    this.#cancel = new AbortController();
  }

  #close(id: number): void {
    const found = this.#files.get(id);
    if (found === undefined) return;
    this.#files.delete(id);
    found.opened.dispose();
    this.#store.release(found.opened.file);
  }

  #tell(tell: FetchTell): void {
    const transfer = tell.type === 'bytes' ? [tell.bytes.buffer] : [];
    this.#port.postMessage(tell, transfer);
    this.#wake();
  }
}

function megabytes(byteLength: number): string {
  const value = byteLength / 1e6;
  return value < 10 ? value.toFixed(1) : String(Math.round(value));
}
