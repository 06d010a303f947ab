import type { Limits } from './limits.ts';
import type { BytesValue, ModuleRef, RunParams, RunSetting } from './methods.ts';
import type { TrapSource } from './replays.ts';
import type { TypedValue } from './typed-values.ts';

/*
 * What plugins execute, counted: `module/profile` and `sql/profile`. All of it is counts, and so the same for the same
 * input on every machine.
 */

/** `module/profile`: one run of a module, counted. Exactly one of `input` and `function` is given; nothing of the run is kept. */
export interface ModuleProfileParams extends ModuleRef, RunSetting {
  /** What `process` gets, as for `module/execute`. */
  readonly input?: BytesValue;
  /** What is called, as for `module/call`. */
  readonly function?: string;
  readonly arguments?: readonly TypedValue[];
  readonly limits?: Limits;
  /** Absolute folder whose `quern.json` applies; absent: the namespace, when it is a folder. */
  readonly folder?: string;
}

/** `sql/profile`: runs statements as `sql/run` does, keeps no rows, and counts what the plugins' functions execute. */
export type SqlProfileParams = Omit<RunParams, 'parquetPath'>;

/** What was counted. */
export interface ProfileResult {
  /** Of all modules; what the run would be charged without being counted. */
  readonly fuel: number;
  /** Those that ran, by the fuel that they used, the most first. */
  readonly modules: readonly ModuleProfile[];
  /** Labels of modules that ran uncounted, since V8 does not take the longer code; absent: there are none. */
  readonly unprofiled?: readonly string[];
}

/** What one module did. Fuel is the sum of `outsideFuel` and each function's `selfFuel`. */
export interface ModuleProfile {
  /** Its label. */
  readonly module: string;
  /** sha-256 of the original bytes, 64 hex characters. */
  readonly digest: string;
  /** Absolute path of what it was compiled from, where the registry knows it. */
  readonly source?: string;
  readonly fuel: number;
  /** Fuel that was used while none of its functions ran: work of the host for it. */
  readonly outsideFuel: number;
  /** The module's own functions, by index. */
  readonly functions: readonly FunctionProfile[];
  /** By file and line; absent for a module that does not tell its lines. */
  readonly lines?: readonly LineProfile[];
  /** Who called whom, a parent before its children; the first stands for the host. */
  readonly calls: readonly CallProfile[];
  /** True when chains of calls or ranges were too many to be told apart, or to be sent. Sums by function and line are whole. */
  readonly truncated?: true;
}

/** What a function did. `selfFuel` is the sum of its ranges' fuel and `hostFuel`. */
export interface FunctionProfile {
  readonly index: number;
  /** From the name section, else its export, else `func <index>`. */
  readonly name: string;
  /** Where its code begins. */
  readonly place?: TrapSource;
  readonly calls: number;
  /** Without what it called. */
  readonly selfFuel: number;
  /** With what it called; a recursion counts once. */
  readonly totalFuel: number;
  /** Of `selfFuel`: what host functions charged for the work that it asked them for; absent: 0. */
  readonly hostFuel?: number;
  /** Bytes of its code that were executed, and all of them that can be. */
  readonly executedBytes: number;
  readonly reachableBytes: number;
  /** Instructions that run one after the other whenever the first does; empty for a function that was not called. */
  readonly ranges: readonly RangeProfile[];
}

/** Code between two positions in the module's original file, bytes; `end` is exclusive. */
export interface RangeProfile {
  readonly start: number;
  readonly end: number;
  readonly executions: number;
  readonly fuel: number;
}

/** A line of a plugin's source. */
export interface LineProfile {
  /** As the compiler knew the file. */
  readonly file: string;
  /** Absolute path of the file, where it is known. */
  readonly path?: string;
  /** From 1. */
  readonly line: number;
  /** How often the instruction of the line ran that ran most. */
  readonly executions: number;
  /** Of all its instructions, whichever functions they are in. */
  readonly fuel: number;
  /** Index of the function that its code is in; of several the first. */
  readonly function: number;
  /** True when other code of the line never ran. */
  readonly partial?: true;
}

/** A function as one chain of callers called it. */
export interface CallProfile {
  /** Index of the function; -1 for the host. */
  readonly function: number;
  /** Index of the caller in `calls`; -1 for the host. */
  readonly parent: number;
  readonly calls: number;
  readonly selfFuel: number;
  /** With what it called from here. */
  readonly totalFuel: number;
}
