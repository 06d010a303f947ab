import type { CoreError } from '../../protocol/errors.ts';

/*
 * Scripts as SQL functions. A runtime is used from the engine's callbacks, so its calls are synchronous; rows and
 * answers cross as JSON text.
 */

/** What a script is loaded from. */
export interface ScriptSource {
  readonly code: string;
  /** The function that the code defines. */
  readonly function: string;
}

/** Says when a call has to end. */
export interface ScriptGuard {
  /** Why it has to, asked often while a script runs; undefined while it may go on. */
  stop(): CoreError | undefined;
}

/** A sandbox for one language, for one session. */
export interface ScriptRuntime {
  /** Whether it can be used with that cap, in MiB; else another has to be started. */
  fits(options: { readonly memoryMb: number }): boolean;
  /**
   * Makes a script's function, with global names of its own. Code that does not compile is told by the first call.
   *
   * @param memoryMb cap of what scripts may hold, MiB
   */
  load(source: ScriptSource, options: { readonly memoryMb: number }): ScriptFunction;
  /** Ends a statement: its functions are gone. */
  end(): void;
}

/** A script's function. */
export interface ScriptFunction {
  /**
   * Calls it once for each row.
   *
   * @param rows a JSON array of the rows' arguments, each a JSON array
   * @returns JSON of a `ScriptAnswer`
   * @throws CoreError what the guard says; MEMORY_LIMIT; SCRIPT_ERROR when the sandbox itself is lost
   */
  call(rows: string, guard: ScriptGuard): string;
}

/** What a sandbox answers. */
export type ScriptAnswer =
  /** A letter for each row: `t`, `f`, or `n` for NULL. */
  { readonly verdicts: string } | ScriptFailure;

/** What a script raised. */
export interface ScriptFailure {
  readonly error: string;
  /** Index of the row, from 0; absent when it failed before the first. */
  readonly row?: number;
  /** In the script, from 1. */
  readonly line?: number;
  readonly column?: number;
}
