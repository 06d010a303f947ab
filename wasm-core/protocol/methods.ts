import type { ChainListParams, ChainListResult, ChainParams, ChainResult } from './chains.ts';
import type { HostEvent, SubscribeParams, SubscribeResult } from './events.ts';
import type { Limits } from './limits.ts';
import type { DocumentValue, LogLine, ModuleCapabilities, ModuleExport, PluginFunction } from './plugins.ts';
import type { StatsResult } from './stats.ts';

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

/** A typed argument or result: BIGINT and UBIGINT as decimal strings, BLOB as `{"base64"}`. */
export type TypedValue = boolean | number | string | null | { readonly base64: string };

/** What a call gives: one value; for an export without a result null, for one with several results an array of them. */
export type CallValue = TypedValue | readonly TypedValue[];

/** `module/call`: a function of the manifest, or any export of numbers, with typed arguments. */
export interface CallParams extends ModuleRef {
  readonly function: string;
  readonly arguments: readonly TypedValue[];
  readonly limits?: Limits;
  /** Absolute folder whose `quern.json` applies; absent: the namespace, when it is a folder. */
  readonly folder?: string;
}
export interface CallResult {
  readonly result: CallValue;
  /** The SQL type of the result, in parentheses unless it is one: `()`, `(INTEGER, DOUBLE)`. */
  readonly type: string;
  readonly usage: Usage;
  readonly logs?: readonly LogLine[];
}

/** `sql/open`: gives a session with its own engine, file gate and trust. */
export interface OpenParams {
  /** Absolute folder: relative paths in statements start here, and it may be read and written. */
  readonly folder: string;
  /** Further absolute folders that statements may read and write. */
  readonly allow?: readonly string[];
  /** Whose plugins are functions here; absent: the folder. */
  readonly namespace?: string;
  /** Further namespaces whose plugins are functions here; of two with one name the earlier namespace's is used. */
  readonly includes?: readonly string[];
  /**
   * Clients that give the same key, and equal other parameters, share the session; absent: the session is this
   * connection's alone.
   */
  readonly key?: string;
}
export interface OpenResult {
  readonly session: string;
}

/** `sql/run`: runs the statements of a text in order and stops at the first that fails. */
export interface RunParams {
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
export interface StatementResult {
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
}

/** Where a statement's time went, microseconds. */
export interface StatementCost {
  readonly micros: number;
  /** Inside plugin functions, transfer included. */
  readonly functionMicros: number;
  /** Rows that plugin functions were called with. */
  readonly functionRows: number;
  /** Instructions that plugin functions executed. */
  readonly functionFuel: number;
}
export interface RunResult {
  readonly statements: readonly StatementResult[];
  readonly micros: number;
}

/**
 * Details of a SQL_* error, beside `kind`. Positions are UTF-16 code units in the request's text.
 */
export interface SqlErrorDetails {
  readonly start?: number;
  readonly end?: number;
  readonly statement?: number;
  /** The engine's subtype, such as `COLUMN_NOT_FOUND`. */
  readonly subtype?: string;
  readonly candidates?: readonly string[];
}

/** `sql/check`: what the engine says of a text without running it, one entry for each fault. */
export interface CheckParams {
  readonly session: string;
  readonly sql: string;
  readonly folder?: string;
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

/** `sql/catalog`: what a session's engine knows, for completion and hover. */
export interface CatalogParams {
  readonly session: string;
}
export interface CatalogResult {
  readonly tables: readonly { readonly name: string; readonly columns: readonly ColumnInfo[] }[];
  readonly functions: readonly CatalogFunction[];
  readonly keywords: readonly string[];
}
export interface CatalogFunction {
  readonly name: string;
  /** `scalar`, `aggregate`, `table`, `macro` or `table_macro`. */
  readonly kind: string;
  /** One text for each overload, such as `lower(VARCHAR) -> VARCHAR`. */
  readonly signatures: readonly string[];
  readonly doc: string;
}

/** `sql/cancel`: ends what the session runs; the run's own request is answered with CANCELLED. */
export interface CancelParams {
  readonly session: string;
}
/** `sql/close`: ends the session and deletes its results files. */
export interface CloseParams {
  readonly session: string;
}

/** `progress`: sent to the client whose `sql/run` is under way, at most ten times a second. */
export interface ProgressParams {
  readonly id: number | string;
  /** 0 to 100, or -1 when the engine cannot tell. */
  readonly percent: number;
}

/** `$/cancelRequest`: a notification from a client; the request named is answered with CANCELLED. */
export interface CancelRequestParams {
  readonly id: number | string;
}

/** Every request by method name: what goes out and what comes back. */
export interface HostRequests {
  'host/hello': { params: HelloParams; result: HelloResult };
  'host/stats': { params: undefined; result: StatsResult };
  'host/shutdown': { params: undefined; result: ShutdownResult };
  'module/load': { params: LoadParams; result: LoadResult };
  'module/list': { params: ListParams; result: ListResult };
  'module/get': { params: ModuleRef; result: GetResult };
  'module/functions': { params: ModuleRef; result: FunctionsResult };
  'module/unload': { params: ModuleRef; result: UnloadResult };
  'module/execute': { params: ExecuteParams; result: ExecuteResult };
  'module/call': { params: CallParams; result: CallResult };
  'chain/execute': { params: ChainParams; result: ChainResult };
  'chain/list': { params: ChainListParams; result: ChainListResult };
  'sql/open': { params: OpenParams; result: OpenResult };
  'sql/run': { params: RunParams; result: RunResult };
  'sql/check': { params: CheckParams; result: CheckResult };
  'sql/describe': { params: DescribeParams; result: DescribeResult };
  'sql/catalog': { params: CatalogParams; result: CatalogResult };
  'sql/cancel': { params: CancelParams; result: Record<string, never> };
  'sql/close': { params: CloseParams; result: Record<string, never> };
  'events/subscribe': { params: SubscribeParams | undefined; result: SubscribeResult };
}

/** A request that the host answers. */
export type HostMethod = keyof HostRequests;

/** Notifications from the host to a client. */
export interface HostNotifications {
  event: HostEvent;
  progress: ProgressParams;
}
