import type { CatalogParams, CatalogResult } from '../../protocol/catalog.ts';
import type { RpcErrorObject } from '../../protocol/errors.ts';
import type { ExportedResult } from '../../protocol/export.ts';
import type { LiveRows } from '../../protocol/live-rows.ts';
import type { CheckResult, DescribeResult, ModuleInfo } from '../../protocol/methods.ts';
import type { SummaryParams, SummaryResult } from '../../protocol/summary.ts';
import type { CompiledModule } from '../../runtime/compiled-module.ts';
import type {
  CacheOptions,
  EngineRunResult,
  ExplainKind,
  InputFile,
  SessionDatabase,
  SessionPlugin,
  SessionTable,
} from '../engine.ts';
import type { ExportTarget } from '../export-target.ts';
import type { RemoteGate } from '../remote/remote-files.ts';
import type { ResultAnswer, ResultQuestion } from '../result/result-question.ts';
import type { SearchScript } from '../search/compile-search.ts';
import type { CheckOptions } from './check.ts';

/*
 * Messages between the host's main thread and an engine worker. Each `Ask` is answered by one `answer` or `failure`
 * with its id; a worker that was terminated answers nothing, and its main-thread half fails what was pending.
 */

/** What an engine worker is started with. */
export interface WorkerStart {
  /** The folder of the built bundles: the engine's extensions lie in `duckdb-extensions/`. */
  readonly distFolder: string;
  /** `duckdb-eh.wasm`, compiled once for all workers. */
  readonly module: WebAssembly.Module;
  /** See `SIGNAL`. */
  readonly signals: SharedArrayBuffer;
  /** A `MessagePort` of Node's that takes `PythonAsk` and gives `PythonTell`. */
  readonly python: object;
}

/** Places in the shared Int32Array through which the two threads talk while the worker is busy. */
export const SIGNAL = {
  /** Written by the main thread: 0, or why the run under way has to stop (`STOP`). */
  stop: 0,
  /** Written by the worker: odd while guest code runs, one more at each entry and each exit. */
  guestEntries: 1,
  /** Written by the worker: the number of the function that was entered last. */
  guestFunction: 2,
  /** Counted up by the main thread when the port to Python has a message. */
  python: 3,
  /** Written by the worker behind each run: what the engine's memory has grown to, pages of 64 KiB. */
  memoryPages: 4,
  /** Counted up by the thread that fetches when the port to it has a message. */
  remote: 5,
  /** Written by the worker: 1 while it waits for a file on a network, and answers nothing. */
  remoteWaits: 6,
  length: 7,
} as const;

/** Reasons to stop. */
export const STOP = { none: 0, cancelled: 1, deadline: 2 } as const;

/** What the main thread asks of a worker. */
export type WorkerRequest =
  /** Sent first, when a session takes the worker; sent again, it begins with a new database. */
  | {
      readonly type: 'configure';
      readonly folder: string;
      readonly allow: readonly string[];
      readonly resultsFolder: string;
      /** Begins the names of results files; another worker of the session has another. */
      readonly resultPrefix: string;
      /** Extensions that are not loaded. */
      readonly leaveOut: readonly string[];
      /** Absent: a database in memory. */
      readonly database?: SessionDatabase;
    }
  | {
      readonly type: 'setPlugins';
      readonly plugins: readonly SessionPlugin[];
      readonly modules: readonly ModuleInfo[];
    }
  /** Sent when what may be read on a network has changed. */
  | {
      readonly type: 'setRemote';
      readonly gate: RemoteGate;
      /** A `MessagePort` of Node's that takes `FetchAsk` and gives `FetchTell`; absent: the one of before. */
      readonly port?: object;
    }
  | { readonly type: 'setTables'; readonly tables: readonly SessionTable[] }
  | {
      readonly type: 'run';
      readonly sql: string;
      /** Absent: the session's own. */
      readonly connection?: string;
      readonly folder: string;
      readonly parameters: Readonly<Record<string, string | number | boolean | null>>;
      readonly memoryMb: number;
      readonly fuel?: number | undefined;
      readonly maxRows: number;
      /** Whether rows are told of while they come. */
      readonly live?: boolean;
      /** Takes the rows of the last statement. */
      readonly target?: ExportTarget;
      /** The last statement gives its plan in place of rows. */
      readonly explain?: ExplainKind;
      readonly scripts?: readonly SearchScript[];
      readonly profiled?: readonly CompiledModule[];
      /** Absent: results are neither kept nor used. */
      readonly cache?: CacheOptions;
    }
  | { readonly type: 'export'; readonly result: ExportedResult; readonly target: ExportTarget }
  | { readonly type: 'result'; readonly question: ResultQuestion }
  /** Writes the log of the session's database into it; what is not possible now is left for later. */
  | { readonly type: 'checkpoint' }
  | ({ readonly type: 'check' } & CheckOptions)
  | { readonly type: 'describe'; readonly sql: string; readonly folder: string }
  | ({ readonly type: 'summary'; readonly folder: string } & Omit<SummaryParams, 'session'>)
  | ({ readonly type: 'catalog'; readonly folder: string } & Omit<CatalogParams, 'session'>);

/** The answer to each request. */
export interface WorkerAnswers {
  configure: undefined;
  setPlugins: {
    /** The functions by the number in `SIGNAL.guestFunction`, each with its milliseconds for a chunk where it has some. */
    readonly functions: readonly { readonly name: string; readonly timeoutMs?: number | undefined }[];
    /** Functions that were left out because the engine itself calls one of that name. */
    readonly leftOut: readonly string[];
  };
  setRemote: undefined;
  setTables: undefined;
  run: EngineRunResult;
  export: undefined;
  result: ResultAnswer;
  checkpoint: undefined;
  check: CheckResult;
  describe: DescribeResult;
  summary: SummaryResult;
  catalog: CatalogResult;
}

/** Who is told of a request while it is under way. */
export interface RunListener {
  onProgress?(percent: number, text?: string): void;
  /** Told while rows come, by runs that are to tell. */
  onRows?(rows: LiveRows): void;
  /** Told once by each run. */
  onInputs?(files: readonly InputFile[]): void;
}

/** From the main thread to a worker. */
export interface Ask {
  readonly id: number;
  readonly request: WorkerRequest;
}

/** From a worker to the main thread. */
export type Tell =
  /** Sent once, when the engine is up. */
  | { readonly type: 'ready' }
  /** Sent instead of `ready`, before the worker ends. */
  | { readonly type: 'bootFailed'; readonly message: string }
  | { readonly type: 'answer'; readonly id: number; readonly result: unknown }
  | { readonly type: 'failure'; readonly id: number; readonly error: RpcErrorObject }
  /** Sent once by each run, before its answer or failure. */
  | { readonly type: 'inputs'; readonly id: number; readonly files: readonly InputFile[] }
  /** Sent while rows come, at most ten times a second. */
  | { readonly type: 'rows'; readonly id: number; readonly rows: LiveRows }
  /** Sent while a run is under way, at most ten times a second. */
  | {
      readonly type: 'progress';
      readonly id: number;
      readonly percent: number;
      /** How far a file on a network is; absent while nothing is fetched. */
      readonly text?: string;
    };
