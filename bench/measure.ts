/**
 * Measures several ways of doing the same, in turn (A B A B …), so that a drift of the machine's speed hits all.
 *
 * @param options.rounds counted runs of each, after one that does not count
 * @param options.ways each gives what one run of it measured
 * @returns what each way gave, in the order of the rounds
 */
export async function inTurn<Name extends string, Figure>(options: {
  readonly rounds: number;
  readonly ways: Readonly<Record<Name, () => Figure | Promise<Figure>>>;
}): Promise<Readonly<Record<Name, readonly Figure[]>>> {
  const names = Object.keys(options.ways) as Name[];
  const figures = Object.fromEntries(names.map((name) => [name, [] as Figure[]])) as Record<Name, Figure[]>;
  for (const name of names) await options.ways[name]();
  for (let round = 0; round < options.rounds; round++) {
    for (const name of names) figures[name].push(await options.ways[name]());
  }
  return figures;
}

/** Milliseconds that something takes. */
export async function timeMs(work: () => unknown): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

/** The middle value, of two the mean; NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? Number.NaN;
  return (lower + upper) / 2;
}

/** The value that a share of the values does not exceed, of the values themselves; NaN of none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(Math.ceil(share * sorted.length) - 1, 0)] ?? Number.NaN;
}

/** The geometric mean of positive numbers, NaN of none. */
export function geometricMean(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}

/**
 * Makes a stopwatch for something short: it times batches of a size that takes about 5 ms, less than
 * the system lets a process run before another gets its turn.
 *
 * @param call done over and over
 * @returns a function that times one batch and gives the microseconds of one call
 */
export function microsPerCall(call: () => unknown): () => number {
  let count = 1;
  // The best of three decides: V8 compiles what is hot anew, and one batch may have been kept waiting.
  while (Math.min(batchMs(call, count), batchMs(call, count), batchMs(call, count)) < BATCH_MS) {
    if (count >= MAX_BATCH) break;
    count *= 2;
  }
  return () => (batchMs(call, count) * 1000) / count;
}

const BATCH_MS = 5;
const MAX_BATCH = 1 << 24;

function batchMs(call: () => unknown, count: number): number {
  const started = performance.now();
  for (let i = 0; i < count; i++) call();
  return performance.now() - started;
}
