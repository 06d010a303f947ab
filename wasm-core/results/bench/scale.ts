/** From values to places along an axis. */
export interface Scale {
  readonly isLog: boolean;
  /** The pixel of a value; those beyond the axis are put to its end. */
  at(value: number): number;
  /** Values that are named at the axis, ascending. */
  readonly ticks: readonly number[];
}

/** Values that lie further apart than this are shown by their logarithm. */
const LOG_RATIO = 12;

/**
 * A scale that has room for all values, with round ticks.
 *
 * @param range.values positive or 0; those that are no numbers are passed over
 * @param range.from the pixel of the smallest, and `to` that of the largest
 * @param range.ticks about how many
 * @param range.isFromZero whether a scale that is not logarithmic starts at 0
 */
export function scaleOf(range: {
  readonly values: readonly number[];
  readonly from: number;
  readonly to: number;
  readonly ticks: number;
  readonly isFromZero?: boolean;
  readonly isLog?: boolean;
}): Scale {
  const { from, to, ticks, isFromZero = false } = range;
  const values = range.values.filter((value) => Number.isFinite(value) && value >= 0);
  const high = values.reduce((most, value) => Math.max(most, value), 0);
  const low = values.reduce((least, value) => Math.min(least, value), high);
  const isLog = range.isLog ?? (low > 0 && high / low > LOG_RATIO);
  if (isLog && low > 0) return logScale({ low, high, from, to, ticks });
  const bottom = isFromZero ? 0 : low - (high - low) * 0.06;
  const top = high === low ? high * 1.1 || 1 : high + (high - low) * 0.06;
  return linearScale({ low: Math.max(0, bottom === top ? 0 : bottom), high: top, from, to, ticks });
}

interface Bounds {
  readonly low: number;
  readonly high: number;
  readonly from: number;
  readonly to: number;
  readonly ticks: number;
}

function linearScale({ low, high, from, to, ticks: wanted }: Bounds): Scale {
  const step = roundStep((high - low) / Math.max(1, wanted));
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  const ticks = Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => (first + i) * step);
  return { isLog: false, ticks, at: (value) => place((value - low) / (high - low), from, to) };
}

function logScale({ low, high, from, to, ticks: wanted }: Bounds): Scale {
  const [bottom, top] = [Math.log10(low * 0.9), Math.log10(Math.max(high, low * 1.01) * 1.1)];
  const all = [1, 2, 5];
  const decades = Array.from(
    { length: Math.ceil(top) - Math.floor(bottom) + 1 },
    (_, i) => Math.floor(bottom) + i,
  );
  const within = (steps: readonly number[]) =>
    decades
      .flatMap((decade) => steps.map((step) => step * 10 ** decade))
      .filter((value) => Math.log10(value) >= bottom && Math.log10(value) <= top);
  const fine = within(all);
  const tens = within([1]);
  const every = Math.max(1, Math.ceil(tens.length / wanted));
  const ticks = fine.length <= wanted + 1 ? fine : tens.filter((_, i) => i % every === 0);
  return {
    isLog: true,
    ticks,
    at: (value) => place((Math.log10(Math.max(value, low * 0.9)) - bottom) / (top - bottom), from, to),
  };
}

function place(share: number, from: number, to: number): number {
  return from + (to - from) * Math.min(1, Math.max(0, share));
}

/** The smallest of 1, 2, 5, 10, … that is not below a step. */
function roundStep(step: number): number {
  const decade = 10 ** Math.floor(Math.log10(step > 0 ? step : 1));
  const found = [1, 2, 5, 10].find((factor) => factor * decade >= step * (1 - 1e-9)) ?? 10;
  return found * decade;
}
