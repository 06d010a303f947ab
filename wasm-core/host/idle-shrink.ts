/** How long nothing was run before idle instances and memories are let go, milliseconds. */
const QUIET_MS = 30_000;

/**
 * Lets go of what stands ready for runs when there have been none for a while.
 *
 * @param runs how many there were so far
 * @param shrink called once in each quiet time
 * @returns stops it
 */
export function shrinkWhenQuiet(runs: () => number, shrink: () => void): { dispose(): void } {
  let seen = -1;
  let isShrunk = true;
  const timer = setInterval(() => {
    const now = runs();
    const isQuiet = now === seen;
    seen = now;
    if (isQuiet && !isShrunk) shrink();
    isShrunk = isQuiet;
  }, QUIET_MS);
  timer.unref();
  return { dispose: () => clearInterval(timer) };
}
