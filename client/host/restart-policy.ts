/** Decides how long to wait before the host is started again, and when to stop trying. */
export interface RestartPolicy {
  /**
   * Counts one more loss of the host.
   *
   * @param nowMs any steady clock, milliseconds
   * @returns milliseconds to wait before the next start; undefined: do not start it by itself any more
   */
  next(nowMs: number): number | undefined;
}

/** Waits before the first, second, … start within one window of time. */
const DELAYS_MS = [100, 500, 2_000, 5_000] as const;

/** Losses older than this are forgiven. */
const WINDOW_MS = 120_000;

/**
 * Gives a policy that starts the host again at once, then ever later, and gives up at the fifth loss in two minutes:
 * a host that always dies would otherwise take the machine with it.
 */
export function createRestartPolicy(): RestartPolicy {
  let losses: number[] = [];
  return {
    next(nowMs) {
      losses = losses.filter((at) => nowMs - at < WINDOW_MS);
      const delay = DELAYS_MS[losses.length];
      losses.push(nowMs);
      return delay;
    },
  };
}
