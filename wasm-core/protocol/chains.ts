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
export interface ChainParams {
  /** 1 to 64 of them. */
  readonly steps: readonly ChainStep[];
  readonly namespace?: string;
  /**
   * Absolute folder whose `quern.json` applies, and which SQL steps may read and write; absent: the namespace, when it
   * is a folder.
   */
  readonly folder?: string;
  /** Absolute folder where relative paths of SQL steps start, such as the chain file's; absent: `folder`. */
  readonly sqlFolder?: string;
  /** Further absolute folders that SQL steps may read and write. */
  readonly allow?: readonly string[];
  /** Further namespaces whose plugins are functions in SQL steps. */
  readonly includes?: readonly string[];
  readonly input: BytesValue;
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

/** `chain/list`: the `*.chain.json` files of a folder and of the folders in it, by path. */
export interface ChainListParams {
  /** Absolute. */
  readonly folder: string;
}
export interface ChainListResult {
  readonly chains: readonly ChainFileInfo[];
  /** True when there were more files than are listed. */
  readonly truncated: boolean;
}

/** A chain file, or what is wrong with it. */
export interface ChainFileInfo {
  /** Absolute. */
  readonly path: string;
  /** The chain's `name`, else the file's name without `.chain.json`. */
  readonly name: string;
  readonly doc?: string;
  /** How many steps it has; absent when it is broken. */
  readonly stepCount?: number;
  readonly error?: { readonly kind: string; readonly message: string };
}
