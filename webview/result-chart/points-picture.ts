import * as l10n from '@vscode/l10n';
import { readNumberColumns } from '../../wasm-core/results/number-columns.ts';
import {
  type Density,
  densityImage,
  type Extent,
  extentOf,
  type ImageArea,
  type Points,
  pointImage,
} from '../chart/point-image.ts';
import { axisOption, binBounds, numberLabel, timeLabel } from './axis.ts';
import { labelOf } from './drawn-rows.ts';
import { valueNames } from './names.ts';
import type { PictureInput, PictureParts } from './picture.ts';

/** The largest image, pixels; larger panels have it scaled. */
const MAX_PIXELS = 4_000_000;

/** A point's size, CSS pixels. */
const POINT = 2;

interface DrawApi {
  coord(point: readonly [number, number]): [number, number];
}

/** Points that are too many for a drawing library: an image of them inside of its axes. */
export function pointsPicture(input: PictureInput): PictureParts {
  const { spec, data } = input;
  const columns = readNumberColumns(new Uint8Array(data.bytes), data.columns.length);
  const names = valueNames(spec, undefined);
  const drawing = data.shape === 'density' ? densityDrawing(input, columns) : pointsDrawing(input, columns);
  const { x, y, draw } = drawing;
  const renderItem = (_: unknown, api: DrawApi) => {
    const [left, bottom] = api.coord([x.low, y.low]);
    const [right, top] = api.coord([x.high, y.high]);
    const area = {
      x: left - POINT / 2,
      y: top - POINT / 2,
      width: right - left + POINT,
      height: bottom - top + POINT,
    };
    return { type: 'image', silent: true, style: { ...area, image: draw(area) } };
  };
  const seriesNames = data.shape === 'points' ? (data.seriesNames?.map(labelOf) ?? names) : names.slice(0, 1);
  return {
    xAxis: { ...axisOption(data.x, { name: labelOf(spec.x?.name) }), scale: true },
    yAxis: { ...axisOption(data.y, { name: names.length === 1 ? (names[0] ?? '') : '' }), scale: true },
    series: seriesNames.map((name, index) =>
      index === 0
        ? {
            type: 'custom',
            name,
            renderItem,
            encode: { x: [0, 2], y: [1, 3] },
            data: [[x.low, y.low, x.high, y.high]],
            clip: true,
          }
        : // For the legend alone.
          { type: 'custom', name, renderItem: () => undefined, data: [] },
    ),
    table: boundsTable({
      x,
      y,
      isTime: data.x.class === 'time',
      names: [labelOf(spec.x?.name), names.join(', ')],
    }),
  };

  function boundsTable(bounds: {
    readonly x: Extent;
    readonly y: Extent;
    readonly isTime: boolean;
    readonly names: readonly [string, string];
  }) {
    const write = bounds.isTime ? timeLabel : numberLabel;
    const rows = [
      [bounds.names[0], write(bounds.x.low), write(bounds.x.high)],
      [bounds.names[1], numberLabel(bounds.y.low), numberLabel(bounds.y.high)],
    ];
    return {
      columns: [l10n.t('column'), l10n.t('lowest'), l10n.t('highest')],
      rowCount: 2,
      row: (index: number) => rows[index] ?? [],
    };
  }
}

interface Drawing {
  readonly x: Extent;
  readonly y: Extent;
  /** An image for an area in CSS pixels; the same for the same area. */
  draw(area: { readonly width: number; readonly height: number }): HTMLCanvasElement;
}

function pointsDrawing({ data, theme }: PictureInput, columns: readonly Float64Array[]): Drawing {
  const at = (name: string) => columns[data.columns.findIndex((column) => column.name === name)];
  const series = at('series');
  const y = data.columns.flatMap(({ name }, index) => {
    const numbers = columns[index];
    return /^y\d+$/.test(name) && numbers !== undefined ? [numbers] : [];
  });
  const points: Points = { x: at('x') ?? new Float64Array(), y, ...(series && { series }) };
  const extents = { x: extentOf([points.x]), y: extentOf(y) };
  return {
    ...extents,
    draw: once(({ width, height }, ratio) => {
      const area: ImageArea = { ...extents, width, height };
      return pointImage(points, area, { size: Math.max(1, Math.round(POINT * ratio)), colors: theme.series });
    }),
  };
}

function densityDrawing({ data, theme }: PictureInput, columns: readonly Float64Array[]): Drawing {
  const [x, y, count] = columns;
  const density: Density = {
    columns: data.x.bins?.count ?? 1,
    rows: data.y.bins?.count ?? 1,
    x: x ?? new Float64Array(),
    y: y ?? new Float64Array(),
    count: count ?? new Float64Array(),
  };
  const extent = (axis: typeof data.x, bins: number): Extent => {
    const [low] = binBounds(axis, 0);
    const [, high] = binBounds(axis, bins - 1);
    return { low, high };
  };
  return {
    x: extent(data.x, density.columns),
    y: extent(data.y, density.rows),
    draw: once((size) => densityImage(density, size, theme.series[0] ?? theme.text)),
  };
}

type Size = { readonly width: number; readonly height: number };

/** Draws in the screen's own pixels, and again only for another size. */
function once(draw: (size: Size, ratio: number) => HTMLCanvasElement): (area: Size) => HTMLCanvasElement {
  let last: { readonly key: string; readonly image: HTMLCanvasElement } | undefined;
  return ({ width, height }) => {
    const wanted = window.devicePixelRatio;
    const ratio = Math.min(wanted, Math.sqrt(MAX_PIXELS / Math.max(1, width * height)));
    const size = {
      width: Math.max(4, Math.round(width * ratio)),
      height: Math.max(4, Math.round(height * ratio)),
    };
    const key = `${size.width} ${size.height}`;
    if (last?.key !== key) last = { key, image: draw(size, ratio) };
    return last.image;
  };
}
