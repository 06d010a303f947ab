import type { ColumnInfo, StatementResult } from './methods.ts';
import type { ResultRef, RowFilter } from './result-query.ts';

/*
 * `result/chart`: what a chart of the rows of an earlier run shows. The engine groups, counts and sorts over all rows, so
 * that a page gets no more than it can draw.
 */

/** Every kind of chart, in the order of lists. */
export const CHART_KINDS = ['line', 'area', 'bar', 'scatter', 'histogram', 'box', 'heatmap'] as const;
export type ChartKind = (typeof CHART_KINDS)[number];

/** What becomes of the values that fall together. */
export const CHART_AGGREGATES = ['sum', 'avg', 'min', 'max', 'median', 'count'] as const;
export type ChartAggregate = (typeof CHART_AGGREGATES)[number];

/** Spans of time that times fall into, the shortest first. */
export const TIME_BUCKETS = ['second', 'minute', 'hour', 'day', 'week', 'month', 'quarter', 'year'] as const;
export type TimeBucket = (typeof TIME_BUCKETS)[number];

/** A column by its place in the result; the name is for people, and tells a result that has changed. */
export interface ChartColumn {
  readonly index: number;
  readonly name: string;
}

/** What a chart shows. `CHART_ROLES` says which kind has which members. */
export interface ChartSpec {
  readonly kind: ChartKind;
  /** What lies along the bottom; of a histogram the values that are counted. */
  readonly x?: ChartColumn;
  /** Numbers, at most `MAX_CHART_VALUES` columns; of a heat map the one column along the side. */
  readonly y?: readonly ChartColumn[];
  /** What splits the values into series. */
  readonly series?: ChartColumn;
  /** Of a heat map: what is summed up in each cell; absent: rows are counted. */
  readonly value?: ChartColumn;
  /** Absent: `sum`, and `count` where there is nothing to sum up. */
  readonly aggregate?: ChartAggregate;
  /** Bins of numbers, 1 to `MAX_CHART_BINS`; absent: chosen by the values. */
  readonly bins?: number;
  /** Absent: chosen by the values. */
  readonly bucket?: TimeBucket;
  /** Categories shown, 1 to `MAX_CHART_CATEGORIES`; absent: `DEFAULT_CHART_CATEGORIES`. */
  readonly limit?: number;
}

/** Columns of numbers in one chart. */
export const MAX_CHART_VALUES = 8;
export const MAX_CHART_BINS = 500;
export const MAX_CHART_CATEGORIES = 1000;
export const DEFAULT_CHART_CATEGORIES = 50;
/** Series of a chart; the rest is left out. */
export const MAX_CHART_SERIES = 12;

/** What a column can be in a chart; `other` can be nothing. */
export type ColumnClass = 'number' | 'time' | 'category' | 'other';

/** What a type can be in a chart. @param type DuckDB's own name, such as `DECIMAL(10,2)` */
export function columnClass(type: string): ColumnClass {
  if (/^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL\([^)]*\))$/.test(type)) return 'number';
  if (/^(DATE|TIMESTAMP(_S|_MS|_NS)?|TIMESTAMP WITH TIME ZONE)$/.test(type)) return 'time';
  if (/^(VARCHAR|BOOLEAN|UUID|TIME|TIME WITH TIME ZONE|ENUM\(.*\))$/s.test(type)) return 'category';
  return 'other';
}

/** Which members a kind has, and what their columns can be. */
export interface ChartRoles {
  /** Absent: none; `optional`: it may be left out. */
  readonly x: readonly ColumnClass[];
  readonly isXOptional?: boolean;
  readonly y: readonly ColumnClass[];
  /** Columns of y, at most. */
  readonly maxY: number;
  readonly isYOptional?: boolean;
  readonly hasSeries: boolean;
  readonly hasValue: boolean;
  readonly hasAggregate: boolean;
}

const ANY: readonly ColumnClass[] = ['number', 'time', 'category'];
const MEASURED: readonly ColumnClass[] = ['number', 'time'];
const NUMBERS: readonly ColumnClass[] = ['number'];

const grouped: ChartRoles = {
  x: ANY,
  y: NUMBERS,
  maxY: MAX_CHART_VALUES,
  isYOptional: true,
  hasSeries: true,
  hasValue: false,
  hasAggregate: true,
};

/** What each kind of chart is made of. */
export const CHART_ROLES: Readonly<Record<ChartKind, ChartRoles>> = {
  line: grouped,
  area: grouped,
  bar: grouped,
  scatter: {
    x: MEASURED,
    y: NUMBERS,
    maxY: MAX_CHART_VALUES,
    hasSeries: true,
    hasValue: false,
    hasAggregate: false,
  },
  histogram: { x: MEASURED, y: [], maxY: 0, hasSeries: false, hasValue: false, hasAggregate: false },
  box: {
    x: ANY,
    isXOptional: true,
    y: NUMBERS,
    maxY: MAX_CHART_VALUES,
    hasSeries: false,
    hasValue: false,
    hasAggregate: false,
  },
  heatmap: { x: ANY, y: ANY, maxY: 1, hasSeries: false, hasValue: true, hasAggregate: true },
};

/** Why a chart cannot be made of a result. */
export interface ChartFault {
  /** A sentence. */
  readonly message: string;
  /** The part of the chart that it is about, and its column; absent: what is missing. */
  readonly role?: 'x' | 'y' | 'series' | 'value';
  readonly column?: ChartColumn;
}

/**
 * Why a chart cannot be made of a result, in a sentence; undefined when it can.
 *
 * @param columns the result's
 */
export function chartFault(spec: ChartSpec, columns: readonly ColumnInfo[]): string | undefined {
  return findChartFault(spec, columns)?.message;
}

/** The same as `chartFault`, with what it is about. */
export function findChartFault(spec: ChartSpec, columns: readonly ColumnInfo[]): ChartFault | undefined {
  const roles = CHART_ROLES[spec.kind];
  const y = spec.y ?? [];
  const parts: [NonNullable<ChartFault['role']>, ChartColumn | undefined, readonly ColumnClass[]][] = [
    ['x', spec.x, roles.x],
    ...y.map((column): ['y', ChartColumn, readonly ColumnClass[]] => ['y', column, roles.y]),
    ['series', spec.series, roles.hasSeries ? ANY : []],
    ['value', spec.value, roles.hasValue ? NUMBERS : []],
  ];
  for (const [role, column, allowed] of parts) {
    if (column === undefined) continue;
    const message = columnFault({ role, column, allowed, kind: spec.kind }, columns);
    if (message !== undefined) return { message, role, column };
  }
  const missing = (message: string): ChartFault => ({ message });
  if (spec.x === undefined && roles.isXOptional !== true)
    return missing(`A ${spec.kind} chart needs a column x.`);
  if (y.length > roles.maxY && roles.maxY > 0)
    return missing(`A ${spec.kind} chart takes at most ${roles.maxY} columns y.`);
  if (y.length === 0 && roles.maxY > 0 && roles.isYOptional !== true)
    return missing(`A ${spec.kind} chart needs a column y.`);
  return undefined;
}

function columnFault(
  part: {
    readonly role: string;
    readonly column: ChartColumn;
    readonly allowed: readonly ColumnClass[];
    readonly kind: ChartKind;
  },
  columns: readonly ColumnInfo[],
): string | undefined {
  const { role, column, allowed, kind } = part;
  if (allowed.length === 0) return `A ${kind} chart has no ${role}.`;
  const found = columns[column.index];
  if (found === undefined || found.name !== column.name) {
    return `The result has no column ${column.name} in its place; choose the columns of the chart again.`;
  }
  if (allowed.includes(columnClass(found.type))) return undefined;
  const wanted = allowed.map((name) => WANTED[name]).join(', ');
  return `The column ${found.name} is ${found.type}; ${role} of a ${kind} chart takes ${wanted}.`;
}

const WANTED: Readonly<Record<ColumnClass, string>> = {
  number: 'numbers',
  time: 'dates and times',
  category: 'texts and booleans',
  other: 'other values',
};

/** `result/chart`: what a chart of the rows of an earlier run shows. */
export interface ResultChartParams extends ResultRef {
  readonly spec: ChartSpec;
  /** All must hold; absent: all rows. */
  readonly filters?: readonly RowFilter[];
}

/**
 * How the rows of an answer are to be drawn. Their columns, by name:
 *
 * - `values`: `x` (the result's own type), `x_at` for times (milliseconds since 1970, UTC), `series`, `y0`, `y1`, …
 * - `points`: `x` and `y0`, `y1`, … as DOUBLE, `series` as the place in `seriesNames`: many rows, packed
 * - `density`: `x` and `y` as the numbers of bins, `n` rows
 * - `bins`: `x` as the number of a bin, `n` rows
 * - `boxes`: `x`, `x_at`, `k` (which y), `low`, `q1`, `q2`, `q3`, `high`, `outliers`, `n`
 * - `cells`: `x`, `x_at`, `y`, `y_at`, `v`
 */
export type ChartShape = 'values' | 'points' | 'density' | 'bins' | 'boxes' | 'cells';

/** What an axis has on it. */
export interface ChartAxis {
  readonly class: 'number' | 'time' | 'category';
  /** Of bins: where the first begins, and how wide each is; times in milliseconds since 1970, UTC. */
  readonly bins?: { readonly start: number; readonly step: number; readonly count: number };
  /** Of times that were put together. */
  readonly bucket?: TimeBucket;
}

export interface ResultChartResult {
  readonly statement: StatementResult;
  readonly shape: ChartShape;
  readonly x: ChartAxis;
  readonly y: ChartAxis;
  /** Of `points`. */
  readonly seriesNames?: readonly string[];
  /** What became of values that fall together; absent: every row is drawn. */
  readonly aggregate?: ChartAggregate;
  /** Rows that the filters leave. */
  readonly rowCount: number;
  /** What is not drawn: rows without the values that it takes, categories and series beyond the bounds. */
  readonly leftOut: { readonly rows: number; readonly categories: number; readonly series: number };
}
