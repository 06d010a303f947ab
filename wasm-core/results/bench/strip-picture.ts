import { quantileOfSorted } from '../../protocol/bench/statistics.ts';
import { durationText } from '../../protocol/figures.ts';
import { ENGLISH, type Localizer } from '../../protocol/localizer.ts';
import {
  fittedText,
  type Picture,
  type PictureLook,
  type Point,
  type Shape,
  seriesTone,
  type Tone,
} from './picture.ts';
import { type Scale, scaleOf } from './scale.ts';

/** The times of one target. */
export interface StripRow {
  readonly label: string;
  /** Of each measured run, microseconds. */
  readonly micros: readonly number[];
  /** Of the run that it is compared with; absent: there is none. */
  readonly before?: readonly number[];
}

const TOP_PX = 10;
const ROW_PX = 64;
const AXIS_PX = 34;
const SIDE_PX = 12;

/** Times beyond these many are shown as the shape of their heap. */
const MAX_MARKS = 200;

/** Slices of that shape. */
const SLICES = 64;

/**
 * The times of runs along one axis, a row for each target: every run as a mark, the middle half as a box, the median as
 * a line; what it is compared with stands below it, hollow.
 *
 * @param options.width pixels
 */
export function stripPicture(given: readonly StripRow[], { width, l10n = ENGLISH }: PictureLook): Picture {
  const rows = given.map(({ label, micros, before }) => ({
    label,
    micros: micros.filter(Number.isFinite),
    ...(before !== undefined && { before: before.filter(Number.isFinite) }),
  }));
  const values = rows.flatMap(({ micros, before = [] }) => [...micros, ...before]);
  const scale = scaleOf({ values, from: SIDE_PX, to: width - SIDE_PX, ticks: Math.max(2, width / 110) });
  const bottom = TOP_PX + rows.length * ROW_PX;
  return {
    width,
    height: bottom + AXIS_PX,
    title: l10n.t('Times of the runs'),
    description: rows.map((row) => described(row, l10n)).join(' '),
    shapes: [
      ...axis(scale, {
        top: TOP_PX,
        bottom,
        width,
        l10n,
        hasBefore: rows.some(({ before = [] }) => before.length > 0),
      }),
      ...rows.flatMap((row, index) => rowShapes(row, { index, scale, width, l10n })),
    ],
  };
}

function described({ label, micros }: StripRow, l10n: Localizer): string {
  if (micros.length === 0) return l10n.t('{0}: no run yet.', label);
  const times = sorted(micros);
  const [median, high] = [quantileOfSorted(times, 0.5), quantileOfSorted(times, 0.95)];
  const [least, most] = [durationText(times[0] ?? 0), durationText(times.at(-1) ?? 0)];
  const figures = [durationText(median), durationText(high), least, most];
  return l10n.t('{0}: median {1}, p95 {2}, {3} to {4}.', label, ...figures);
}

function axis(
  scale: Scale,
  {
    top,
    bottom,
    width,
    hasBefore,
    l10n,
  }: {
    readonly l10n: Localizer;
    readonly top: number;
    readonly bottom: number;
    readonly width: number;
    readonly hasBefore: boolean;
  },
): Shape[] {
  const time = scale.isLog ? l10n.t('{0}, logarithmic', l10n.t('time of a run')) : l10n.t('time of a run');
  const name = hasBefore ? l10n.t('{0}; grey: what it is compared with', time) : time;
  return [
    ...scale.ticks.flatMap((value): Shape[] => {
      const x = scale.at(value);
      return [
        { type: 'line', x1: x, y1: top, x2: x, y2: bottom, tone: 'grid' },
        { type: 'text', x, y: bottom + 14, text: tickText(value), anchor: anchorAt(x, width), tone: 'quiet' },
      ];
    }),
    { type: 'text', x: width / 2, y: bottom + 29, text: name, anchor: 'middle', tone: 'quiet' },
  ];
}

/** A tick's time, with as few digits as it needs. */
export function tickText(micros: number): string {
  if (micros <= 0) return '0';
  const [value, unit] =
    micros < 1000 ? [micros, 'µs'] : micros < 1_000_000 ? [micros / 1000, 'ms'] : [micros / 1e6, 's'];
  return `${Number(value.toPrecision(4))} ${unit}`;
}

/** Where a text at a place has to begin so that it does not leave the picture. */
export function anchorAt(x: number, width: number): 'start' | 'middle' | 'end' {
  return x < 30 ? 'start' : x > width - 30 ? 'end' : 'middle';
}

interface RowPlace {
  readonly l10n: Localizer;
  readonly index: number;
  readonly scale: Scale;
  readonly width: number;
}

function rowShapes({ label, micros, before }: StripRow, { index, scale, width, l10n }: RowPlace): Shape[] {
  const top = TOP_PX + index * ROW_PX;
  const hasBefore = before !== undefined && before.length > 0;
  const name: Shape = {
    type: 'text',
    x: SIDE_PX,
    y: top + 14,
    text: fittedText(label, width - 2 * SIDE_PX, { isStrong: true }),
    anchor: 'start',
    tone: 'text',
    isStrong: true,
  };
  const own = { scale, l10n, tone: seriesTone(index), isHollow: false };
  return [
    ...times(micros, { ...own, middle: top + (hasBefore ? 31 : 39), height: hasBefore ? 18 : 30 }),
    ...(hasBefore
      ? times(before, { scale, l10n, tone: 'before' as const, isHollow: true, middle: top + 51, height: 14 })
      : []),
    name,
  ];
}

interface TimesLook {
  readonly l10n: Localizer;
  readonly scale: Scale;
  readonly tone: Tone;
  readonly isHollow: boolean;
  /** Pixel of the middle. */
  readonly middle: number;
  readonly height: number;
}

function times(micros: readonly number[], look: TimesLook): Shape[] {
  if (micros.length === 0) return [];
  const { scale, tone, middle, height } = look;
  const all = sorted(micros);
  const [low, median, high] = [0.25, 0.5, 0.75].map((q) => scale.at(quantileOfSorted(all, q)));
  const [left = 0, center = 0, right = 0] = [low, median, high];
  const runs = micros.length > MAX_MARKS ? heap(all, look) : marks(micros, look);
  return [
    {
      type: 'rect',
      x: left,
      y: middle - height / 2,
      width: Math.max(1, right - left),
      height,
      tone,
      isHollow: true,
    },
    ...runs,
    {
      type: 'line',
      x1: center,
      y1: middle - height / 2 - 3,
      x2: center,
      y2: middle + height / 2 + 3,
      tone: 'median',
    },
  ];
}

/** Marks lie apart as a golden ratio spreads them, so that the same runs make the same picture. */
function marks(
  micros: readonly number[],
  { scale, tone, isHollow, middle, height, l10n }: TimesLook,
): Shape[] {
  return micros.map((value, run) => ({
    type: 'mark',
    x: scale.at(value),
    y: middle + (((run * 0.618) % 1) - 0.5) * (height - 8),
    size: 3,
    look: 'circle',
    tone,
    isHollow,
    title: l10n.t('run {0}: {1}', run + 1, durationText(value)),
  }));
}

function heap(all: readonly number[], { scale, tone, middle, height }: TimesLook): Shape[] {
  const places = all.map((value) => scale.at(value));
  const [first = 0, last = 0] = [places[0], places.at(-1)];
  const slice = Math.max(1, (last - first) / SLICES);
  const counts = new Array<number>(SLICES + 1).fill(0);
  for (const x of places) {
    const at = Math.min(SLICES, Math.floor((x - first) / slice));
    counts[at] = (counts[at] ?? 0) + 1;
  }
  const most = counts.reduce((a, b) => Math.max(a, b), 1);
  const half = (count: number) => (count / most) * (height / 2);
  const upper = counts.map((count, i): Point => ({ x: first + (i + 0.5) * slice, y: middle - half(count) }));
  const lower = counts.map((count, i): Point => ({ x: first + (i + 0.5) * slice, y: middle + half(count) }));
  return [{ type: 'path', points: [...upper, ...lower.reverse()], tone, isFilled: true }];
}

function sorted(values: readonly number[]): number[] {
  return [...values].sort((a, b) => a - b);
}
