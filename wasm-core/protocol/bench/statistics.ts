import type { BenchFigures, BenchOutliers } from '../bench.ts';

/*
 * Order statistics of samples of time. Times of runs are skewed, with a long tail, so that medians and quantiles say
 * more than means. Pure: nothing here knows where the numbers are from.
 */

/**
 * The figures of samples.
 *
 * @param samples at least one finite number, in any order
 * @throws RangeError for none
 */
export function summarize(samples: readonly number[]): BenchFigures {
  const sorted = sortedNumbers(samples);
  const [median, q1, q3, p95] = [0.5, 0.25, 0.75, 0.95].map((q) => quantileOfSorted(sorted, q)) as [
    number,
    number,
    number,
    number,
  ];
  const mean = meanOf(sorted);
  return {
    count: sorted.length,
    least: sorted[0] ?? 0,
    median,
    mean,
    p95,
    most: sorted.at(-1) ?? 0,
    q1,
    q3,
    mad: medianOf(sorted.map((sample) => Math.abs(sample - median))),
    deviation: deviationOf(sorted, mean),
    outliers: outliersOf(sorted, q1, q3),
  };
}

/** The middle of samples, or the mean of the two in the middle. @throws RangeError for none */
export function medianOf(samples: readonly number[]): number {
  return quantileOfSorted(sortedNumbers(samples), 0.5);
}

/**
 * A quantile by linear interpolation between order statistics: type 7 of Hyndman and Fan (1996), "Sample quantiles in
 * statistical packages", which R, NumPy and spreadsheets use.
 *
 * @param sorted ascending, at least one
 * @param q 0 to 1
 * @throws RangeError for none
 */
export function quantileOfSorted(sorted: readonly number[], q: number): number {
  const at = (sorted.length - 1) * q;
  const below = sorted[Math.floor(at)];
  const above = sorted[Math.ceil(at)];
  if (below === undefined || above === undefined) throw new RangeError('There are no samples.');
  // Between equal samples nothing is computed, so that nothing is rounded.
  return below === above ? below : below + (above - below) * (at - Math.floor(at));
}

/** Where a sample counts as an outlier: Tukey (1977), "Exploratory Data Analysis". */
export function tukeyFences(
  q1: number,
  q3: number,
): { readonly mild: readonly [number, number]; readonly severe: readonly [number, number] } {
  const distance = q3 - q1;
  return {
    mild: [q1 - 1.5 * distance, q3 + 1.5 * distance],
    severe: [q1 - 3 * distance, q3 + 3 * distance],
  };
}

/**
 * So many of the samples that are as they are: order statistics at even distances, the first and the last among them.
 *
 * @param most at least 2
 * @returns the samples themselves where they are no more than that, else ascending ones
 */
export function thinned(samples: readonly number[], most: number): readonly number[] {
  if (samples.length <= most) return samples;
  const sorted = sortedNumbers(samples);
  const step = (sorted.length - 1) / (most - 1);
  return Array.from({ length: most }, (_, index) => sorted[Math.round(index * step)] ?? 0);
}

function outliersOf(sorted: readonly number[], q1: number, q3: number): BenchOutliers {
  const { mild, severe } = tukeyFences(q1, q3);
  const outside = ([low, high]: readonly [number, number]): number =>
    sorted.filter((sample) => sample < low || sample > high).length;
  const severeCount = outside(severe);
  return { mild: outside(mild) - severeCount, severe: severeCount };
}

function meanOf(samples: readonly number[]): number {
  return samples.reduce((sum, sample) => sum + sample, 0) / samples.length;
}

function deviationOf(samples: readonly number[], mean: number): number {
  if (samples.length < 2) return 0;
  const squares = samples.reduce((sum, sample) => sum + (sample - mean) ** 2, 0);
  return Math.sqrt(squares / (samples.length - 1));
}

function sortedNumbers(samples: readonly number[]): number[] {
  return [...samples].sort((a, b) => a - b);
}
