import { stat } from 'node:fs/promises';
import { CoreError } from '../../../protocol/errors.ts';
import type { CatalogResult, DescribeResult, RunResult, SqlDiagnostic } from '../../../protocol/methods.ts';
import type { EngineRunOptions, EngineSession, SessionOptions, SessionPlugin } from '../../engine.ts';
import type { EngineWorker } from './engine-worker.ts';
import { Watchdog } from './watchdog.ts';

/** A check or a description that takes longer than this is stuck, milliseconds. */
const CHECK_TIMEOUT_MS = 30_000;

/**
 * A session that outlives its engine worker: when the worker has to be ended, the next request gets a new one with the
 * same folders and plugins, and without the tables of the old one.
 */
export class DuckDbSession implements EngineSession {
  readonly #options: SessionOptions & {
    readonly takeWorker: () => Promise<EngineWorker>;
    readonly onDispose: () => void;
  };
  #worker: Promise<EngineWorker> | undefined;
  #plugins: readonly SessionPlugin[] = [];
  /** What the worker has of `#plugins`. */
  #installed: readonly SessionPlugin[] = [];
  #functionNames: readonly string[] = [];
  #runs: Promise<unknown> = Promise.resolve();
  #workers = 0;
  #disposed = false;

  constructor(options: SessionOptions & { takeWorker: () => Promise<EngineWorker>; onDispose: () => void }) {
    this.#options = options;
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

  async setPlugins(plugins: readonly SessionPlugin[]): Promise<void> {
    this.#plugins = plugins;
  }

  run(options: EngineRunOptions): Promise<RunResult> {
    const result = this.#runs.then(() => this.#run(options));
    this.#runs = result.catch(() => {});
    return result;
  }

  check(options: { readonly sql: string; readonly folder?: string }): Promise<readonly SqlDiagnostic[]> {
    return this.#short((worker) =>
      worker.ask({ type: 'check', sql: options.sql, folder: this.#folder(options) }),
    );
  }

  describe(options: { readonly sql: string; readonly folder?: string }): Promise<DescribeResult> {
    return this.#short((worker) =>
      worker.ask({ type: 'describe', sql: options.sql, folder: this.#folder(options) }),
    );
  }

  catalog(): Promise<CatalogResult> {
    return this.#short((worker) => worker.ask({ type: 'catalog' }));
  }

  async dispose(): Promise<void> {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#options.onDispose();
    const worker = await this.#worker?.catch(() => undefined);
    await worker?.terminate(new CoreError('SESSION_UNKNOWN', 'The session was closed.'));
  }

  async #run(options: EngineRunOptions): Promise<RunResult> {
    const { signal, sql, memoryMb, fuel } = options;
    if (signal.aborted) throw new CoreError('CANCELLED', 'The run was cancelled before it started.');
    const worker = await this.#ready();
    const watchdog = new Watchdog({
      worker,
      signal,
      timeoutMs: options.timeoutMs,
      functionName: (index) => this.#functionNames[index] ?? 'a plugin function',
    });
    try {
      return await worker.ask(
        {
          type: 'run',
          sql,
          memoryMb,
          fuel,
          folder: this.#folder(options),
          parameters: options.parameters ?? {},
          maxRows: options.maxRows ?? Number.MAX_SAFE_INTEGER,
          ...(options.parquetPath === undefined ? {} : { parquetPath: options.parquetPath }),
        },
        options.onProgress,
      );
    } catch (error) {
      // What happened inside may have left anything behind.
      if (error instanceof CoreError && error.kind === 'SQL_ENGINE_LOST') await worker.terminate(error);
      throw error;
    } finally {
      watchdog.dispose();
    }
  }

  /** Serves a request that never computes for long; a worker that does not answer it is replaced. */
  async #short<T>(ask: (worker: EngineWorker) => Promise<T>): Promise<T> {
    const worker = await this.#ready();
    const timer = setTimeout(() => {
      void worker.terminate(
        new CoreError(
          'DEADLINE_EXCEEDED',
          `The engine did not answer for ${CHECK_TIMEOUT_MS / 1000} s and was replaced.`,
        ),
      );
    }, CHECK_TIMEOUT_MS);
    try {
      return await ask(worker);
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
    const current = await this.#worker?.catch(() => undefined);
    if (current === undefined || current.ended) {
      // Several requests may find the worker gone at once: the first starts the next one for all.
      this.#worker = this.#worker === undefined || current?.ended ? this.#configured() : this.#worker;
    }
    const worker = await this.#worker;
    if (worker === undefined) throw new CoreError('SESSION_UNKNOWN', 'The session was closed.');
    if (this.#installed !== this.#plugins) {
      const plugins = this.#plugins;
      this.#installed = plugins;
      const { names, leftOut } = await worker.ask({ type: 'setPlugins', plugins });
      this.#functionNames = names;
      for (const name of leftOut) {
        this.#options.onWarning?.(
          `The plugin function ${name} is left out: DuckDB itself calls a function of that name; rename it.`,
        );
      }
    }
    return worker;
  }

  async #configured(): Promise<EngineWorker> {
    const worker = await this.#options.takeWorker();
    const { folder, allow, resultsFolder } = this.#options;
    const resultPrefix = String(++this.#workers);
    await worker.ask({ type: 'configure', folder, allow, resultsFolder, resultPrefix });
    this.#installed = [];
    return worker;
  }
}
