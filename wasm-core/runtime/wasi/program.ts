import { CoreError } from '../../protocol/errors.ts';
import type { RunContext } from '../host-functions/owner.ts';
import type { WasiIo } from './wasi-io.ts';

/** What running a program needs of the instance. */
export interface ProgramGuest {
  /** @throws CoreError EXPORT_MISSING */
  function(name: string): WebAssembly.GuestFunction;
  /** The error to report for what a call into the guest threw. */
  toError(error: unknown, functionName: string): CoreError;
  readonly run: RunContext;
}

/**
 * Runs the `_start` export of a program: standard input in, standard output out. A program runs once an instance.
 *
 * @param io the one that the instance's WASI functions have, with `stdout: 'output'`
 * @returns what it wrote to standard output: fresh bytes, owned by the caller
 * @throws CoreError GUEST_ERROR with details `{code, stderr}` when it exits with another code than 0, OUTPUT_LIMIT, TRAP
 */
export function runProgram(guest: ProgramGuest, io: WasiIo): Uint8Array {
  try {
    guest.function('_start')();
  } catch (error) {
    if (io.exitCode === undefined) throw guest.toError(error, '_start');
  } finally {
    io.flush(guest.run);
  }
  if (io.exitCode !== undefined && io.exitCode !== 0) throw exitError(io.exitCode, io.stderrTail());
  return io.output();
}

/**
 * Calls `_initialize` of a reactor, once, before anything else is called.
 *
 * @throws CoreError TRAP, GUEST_ERROR when it exits, OUTPUT_LIMIT
 */
export function initializeReactor(guest: ProgramGuest): void {
  try {
    guest.function('_initialize')();
  } catch (error) {
    throw guest.toError(error, '_initialize');
  }
}

function exitError(code: number, stderr: string): CoreError {
  const said = stderr === '' ? 'It wrote nothing to standard error' : `Its last words: ${stderr}`;
  return new CoreError('GUEST_ERROR', `The program ended with exit code ${code}. ${said}.`, { code, stderr });
}
