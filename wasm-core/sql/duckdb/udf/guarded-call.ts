import { CoreError } from '../../../protocol/errors.ts';
import type { CallableFunction, FunctionCalls } from './function-calls.ts';

/**
 * Runs a callback of the engine's, through whose frames nothing may be thrown. An instance whose call failed is not used
 * again, and the statement remembers the failure.
 *
 * @param use what is done with the instance and its account
 * @returns the error that ends the statement, with the function's name; undefined when all is well
 */
export function callGuarded(
  of: { readonly calls: FunctionCalls; readonly callable: CallableFunction },
  use: Parameters<FunctionCalls['call']>[1],
): CoreError | undefined {
  const { calls, callable } = of;
  const { name } = callable.fn;
  try {
    calls.call(callable, (given, account) => {
      try {
        use(given, account);
        given.guest.throwFailure();
      } catch (error) {
        throw given.guest.toError(error, name);
      }
    });
    return undefined;
  } catch (error) {
    const known = asCoreError(error);
    const failure = new CoreError(known.kind, known.message, { ...known.details, function: name });
    if (!calls.isRunning) return failure;
    calls.discard(callable);
    calls.noteError(failure);
    return failure;
  }
}

/** An error as one that may reach users: a bug, too, ends the statement with its message. */
export function asCoreError(error: unknown): CoreError {
  if (error instanceof CoreError) return error;
  return new CoreError('INTERNAL', error instanceof Error ? error.message : String(error));
}
