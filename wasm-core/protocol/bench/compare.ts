import type { BenchFuel, BenchSamples } from '../bench.ts';
import { estimateRatio, type RatioEstimate, rankSumTest } from './rank-sum.ts';
import { medianOf, thinned } from './statistics.ts';

/** What counts as a difference. */
export interface BenchThresholds {
  /** The least change of time that matters, as a part: 0.05 for 5 %. */
  readonly time: number;
  /** The same of fuel, which is exact and the same on each machine. */
  readonly fuel: number;
  /** How likely a difference of time may be to be none: the test's level of significance. */
  readonly alpha: number;
}

/** What holds where nobody says otherwise. */
export const DEFAULT_THRESHOLDS: BenchThresholds = { time: 0.05, fuel: 0.001, alpha: 0.01 };

/**
 * How samples stand to those of before.
 *
 * `otherWork`: something else was asked for, or the rows are not as many, so that the two cannot be compared.
 */
export type BenchComparison = { readonly type: 'otherWork'; readonly reason: OtherWork } | BenchChange;

/** `rows` and `functionRows`: there are more or fewer of them; `work`: the text, the parameters or the input differ. */
export type OtherWork = 'work' | 'rows' | 'functionRows';

/** What changed. */
export interface BenchChange {
  readonly type: 'compared';
  /** Absent when the times are of two machines. */
  readonly time?: TimeChange;
  /** Absent when one side counts no fuel. */
  readonly fuel?: FuelChange;
  /** Names of functions or steps whose module is another one than before. */
  readonly changedModules: readonly string[];
  /** Whether it is slower or takes more fuel. */
  readonly isRegression: boolean;
}

/**
 * `slower` and `faster`: the test finds a difference, and it is large enough to matter. `unsure`: it would be large
 * enough, but may be chance. `same`: anything else.
 */
export interface TimeChange extends RatioEstimate {
  readonly verdict: 'slower' | 'faster' | 'same' | 'unsure';
  /** Of the test of Mann and Whitney, two-sided. */
  readonly p: number;
  /** Medians before and now, microseconds. */
  readonly before: number;
  readonly after: number;
}

export interface FuelChange {
  readonly verdict: 'more' | 'less' | 'same';
  /** Now by before; 1 when neither took any. */
  readonly ratio: number;
  readonly before: BenchFuel;
  readonly after: BenchFuel;
}

/**
 * Compares samples with those of before.
 *
 * @param before a baseline's; its `micros` undefined when they are of another machine
 */
export function compareSamples(
  before: Omit<BenchSamples, 'micros'> & { readonly micros: readonly number[] | undefined },
  after: BenchSamples,
  thresholds: BenchThresholds = DEFAULT_THRESHOLDS,
): BenchComparison {
  const reason = otherWork(before, after);
  if (reason !== undefined) return { type: 'otherWork', reason };
  const time = before.micros && compareTimes(before.micros, after.micros, thresholds);
  const fuel = before.fuel && after.fuel && compareFuel(before.fuel, after.fuel, thresholds.fuel);
  return {
    type: 'compared',
    ...(time && { time }),
    ...(fuel && { fuel }),
    changedModules: changedModules(before.modules, after.modules),
    isRegression: time?.verdict === 'slower' || fuel?.verdict === 'more',
  };
}

/**
 * Compares times alone, such as those of two targets of one run.
 *
 * @param before at least one, microseconds, and so is `after`
 */
export function compareTimes(
  before: readonly number[],
  after: readonly number[],
  { time, alpha }: BenchThresholds = DEFAULT_THRESHOLDS,
): TimeChange {
  // Pairs are as many as the product; so many samples tell what more of them would.
  const [first, second] = [thinned(before, MOST_COMPARED), thinned(after, MOST_COMPARED)].map(positive) as [
    readonly number[],
    readonly number[],
  ];
  const { p } = rankSumTest(first, second);
  const estimate = estimateRatio(first, second, alpha);
  return {
    ...estimate,
    verdict: verdictOf(estimate.ratio, p < alpha, time),
    p,
    before: medianOf(first),
    after: medianOf(second),
  };
}

/**
 * Compares fuel, which needs no test: it is counted.
 *
 * @param threshold the least change that matters, as a part; of fuel that differs from run to run, beyond its range
 */
export function compareFuel(before: BenchFuel, after: BenchFuel, threshold: number): FuelChange {
  // A change of just the threshold, which binary fractions round, is none.
  const allowed = threshold * (1 + 1e-9);
  const isMore = after.least - before.most > before.most * allowed;
  const isLess = before.least - after.most > before.least * allowed;
  const ratio =
    before.least === 0 ? (after.least === 0 ? 1 : Number.POSITIVE_INFINITY) : after.least / before.least;
  return { verdict: isMore ? 'more' : isLess ? 'less' : 'same', ratio, before, after };
}

const MOST_COMPARED = 400;

function otherWork(
  before: Omit<BenchSamples, 'micros'>,
  after: Omit<BenchSamples, 'micros'>,
): OtherWork | undefined {
  if (before.work !== after.work) return 'work';
  if (before.rowCount !== after.rowCount) return 'rows';
  return before.functionRows === after.functionRows ? undefined : 'functionRows';
}

function changedModules(before: BenchSamples['modules'], after: BenchSamples['modules']): readonly string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names.filter((name) => before[name] !== after[name]);
}

function verdictOf(ratio: number, isSignificant: boolean, threshold: number): TimeChange['verdict'] {
  const isSlower = ratio >= 1 + threshold;
  if (!isSlower && ratio > 1 / (1 + threshold)) return 'same';
  if (!isSignificant) return 'unsure';
  return isSlower ? 'slower' : 'faster';
}

/** A clock may see nothing pass; ratios need something. */
function positive(samples: readonly number[]): readonly number[] {
  return samples.map((micros) => Math.max(micros, LEAST_MICROS));
}

const LEAST_MICROS = 0.001;
