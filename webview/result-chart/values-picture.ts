import type { ChartAxis } from '../../wasm-core/protocol/chart.ts';
import type { ChartSeries, TipItem } from '../chart/draw-chart.ts';
import { axisOption, binLabel } from './axis.ts';
import { DrawnRows, labelOf, NULL_TEXT } from './drawn-rows.ts';
import { valueNames } from './names.ts';
import type { PictureInput, PictureParts } from './picture.ts';

/** Beyond so many points none has a mark of its own on a line. */
const MAX_MARKS = 100;

/** Beyond so many points a scatter has smaller ones. */
const MANY_POINTS = 2000;

/** One series: the rows of the answer that it is made of, and the column of its values. */
interface Line {
  readonly name: string;
  readonly column: string;
  readonly rows: number[];
}

/** Lines, areas, bars, and points that are few enough to have their texts. */
export function valuesPicture({ spec, data }: PictureInput): PictureParts {
  const rows = new DrawnRows(data);
  const names = valueNames(spec, data.aggregate);
  const lines = linesOf(rows, { names, hasSeries: spec.series !== undefined });
  const places = data.x.class === 'category' ? placesOf(rows) : undefined;
  const kind = spec.kind === 'histogram' ? 'bar' : spec.kind;
  const series = lines.map((line) => seriesOf(line, { rows, kind, places, axis: data.x }));
  const at = ({ seriesIndex, dataIndex }: TipItem) => lines[seriesIndex]?.rows[dataIndex];
  const xText = (row: number) => placeText(rows, row, data.x);
  const tip = (items: readonly TipItem[]): string[] => {
    const found = items.flatMap((item) => {
      const row =
        places === undefined ? at(item) : rowAt(lines[item.seriesIndex], rows, places, item.dataIndex);
      const line = lines[item.seriesIndex];
      return row === undefined || line === undefined ? [] : [{ row, line }];
    });
    const [first] = found;
    if (first === undefined) return [];
    const values = found.map(({ row, line }) => `${line.name}: ${rows.text(row, line.column) ?? NULL_TEXT}`);
    return [xText(first.row), ...values];
  };
  const yName = names.length === 1 ? (names[0] ?? '') : '';
  return {
    xAxis: {
      ...axisOption(data.x, {
        name: spec.x?.name ?? '',
        ...(places && { categories: [...places.keys()].map((key) => labelOf(keyText(key))) }),
      }),
      ...(kind === 'scatter' && { scale: true }),
    },
    yAxis: { ...axisOption(data.y, { name: yName }), scale: kind === 'line' || kind === 'scatter' },
    series,
    tip,
    tipOf: kind === 'scatter' ? 'item' : 'axis',
    table: {
      columns: [spec.x?.name ?? '', ...(spec.series === undefined ? [] : [spec.series.name]), ...names],
      rowCount: rows.count,
      row: (index) => [
        xText(index),
        ...(spec.series === undefined ? [] : [rows.text(index, 'series') ?? NULL_TEXT]),
        ...names.map((_, i) => rows.text(index, `y${i}`) ?? NULL_TEXT),
      ],
    },
  };
}

/** A category's key: its text, which may be any, and NULL, which is none. */
const NULL_KEY = '\0NULL';

function keyOf(rows: DrawnRows, row: number): string {
  return rows.text(row, 'x') ?? NULL_KEY;
}

function keyText(key: string): string | undefined {
  return key === NULL_KEY ? undefined : key;
}

/** The categories in their order, each with its place. */
function placesOf(rows: DrawnRows): ReadonlyMap<string, number> {
  const places = new Map<string, number>();
  for (let row = 0; row < rows.count; row++) {
    const key = keyOf(rows, row);
    if (!places.has(key)) places.set(key, places.size);
  }
  return places;
}

function linesOf(
  rows: DrawnRows,
  { names, hasSeries }: { readonly names: readonly string[]; readonly hasSeries: boolean },
): Line[] {
  const lines = new Map<string, Line>();
  for (let row = 0; row < rows.count; row++) {
    const text = hasSeries ? rows.text(row, 'series') : '';
    names.forEach((name, index) => {
      const key = `${index} ${text ?? NULL_KEY}`;
      const own = hasSeries ? labelOf(text) : name;
      const line = lines.get(key) ?? {
        name: hasSeries && names.length > 1 ? `${own} · ${name}` : own,
        column: `y${index}`,
        rows: [],
      };
      line.rows.push(row);
      lines.set(key, line);
    });
  }
  return [...lines.values()];
}

function seriesOf(
  line: Line,
  options: {
    readonly rows: DrawnRows;
    readonly kind: string;
    readonly places: ReadonlyMap<string, number> | undefined;
    readonly axis: ChartAxis;
  },
): ChartSeries {
  const { rows, kind, places, axis } = options;
  const value = (row: number) => rows.number(row, line.column) ?? null;
  const across = (row: number) =>
    axis.class === 'time' ? (rows.number(row, 'x_at') ?? null) : (rows.number(row, 'x') ?? null);
  const data =
    places === undefined
      ? line.rows.map((row) => [across(row), value(row)])
      : aligned(line, rows, places).map((row) => (row === undefined ? null : value(row)));
  const { name } = line;
  if (kind === 'bar') return { type: 'bar', name, data };
  if (kind === 'scatter') {
    const isMany = line.rows.length > MANY_POINTS;
    return { type: 'scatter', name, data, symbolSize: isMany ? 3 : 7, itemStyle: { opacity: 0.75 } };
  }
  const marks = line.rows.length > MAX_MARKS ? { showSymbol: false } : {};
  const area = kind === 'area' ? { areaStyle: { opacity: 0.25 } } : {};
  return { type: 'line', name, data, ...marks, ...area };
}

/** The row of a line at each place; undefined where it has none. */
function aligned(line: Line, rows: DrawnRows, places: ReadonlyMap<string, number>): (number | undefined)[] {
  const found = new Array<number | undefined>(places.size).fill(undefined);
  for (const row of line.rows) found[places.get(keyOf(rows, row)) ?? 0] = row;
  return found;
}

function rowAt(
  line: Line | undefined,
  rows: DrawnRows,
  places: ReadonlyMap<string, number>,
  place: number,
): number | undefined {
  return line?.rows.find((row) => places.get(keyOf(rows, row)) === place);
}

/** What lies along the bottom, as the grid shows it; of bins both bounds. */
function placeText(rows: DrawnRows, row: number, axis: ChartAxis): string {
  const { bins } = axis;
  if (bins === undefined) return labelOf(rows.text(row, 'x'));
  return binLabel(axis, Math.round(((rows.number(row, 'x') ?? bins.start) - bins.start) / bins.step));
}
