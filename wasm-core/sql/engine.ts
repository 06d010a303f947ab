import type { CatalogResult, DescribeResult, RunResult, SqlDiagnostic } from '../protocol/methods.ts';
import type { PluginFunction } from '../protocol/plugins.ts';
import type { CompiledModule } from '../runtime/compiled-module.ts';

/*
 * What the host needs of a SQL engine. `duckdb/` implements it with DuckDB-Wasm in a worker thread; a native engine
 * can stand beside it.
 */

/** Makes sessions. One engine serves every session of a host. */
export interface Engine {
  /**
   * Opens a session: its own database in memory, its own thread, its own file gate.
   *
   * @throws CoreError FILE_NOT_FOUND when `folder` is not there, SQL_ENGINE_LOST when the engine does not start
   */
  openSession(options: SessionOptions): Promise<EngineSession>;
  /** Ends all sessions. Idempotent. */
  dispose(): Promise<void>;
}

export interface SessionOptions {
  /** Absolute folder: relative paths start here. */
  readonly folder: string;
  /** Absolute folders beside it that statements may read and write. */
  readonly allow: readonly string[];
  /** An existing folder, the session's alone, for results files; the session's owner deletes it. */
  readonly resultsFolder: string;
  /** Takes sentences for the user that belong to no request. */
  readonly onWarning?: (message: string) => void;
}

/** A plugin module whose functions a session offers to SQL. */
export interface SessionPlugin {
  readonly compiled: CompiledModule;
  readonly functions: readonly PluginFunction[];
}

export interface EngineRunOptions {
  readonly sql: string;
  /** Absolute folder for relative paths of this run. */
  readonly folder?: string;
  readonly parameters?: Readonly<Record<string, string | number | boolean | null>>;
  readonly timeoutMs?: number;
  /** Cap of each plugin instance's memory, MiB. */
  readonly memoryMb: number;
  /** Cap of the instructions that plugin functions execute in each statement, all of them together. */
  readonly fuel?: number;
  readonly maxRows?: number;
  readonly parquetPath?: string;
  /** Cancels; the run then throws CANCELLED, or SQL_ENGINE_LOST when the engine had to be replaced. */
  readonly signal: AbortSignal;
  /** 0 to 100, or -1; at most ten calls a second. */
  readonly onProgress?: (percent: number) => void;
}

/** A database of one client. Requests may be sent at once: runs queue, the others are served in between. */
export interface EngineSession {
  /** Replaces the plugins; functions of modules that are gone are dropped. Takes effect with the next run. */
  setPlugins(plugins: readonly SessionPlugin[]): Promise<void>;
  /**
   * Runs statements in order, rows to results files.
   *
   * @throws CoreError SQL_* with `SqlErrorDetails`, PATH_DENIED, FILE_NOT_FOUND, FORMAT_DATA, TRAP, MEMORY_LIMIT,
   *   DEADLINE_EXCEEDED, CANCELLED; the details name the statement
   */
  run(options: EngineRunOptions): Promise<RunResult>;
  /** What the engine says of each statement, nothing run; an empty list when all prepare. */
  check(options: { readonly sql: string; readonly folder?: string }): Promise<readonly SqlDiagnostic[]>;
  /** Columns of one statement; none when it does not prepare. */
  describe(options: { readonly sql: string; readonly folder?: string }): Promise<DescribeResult>;
  catalog(): Promise<CatalogResult>;
  /** Ends the thread. Idempotent. */
  dispose(): Promise<void>;
}
