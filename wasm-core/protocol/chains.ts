import type { RpcErrorObject } from './errors.ts';
import type { Limits } from './limits.ts';
import type { BytesValue, Usage } from './methods.ts';
import type { LogLine } from './plugins.ts';

/*
 * `chain/execute` and `chain/list`; `methods.ts` has the other requests.
 */

/** How a SQL step reads the bytes that it is given, as the table `input`. */
export type ChainInputFormat = 'json' | 'ndjson' | 'csv' | 'text' | 'parquet' | 'arrow';

/** How a SQL step writes the rows of its last statement. */
export type ChainOutputFormat = 'json' | 'ndjson' | 'csv' | 'parquet' | 'arrow';

/** A step that runs a module's `process`. */
export interface PluginStep {
  /** Module name, UUID or digest. */
  readonly plugin: string;
  /** The step's label in results and errors; absent: the module's name. */
  readonly name?: string;
  /** Any JSON value, given to the plugin as text. */
  readonly config?: unknown;
  /** For this step alone; members that are absent are the chain's. */
  readonly limits?: Limits;
}

/** A step that runs SQL over the bytes that it is given, which are the table `input`. */
export interface SqlStep {
  readonly sql: string;
  /** The step's label in results and errors; absent: `sql`. */
  readonly name?: string;
  /** Absent: what the SQL step just before writes, else JSON or newline-delimited JSON, whichever it is. */
  readonly input?: ChainInputFormat;
  /** Absent: `ndjson`. */
  readonly output?: ChainOutputFormat;
  readonly limits?: Limits;
}

/** A step of a chain; a string is a module without anything else. */
export type ChainStep = string | PluginStep | SqlStep;

/** `chain/execute`: the output of each step is the input of the next; the error of a step names it. */
export type ChainParams = ChainRunParams &
  (
    | {
        /** 1 to 64 of them. */
        readonly steps: readonly ChainStep[];
        readonly chain?: undefined;
      }
    | {
        /** A chain of the `quern.json` that applies, by the name that it has there. */
        readonly chain: string;
        readonly steps?: undefined;
      }
  );

/** How a chain runs, whatever its steps are. */
export interface ChainRunParams {
  readonly namespace?: string;
  /**
   * Absolute folder whose `quern.json` applies, and which SQL steps may read and write; absent: the namespace, when it
   * is a folder.
   */
  readonly folder?: string;
  /**
   * Absolute folder where relative paths of SQL steps start, such as the chain file's; absent: that of the file that
   * `chain` names, else `folder`.
   */
  readonly sqlFolder?: string;
  /** Further absolute folders that SQL steps may read and write. */
  readonly allow?: readonly string[];
  /** Further namespaces whose plugins are functions in SQL steps. */
  readonly includes?: readonly string[];
  readonly input: BytesValue;
  /** Over those of the chain that `chain` names. */
  readonly limits?: Limits;
}
export interface ChainResult {
  readonly output: BytesValue;
  readonly steps: readonly ChainStepResult[];
  /** What the steps logged, in their order; absent when they logged nothing. */
  readonly logs?: readonly LogLine[];
}

/** What a step of a chain used. `name` is its label. */
export type ChainStepResult =
  | (Usage & { readonly name: string; readonly module: string; readonly sql?: undefined })
  | {
      readonly name: string;
      readonly sql: string;
      readonly module?: undefined;
      /** Wall clock, the table `input` and the output included, microseconds. */
      readonly micros: number;
      /** Rows of the step's last statement. */
      readonly rows: number;
      readonly outputBytes: number;
    };

/**
 * `chain/trace`: runs a chain as `chain/execute` does, and tells what each step was given and gave. A step that fails ends
 * the chain, and is told as the others are.
 */
export type ChainTraceParams = ChainParams & {
  /**
   * The first step that runs, from 1; `input` is what it gets. Those before it do not run, and so tables that they make are
   * not there. Absent: all run.
   */
  readonly from?: number;
  /** Absolute, an existing folder of the client's, where what is longer than a head is written. Absent: it is not. */
  readonly traceFolder?: string;
};
export interface ChainTraceResult {
  /** Those that ran, in order. The chain has failed when the last one has `error`. */
  readonly steps: readonly TracedStep[];
  /** All of them together, and what the chain took besides, microseconds. */
  readonly micros: number;
}

/** A step that ran; it has either `output` and `result`, or `error`. */
export interface TracedStep {
  /** From 1. */
  readonly number: number;
  /** Its label. */
  readonly name: string;
  readonly input: TracedBytes;
  readonly output?: TracedBytes;
  readonly result?: ChainStepResult;
  /** Absent when it logged nothing. */
  readonly logs?: readonly LogLine[];
  /** As `chain/execute` answers with it. */
  readonly error?: RpcErrorObject;
}

/** `chain/progress`: sent to the client whose `chain/trace` is under way when a step has ended. */
export interface ChainProgressParams {
  readonly id: number | string;
  /** From 1. */
  readonly number: number;
  /** Absent when it failed: then it is the last. */
  readonly result?: ChainStepResult;
}

/** What went into a step or came out of it. */
export interface TracedBytes {
  readonly byteLength: number;
  /** Its first 64 KiB, and less by as much as a character would be cut. */
  readonly head: BytesValue;
  /** Absolute, of a file in `traceFolder` that has all of it; absent when the head has, and without that folder. */
  readonly file?: string;
}

/**
 * `chain/list`: the chains that the folder's `quern.json` names, in its order, and behind them the other `*.chain.json`
 * files of the folder and of the folders in it, by path.
 */
export interface ChainListParams {
  /** Absolute. */
  readonly folder: string;
}
export interface ChainListResult {
  readonly chains: readonly ChainFileInfo[];
  /** True when there were more files than are listed. */
  readonly truncated: boolean;
}

/** Requests about chains. */
export interface ChainRequests {
  'chain/execute': { params: ChainParams; result: ChainResult };
  'chain/trace': { params: ChainTraceParams; result: ChainTraceResult };
  'chain/list': { params: ChainListParams; result: ChainListResult };
}

/** A chain, or what is wrong with it. */
export interface ChainFileInfo {
  /** Absolute: its file, or the `quern.json` that holds it. */
  readonly path: string;
  /** What the folder's `quern.json` calls it, for `chain` of `chain/execute`; absent: it does not name it. */
  readonly chain?: string;
  /** The chain's `name`, else the file's name without `.chain.json`, or its name in `quern.json`. */
  readonly name: string;
  readonly doc?: string;
  /** How many steps it has; absent when it is broken. */
  readonly stepCount?: number;
  readonly error?: { readonly kind: string; readonly message: string };
}
