import * as vscode from 'vscode';
import { quernVersion } from '../../wasm-core/connect/build-info.ts';
import { connectToHost } from '../../wasm-core/connect/connect.ts';
import type { HostConnection, RequestOptions } from '../../wasm-core/connect/host-connection.ts';
import { CoreError } from '../../wasm-core/protocol/errors.ts';
import type { HostEvent, HostMethod, HostRequests } from '../../wasm-core/protocol/methods.ts';

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
  /** Quern's folder for the next connection; undefined for the default. */
  readonly home: () => string | undefined;
  readonly log: vscode.LogOutputChannel;
}

/** The window's one connection to the host: opened at the first use, opened again at the next use after a loss. */
export class HostLink implements vscode.Disposable {
  readonly #options: HostLinkOptions;
  readonly #stateChanged = new vscode.EventEmitter<HostState>();
  readonly #lost = new vscode.EventEmitter<HostLoss>();
  readonly #hostEvent = new vscode.EventEmitter<HostEvent>();
  #state: HostState = { type: 'stopped' };
  #connection: Promise<HostConnection> | undefined;
  #pendingCount = 0;
  #leaving = false;

  readonly onDidChangeState = this.#stateChanged.event;
  readonly onDidLose = this.#lost.event;
  readonly onEvent = this.#hostEvent.event;

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
  connection(): Promise<HostConnection> {
    this.#connection ??= this.#connect();
    return this.#connection;
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

  /** Asks the host to leave, for every window; does nothing when there is none. */
  async stop(): Promise<void> {
    if (this.#state.type === 'stopped') return;
    const connection = await this.connection();
    this.#leaving = true;
    try {
      await connection.request('host/shutdown', undefined);
    } catch (error) {
      // It may leave before its answer is out, which is what was asked.
      if (!(error instanceof CoreError && error.kind === 'HOST_LOST')) throw error;
    } finally {
      connection.dispose();
      this.#closed(connection);
      this.#leaving = false;
    }
  }

  dispose(): void {
    this.#leaving = true;
    this.#connection?.then((connection) => connection.dispose()).catch(() => undefined);
    this.#connection = undefined;
    for (const emitter of [this.#stateChanged, this.#lost, this.#hostEvent]) emitter.dispose();
  }

  async #connect(): Promise<HostConnection> {
    const { hostPath, log } = this.#options;
    this.#setState({ type: 'starting' });
    try {
      const home = this.#options.home();
      const connection = await connectToHost({
        ...(home === undefined ? {} : { home }),
        hostPath,
        client: `quern-vscode/${quernVersion()}`,
        start: true,
        onLog: (line) => log.info(line),
      });
      connection.onEvent((event) => this.#hostEvent.fire(event));
      connection.onClose(() => this.#closed(connection));
      await connection.request('events/subscribe', undefined);
      this.#setState({ type: 'running', pid: connection.pid });
      return connection;
    } catch (error) {
      this.#connection = undefined;
      this.#setState({ type: 'stopped', reason: error instanceof Error ? error.message : String(error) });
      throw error;
    }
  }

  #closed(connection: HostConnection): void {
    if (this.#state.type !== 'running' || this.#state.pid !== connection.pid) return;
    this.#connection = undefined;
    const loss = { pid: connection.pid, pendingCount: this.#pendingCount };
    this.#setState({ type: 'stopped' });
    if (this.#leaving) return;
    this.#options.log.warn(
      `The host, process ${loss.pid}, went away; requests under way: ${loss.pendingCount}.`,
    );
    this.#lost.fire(loss);
  }

  #setState(state: HostState): void {
    this.#state = state;
    this.#stateChanged.fire(state);
  }
}
