import { cancelled } from '../../runtime/executor.ts';

/** Lets one bench run at a time: two at once would measure each other. */
export class BenchQueue {
  #last: Promise<void> = Promise.resolve();
  #count = 0;

  /** Whether one is under way, or waits. */
  get isBusy(): boolean {
    return this.#count > 0;
  }

  /**
   * Does some work when all that came before is done.
   *
   * @throws what the work throws; CoreError CANCELLED when it was not begun before the signal
   */
  async run<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    const before = this.#last;
    let done = (): void => {};
    this.#last = new Promise((resolve) => {
      done = resolve;
    });
    this.#count++;
    try {
      await untilAborted(before, signal);
      return await work();
    } finally {
      this.#count--;
      // Whoever gives up in the line leaves it closed behind those before.
      void before.then(done);
    }
  }
}

async function untilAborted(before: Promise<void>, signal: AbortSignal): Promise<void> {
  let abort = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(cancelled());
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
  });
  try {
    await Promise.race([before, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
