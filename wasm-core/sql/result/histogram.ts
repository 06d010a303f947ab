import { decimalText, doubleText } from '../../results/number-text.ts';
import { timestampText } from '../../results/time-text.ts';

/*
 * Where the bars of a histogram meet: at round numbers, and at whole minutes, days, months and years.
 */

/** Bars that are looked at with ease. */
const MAX_BARS = 20;

/**
 * Values between two others that split the range into bars of equal width, months and years aside.
 *
 * @param type in DuckDB's words
 * @param min,max finite values, as results show them
 * @returns in ascending order, each above `min` and at most `max`, as results show them; undefined for types without
 *   widths, and for a range that cannot be split
 */
export function histogramBounds(type: string, min: string, max: string): string[] | undefined {
  const bounds = boundsOf(type, min, max);
  return bounds === undefined || bounds.length === 0 ? undefined : bounds;
}

function boundsOf(type: string, min: string, max: string): string[] | undefined {
  if (/^U?(TINY|SMALL|BIG|HUGE)?INT$|^U?INTEGER$/.test(type)) return wholeBounds(min, max, 0);
  const [, width, scale] = /^DECIMAL\((\d+),(\d+)\)$/.exec(type) ?? [];
  if (width !== undefined) {
    return wholeBounds(min, max, Number(scale))?.map((text) =>
      decimalText(BigInt(text), { width: Number(width), scale: Number(scale) }),
    );
  }
  if (type === 'DOUBLE' || type === 'FLOAT') return realBounds(Number(min), Number(max));
  if (type === 'DATE') {
    return instantBounds(`${min} 00:00:00`, `${max} 00:00:00`, { smallest: DAY })?.map(
      (text) => text.split(' ')[0] ?? '',
    );
  }
  if (type === 'TIME') {
    return instantBounds(`1970-01-01 ${min}`, `1970-01-01 ${max}`)?.map((text) => text.split(' ')[1] ?? '');
  }
  if (type === 'TIMESTAMP WITH TIME ZONE') {
    return instantBounds(min.replace(/\+00$/, ''), max.replace(/\+00$/, ''))?.map((text) => `${text}+00`);
  }
  if (type === 'TIMESTAMP_S') return instantBounds(min, max, { smallest: SECOND });
  return /^TIMESTAMP(_MS|_NS)?$/.test(type) ? instantBounds(min, max) : undefined;
}

/** Whole multiples of a round step. @param scale digits behind the point, which are left out of the answer */
function wholeBounds(min: string, max: string, scale: number): string[] | undefined {
  const [low, high] = [unscaled(min, scale), unscaled(max, scale)];
  if (low === undefined || high === undefined || high <= low) return undefined;
  let step = 1n;
  for (let power = 1n; (high - low) / step >= BigInt(MAX_BARS); power *= 10n) {
    step = [1n, 2n, 5n].map((n) => n * power).find((n) => (high - low) / n < BigInt(MAX_BARS)) ?? 10n * power;
  }
  return multiples(low, high, step).map(String);
}

function multiples(low: bigint, high: bigint, step: bigint): bigint[] {
  const first = (low / step) * step;
  const bounds: bigint[] = [];
  for (let bound = first - step; bound <= high; bound += step) if (bound > low) bounds.push(bound);
  return bounds;
}

function unscaled(text: string, scale: number): bigint | undefined {
  const [whole = '', fraction = ''] = text.split('.');
  return /^-?\d*$/.test(whole) && /^\d*$/.test(fraction)
    ? BigInt(whole + fraction.padEnd(scale, '0'))
    : undefined;
}

function realBounds(min: number, max: number): string[] | undefined {
  const size = max - min;
  if (!(size > 0) || !Number.isFinite(size)) return undefined;
  const power = 10 ** Math.floor(Math.log10(size / MAX_BARS));
  const step = [1, 2, 5, 10].map((n) => n * power).find((n) => size / n < MAX_BARS) ?? 10 * power;
  const first = Math.floor(min / step);
  const bounds = new Set<number>();
  for (let i = 0; i <= MAX_BARS + 1; i++) {
    // Multiples have digits that the step does not.
    const bound = Number(((first + i) * step).toPrecision(12));
    if (bound > min && bound <= max) bounds.add(bound);
  }
  return [...bounds].map(doubleText);
}

const SECOND = 1_000_000n;
const DAY = 86_400n * SECOND;

/** Steps of a clock, microseconds. */
const CLOCK_STEPS: readonly bigint[] = [
  ...[1n, 10n, 100n].flatMap((n) => [n, 2n * n, 5n * n]),
  ...[1000n, 10_000n, 100_000n].flatMap((n) => [n, 2n * n, 5n * n]),
  ...[1n, 2n, 5n, 10n, 15n, 30n].map((n) => n * SECOND),
  ...[1n, 2n, 5n, 10n, 15n, 30n].map((n) => n * 60n * SECOND),
  ...[1n, 2n, 3n, 6n, 12n].map((n) => n * 3600n * SECOND),
  DAY,
  2n * DAY,
  7n * DAY,
];

/** Steps of a calendar, months. */
const MONTH_STEPS = [1, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 2400, 6000, 12_000];

function instantBounds(min: string, max: string, { smallest = 1n } = {}): string[] | undefined {
  const [low, high] = [micros(min), micros(max)];
  if (low === undefined || high === undefined || high <= low) return undefined;
  const most = BigInt(MAX_BARS);
  const step = CLOCK_STEPS.find((n) => n >= smallest && (high - low) / n < most);
  if (step !== undefined) return multiples(low, high, step).map((bound) => timestampText(bound, SECOND));
  const [first, last] = [monthOf(low), monthOf(high)];
  const months = MONTH_STEPS.find((n) => (last - first) / n < MAX_BARS);
  if (months === undefined) return undefined;
  const bounds: string[] = [];
  for (let month = Math.floor(first / months) * months; month <= last; month += months) {
    const bound = microsOfMonth(month);
    if (bound > low && bound <= high) bounds.push(timestampText(bound, SECOND));
  }
  return bounds;
}

/** Microseconds since 1970 of a time from the year 1 to 9999. */
function micros(text: string): bigint | undefined {
  const [, date, time = '', fraction = ''] =
    /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.(\d+))?$/.exec(text) ?? [];
  const millis = Date.parse(`${date}T${time}Z`);
  if (date === undefined || Number.isNaN(millis)) return undefined;
  return BigInt(millis) * 1000n + BigInt(fraction.slice(0, 6).padEnd(6, '0'));
}

/** Months since the year 0. */
function monthOf(at: bigint): number {
  const date = new Date(Number(at / 1000n));
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

function microsOfMonth(month: number): bigint {
  const date = new Date(0);
  date.setUTCFullYear(Math.floor(month / 12), month % 12, 1);
  return BigInt(date.getTime()) * 1000n;
}
