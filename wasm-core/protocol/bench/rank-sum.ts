/*
 * The test of Mann and Whitney (1947), which is Wilcoxon's rank sum test, and the shift of Hodges and Lehmann (1963)
 * with the interval that inverts the test. They ask nothing of the distributions but that samples are independent; times
 * of runs are not normal. The results are those of R's `wilcox.test`, whose way of choosing a method is taken as well.
 */

/** What a test found. */
export interface RankSumTest {
  /** Pairs in which the sample of the first is larger, ties counted as halves; R calls it W. */
  readonly u: number;
  /** Two-sided: how likely a difference at least as large is when both are from one distribution. */
  readonly p: number;
  /** `exact` for fewer than 50 samples each without ties, else `normal`, with corrections for ties and continuity. */
  readonly method: 'exact' | 'normal';
}

/**
 * Tests whether two samples are from one distribution.
 *
 * @param first at least one finite number, and so is `second`
 * @throws RangeError when either is empty
 */
export function rankSumTest(first: readonly number[], second: readonly number[]): RankSumTest {
  const { u, tieSum } = ranked(first, second);
  const [m, n] = [first.length, second.length];
  const method = isExact(m, n, tieSum) ? 'exact' : 'normal';
  return { u, p: method === 'exact' ? exactP(u, m, n) : normalP(u, { m, n, tieSum }), method };
}

/** How much larger one sample is than another. */
export interface RatioEstimate {
  /** The median of the ratios of all pairs, the second by the first. */
  readonly ratio: number;
  /** The ends of its interval of confidence. */
  readonly low: number;
  readonly high: number;
}

/**
 * The ratio between two samples: the shift of Hodges and Lehmann between their logarithms. Its interval excludes 1 when
 * the test finds a difference at the same level.
 *
 * @param first positive numbers, and so is `second`; at least one each
 * @param alpha what the interval may miss, such as 0.05
 * @throws RangeError when either is empty
 */
export function estimateRatio(
  first: readonly number[],
  second: readonly number[],
  alpha: number,
): RatioEstimate {
  const [m, n] = [first.length, second.length];
  const { tieSum } = ranked(first, second);
  const ratios = Float64Array.from({ length: m * n }, (_, index) => {
    const divisor = first[Math.floor(index / n)] ?? 1;
    return (second[index % n] ?? 1) / divisor;
  }).sort();
  const at = (index: number): number => ratios[index] ?? 1;
  const middle = Math.floor(ratios.length / 2);
  // The two in the middle are met halfway as logarithms.
  const ratio = ratios.length % 2 === 1 ? at(middle) : Math.sqrt(at(middle - 1) * at(middle));
  const rank = isExact(m, n, tieSum) ? exactRank(alpha, m, n) : normalRank(alpha, { m, n, tieSum });
  return { ratio, low: at(rank - 1), high: at(ratios.length - rank) };
}

/**
 * How likely a standard normal variable is to be above a value.
 *
 * @param z any number; the relative error is below 1.2e-7, as Press and others, "Numerical Recipes", 6.2, have it
 */
export function normalTail(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + x / 2);
  const series = ERFC.reduceRight((sum, coefficient) => sum * t + coefficient, 0);
  const erfc = t * Math.exp(-x * x + series);
  return z >= 0 ? erfc / 2 : 1 - erfc / 2;
}

const ERFC = [
  -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587,
  -0.82215223, 0.17087277,
];

/** As R: what is exact is soon computed only for small samples, and only without ties. */
const EXACT_BELOW = 50;

interface Sizes {
  readonly m: number;
  readonly n: number;
  /** The sum of t³ - t over groups of t equal values. */
  readonly tieSum: number;
}

function isExact(m: number, n: number, tieSum: number): boolean {
  return m < EXACT_BELOW && n < EXACT_BELOW && tieSum === 0;
}

/** Ranks both samples together; equal values get the mean of their ranks. */
function ranked(
  first: readonly number[],
  second: readonly number[],
): { readonly u: number; readonly tieSum: number } {
  if (first.length === 0 || second.length === 0) throw new RangeError('There are no samples.');
  const all = [
    ...first.map((value) => ({ value, isFirst: true })),
    ...second.map((value) => ({ value, isFirst: false })),
  ].sort((a, b) => a.value - b.value);
  let [rankSum, tieSum] = [0, 0];
  for (let from = 0; from < all.length; ) {
    let to = from + 1;
    while (to < all.length && all[to]?.value === all[from]?.value) to++;
    const count = to - from;
    const rank = (from + 1 + to) / 2;
    rankSum += rank * all.slice(from, to).filter(({ isFirst }) => isFirst).length;
    tieSum += count ** 3 - count;
    from = to;
  }
  return { u: rankSum - (first.length * (first.length + 1)) / 2, tieSum };
}

function exactP(u: number, m: number, n: number): number {
  const chances = distribution(m, n);
  const smaller = Math.min(u, m * n - u);
  let below = 0;
  for (let value = 0; value <= smaller; value++) below += chances[value] ?? 0;
  return Math.min(1, 2 * below);
}

function normalP(u: number, { m, n, tieSum }: Sizes): number {
  const sigma = deviation({ m, n, tieSum });
  const distance = Math.abs(u - (m * n) / 2);
  // All values are equal.
  if (sigma === 0) return 1;
  return Math.min(1, 2 * normalTail(Math.max(0, distance - 0.5) / sigma));
}

/** The rank, from 1, of the pair at the low end of the interval; the high end is as far from the other side. */
function exactRank(alpha: number, m: number, n: number): number {
  const chances = distribution(m, n);
  let [rank, below] = [0, 0];
  while (rank < (m * n) / 2 && below + (chances[rank] ?? 0) <= alpha / 2) below += chances[rank++] ?? 0;
  return Math.max(1, rank);
}

function normalRank(alpha: number, sizes: Sizes): number {
  const { m, n } = sizes;
  const rank = Math.floor((m * n) / 2 - normalQuantile(alpha / 2) * deviation(sizes) - 0.5);
  return Math.min(Math.max(1, rank), Math.ceil((m * n) / 2));
}

function deviation({ m, n, tieSum }: Sizes): number {
  const all = m + n;
  return Math.sqrt(((m * n) / 12) * (all + 1 - tieSum / (all * Math.max(1, all - 1))));
}

/** The value that a standard normal variable is above with a chance. @param chance above 0 and below a half */
function normalQuantile(chance: number): number {
  let [low, high] = [0, 40];
  while (high - low > 1e-9) {
    const middle = (low + high) / 2;
    if (normalTail(middle) > chance) low = middle;
    else high = middle;
  }
  return high;
}

/**
 * The chance of each value of U from 0 on, when both samples are from one distribution: of the ways to choose the m
 * ranks of the first, those whose sum gives it. Each of n + 1 places may hold any number of them, so that the counts are
 * the coefficients of the Gaussian binomial, the product of (1 - x^(n+i)) / (1 - x^i) for i from 1 to m.
 */
function distribution(m: number, n: number): Float64Array {
  const counts = new Float64Array(m * n + 1);
  counts[0] = 1;
  for (let i = 1; i <= m; i++) {
    for (let value = m * n; value >= n + i; value--)
      counts[value] = at(counts, value) - at(counts, value - n - i);
    for (let value = i; value <= m * n; value++) counts[value] = at(counts, value) + at(counts, value - i);
  }
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count) => count / total);
}

function at(counts: Float64Array, index: number): number {
  return counts[index] ?? 0;
}
