import type { ErrorKind } from './errors.ts';
import type { ResolvedLimits } from './limits.ts';
import type { BytesValue, CallValue, RunSetting, Usage } from './methods.ts';
import type { LogLine } from './plugins.ts';
import type { TypedValue } from './typed-values.ts';

/*
 * Calls of plugins that failed, and calling them once more: `replay/list` and `replay/run`.
 */

/** What `call` in the details of a SQL error says: the one call of a plugin function that failed. */
export interface FailedCall {
  /** The function's name in SQL. */
  readonly function: string;
  /** Every argument, whole. */
  readonly arguments: readonly TypedValue[];
  /** From 1: which of the rows that the statement called the function with. */
  readonly row: number;
  /** sha-256 of the module's original bytes, 64 hex characters. */
  readonly digest: string;
  /** The module's label. */
  readonly name: string;
}

/** A place in a plugin's source, in the details of an error: `source`, and each of `frames` where it is known. */
export interface TrapSource {
  /** As the compiler knew the file. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  /** Absolute path of the file, where it is known. */
  readonly path?: string;
}

/** A call that failed and is kept. */
export interface ReplayInfo {
  /** 8 hex characters. Equal calls that fail alike have the same. */
  readonly id: string;
  /** When it failed, ISO 8601. */
  readonly time: string;
  /** The label that the module had. */
  readonly module: string;
  readonly namespace: string;
  /** sha-256 of the bytes that failed, 64 hex characters. */
  readonly digest: string;
  /** `process` for `module/execute` and steps of chains. */
  readonly function: string;
  /** The arguments, or the input, shortened to some 200 characters. */
  readonly shown: string;
  /** For a call from SQL. */
  readonly row?: number;
  /** Of the error. */
  readonly kind: ErrorKind;
  readonly message: string;
}

/** `replay/list`: the calls that are kept, the newest first. */
export interface ReplayListResult {
  readonly replays: readonly ReplayInfo[];
}

/** `replay/run`: makes a call once more, and keeps nothing of what it does to the world. */
export interface ReplayRunParams {
  /** Absent: the newest. */
  readonly id?: string;
  /** True: by the bytes that failed; else by whatever has their name now. */
  readonly original?: boolean;
}
export interface ReplayRunResult {
  readonly replay: ReplayInfo;
  /** sha-256 of the bytes that were called. */
  readonly digest: string;
  /** What came of it: of these `result` with `type`, `output`, or `error` is there. */
  readonly result?: CallValue;
  readonly type?: string;
  readonly output?: BytesValue;
  readonly error?: ReplayError;
  readonly usage?: Usage;
  readonly logs?: readonly LogLine[];
}

/** `replay/test`: a record of a file of tests that makes a call again and expects its error. */
export interface ReplayTestParams {
  /** Absent: the newest. */
  readonly id?: string;
}
export interface ReplayTestResult {
  readonly replay: ReplayInfo;
  /** Lines in sqllogictest's format, with LF behind each. */
  readonly text: string;
}

/** The error that a call ended in once more. */
export interface ReplayError {
  readonly kind: ErrorKind;
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** A call as it is kept, with all that it takes to make it once more. */
export interface Replay extends ReplayInfo {
  readonly call: ReplayCall;
  readonly limits: ResolvedLimits;
  readonly setting?: RunSetting;
  /** The folder whose `quern.json` applies, or a namespace without one. */
  readonly settingsFolder: string;
}

/** What is to be called. */
export type ReplayCall =
  | { readonly type: 'call'; readonly arguments: readonly TypedValue[] }
  | { readonly type: 'execute'; readonly input: BytesValue };
