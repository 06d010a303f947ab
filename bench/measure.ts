/** One line of a benchmark's table. */
export interface Measurement {
  readonly name: string;
  readonly peer: string;
  /** Our median over the peer's median: below 1 we are faster. */
  readonly ratio: number;
  readonly oursMs: number;
  readonly peerMs: number;
}

/**
 * Times two ways of doing the same, in turn (A B A B …), so that a drift of the machine's speed hits both.
 *
 * @param options.runs counted runs of each, after one that does not count
 */
export async function compare(options: {
  readonly name: string;
  readonly peer: string;
  readonly runs: number;
  readonly ours: () => Promise<unknown>;
  readonly theirs: () => Promise<unknown>;
}): Promise<Measurement> {
  const { name, peer, runs } = options;
  await options.ours();
  await options.theirs();
  const oursMs: number[] = [];
  const peerMs: number[] = [];
  for (let run = 0; run < runs; run++) {
    oursMs.push(await time(options.ours));
    peerMs.push(await time(options.theirs));
  }
  const [ours, theirs] = [median(oursMs), median(peerMs)];
  return { name, peer, ratio: ours / theirs, oursMs: ours, peerMs: theirs };
}

/** The table in Markdown, ratios first. */
export function markdown(rows: readonly Measurement[]): string {
  const lines = rows.map(
    ({ name, peer, ratio, oursMs, peerMs }) =>
      `| ${ratio.toFixed(2)} | ${name} | ${oursMs.toFixed(1)} | ${peerMs.toFixed(1)} | ${peer} |`,
  );
  return [
    '| ratio | what | ours, ms | peer, ms | peer |',
    '| ---: | --- | ---: | ---: | --- |',
    ...lines,
  ].join('\n');
}

/** The geometric mean of the ratios. */
export function geometricMean(rows: readonly Measurement[]): number {
  return Math.exp(rows.reduce((sum, { ratio }) => sum + Math.log(ratio), 0) / rows.length);
}

async function time(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
