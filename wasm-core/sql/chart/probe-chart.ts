import type { ChartSpec } from '../../protocol/chart.ts';
import type { ColumnInfo } from '../../protocol/methods.ts';
import { type ChartPart, type ColumnProbe, partOf, placeSql } from './chart-keys.ts';

/** What a chart is made of. */
export interface ChartInput {
  /** Without a fault by `chartFault`. */
  readonly spec: ChartSpec;
  /** The result's. */
  readonly columns: readonly ColumnInfo[];
  /**
   * What stands behind `from`: the rows, with the columns `usedColumns` as `c0`, `c1` and so on by their places in the
   * result, and the number of each row as `r`. A query reads them once.
   */
  readonly rows: string;
}

/** What is found out first. */
export interface ChartProbe {
  readonly rowCount: number;
  /** Rows that have what it takes to be drawn. */
  readonly usable: number;
  readonly x?: ColumnProbe;
  /** Of the first column y; of several together for points. */
  readonly y?: ColumnProbe;
  /** Different series, NULL among them. */
  readonly seriesCount: number;
}

/** The places of the columns that a chart reads, each once. */
export function usedColumns({ x, y, series, value }: ChartSpec): number[] {
  const used = [x, ...(y ?? []), series, value].flatMap((column) =>
    column === undefined ? [] : [column.index],
  );
  return [...new Set(used)].sort((a, b) => a - b);
}

/** The column's place in the rows. */
export function columnSql({ column }: ChartPart): string {
  return `c${column.index}`;
}

/** One row, read by `readProbe`. */
export function compileProbe({ spec, columns, rows }: ChartInput): string {
  const x = spec.x && partOf(spec.x, columns);
  const y = (spec.y ?? []).map((column) => partOf(column, columns));
  const series = spec.series && partOf(spec.series, columns);
  const [first] = y;
  const fields = [
    'count(*)',
    ...fieldsOf(x === undefined ? [] : [x]),
    // Along the side of a heat map lies a column of any kind; else numbers that share an axis.
    ...fieldsOf(first === undefined || spec.kind === 'heatmap' ? y.slice(0, 1) : y),
    series === undefined ? '0' : distinctSql(columnSql(series)),
    usableSql(spec.kind, x, y),
  ];
  return `select ${fields.map((field, index) => `cast(${field} as double) as f${index}`).join(', ')} from ${rows}`;
}

/** Reads the numbers of the probe's row, NULL as undefined. */
export function readProbe({ spec }: ChartInput, row: readonly (number | undefined)[]): ChartProbe {
  const at = (index: number): number => row[index] ?? 0;
  const probe = (from: number): ColumnProbe => ({
    usable: at(from),
    distinct: at(from + 1),
    low: at(from + 2),
    high: at(from + 3),
  });
  return {
    rowCount: at(0),
    usable: at(10),
    ...(spec.x !== undefined && { x: probe(1) }),
    ...((spec.y ?? []).length > 0 && { y: probe(5) }),
    seriesCount: at(9),
  };
}

/** How many rows can be drawn: those with a place on each axis; where values are put together, on the bottom's. */
function usableSql(kind: ChartSpec['kind'], x: ChartPart | undefined, y: readonly ChartPart[]): string {
  const placed = (parts: readonly ChartPart[]): string[] => {
    const places = parts.flatMap((part) =>
      part.class === 'category' ? [] : [placeSql(part, columnSql(part))],
    );
    return places.length === 0 ? [] : [`coalesce(${places.join(', ')}) is not null`];
  };
  const isGrouped = kind === 'line' || kind === 'area' || kind === 'bar';
  const conditions = [...placed(x === undefined ? [] : [x]), ...(isGrouped ? [] : placed(y))];
  return conditions.length === 0 ? 'count(*)' : `count(*) filter (${conditions.join(' and ')})`;
}

/** Four numbers of the values of columns together. */
function fieldsOf(parts: readonly ChartPart[]): string[] {
  const [first] = parts;
  if (first === undefined) return ['0', '0', '0', '0'];
  if (first.class === 'category') return ['count(*)', distinctSql(columnSql(first)), '0', '0'];
  const places = parts.map((part) => placeSql(part, columnSql(part)));
  const [place = ''] = places;
  const bound = (name: 'least' | 'greatest', of: 'min' | 'max') =>
    `${name}(${places.map((one) => `${of}(${one})`).join(', ')})`;
  return [
    `count(coalesce(${places.join(', ')}))`,
    `approx_count_distinct(${place})`,
    bound('least', 'min'),
    bound('greatest', 'max'),
  ];
}

function distinctSql(column: string): string {
  return `count(distinct ${column}) + cast(count(*) > count(${column}) as integer)`;
}
