import * as vscode from 'vscode';
import { quernVersion } from '../../wasm-core/connect/build-info.ts';
import { connectToHost } from '../../wasm-core/connect/connect.ts';
import type { HostConnection, RequestOptions } from '../../wasm-core/connect/host-connection.ts';
import { CoreError } from '../../wasm-core/protocol/errors.ts';
import type { HostMethod, HostRequests } from '../../wasm-core/protocol/methods.ts';
import type { Settings } from '../settings.ts';

/** What the window knows of the host. */
export type HostState =
  | { readonly type: 'stopped'; readonly reason?: string }
  | { readonly type: 'starting' }
  | { readonly type: 'running'; readonly pid: number };

/** Sent when the host went away without being asked. */
export interface HostLoss {
  readonly pid: number;
  /** Requests of this window that it took with it. */
  readonly pendingCount: number;
}

export interface HostLinkOptions {
  /** Absolute path of dist/host.js. */
  readonly hostPath: string;
  /** Quern's folder, and the host's tier, for the next connection. */
  readonly settings: () => Pick<Settings, 'home' | 'wasmTier' | 'remoteCacheMb'>;
  readonly log: vscode.LogOutputChannel;
  /** Done with each connection before anything else is asked on it; it does not fail. */
  readonly prepare: (connection: HostConnection) => Promise<void>;
}

/** The window's one connection to the host: opened at the first use, opened again at the next use after a loss. */
export class HostLink implements vscode.Disposable {
  readonly #options: HostLinkOptions;
  readonly #stateChanged = new vscode.EventEmitter<HostState>();
  readonly #lost = new vscode.EventEmitter<HostLoss>();
  readonly #connected = new vscode.EventEmitter<HostConnection>();
  #state: HostState = { type: 'stopped' };
  #connecting: Promise<HostConnection> | undefined;
  #connection: HostConnection | undefined;
  #pendingCount = 0;

  readonly onDidChangeState = this.#stateChanged.event;
  readonly onDidLose = this.#lost.event;
  readonly onDidConnect = this.#connected.event;

  constructor(options: HostLinkOptions) {
    this.#options = options;
  }

  get state(): HostState {
    return this.#state;
  }

  /**
   * The connection, opened (and the host started) when there is none.
   *
   * @throws CoreError HOST_UNAVAILABLE, VERSION_MISMATCH, SOCKET_PATH_INVALID
   */
  async connection(): Promise<HostConnection> {
    if (this.#connection !== undefined) return this.#connection;
    this.#connecting ??= this.#connect().finally(() => {
      this.#connecting = undefined;
    });
    return await this.#connecting;
  }

  /**
   * Sends one request; opens the connection when there is none.
   *
   * @throws CoreError as the method does, HOST_LOST when the host goes away before it answers
   */
  async request<M extends HostMethod>(
    method: M,
    params: HostRequests[M]['params'],
    options: RequestOptions = {},
  ): Promise<HostRequests[M]['result']> {
    const connection = await this.connection();
    this.#pendingCount++;
    try {
      return await connection.request(method, params, options);
    } catch (error) {
      // The rejection may come before the news that the connection closed: then this request counts among the lost.
      if (error instanceof CoreError && error.kind === 'HOST_LOST') this.#closed(connection);
      throw error;
    } finally {
      this.#pendingCount--;
    }
  }

  /** Asks the host to leave, for every window; does nothing when this window has none. */
  async stop(): Promise<void> {
    const connection = this.#connection;
    if (connection === undefined) return;
    this.#connection = undefined;
    try {
      await connection.request('host/shutdown', undefined);
    } catch (error) {
      // It may leave before its answer is out, which is what was asked.
      if (!(error instanceof CoreError && error.kind === 'HOST_LOST')) throw error;
    } finally {
      connection.dispose();
      this.#setState({ type: 'stopped' });
    }
  }

  /** Closes the connection and leaves the host alone; the next use opens one, perhaps to another host. */
  disconnect(): void {
    const connection = this.#connection;
    this.#connection = undefined;
    connection?.dispose();
    if (connection !== undefined) this.#setState({ type: 'stopped' });
  }

  dispose(): void {
    this.disconnect();
    this.#stateChanged.dispose();
    this.#lost.dispose();
    this.#connected.dispose();
  }

  async #connect(): Promise<HostConnection> {
    const { hostPath, settings, log } = this.#options;
    this.#setState({ type: 'starting' });
    try {
      const { home, wasmTier, remoteCacheMb } = settings();
      const connection = await connectToHost({
        ...(home !== undefined && { home }),
        ...(wasmTier !== undefined && { wasmTier }),
        ...(remoteCacheMb !== undefined && { remoteCacheMb }),
        hostPath,
        client: `quern-vscode/${quernVersion()}`,
        start: true,
        onLog: (line) => log.info(line),
      });
      connection.onEvent((event) => {
        if (event.type === 'warning') log.warn(event.message);
      });
      await this.#options.prepare(connection);
      this.#connection = connection;
      this.#setState({ type: 'running', pid: connection.pid });
      connection.onClose(() => this.#closed(connection));
      this.#connected.fire(connection);
      return connection;
    } catch (error) {
      this.#setState({ type: 'stopped', reason: error instanceof Error ? error.message : String(error) });
      throw error;
    }
  }

  /** The connection closed, and not because this window closed it. */
  #closed(connection: HostConnection): void {
    if (this.#connection !== connection) return;
    this.#connection = undefined;
    const loss = { pid: connection.pid, pendingCount: this.#pendingCount };
    this.#options.log.warn(
      `The host, process ${loss.pid}, went away; requests under way: ${loss.pendingCount}.`,
    );
    this.#setState({ type: 'stopped' });
    this.#lost.fire(loss);
  }

  #setState(state: HostState): void {
    this.#state = state;
    this.#stateChanged.fire(state);
  }
}
