import assert from 'node:assert/strict';
import { CoreError, type ErrorKind } from '../../wasm-core/protocol/errors.ts';

/** Asserts that something throws a CoreError of a kind whose message fits; gives the error for further checks. */
export async function throwsKind(kind: ErrorKind, message: RegExp, work: () => unknown): Promise<CoreError> {
  let thrown: unknown;
  try {
    await work();
  } catch (error) {
    thrown = error;
  }
  assert.ok(thrown !== undefined, `nothing was thrown; expected ${kind}`);
  if (!(thrown instanceof CoreError)) throw thrown;
  assert.equal(thrown.kind, kind, thrown.message);
  assert.match(thrown.message, message);
  return thrown;
}
