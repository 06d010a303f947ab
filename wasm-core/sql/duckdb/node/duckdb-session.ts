import { stat } from 'node:fs/promises';
import type { CatalogParams, CatalogResult } from '../../../protocol/catalog.ts';
import { CoreError } from '../../../protocol/errors.ts';
import type { CheckResult, DescribeResult, ModuleInfo } from '../../../protocol/methods.ts';
import type { SummaryParams, SummaryResult } from '../../../protocol/summary.ts';
import type {
  EngineCheckOptions,
  EngineExportOptions,
  EngineResultOptions,
  EngineRunOptions,
  EngineRunResult,
  EngineSession,
  ReopenOptions,
  SessionDatabase,
  SessionOptions,
  SessionPlugin,
  SessionRemote,
  SessionTable,
} from '../../engine.ts';
import type { ResultAnswers, ResultQuestion } from '../../result/result-question.ts';
import { engineLost } from '../engine-error.ts';
import type { WorkerAnswers } from '../worker-messages.ts';
import type { EngineWorker } from './engine-worker.ts';
import type { SessionNetwork } from './session-network.ts';
import { Watchdog } from './watchdog.ts';

/** A check or a description that takes longer than this is stuck, milliseconds. */
const CHECK_TIMEOUT_MS = 30_000;

/** A database that nothing was run on for so long is written, milliseconds. */
const IDLE_MS = 5000;
/** A session that ends waits so long for its database to be written, milliseconds. */
const CHECKPOINT_TIMEOUT_MS = 10_000;

/** What a worker has of its session. */
interface Given {
  plugins: readonly SessionPlugin[];
  tables: readonly SessionTable[];
}

/**
 * A session that outlives its engine worker: when the worker has to be ended, the next request gets a new one with the
 * same folders and plugins, and without the tables of the old one.
 */
export class DuckDbSession implements EngineSession {
  readonly #options: SessionOptions & {
    readonly takeWorker: () => Promise<EngineWorker>;
    readonly network: SessionNetwork;
    /** Takes the worker that the session has no more use for; absent: it is ended. */
    readonly keepWorker?: (worker: EngineWorker) => void;
    readonly onDispose: () => void;
  };
  #worker: Promise<EngineWorker> | undefined;
  #plugins: readonly SessionPlugin[] = [];
  #modules: readonly ModuleInfo[] = [];
  #tables: readonly SessionTable[] = [];
  readonly #given = new WeakMap<EngineWorker, Given>();
  #functions: WorkerAnswers['setPlugins']['functions'] = [];
  #runs: Promise<unknown> = Promise.resolve();
  #workers = 0;
  /** Runs under way. */
  #running = 0;
  #disposed = false;
  /** Whether the database may have a log that is not written into it. */
  #hasLog = false;
  #idleTimer: NodeJS.Timeout | undefined;

  constructor(
    options: SessionOptions & {
      takeWorker: () => Promise<EngineWorker>;
      network: SessionNetwork;
      keepWorker?: (worker: EngineWorker) => void;
      onDispose: () => void;
    },
  ) {
    this.#options = options;
  }

  /** Whether a run is under way. */
  get isRunning(): boolean {
    return this.#running > 0;
  }

  /** @throws CoreError FILE_NOT_FOUND, SQL_ENGINE_LOST */
  async start(): Promise<void> {
    const { folder } = this.#options;
    const stats = await stat(folder).catch(() => undefined);
    if (!stats?.isDirectory()) {
      throw new CoreError('FILE_NOT_FOUND', `There is no folder '${folder}' to open a SQL session in.`, {
        path: folder,
      });
    }
    await this.#ready();
  }

  async setPlugins(plugins: readonly SessionPlugin[], modules: readonly ModuleInfo[] = []): Promise<void> {
    this.#plugins = plugins;
    this.#modules = modules;
  }

  setRemote(remote: SessionRemote): void {
    this.#options.network.set(remote);
  }

  async setTables(tables: readonly SessionTable[]): Promise<void> {
    this.#tables = tables;
  }

  run(options: EngineRunOptions): Promise<EngineRunResult> {
    const result = this.#runs.then(() => this.#run(options));
    this.#runs = result.catch(() => {});
    return result;
  }

  export(options: EngineExportOptions): Promise<void> {
    const { result, target, onProgress } = options;
    const ask = { type: 'export', result, target } as const;
    const listener = onProgress === undefined ? {} : { onProgress };
    const done = this.#runs.then(() => this.#watched(options, (worker) => worker.ask(ask, listener)));
    this.#runs = done.catch(() => {});
    return done;
  }

  askResult<Q extends ResultQuestion>(options: EngineResultOptions<Q>): Promise<ResultAnswers[Q['type']]> {
    const { question } = options;
    const answer = this.#runs.then(() =>
      this.#watched(options, (worker) => worker.ask({ type: 'result', question })),
    );
    this.#runs = answer.catch(() => {});
    // The worker answers what it was asked.
    return answer as Promise<ResultAnswers[Q['type']]>;
  }

  check(options: EngineCheckOptions): Promise<CheckResult> {
    const { sql, statements, budgetMs } = options;
    const folder = this.#folder(options);
    return this.#short((worker) => worker.ask({ type: 'check', sql, folder, statements, budgetMs }));
  }

  describe(options: { readonly sql: string; readonly folder?: string }): Promise<DescribeResult> {
    return this.#short((worker) =>
      worker.ask({ type: 'describe', sql: options.sql, folder: this.#folder(options) }),
    );
  }

  summary(options: Omit<SummaryParams, 'session'>): Promise<SummaryResult> {
    return this.#short((worker) =>
      worker.ask({ type: 'summary', ...options, folder: this.#folder(options) }),
    );
  }

  catalog(options: Omit<CatalogParams, 'session'> = {}): Promise<CatalogResult> {
    return this.#short((worker) =>
      worker.ask({ type: 'catalog', ...options, folder: this.#folder(options) }),
    );
  }

  async dispose(): Promise<void> {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#options.onDispose();
    this.#options.network.dispose();
    clearTimeout(this.#idleTimer);
    const worker = await this.#worker?.catch(() => undefined);
    if (worker !== undefined && this.#running === 0) await this.#checkpoint(worker);
    const { keepWorker } = this.#options;
    if (keepWorker !== undefined && worker !== undefined && this.#running === 0) return keepWorker(worker);
    await worker?.terminate(new CoreError('SESSION_UNKNOWN', 'The session was closed.'));
  }

  reopen(database?: SessionDatabase, options: ReopenOptions = {}): Promise<void> {
    const result = this.#runs.then(async () => {
      const worker = await this.#ready();
      this.#given.delete(worker);
      try {
        await this.#configure(worker, { database, ...options });
      } catch (error) {
        if (database !== undefined) throw error;
        // The next request gets another one, with an empty database.
        await worker.terminate(engineLost(String(error)));
      }
    });
    this.#runs = result.catch(() => {});
    return result;
  }

  #run(options: EngineRunOptions): Promise<EngineRunResult> {
    const { sql, memoryMb, fuel } = options;
    return this.#watched(options, (worker) =>
      worker.ask(
        {
          type: 'run',
          sql,
          ...(options.connection === undefined ? {} : { connection: options.connection }),
          memoryMb,
          fuel,
          folder: this.#folder(options),
          parameters: options.parameters ?? {},
          maxRows: options.maxRows ?? Number.MAX_SAFE_INTEGER,
          ...(options.onRows === undefined ? {} : { live: true }),
          ...(options.target === undefined ? {} : { target: options.target }),
          ...(options.explain === undefined ? {} : { explain: options.explain }),
          ...(options.scripts === undefined ? {} : { scripts: options.scripts }),
          ...(options.profiled === undefined ? {} : { profiled: options.profiled }),
          ...(options.cache === undefined ? {} : { cache: options.cache }),
        },
        {
          ...(options.onProgress && { onProgress: options.onProgress }),
          ...(options.onRows && { onRows: options.onRows }),
          ...(options.onInputs && { onInputs: options.onInputs }),
        },
      ),
    );
  }

  /** Does something that may take long, and can be cancelled. */
  async #watched<T>(
    { signal, timeoutMs }: Pick<EngineRunOptions, 'signal' | 'timeoutMs'>,
    work: (worker: EngineWorker) => Promise<T>,
  ): Promise<T> {
    if (signal.aborted) throw new CoreError('CANCELLED', 'The run was cancelled before it started.');
    const worker = await this.#ready();
    const watchdog = new Watchdog({
      worker,
      signal,
      timeoutMs,
      functionAt: (index) => this.#functions[index] ?? { name: 'a plugin function' },
    });
    this.#running++;
    clearTimeout(this.#idleTimer);
    try {
      return await work(worker);
    } catch (error) {
      await endLost(worker, error);
      // What its thread writes to must not be touched while that has not ended.
      if (worker.ended) await worker.terminate(engineLost('it was ended'));
      throw error;
    } finally {
      this.#running--;
      watchdog.dispose();
      this.#checkpointSoon(worker);
    }
  }

  /** Has the database written when nothing runs for a while. */
  #checkpointSoon(worker: EngineWorker): void {
    if (this.#options.database === undefined || this.#disposed) return;
    this.#hasLog = true;
    clearTimeout(this.#idleTimer);
    this.#idleTimer = setTimeout(() => void this.#checkpoint(worker), IDLE_MS);
    this.#idleTimer.unref();
  }

  async #checkpoint(worker: EngineWorker): Promise<void> {
    const { database } = this.#options;
    if (database === undefined || database.readOnly || !this.#hasLog || worker.ended) return;
    this.#hasLog = false;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, CHECKPOINT_TIMEOUT_MS);
    });
    // What is committed is in the log anyway, whatever comes of this.
    await Promise.race([worker.ask({ type: 'checkpoint' }).catch(() => {}), late]);
    clearTimeout(timer);
  }

  /** Serves a request that never computes for long; a worker that does not answer it is replaced. */
  async #short<T>(ask: (worker: EngineWorker) => Promise<T>): Promise<T> {
    const worker = await this.#ready();
    const timer = setTimeout(() => {
      // A server may take its time.
      if (worker.waitsForNetwork) return void timer.refresh();
      void worker.terminate(
        new CoreError(
          'DEADLINE_EXCEEDED',
          `The engine did not answer for ${CHECK_TIMEOUT_MS / 1000} s and was replaced.`,
        ),
      );
    }, CHECK_TIMEOUT_MS);
    try {
      return await ask(worker);
    } catch (error) {
      await endLost(worker, error);
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  #folder(options: { readonly folder?: string }): string {
    return options.folder ?? this.#options.folder;
  }

  /** A worker that is up, has this session's folders, and its plugins. */
  async #ready(): Promise<EngineWorker> {
    if (this.#disposed) throw new CoreError('SESSION_UNKNOWN', 'The session was closed.');
    const found = this.#worker;
    const current = await found?.catch(() => undefined);
    // Several requests may find the worker gone at once: the first starts the next one for all.
    if ((current === undefined || current.ended) && this.#worker === found) {
      this.#worker = this.#configured(current?.exited);
    }
    const worker = await this.#worker;
    if (worker === undefined) throw new CoreError('SESSION_UNKNOWN', 'The session was closed.');
    await this.#options.network.settle(worker);
    const given = this.#givenTo(worker);
    if (given.plugins !== this.#plugins) await this.#install(worker, this.#plugins);
    if (given.tables !== this.#tables) {
      given.tables = this.#tables;
      await worker.ask({ type: 'setTables', tables: this.#tables });
    }
    return worker;
  }

  /** Gives the worker plugins; when it does not take them, the next request tries again. */
  async #install(worker: EngineWorker, plugins: readonly SessionPlugin[]): Promise<void> {
    const given = this.#givenTo(worker);
    given.plugins = plugins;
    try {
      const request = { type: 'setPlugins', plugins, modules: this.#modules } as const;
      const { functions, leftOut } = await worker.ask(request);
      this.#functions = functions;
      for (const name of leftOut) {
        this.#options.onWarning?.(
          `The plugin function ${name} is left out: DuckDB itself calls a function of that name; rename it.`,
        );
      }
    } catch (error) {
      if (given.plugins === plugins) given.plugins = [];
      throw error;
    }
  }

  /** A worker begins without what the one before had, whoever still asks that one. */
  #givenTo(worker: EngineWorker): Given {
    const given = this.#given.get(worker) ?? { plugins: [], tables: [] };
    this.#given.set(worker, given);
    return given;
  }

  /** @param before resolves when the worker before is gone, which may have the database open until then */
  async #configured(before: Promise<void> = Promise.resolve()): Promise<EngineWorker> {
    const { database } = this.#options;
    await before;
    let worker = await this.#options.takeWorker();
    try {
      await this.#configure(worker, { database });
    } catch (error) {
      if (database !== undefined) {
        await worker.terminate(engineLost(String(error)));
        throw error;
      }
      // One that an earlier session has used up; a new one has nothing to put back.
      await worker.terminate(engineLost(String(error)));
      worker = await this.#options.takeWorker();
      await this.#configure(worker);
    }
    return worker;
  }

  async #configure(
    worker: EngineWorker,
    { database, leaveOut = [] }: ReopenOptions & { readonly database?: SessionDatabase | undefined } = {},
  ): Promise<void> {
    const { folder, allow, resultsFolder } = this.#options;
    const resultPrefix = String(++this.#workers);
    const begin = { folder, allow, resultsFolder, resultPrefix, leaveOut, ...(database && { database }) };
    await worker.ask({ type: 'configure', ...begin });
  }
}

/** Ends a worker whose engine is of no use any more: what happened inside may have left anything behind. */
async function endLost(worker: EngineWorker, error: unknown): Promise<void> {
  if (error instanceof CoreError && error.kind === 'SQL_ENGINE_LOST') await worker.terminate(error);
}
