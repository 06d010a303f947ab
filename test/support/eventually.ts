/**
 * Tries until something is there. For what happens in other processes, which nobody tells of.
 *
 * @param what names it in the error
 * @param attempt gives the value, or undefined while it is not there; what it throws counts as not there
 * @throws Error with the last failure, when the time is up
 */
export async function eventually<T>(
  what: string,
  attempt: () => Promise<T | undefined> | T | undefined,
  timeoutMs = 60_000,
): Promise<T> {
  const end = performance.now() + timeoutMs;
  let failure: unknown = 'not there';
  while (performance.now() < end) {
    try {
      const value = await attempt();
      if (value !== undefined) return value;
    } catch (error) {
      failure = error;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${what}: ${failure instanceof Error ? failure.message : failure}, after ${timeoutMs} ms`);
}
