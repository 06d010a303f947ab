import { CoreError } from '../../protocol/errors.ts';
import { cancelled } from '../../runtime/executor.ts';

/**
 * Does some work that ends at a deadline, or when it is cancelled.
 *
 * @param options.timeoutMs absent: no deadline
 * @param work takes the signal that ends it, and throws then
 * @throws CoreError DEADLINE_EXCEEDED, CANCELLED, and what the work throws
 */
export async function withDeadline<T>(
  options: { readonly signal: AbortSignal; readonly timeoutMs: number | undefined },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { signal, timeoutMs } = options;
  const ending = new AbortController();
  let isLate = false;
  const cancel = (): void => ending.abort();
  signal.addEventListener('abort', cancel, { once: true });
  if (signal.aborted) cancel();
  const timer =
    timeoutMs === undefined
      ? undefined
      : setTimeout(() => {
          isLate = true;
          ending.abort();
        }, timeoutMs);
  try {
    return await work(ending.signal);
  } catch (error) {
    if (signal.aborted) throw cancelled();
    if (!isLate) throw error;
    const message = `The benchmarks did not end within ${timeoutMs} ms and were stopped. Measure fewer of them, or raise timeoutMs.`;
    throw new CoreError('DEADLINE_EXCEEDED', message, { timeoutMs });
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', cancel);
  }
}
