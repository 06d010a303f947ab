import type { Socket } from 'node:net';
import {
  CancellationTokenSource,
  createMessageConnection,
  type MessageConnection,
  ResponseError,
} from 'vscode-jsonrpc/node';
import type { BenchProgressParams } from '../protocol/bench.ts';
import type { ChainProgressParams } from '../protocol/chains.ts';
import { CoreError, fromRpcError } from '../protocol/errors.ts';
import type { HostEvent, HostEventType } from '../protocol/events.ts';
import { DEFAULT_EVENT_TYPES } from '../protocol/events.ts';
import type { LiveRows, RowsParams } from '../protocol/live-rows.ts';
import type { HelloResult, HostMethod, HostRequests } from '../protocol/methods.ts';
import type { ProgressParams } from '../protocol/notifications.ts';
import { PROTOCOL_VERSION } from '../protocol/version.ts';
import { LineMessageReader, LineMessageWriter } from './json-line-transport.ts';

/** What a request may be given beside its parameters. */
export interface RequestOptions {
  /** Cancels the request at the host, which then answers it: with CANCELLED, or with a result that was just ready. */
  readonly signal?: AbortSignal;
  /** 0 to 100, or -1 when the engine cannot tell; at most ten calls a second. */
  readonly onProgress?: (percent: number, message?: string) => void;
  /** Of `sql/run` with `live`: at most ten calls a second for each statement. */
  readonly onRows?: (rows: LiveRows) => void;
  /** Of `bench/run`: how far it is, and its samples as they come. */
  readonly onBench?: (progress: BenchProgressParams) => void;
  /** Of `chain/trace`: each step that has ended. */
  readonly onStep?: (progress: ChainProgressParams) => void;
}

/** A connection to a host that said hello. */
export interface HostConnection {
  /** The host's process id. */
  readonly pid: number;
  /** The host's version of Quern. */
  readonly version: string;
  /** True once the connection has ended, for whatever reason. */
  readonly closed: boolean;
  /**
   * Sends a request.
   *
   * @throws CoreError what the host answered; HOST_LOST when it went away; LINE_TOO_LONG for a request that is too large
   */
  request<M extends HostMethod>(
    method: M,
    params: HostRequests[M]['params'],
    options?: RequestOptions,
  ): Promise<HostRequests[M]['result']>;
  /**
   * Calls a listener for each of the host's events of some types; the connection subscribes to what its listeners want.
   *
   * @param types absent: all but `called`
   */
  onEvent(listener: (event: HostEvent) => void, types?: readonly HostEventType[]): { dispose(): void };
  /** Calls a listener once, when the connection ends; at once when it has. */
  onClose(listener: () => void): { dispose(): void };
  /** Ends the connection; pending requests reject with HOST_LOST. Idempotent. */
  dispose(): void;
}

/**
 * Says hello on a connected socket.
 *
 * @param client name and version, such as `quern-cli/0.1.0`
 * @throws CoreError VERSION_MISMATCH, HOST_LOST; the socket is then destroyed
 */
export async function greetHost(socket: Socket, client: string): Promise<HostConnection> {
  const connection = new JsonRpcHostConnection(socket);
  try {
    await connection.hello(client);
    return connection;
  } catch (error) {
    connection.dispose();
    throw error;
  }
}

/** What a request wants to hear while it is under way. */
type Watching = Pick<RequestOptions, 'onProgress' | 'onRows' | 'onBench' | 'onStep'>;

class JsonRpcHostConnection implements HostConnection {
  readonly #socket: Socket;
  readonly #rpc: MessageConnection;
  readonly #writer: LineMessageWriter;
  /** What requests under way want to hear, by id. */
  readonly #watching = new Map<number | string, Watching>();
  readonly #eventListeners = new Set<(event: HostEvent) => void>();
  readonly #closeListeners = new Set<() => void>();
  #hello: HelloResult = { protocol: PROTOCOL_VERSION, version: '', pid: 0 };
  #subscribed: ReadonlySet<HostEventType> = new Set();
  #closed = false;

  constructor(socket: Socket) {
    this.#socket = socket;
    this.#writer = new LineMessageWriter(socket);
    // What goes wrong on the way is told by the requests' own errors; the library would print it to the console.
    const silent = { error() {}, warn() {}, info() {}, log() {} };
    this.#rpc = createMessageConnection(new LineMessageReader(socket), this.#writer, silent);
    this.#rpc.onNotification('event', (event: HostEvent) => this.#emit(event));
    this.#rpc.onNotification('progress', ({ id, percent, message }: ProgressParams) =>
      this.#watching.get(id)?.onProgress?.(percent, message),
    );
    this.#rpc.onNotification('bench/progress', (progress: BenchProgressParams) =>
      this.#watching.get(progress.id)?.onBench?.(progress),
    );
    this.#rpc.onNotification('chain/progress', (progress: ChainProgressParams) =>
      this.#watching.get(progress.id)?.onStep?.(progress),
    );
    this.#rpc.onNotification('rows', ({ id, ...rows }: RowsParams) => this.#watching.get(id)?.onRows?.(rows));
    // Without this the library leaves pending requests hanging when the peer goes away.
    this.#rpc.onClose(() => this.#end());
    socket.on('error', () => this.#end());
    this.#rpc.listen();
  }

  get pid(): number {
    return this.#hello.pid;
  }

  get version(): string {
    return this.#hello.version;
  }

  get closed(): boolean {
    return this.#closed;
  }

  async hello(client: string): Promise<void> {
    this.#hello = await this.request('host/hello', { protocol: PROTOCOL_VERSION, client });
  }

  async request<M extends HostMethod>(
    method: M,
    params: HostRequests[M]['params'],
    options: RequestOptions = {},
  ): Promise<HostRequests[M]['result']> {
    const { signal } = options;
    if (this.#closed) throw hostLost();
    if (signal?.aborted) throw new CoreError('CANCELLED', 'The request was cancelled.');
    const source = new CancellationTokenSource();
    const cancel = (): void => source.cancel();
    signal?.addEventListener('abort', cancel, { once: true });
    let id: number | string | undefined;
    try {
      const answer = this.#rpc.sendRequest<HostRequests[M]['result']>(method, params ?? {}, source.token);
      id = this.#writer.lastRequestId;
      if (id !== undefined) this.#watching.set(id, options);
      return await answer;
    } catch (error) {
      throw this.#toCoreError(error);
    } finally {
      if (id !== undefined) this.#watching.delete(id);
      signal?.removeEventListener('abort', cancel);
      source.dispose();
    }
  }

  onEvent(
    listener: (event: HostEvent) => void,
    types: readonly HostEventType[] = DEFAULT_EVENT_TYPES,
  ): { dispose(): void } {
    const wanted = (event: HostEvent): void => void (types.includes(event.type) && listener(event));
    this.#eventListeners.add(wanted);
    const all = new Set([...this.#subscribed, ...types]);
    if (all.size > this.#subscribed.size) {
      this.#subscribed = all;
      // A connection that is gone has nothing to subscribe to; `onClose` tells.
      this.request('events/subscribe', { types: [...all] }).catch(() => {});
    }
    return { dispose: () => void this.#eventListeners.delete(wanted) };
  }

  onClose(listener: () => void): { dispose(): void } {
    if (this.#closed) queueMicrotask(listener);
    else this.#closeListeners.add(listener);
    return { dispose: () => void this.#closeListeners.delete(listener) };
  }

  dispose(): void {
    this.#end();
  }

  #emit(event: HostEvent): void {
    for (const listener of [...this.#eventListeners]) listener(event);
  }

  #end(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#rpc.dispose();
    // `destroySoon` lets a cancellation or a last request that was written still go out.
    this.#socket.destroySoon();
    for (const listener of [...this.#closeListeners]) listener();
    this.#closeListeners.clear();
  }

  #toCoreError(error: unknown): unknown {
    if (error instanceof CoreError) return error;
    if (error instanceof ResponseError && isKinded(error.data)) return fromRpcError(error);
    if (this.#closed || this.#socket.destroyed) return hostLost();
    const message = error instanceof Error ? error.message : String(error);
    if (message.startsWith('The request has ')) return new CoreError('LINE_TOO_LONG', message);
    return error instanceof ResponseError ? hostLost() : error;
  }
}

function isKinded(data: unknown): boolean {
  return typeof data === 'object' && data !== null && 'kind' in data;
}

function hostLost(): CoreError {
  const message =
    'The connection to the Quern host was lost before it answered. Run it again: a new host is started.';
  return new CoreError('HOST_LOST', message);
}
