import { TIME_BUCKETS, type TimeBucket } from '../../protocol/chart.ts';

/** Milliseconds of each span; of months and longer about. */
const BUCKET_MS: Readonly<Record<TimeBucket, number>> = {
  second: 1000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 7 * 86_400_000,
  month: 30.4 * 86_400_000,
  quarter: 91.3 * 86_400_000,
  year: 365.25 * 86_400_000,
};

/** Bins of equal width. */
export interface Bins {
  readonly start: number;
  readonly step: number;
  readonly count: number;
}

/**
 * Bins for numbers between two bounds.
 *
 * @param options.wanted so many of exactly equal width; absent: about `about` of a width that people would choose
 * @param options.isWhole whether the values are whole numbers, between which no bin begins
 */
export function binsBetween(
  { low, high }: { readonly low: number; readonly high: number },
  options: { readonly wanted?: number | undefined; readonly about: number; readonly isWhole: boolean },
): Bins {
  const { wanted, about, isWhole } = options;
  const range = high - low;
  // One value alone, or bounds whose distance no number holds.
  if (!(range > 0) || !Number.isFinite(range))
    return { start: low, step: isWhole || range === 0 ? 1 : range, count: 1 };
  if (wanted !== undefined) return { start: low, step: range / wanted, count: wanted };
  const step = Math.max(niceStep(range / about), isWhole ? 1 : 0);
  const start = Math.floor(low / step) * step;
  return { start, step, count: Math.floor((high - start) / step) + 1 };
}

/** 1, 2 or 5 times a power of ten, at least a number. */
function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  const factor = [1, 2, 5].find((one) => one * power >= least * (1 - 1e-9)) ?? 10;
  return factor * power;
}

/**
 * The shortest span that times fall into, so that there are not too many.
 *
 * @param rangeMs between the first time and the last
 * @param options.most spans at most
 * @param options.least the shortest span that there may be
 */
export function bucketFor(
  rangeMs: number,
  { most, least }: { readonly most: number; readonly least: TimeBucket },
): TimeBucket {
  const from = TIME_BUCKETS.indexOf(least);
  return TIME_BUCKETS.slice(from).find((bucket) => rangeMs / BUCKET_MS[bucket] <= most) ?? 'year';
}
