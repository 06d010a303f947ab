import type { BenchProgressParams, BenchRunParams, BenchRunResult } from './bench.ts';
import type { CatalogParams, CatalogResult } from './catalog.ts';
import type { ChainProgressParams, ChainRequests } from './chains.ts';
import type { DiffParams, DiffResult } from './diff.ts';
import type { HostEvent, SubscribeParams, SubscribeResult } from './events.ts';
import type { ExportParams, ExportResult } from './export.ts';
import type {
  HistoryClearParams,
  HistoryClearResult,
  HistoryListParams,
  HistoryListResult,
  HistoryResultParams,
  HistoryResultResult,
  RecordedRun,
  UnlockParams,
  UnlockResult,
} from './history.ts';
import type { CachedRun, KeptStatement } from './kept-results.ts';
import type { Limits } from './limits.ts';
import type { RowsParams, WatchedRun } from './live-rows.ts';
import type { LockStatusParams, LockStatusResult, LockUpdateParams } from './lock.ts';
import type { ProgressParams } from './notifications.ts';
import type { ExplainedStatement, ExplainParams } from './plan.ts';
import type { DocumentValue, LogLine, ModuleCapabilities, ModuleExport, PluginFunction } from './plugins.ts';
import type { ModuleProfileParams, ProfileResult, SqlProfileParams } from './profile.ts';
import type {
  RemoteCacheParams,
  RemoteCacheResult,
  RemoteConsentParams,
  RemoteConsentResult,
} from './remote.ts';
import type {
  ReplayListResult,
  ReplayRunParams,
  ReplayRunResult,
  ReplayTestParams,
  ReplayTestResult,
} from './replays.ts';
import type { ResultRequests } from './result-query.ts';
import type { SearchParams, SearchResult } from './search.ts';
import type { OpenParams, OpenResult, SessionParams } from './sql-sessions.ts';
import type { StatementCost } from './statement-cost.ts';
import type { StatsResult } from './stats.ts';
import type { SummaryParams, SummaryResult } from './summary.ts';
import type { TestRunParams, TestRunResult } from './tests.ts';
import type { TypedValue } from './typed-values.ts';

/*
 * Requests from a client (the extension, the language server, the command line, a script) to the host.
 * Each interface pair is one method: `XParams` goes to the host, `XResult` comes back. docs/protocol.md tells
 * the same story for people who write clients in other languages.
 */

/** Bytes in JSON: text that is valid UTF-8 as it is, anything else as base64. */
export type BytesValue = { readonly utf8: string } | { readonly base64: string };

/** `host/hello`: sent first on every connection; anything else before it is refused. */
export interface HelloParams {
  readonly protocol: number;
  /** Name and version of the client, such as `quern-cli/0.1.0`. */
  readonly client: string;
}
export interface HelloResult {
  readonly protocol: number;
  readonly version: string;
  readonly pid: number;
}

/** `host/shutdown`: sent by `quern stop`; the host answers, then ends its connections and leaves. */
export type ShutdownResult = Record<string, never>;

/** `module/load`: sent when a client has a module to keep under a name. Exactly one of `path` and `bytes`. */
export interface LoadParams {
  /** Absolute path of a `.wasm` file. */
  readonly path?: string;
  readonly bytes?: { readonly base64: string };
  /** The label; absent: the file's name without its ending. Loading a name again moves the label. */
  readonly name?: string;
  /** The label's namespace, an absolute folder or `default` (which is the default). */
  readonly namespace?: string;
  /** A manifest for a module without a `quern` section: the text of its sidecar file. */
  readonly manifest?: string;
  /** Where the module came from, for definitions and messages: an absolute path of its source. */
  readonly source?: string;
  /**
   * Capabilities that the module is granted under this label; an empty array takes all away. Absent: a label that has
   * the same bytes already keeps its grants, any other has none.
   */
  readonly grant?: readonly string[];
}

/** A module as the registry knows it. */
export interface ModuleInfo {
  readonly uuid: string;
  /** sha-256 of the original bytes, 64 hex characters. */
  readonly digest: string;
  readonly name: string;
  readonly namespace: string;
  readonly byteLength: number;
  /** Functions for SQL; empty for a module that has `process` alone. */
  readonly functions: readonly PluginFunction[];
  /** Whether the module has a usable `process` export, for `module/execute` and chains. */
  readonly process: boolean;
  /** What it uses of the host, and what it may use under this label. */
  readonly capabilities: ModuleCapabilities;
  /** When it was first loaded, ISO 8601. */
  readonly loadedAt: string;
  readonly source?: string;
}
export type LoadResult = ModuleInfo;

/** `module/list`: the modules of one namespace, or of all when it is absent, by name. */
export interface ListParams {
  readonly namespace?: string;
}
export interface ListResult {
  readonly modules: readonly ModuleInfo[];
}

/** Names a module: a UUID, a digest, or a label in a namespace (`default` when absent). */
export interface ModuleRef {
  readonly module: string;
  readonly namespace?: string;
}

/** `module/get`, and `module/unload`, which takes the label away and drops a module that has none left. */
export type GetResult = ModuleInfo;
export type UnloadResult = ModuleInfo;

/** `module/functions`: every export with its full signature, beside the functions for SQL and the capabilities. */
export interface FunctionsResult {
  readonly functions: readonly PluginFunction[];
  readonly capabilities: ModuleCapabilities;
  readonly exports: readonly ModuleExport[];
}

/** What one run used. */
export interface Usage {
  /** Peak guest memory in pages of 64 KiB. */
  readonly pages: number;
  /** Wall clock inside the executor, microseconds. */
  readonly micros: number;
  /** Where it ran: `short` in the socket's thread, `long` in an execution worker. */
  readonly lane: 'short' | 'long';
  /** Instructions that the guest executed; absent when the run was not metered. */
  readonly fuel?: number | undefined;
}

/** What a run may be told beside its input, all of it optional. */
export interface RunSetting {
  /** What `field_*`, `document_id` and `score` read. */
  readonly document?: DocumentValue;
  /** Any JSON value, given to the plugin as text by `host.config`. */
  readonly config?: unknown;
  /** Makes the random bytes of the run the same each time: 0 to 2^32 - 1. */
  readonly seed?: number;
  /** Stops the plugin's clock at this time, milliseconds since 1970. */
  readonly nowMs?: number;
  /** Arguments of a program, behind its name. */
  readonly args?: readonly string[];
  /** Environment of a program. */
  readonly env?: Readonly<Record<string, string>>;
}

/** `module/execute`: bytes in, bytes out through the module's `process` export, or through stdin and stdout. */
export interface ExecuteParams extends ModuleRef, RunSetting {
  readonly input: BytesValue;
  readonly limits?: Limits;
  /** Absolute folder whose `quern.json` applies; absent: the namespace, when it is a folder. */
  readonly folder?: string;
}
export interface ExecuteResult {
  readonly output: BytesValue;
  readonly usage: Usage;
  /** What the guest logged, oldest first; absent when it logged nothing. */
  readonly logs?: readonly LogLine[];
}

/**
 * What a call gives: one value; of an aggregate the one of all rows, of a table function an array of objects; for an
 * export without a result null, for one with several an array of them. `CallResult.type` tells which.
 */
export type CallValue = TypedValue;

/** `module/call`: a function of the manifest, or any export of numbers, with typed arguments. */
export interface CallParams extends ModuleRef {
  /** A name; where several functions have it, `name(INTEGER, VARCHAR)` means one of them. */
  readonly function: string;
  readonly arguments: readonly TypedValue[];
  readonly limits?: Limits;
  /** Absolute folder whose `quern.json` applies; absent: the namespace, when it is a folder. */
  readonly folder?: string;
  /** True: the call only finds out what would happen. Nothing of it is kept, no state and no replay, and no event tells of it. */
  readonly trial?: boolean;
}
export interface CallResult {
  readonly result: CallValue;
  /** The SQL type of the result, in parentheses unless it is one: `()`, `(INTEGER, DOUBLE)`. */
  readonly type: string;
  readonly usage: Usage;
  readonly logs?: readonly LogLine[];
}

/** `sql/run`: runs the statements of a text in order and stops at the first that fails. */
export interface RunParams extends RecordedRun, CachedRun, WatchedRun {
  readonly session: string;
  readonly sql: string;
  /** Absolute folder for relative paths of this run; absent: the session's folder. It must be allowed. */
  readonly folder?: string;
  /** Values of `$name` parameters. */
  readonly parameters?: Readonly<Record<string, string | number | boolean | null>>;
  readonly limits?: Pick<Limits, 'timeoutMs' | 'memoryMb' | 'fuel'>;
  /** Rows kept of each statement, 1 to 100,000,000; the rest is counted as cut off. Absent: all. */
  readonly maxRows?: number;
  /** Write the last statement's rows to this absolute path as Parquet instead of returning them. */
  readonly parquetPath?: string;
}

/** A column of a result. `type` is DuckDB's own name, such as `DECIMAL(10,2)`. */
export interface ColumnInfo {
  readonly name: string;
  readonly type: string;
}

/** A run of rows inside a results file: one or more whole Arrow record batches. */
export interface ResultPage {
  readonly firstRow: number;
  readonly rowCount: number;
  /** Position and size of the page's messages in the file, bytes. */
  readonly offset: number;
  readonly byteLength: number;
}

/** Rows in a file of Arrow IPC streaming format (schema, record batches, end of stream). */
export interface ResultFile {
  readonly path: string;
  /** Size of the schema message at the file's start, bytes: a reader puts it before any page. */
  readonly schemaByteLength: number;
  readonly byteLength: number;
  readonly pages: readonly ResultPage[];
}

/** What one statement gave. */
export interface StatementResult extends KeptStatement, ExplainedStatement {
  /** Position in the request's text, UTF-16 code units. */
  readonly start: number;
  readonly end: number;
  /** DuckDB's statement type, such as `SELECT` or `CREATE`. */
  readonly kind: string;
  readonly columns: readonly ColumnInfo[];
  readonly rowCount: number;
  /** True when `maxRows` cut the rows off. */
  readonly truncated: boolean;
  /** Absent for statements without rows. */
  readonly file?: ResultFile;
  readonly cost: StatementCost;
  /** What plugin functions logged, oldest first; absent when they logged nothing. */
  readonly logs?: readonly LogLine[];
  /** What its user should know, such as that a file is a copy whose server could not be reached; absent when nothing is. */
  readonly warnings?: readonly string[];
  /** Files that were written while it read them, as it names them; absent when none was. */
  readonly changedFiles?: readonly string[];
}

export interface RunResult {
  readonly statements: readonly StatementResult[];
  readonly micros: number;
  /** Under which id `history/result` knows the run; absent when it is not recorded. */
  readonly history?: string;
}

/**
 * Details of a SQL_* error, beside `kind`. Positions are UTF-16 code units in the request's text.
 */
export interface SqlErrorDetails {
  readonly start?: number;
  readonly end?: number;
  readonly statement?: number;
  /** What the engine itself said, its kind of error in front, such as `Binder Error: …`. */
  readonly engineText?: string;
  /** The engine's subtype, such as `COLUMN_NOT_FOUND`. */
  readonly subtype?: string;
  readonly candidates?: readonly string[];
}

/** `sql/check`: what the engine says of a text without running it, one entry for each fault. */
export interface CheckParams {
  readonly session: string;
  readonly sql: string;
  readonly folder?: string;
  /** Which of the text's statements to check, from 0; the others are looked at where these depend on them. Absent: all. */
  readonly statements?: readonly number[];
  /** No further statement is begun when this much time is used, 1 to 60,000 milliseconds; absent: all are checked. */
  readonly budgetMs?: number;
}
export interface SqlDiagnostic extends SqlErrorDetails {
  readonly kind: string;
  readonly message: string;
  readonly start: number;
  readonly end: number;
  readonly statement: number;
}
export interface CheckResult {
  readonly diagnostics: readonly SqlDiagnostic[];
  /** Statements that the time did not reach, to be asked for again; absent when there are none. */
  readonly unchecked?: readonly number[];
  /** Of statements with `-- @chart` above them, as far as the engine knows them; absent: of none. */
  readonly columns?: readonly StatementColumns[];
}
export interface StatementColumns {
  /** From 0. */
  readonly statement: number;
  readonly columns: readonly ColumnInfo[];
}

/** `sql/describe`: columns of a statement that returns rows, without running it; for completion and hover. */
export interface DescribeParams {
  readonly session: string;
  readonly sql: string;
  readonly folder?: string;
}
export interface DescribeResult {
  readonly columns: readonly ColumnInfo[];
}

/** Every request by method name: what goes out and what comes back. */
export interface HostRequests extends ChainRequests, ResultRequests {
  'host/hello': { params: HelloParams; result: HelloResult };
  'host/stats': { params: undefined; result: StatsResult };
  'host/unlock': { params: UnlockParams; result: UnlockResult };
  'host/shutdown': { params: undefined; result: ShutdownResult };
  'module/load': { params: LoadParams; result: LoadResult };
  'module/list': { params: ListParams; result: ListResult };
  'module/get': { params: ModuleRef; result: GetResult };
  'module/functions': { params: ModuleRef; result: FunctionsResult };
  'module/unload': { params: ModuleRef; result: UnloadResult };
  'module/execute': { params: ExecuteParams; result: ExecuteResult };
  'module/call': { params: CallParams; result: CallResult };
  'module/profile': { params: ModuleProfileParams; result: ProfileResult };
  'lock/status': { params: LockStatusParams; result: LockStatusResult };
  'lock/update': { params: LockUpdateParams; result: LockStatusResult };
  'remote/consent': { params: RemoteConsentParams; result: RemoteConsentResult };
  'remote/cache': { params: RemoteCacheParams | undefined; result: RemoteCacheResult };
  'sql/open': { params: OpenParams; result: OpenResult };
  'sql/run': { params: RunParams; result: RunResult };
  'sql/explain': { params: ExplainParams; result: RunResult };
  'sql/export': { params: ExportParams; result: ExportResult };
  'sql/profile': { params: SqlProfileParams; result: ProfileResult };
  'sql/diff': { params: DiffParams; result: DiffResult };
  'sql/check': { params: CheckParams; result: CheckResult };
  'sql/describe': { params: DescribeParams; result: DescribeResult };
  'sql/summary': { params: SummaryParams; result: SummaryResult };
  'sql/catalog': { params: CatalogParams; result: CatalogResult };
  'sql/cancel': { params: SessionParams; result: Record<string, never> };
  'sql/close': { params: SessionParams; result: Record<string, never> };
  'history/list': { params: HistoryListParams; result: HistoryListResult };
  'history/result': { params: HistoryResultParams; result: HistoryResultResult };
  'history/clear': { params: HistoryClearParams; result: HistoryClearResult };
  'replay/list': { params: undefined; result: ReplayListResult };
  'replay/run': { params: ReplayRunParams; result: ReplayRunResult };
  'replay/test': { params: ReplayTestParams; result: ReplayTestResult };
  'test/run': { params: TestRunParams; result: TestRunResult };
  'bench/run': { params: BenchRunParams; result: BenchRunResult };
  'search/run': { params: SearchParams; result: SearchResult };
  'events/subscribe': { params: SubscribeParams | undefined; result: SubscribeResult };
}

/** A request that the host answers. */
export type HostMethod = keyof HostRequests;

/** Notifications from the host to a client. */
export interface HostNotifications {
  event: HostEvent;
  progress: ProgressParams;
  rows: RowsParams;
  'bench/progress': BenchProgressParams;
  'chain/progress': ChainProgressParams;
}
