import type { HostConnection, RequestOptions } from '../wasm-core/connect/host-connection.ts';
import { CoreError } from '../wasm-core/protocol/errors.ts';
import type { HostEvent } from '../wasm-core/protocol/events.ts';
import type { HostMethod, HostRequests } from '../wasm-core/protocol/methods.ts';

/** Told what happens to the connection. */
export interface HostListener {
  /** Called after each connect; what the host kept for the old connection is gone. */
  connected?(): void;
  /** Called when the connection ended or could not be made; it is tried again by itself. */
  lost?(reason: string): void;
  event?(event: HostEvent): void;
}

const FIRST_RETRY_MS = 250;
const LONGEST_RETRY_MS = 30_000;

/**
 * The language server's one connection to the host: made when it is first needed, made again when it is lost, with a
 * pause that doubles up to half a minute while that fails.
 */
export class HostLink {
  private connection: HostConnection | undefined;
  private connecting: Promise<HostConnection> | undefined;
  private retryMs = FIRST_RETRY_MS;
  private retry: NodeJS.Timeout | undefined;
  private disposed = false;
  private readonly listeners: HostListener[] = [];

  constructor(private readonly connect: () => Promise<HostConnection>) {}

  listen(listener: HostListener): void {
    this.listeners.push(listener);
  }

  get isConnected(): boolean {
    return this.connection !== undefined;
  }

  /**
   * Sends a request, connecting first where that is needed.
   *
   * @throws CoreError what the host answered; HOST_LOST, HOST_UNAVAILABLE, after which it connects again by itself
   */
  async request<M extends HostMethod>(
    method: M,
    params: HostRequests[M]['params'],
    options?: RequestOptions,
  ): Promise<HostRequests[M]['result']> {
    const connection = this.connection ?? (await this.open());
    return connection.request(method, params, options);
  }

  dispose(): void {
    this.disposed = true;
    clearTimeout(this.retry);
    this.connection?.dispose();
  }

  private open(): Promise<HostConnection> {
    if (this.disposed) throw new CoreError('HOST_UNAVAILABLE', 'The language server is stopping.');
    this.connecting ??= this.openOnce().finally(() => {
      this.connecting = undefined;
    });
    return this.connecting;
  }

  private async openOnce(): Promise<HostConnection> {
    clearTimeout(this.retry);
    let connection: HostConnection;
    try {
      connection = await this.connect();
    } catch (error) {
      this.lost(error instanceof Error ? error.message : String(error));
      throw error;
    }
    if (this.disposed) connection.dispose();
    this.connection = connection;
    this.retryMs = FIRST_RETRY_MS;
    connection.onEvent((event) => this.tell((listener) => listener.event?.(event)));
    connection.onClose(() => {
      this.connection = undefined;
      this.lost('The connection to the host was lost.');
    });
    // The listeners' requests must not run before this connection is in its place.
    queueMicrotask(() => this.tell((listener) => listener.connected?.()));
    return connection;
  }

  private lost(reason: string): void {
    if (this.disposed) return;
    this.tell((listener) => listener.lost?.(reason));
    clearTimeout(this.retry);
    this.retry = setTimeout(() => {
      // A failure comes back here as `lost`, which sets the next try.
      this.open().catch(() => undefined);
    }, this.retryMs);
    this.retry.unref();
    this.retryMs = Math.min(this.retryMs * 2, LONGEST_RETRY_MS);
  }

  private tell(call: (listener: HostListener) => void): void {
    for (const listener of this.listeners) call(listener);
  }
}
