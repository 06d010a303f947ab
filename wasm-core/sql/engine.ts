import type { RawProfile } from '../binary/profile/profile-map.ts';
import type { CatalogParams, CatalogResult } from '../protocol/catalog.ts';
import type { ExportedResult } from '../protocol/export.ts';
import type { CacheMode } from '../protocol/kept-results.ts';
import type { FunctionLimits } from '../protocol/limits.ts';
import type { LiveRows } from '../protocol/live-rows.ts';
import type { CheckParams, CheckResult, DescribeResult, ModuleInfo, RunResult } from '../protocol/methods.ts';
import type { Capability, PluginFunction } from '../protocol/plugins.ts';
import type { RemoteCacheResult, RemoteCredential } from '../protocol/remote.ts';
import type { SummaryParams, SummaryResult } from '../protocol/summary.ts';
import type { CompiledModule } from '../runtime/compiled-module.ts';
import type { SealingKey } from '../runtime/node/sealed/sealing-key.ts';
import type { ExportTarget } from './export-target.ts';
import type { ResultAnswers, ResultQuestion } from './result/result-question.ts';
import type { SearchScript } from './search/compile-search.ts';

/*
 * What the host needs of a SQL engine. `duckdb/` implements it with DuckDB-Wasm in a worker thread; a native engine
 * can stand beside it.
 */

/** Makes sessions. One engine serves every session of a host. */
export interface Engine {
  /**
   * Opens a session: its own database, its own thread, its own file gate.
   *
   * @throws CoreError FILE_NOT_FOUND when `folder` is not there; as `EngineSession.reopen` for a database; SQL_ENGINE_LOST when the engine does not start
   */
  openSession(options: SessionOptions): Promise<EngineSession>;
  /**
   * What is kept of files on a network.
   *
   * @param options.clear deletes what nobody reads, and tells of that
   */
  remoteCache(options: { readonly clear: boolean }): Promise<RemoteCacheResult>;
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
  /** Absent: one in memory. It is written back when the session is idle, and when it ends. */
  readonly database?: SessionDatabase;
  /** Whether the next session of this kind may have its thread, with a new database in it: for many short ones. */
  readonly reusable?: boolean;
  /** Takes sentences for the user that belong to no request. */
  readonly onWarning?: (message: string) => void;
}

/** What a session may read on a network. */
export interface SessionRemote {
  /** Entries as `readRemoteEntry` takes them. */
  readonly allow: readonly string[];
  /** Entries that the folder's `quern.json` asks for, and the user has not allowed. */
  readonly asks: readonly string[];
  /** Absolute folder of that file; absent without entries that ask. */
  readonly askedBy?: string;
  readonly credentials: readonly RemoteCredential[];
  /** A server may be silent for so long, milliseconds. */
  readonly timeoutMs: number;
}

/** A file that is a session's database. */
export interface SessionDatabase {
  /** Absolute, or relative to the session's folder. */
  readonly path: string;
  readonly readOnly: boolean;
  /** The oldest DuckDB that has to read it, such as `v1.3.0`; absent: the engine's default. */
  readonly storageVersion?: string;
}

/** How a session's database is replaced. */
export interface ReopenOptions {
  readonly leaveOut?: readonly string[];
}

/** A plugin module whose functions a session offers to SQL. */
export interface SessionPlugin {
  readonly compiled: CompiledModule;
  readonly functions: readonly PluginFunction[];
  /** What its functions may do; absent: log. `state` and `fs` mean nothing in SQL. */
  readonly capabilities?: readonly Capability[];
  /** Granted to the module's name, and withheld until somebody allows them to its bytes. */
  readonly withheld?: readonly Capability[];
  /** Limits of single functions, by name. */
  readonly limits?: Readonly<Record<string, FunctionLimits>>;
  /** What the registry knows of it, for `quern_functions()`; absent for a module that no registry has. */
  readonly info?: ModuleInfo;
}

/** A table that the folder's `quern.json` names. */
export interface SessionTable {
  /** As it is written there; statements may write it in any case. */
  readonly name: string;
  readonly description?: string;
  /** Files and patterns, absolute, or addresses. */
  readonly files: readonly string[];
  /** The query that it stands for, or why it cannot be read. */
  readonly reading: { readonly sql: string } | { readonly fault: string };
}

/** `estimates`: a plan as the engine expects it to be. `analyze`: one that ran. */
export type ExplainKind = 'estimates' | 'analyze';

export interface EngineRunOptions {
  readonly sql: string;
  /** A further connection to the session's database, made when it is first named; absent: the session's own. */
  readonly connection?: string;
  /** Absolute folder for relative paths of this run. */
  readonly folder?: string;
  readonly parameters?: Readonly<Record<string, string | number | boolean | null>>;
  readonly timeoutMs?: number;
  /** Cap of each plugin instance's memory, MiB. */
  readonly memoryMb: number;
  /** Cap of the instructions that plugin functions execute in each statement, all of them together. */
  readonly fuel?: number;
  readonly maxRows?: number;
  /** Takes the rows of the last statement, which then has none in its result. */
  readonly target?: ExportTarget;
  /** The last statement gives its plan in place of rows, and runs only where it is analysed. */
  readonly explain?: ExplainKind;
  /** What the numbers in calls of `SCRIPT_FUNCTION` mean; absent: it is not called. */
  readonly scripts?: readonly SearchScript[];
  /** Profiled modules that the plugins with their digests run as; absent: none does. */
  readonly profiled?: readonly CompiledModule[];
  /** Absent: results are neither kept nor used. */
  readonly cache?: CacheOptions;
  /** Cancels; the run then throws CANCELLED, or SQL_ENGINE_LOST when the engine had to be replaced. */
  readonly signal: AbortSignal;
  /** 0 to 100, or -1; at most ten calls a second. @param text how far a file on a network is */
  readonly onProgress?: (percent: number, text?: string) => void;
  /** Told of rows while they come, at most ten times a second for each statement; absent: rows come with the result. */
  readonly onRows?: (rows: LiveRows) => void;
  /** Told once, before the run ends well or badly, which files it opened. */
  readonly onInputs?: (files: readonly InputFile[]) => void;
}

/** A file that a run opened, as it was before. */
export interface InputFile {
  /** Absolute, links followed. */
  readonly path: string;
  readonly byteLength: number;
  /** When it was changed last: nanoseconds since 1970, in decimal digits. */
  readonly modifiedNs: string;
}

/** Rows of an earlier run of the session, and where they go. */
export type EngineExportOptions = Pick<EngineRunOptions, 'signal' | 'onProgress' | 'timeoutMs'> & {
  readonly result: ExportedResult;
  readonly target: ExportTarget;
};

/** A question about rows of an earlier run of the session. */
export type EngineResultOptions<Q extends ResultQuestion> = Pick<EngineRunOptions, 'signal' | 'timeoutMs'> & {
  readonly question: Q;
};

/** What a run does with kept results, and where they are. */
export interface CacheOptions {
  readonly mode: Exclude<CacheMode, 'off'>;
  /** Absolute. */
  readonly folder: string;
  /** Of all that is kept. */
  readonly maxBytes: number;
  /** Rows of a query that took less are computed again, microseconds. */
  readonly minMicros: number;
  /** What is kept is sealed with it; absent: it is not. */
  readonly key?: SealingKey;
}

/** What a run gave. */
export interface EngineRunResult extends RunResult {
  /** What profiled modules executed, one for each instance that they had; absent when nothing was profiled. */
  readonly profiles?: readonly RawProfile[];
}

/** As in `sql/check`. */
export type EngineCheckOptions = Omit<CheckParams, 'session'>;

/** A database of one client. Requests may be sent at once: runs queue, the others are served in between. */
export interface EngineSession {
  /**
   * Replaces the plugins; functions of modules that are gone are dropped. Takes effect with the next run.
   *
   * @param modules all modules of the session's namespaces, for `quern_modules()`
   */
  setPlugins(plugins: readonly SessionPlugin[], modules?: readonly ModuleInfo[]): Promise<void>;
  /** Replaces what may be read on a network; nothing before the first call. Takes effect with the next request. */
  setRemote(remote: SessionRemote): void;
  /** Replaces the tables that statements may read by name. Takes effect with the next request. */
  setTables(tables: readonly SessionTable[]): Promise<void>;
  /**
   * Runs statements in order, rows to results files.
   *
   * @throws CoreError SQL_* with `SqlErrorDetails`, REMOTE_*, PATH_DENIED, FILE_NOT_FOUND, FORMAT_DATA, TRAP, MEMORY_LIMIT,
   *   DEADLINE_EXCEEDED, CANCELLED; the details name the statement
   */
  run(options: EngineRunOptions): Promise<EngineRunResult>;
  /**
   * Writes the rows of a results file to a file of another format.
   *
   * @throws CoreError FORMAT_DATA, FORMAT_UNSUPPORTED, FILE_NOT_FOUND, FILE_IO, SQL_RUN, CANCELLED, DEADLINE_EXCEEDED,
   *   SQL_ENGINE_LOST
   */
  export(options: EngineExportOptions): Promise<void>;
  /**
   * Answers a question about the rows of a results file; it waits for the runs before it.
   *
   * @throws CoreError FORMAT_DATA, FILE_NOT_FOUND, SQL_BIND, SQL_RUN, MEMORY_LIMIT, CANCELLED, DEADLINE_EXCEEDED,
   *   SQL_ENGINE_LOST
   */
  askResult<Q extends ResultQuestion>(options: EngineResultOptions<Q>): Promise<ResultAnswers[Q['type']]>;
  /** What the engine says of each statement, nothing run; no diagnostics when all prepare. */
  check(options: EngineCheckOptions): Promise<CheckResult>;
  /** Columns of one statement; none when it does not prepare. */
  describe(options: { readonly sql: string; readonly folder?: string }): Promise<DescribeResult>;
  /** What is known of a relation without reading its rows. @param options.source as a statement writes it */
  summary(options: Omit<SummaryParams, 'session'>): Promise<SummaryResult>;
  /** What the engine knows. @param options.version of an answer before; then nothing that has not changed is read */
  catalog(options?: Omit<CatalogParams, 'session'>): Promise<CatalogResult>;
  /**
   * Replaces the database and all connections to it; plugins stay.
   *
   * @param database absent: one in memory
   * @param options.leaveOut extensions of the engine that are not loaded, until a statement loads them
   * @throws CoreError SQL_RUN, PATH_DENIED, FILE_NOT_FOUND, when the file cannot be opened
   */
  reopen(database?: SessionDatabase, options?: ReopenOptions): Promise<void>;
  /** Ends the thread. Idempotent. */
  dispose(): Promise<void>;
}
