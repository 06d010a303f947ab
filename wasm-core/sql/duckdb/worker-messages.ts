import type { RpcErrorObject } from '../../protocol/errors.ts';
import type { CatalogResult, DescribeResult, RunResult, SqlDiagnostic } from '../../protocol/methods.ts';
import type { SessionPlugin } from '../engine.ts';

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
}

/** Places in the shared Int32Array through which the two threads talk while the worker is busy. */
export const SIGNAL = {
  /** Written by the main thread: 0, or why the run under way has to stop (`STOP`). */
  stop: 0,
  /** Written by the worker: odd while guest code runs, one more at each entry and each exit. */
  guestEntries: 1,
  /** Written by the worker: the number of the function that was entered last. */
  guestFunction: 2,
  length: 3,
} as const;

/** Reasons to stop. */
export const STOP = { none: 0, cancelled: 1, deadline: 2 } as const;

/** What the main thread asks of a worker. */
export type WorkerRequest =
  /** Sent first, when a session takes the worker. */
  | {
      readonly type: 'configure';
      readonly folder: string;
      readonly allow: readonly string[];
      readonly resultsFolder: string /** Begins the names of results files; another worker of the session has another. */;
      readonly resultPrefix: string;
    }
  | { readonly type: 'setPlugins'; readonly plugins: readonly SessionPlugin[] }
  | {
      readonly type: 'run';
      readonly sql: string;
      readonly folder: string;
      readonly parameters: Readonly<Record<string, string | number | boolean | null>>;
      readonly memoryMb: number;
      readonly fuel?: number | undefined;
      readonly maxRows: number;
      readonly parquetPath?: string;
    }
  | { readonly type: 'check'; readonly sql: string; readonly folder: string }
  | { readonly type: 'describe'; readonly sql: string; readonly folder: string }
  | { readonly type: 'catalog' };

/** The answer to each request. */
export interface WorkerAnswers {
  configure: undefined;
  setPlugins: {
    /** The functions' names by the number in `SIGNAL.guestFunction`. */
    readonly names: readonly string[];
    /** Functions that were left out because the engine itself calls one of that name. */
    readonly leftOut: readonly string[];
  };
  run: RunResult;
  check: readonly SqlDiagnostic[];
  describe: DescribeResult;
  catalog: CatalogResult;
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
  /** Sent while a run is under way, at most ten times a second. */
  | { readonly type: 'progress'; readonly id: number; readonly percent: number };
