/**
 * Closes a `switch` over a tagged union: the compiler rejects a call that can be reached.
 *
 * @throws Error always; reaching it is a bug
 */
export function assertNever(value: never): never {
  throw new Error(`unexpected value: ${JSON.stringify(value)}`);
}
