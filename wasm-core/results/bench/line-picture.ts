import { ENGLISH } from '../../protocol/localizer.ts';
import {
  fittedText,
  type Picture,
  type PictureLook,
  type Shape,
  seriesLook,
  seriesTone,
  textWidth,
} from './picture.ts';
import { type Scale, scaleOf } from './scale.ts';

/** A line: what was measured at each of some places. */
export interface Line {
  readonly label: string;
  readonly points: readonly LinePoint[];
}

export interface LinePoint {
  /** Along the axis: a size, or the number of a commit. */
  readonly x: number;
  readonly y: number;
  /** How uncertain `y` is; absent: nobody knows. */
  readonly low?: number;
  readonly high?: number;
  /** What is known of the point, for a tooltip. */
  readonly title: string;
}

/** What a picture of lines says beside them. */
export interface LineLook extends PictureLook {
  readonly title: string;
  readonly description: string;
  readonly xName: string;
  readonly yName: string;
  readonly xText: (x: number) => string;
  readonly yText: (y: number) => string;
  /** Places that are named; absent: round ones. */
  readonly xTicks?: readonly number[];
  readonly isLogX?: boolean;
}

const PLOT_PX = 190;
const SIDE_PX = 12;
const LEFT_PX = 76;

/** Lines with a mark at each point; each line has a mark of its own, so that colours need not tell them apart. */
export function linePicture(lines: readonly Line[], look: LineLook): Picture {
  const { width } = look;
  const points = lines.flatMap((line) => line.points);
  const legendHeight = 22 * lines.length + 20;
  const [top, bottom] = [legendHeight, legendHeight + PLOT_PX];
  const values = points.flatMap(({ y, low = y, high = y }) => [y, low, high]);
  const yScale = scaleOf({ values, from: bottom, to: top, ticks: 5, isFromZero: true });
  const xScale = scaleOf({
    values: points.map(({ x }) => x),
    from: LEFT_PX,
    to: width - SIDE_PX,
    ticks: Math.max(2, (width - LEFT_PX) / 120),
    isLog: look.isLogX ?? false,
  });
  const axes = { xScale, yScale, top, bottom };
  return {
    width,
    height: bottom + 38,
    title: look.title,
    description: look.description,
    shapes: [
      ...lines.flatMap((line, index) => legendShapes(line, { index, width })),
      ...axisShapes(look, axes),
      ...lines.flatMap((line, index) => lineShapes(line, { index, ...axes })),
    ],
  };
}

interface Axes {
  readonly xScale: Scale;
  readonly yScale: Scale;
  readonly top: number;
  readonly bottom: number;
}

function legendShapes(
  { label }: Line,
  { index, width }: { readonly index: number; readonly width: number },
): Shape[] {
  const y = 14 + index * 22;
  const look = seriesLook(index);
  return [
    { type: 'mark', x: SIDE_PX + 5, y: y - 4, size: 4.5, look, tone: seriesTone(index) },
    {
      type: 'text',
      x: SIDE_PX + 16,
      y,
      text: fittedText(label, width - 2 * SIDE_PX - 16),
      anchor: 'start',
      tone: 'text',
    },
  ];
}

function axisShapes(look: LineLook, { xScale, yScale, top, bottom }: Axes): Shape[] {
  const { width, l10n = ENGLISH, xTicks = xScale.ticks } = look;
  const right = width - SIDE_PX;
  const yName = yScale.isLog ? l10n.t('{0}, logarithmic', look.yName) : look.yName;
  const xName = xScale.isLog ? l10n.t('{0}, logarithmic', look.xName) : look.xName;
  let taken = Number.NEGATIVE_INFINITY;
  return [
    ...yScale.ticks.flatMap((value): Shape[] => {
      const y = yScale.at(value);
      return [
        { type: 'line', x1: LEFT_PX, y1: y, x2: right, y2: y, tone: 'grid' },
        { type: 'text', x: LEFT_PX - 6, y: y + 4, text: look.yText(value), anchor: 'end', tone: 'quiet' },
      ];
    }),
    { type: 'text', x: SIDE_PX, y: top - 8, text: yName, anchor: 'start', tone: 'quiet' },
    ...xTicks.flatMap((value): Shape[] => {
      const x = xScale.at(value);
      const text = look.xText(value);
      const half = textWidth(text) / 2;
      // Names that would touch are left out.
      if (x - half < taken + 8) return [];
      const anchor = x + half > width ? 'end' : 'middle';
      taken = anchor === 'end' ? x : x + half;
      return [
        { type: 'line', x1: x, y1: bottom, x2: x, y2: bottom + 4, tone: 'grid' },
        { type: 'text', x, y: bottom + 17, text, anchor, tone: 'quiet' },
      ];
    }),
    {
      type: 'text',
      x: (LEFT_PX + right) / 2,
      y: bottom + 33,
      text: xName,
      anchor: 'middle',
      tone: 'quiet',
    },
  ];
}

function lineShapes({ points }: Line, place: Axes & { readonly index: number }): Shape[] {
  const { xScale, yScale, index } = place;
  const tone = seriesTone(index);
  const at = [...points].sort((a, b) => a.x - b.x);
  const placed = at.map(({ x, y }) => ({ x: xScale.at(x), y: yScale.at(y) }));
  const bars = at.flatMap(({ x, low, high }): Shape[] => {
    if (low === undefined || high === undefined) return [];
    const across = xScale.at(x);
    return [{ type: 'line', x1: across, y1: yScale.at(low), x2: across, y2: yScale.at(high), tone }];
  });
  return [
    ...(placed.length > 1 ? [{ type: 'path' as const, points: placed, tone }] : []),
    ...bars,
    ...at.map(
      ({ x, y, title }): Shape => ({
        type: 'mark',
        x: xScale.at(x),
        y: yScale.at(y),
        size: 4.5,
        look: seriesLook(index),
        tone,
        title,
      }),
    ),
  ];
}
