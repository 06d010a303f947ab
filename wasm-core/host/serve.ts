import type { Server, Socket } from 'node:net';
import path from 'node:path';
import { quernVersion } from '../connect/build-info.ts';
import { type HostPaths, hostPaths, type PathOptions, prepareFolders } from '../connect/paths.ts';
import type { WasmTier } from '../protocol/stats.ts';
import type { CompiledCacheEvents } from '../runtime/compiled-cache.ts';
import type { Executor } from '../runtime/executor.ts';
import { createExecutor } from '../runtime/node/create-executor.ts';
import { createRegistryStore } from '../runtime/node/registry-store.ts';
import { createStateFiles } from '../runtime/node/state-files.ts';
import { type ModuleRecord, Registry } from '../runtime/registry.ts';
import { StateStore } from '../runtime/state/state-store.ts';
import { createDuckDbEngine } from '../sql/duckdb/node/engine.ts';
import { Connection } from './connection.ts';
import type { HostContext } from './context.ts';
import { createDispatch } from './dispatch.ts';
import { logEvents } from './event-log.ts';
import { EventHub } from './events.ts';
import { Failures } from './failures.ts';
import { HistoryStore } from './history/history-store.ts';
import { RunHistory } from './history/run-history.ts';
import { HotExecute } from './hot-execute.ts';
import { shrinkWhenQuiet } from './idle-shrink.ts';
import { IdleTimer } from './idle-timer.ts';
import { keptSettings } from './kept-settings.ts';
import { acquireLock, type Lock, type LockHolder } from './lock.ts';
import { createLog, type Log } from './log.ts';
import { ModuleRunner } from './module-runner.ts';
import { remoteCacheBytes } from './remote-cache-bytes.ts';
import { RemoteConsents } from './remote-consents.ts';
import { ReplayStore } from './replays/replay-store.ts';
import { deleteLeftovers } from './results-folders.ts';
import { Sealing } from './sealing.ts';
import { RemoteRights } from './session-remote.ts';
import { Sessions } from './sessions.ts';
import { listen } from './socket-server.ts';
import { TrapLines } from './trap-lines.ts';
import { Wakefulness } from './wakefulness.ts';
import { WorkspaceFiles } from './workspace-file.ts';

/** What a host is started with. */
export interface ServeOptions extends PathOptions {
  /** Absolute folder of the built bundles. */
  readonly distFolder: string;
  /** It leaves after so long without a client, milliseconds; 0: never. */
  readonly idleMs: number;
  /** How V8 compiles WebAssembly in this process, from `setWasmTier`. */
  readonly wasmTier: WasmTier;
}

/** A host that listens. */
export interface RunningHost {
  readonly paths: HostPaths;
  readonly log: Log;
  /** Resolves when it has left, for whatever reason. */
  readonly stopped: Promise<void>;
  /** Ends connections, sessions and runs, and leaves. Idempotent. */
  stop(): Promise<void>;
}

/** What came of starting a host. */
export type ServeOutcome =
  | { readonly type: 'listening'; readonly host: RunningHost }
  | { readonly type: 'taken'; readonly holder: LockHolder; readonly paths: HostPaths };

/**
 * Starts a host in this process, unless another one has its place.
 *
 * @throws CoreError SOCKET_PATH_INVALID, HOST_UNAVAILABLE, FILE_IO
 */
export async function serve(options: ServeOptions): Promise<ServeOutcome> {
  const paths = hostPaths(options);
  prepareFolders(paths);
  const outcome = await acquireLock(paths.lock);
  if (outcome.type === 'taken') return { type: 'taken', holder: outcome.holder, paths };
  const log = createLog(paths.log);
  try {
    const host = await Host.open({ ...options, paths, log, lock: outcome.lock });
    return { type: 'listening', host };
  } catch (error) {
    outcome.lock.release();
    log.error(error);
    throw error;
  }
}

/** What a host is made of, in the order in which it is disposed. */
class Host implements RunningHost {
  readonly paths: HostPaths;
  readonly log: Log;
  readonly stopped: Promise<void>;
  readonly #lock: Lock;
  readonly #context: HostContext;
  readonly #engine: { dispose(): Promise<void> };
  readonly #connections = new Set<Connection>();
  readonly #idle: IdleTimer;
  readonly #hot: HotExecute;
  readonly #shrinking: { dispose(): void };
  readonly #wakefulness = new Wakefulness();
  #server: Server | undefined;
  #stopping: Promise<void> | undefined;
  #hasStopped: () => void = () => {};

  static async open(options: HostParts): Promise<Host> {
    const { paths, log } = options;
    await deleteLeftovers(paths.results);
    const events = new EventHub();
    logEvents(events, log);
    const warn = (message: string): void => {
      log.warn(message);
      events.emit({ type: 'warning', message });
    };
    const store = createRegistryStore({ home: paths.home, warn });
    const executor = createExecutor({ workerPath: path.join(options.distFolder, 'execution-worker.js') });
    const registry = await Registry.open({ store, warn, events: compileEvents(events, executor) });
    registry.onChange(({ type, record }) => events.emit({ type, module: record.info }));
    const states = await StateStore.open(createStateFiles({ home: paths.home, warn }));
    const host = new Host({ ...options, events, executor, registry, states, warn });
    await host.#listen();
    return host;
  }

  private constructor(
    options: HostParts & {
      readonly events: EventHub;
      readonly executor: Executor;
      readonly registry: Registry;
      readonly states: StateStore;
      readonly warn: (message: string) => void;
    },
  ) {
    const { paths, log, lock, executor, registry, states, events, warn, distFolder } = options;
    this.paths = paths;
    this.log = log;
    this.#lock = lock;
    this.stopped = new Promise((resolve) => {
      this.#hasStopped = resolve;
    });
    // Started ahead, an engine costs a second of processor time and 100 MB; many short-lived hosts do without.
    const engine = createDuckDbEngine({
      distFolder,
      keepSpare: process.env.QUERN_SPARE_ENGINE !== '0',
      remote: { cacheFolder: path.join(paths.home, 'cache', 'remote'), cacheBytes: remoteCacheBytes(), warn },
    });
    this.#engine = engine;
    this.#idle = new IdleTimer(options.idleMs, () => void this.stop());
    const workspaceFiles = new WorkspaceFiles({ warn });
    const consents = new RemoteConsents({ home: paths.home, warn });
    const replays = new ReplayStore({ folder: path.join(paths.home, 'replays'), warn });
    const sealing = new Sealing(path.join(paths.home, 'sealed.json'));
    const store = new HistoryStore({
      folder: path.join(paths.home, 'history'),
      sealing: () => sealing.state,
    });
    const kept = keptSettings(paths.home);
    const failures = new Failures({ registry, replays, lines: new TrapLines(registry) });
    this.#context = {
      registry,
      executor,
      states,
      runner: new ModuleRunner({ registry, executor, states, workspaceFiles, events, failures }),
      failures,
      replays,
      engine,
      remoteConsents: consents,
      history: new RunHistory({ store, warn }),
      kept: () => (sealing.state.type === 'open' ? { ...kept, key: sealing.state.key } : kept),
      sealing,
      sessions: new Sessions({
        engine,
        registry,
        resultsRoot: paths.results,
        settings: workspaceFiles,
        remote: new RemoteRights({ workspaceFiles, consents }),
        warn,
        changed: (folder) => events.emit({ type: 'changed', folder }),
      }),
      events,
      workspaceFiles,
      log,
      facts: {
        pid: process.pid,
        version: quernVersion(),
        socket: paths.socket,
        distFolder,
        startedAt: performance.now(),
        wasmTier: options.wasmTier,
      },
      connectionCount: () => this.#connections.size,
      // Not before the answer to the request that asked for it is in the socket.
      shutDown: () => void setTimeout(() => void this.stop(), 10),
    };
    this.#hot = new HotExecute(this.#context);
    events.add(() => this.#hot.clear(), ['evicted']);
    registry.onChange(({ type, record }) => {
      if (type === 'unloaded') this.#forget(record);
    });
    const { runner } = this.#context;
    this.#shrinking = shrinkWhenQuiet(
      () => runner.executions,
      () => executor.shrink(),
    );
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #listen(): Promise<void> {
    const dispatch = createDispatch(this.#context);
    this.#server = await listen(this.paths.socket, (socket) => this.#connected(socket, dispatch));
    this.#idle.start();
  }

  /** What belongs to a label, or to a module without any, goes with it. */
  #forget({ info }: ModuleRecord): void {
    const { states, registry, executor } = this.#context;
    states.drop(info).catch((error: unknown) => this.log.error(error));
    if (registry.find({ module: info.digest }) === undefined) executor.drop(info.digest);
  }

  #connected(socket: Socket, dispatch: ReturnType<typeof createDispatch>): void {
    this.#idle.stop();
    const { events, log } = this.#context;
    const hot = this.#hot;
    const wakefulness = this.#wakefulness;
    const onClose = (connection: Connection): void => {
      this.#connections.delete(connection);
      this.#context.sessions.release(connection);
      if (this.#connections.size === 0) this.#idle.start();
    };
    this.#connections.add(new Connection(socket, { dispatch, events, log, hot, wakefulness, onClose }));
  }

  async #stop(): Promise<void> {
    this.#idle.stop();
    this.#shrinking.dispose();
    // Closing removes the socket's file, so that the next client starts a host of its own at once.
    this.#server?.close();
    for (const connection of [...this.#connections]) connection.close();
    try {
      await this.#context.sessions.dispose();
      await this.#context.executor.dispose();
      await this.#engine.dispose();
      await this.#context.states.settled();
      await this.#context.history.dispose();
    } catch (error) {
      this.log.error(error);
    } finally {
      this.#lock.release();
      this.log.info(`Host ${process.pid} leaves`);
      this.#hasStopped();
    }
  }
}

interface HostParts extends ServeOptions {
  readonly paths: HostPaths;
  readonly log: Log;
  readonly lock: Lock;
}

/** Tells subscribers what the registry compiles and lets go; instances go with their module. */
function compileEvents(events: EventHub, executor: Executor): CompiledCacheEvents {
  return {
    onCompiled: ({ info }, micros) => events.emit({ type: 'compiled', module: info, micros }),
    onEvicted: ({ info }) => {
      executor.drop(info.digest);
      events.emit({ type: 'evicted', module: info });
    },
  };
}
