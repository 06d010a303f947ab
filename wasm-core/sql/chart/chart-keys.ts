import {
  type ChartAxis,
  type ChartColumn,
  type ChartSpec,
  type ColumnClass,
  columnClass,
  DEFAULT_CHART_CATEGORIES,
} from '../../protocol/chart.ts';
import type { ColumnInfo } from '../../protocol/methods.ts';
import { binsBetween, bucketFor } from './chart-scale.ts';

/** What was found out of a column before a chart of it is made. */
export interface ColumnProbe {
  /** Rows whose value can be drawn. */
  readonly usable: number;
  /** Different values, about; of categories exactly, NULL among them. */
  readonly distinct: number;
  /** Of numbers and times (milliseconds since 1970, UTC); 0 without values. */
  readonly low: number;
  readonly high: number;
}

/** A column of a chart, by its place and its type. */
export interface ChartPart {
  readonly column: ChartColumn;
  readonly type: string;
  readonly class: ColumnClass;
}

/** The column that a chart names. */
export function partOf(column: ChartColumn, columns: readonly ColumnInfo[]): ChartPart {
  const type = columns[column.index]?.type ?? '';
  return { column, type, class: columnClass(type) };
}

/** The times that JavaScript has dates for, with room for the span that one falls into. */
const DATES = "between timestamp '271000-01-01 (BC)' and timestamp '271000-01-01'";

/**
 * A time as a TIMESTAMP in UTC; NULL for what no axis has, such as `infinity`.
 *
 * @param sql an expression of the part's type
 */
export function instantSql({ type }: ChartPart, sql: string): string {
  const instant =
    type === 'TIMESTAMP WITH TIME ZONE'
      ? `case when isfinite(${sql}) then make_timestamp(epoch_us(${sql})) end`
      : `try_cast(${sql} as timestamp)`;
  return `case when ${instant} ${DATES} then ${instant} end`;
}

/** A time as milliseconds since 1970, DOUBLE. @param sql an expression of TIMESTAMP */
export function millisSql(sql: string): string {
  return `epoch_us(${sql}) / 1000.0`;
}

/** A number as DOUBLE, a time in milliseconds; NULL for what no axis has. @param sql an expression of the part's type */
export function placeSql(part: ChartPart, sql: string): string {
  if (part.class === 'time') return millisSql(instantSql(part, sql));
  const cast = `cast(${sql} as double)`;
  return `case when isfinite(${cast}) then ${cast} end`;
}

/** How values are put together along an axis. */
export interface ChartKey {
  /** The key, an expression over the part's own value; of bins as DOUBLE, where each begins. */
  readonly sql: string;
  /** The key of a time as TIMESTAMP. */
  readonly instant?: string;
  readonly axis: ChartAxis;
  /** Keys in the order of their values; else in that of the rows. */
  readonly isOrdered: boolean;
}

interface KeyOptions {
  readonly spec: ChartSpec;
  /** Keys at most, where they are put together. */
  readonly most: number;
  /** Whether each key is a place of its own, whatever lies between them. */
  readonly isDiscrete: boolean;
}

/** Bins that numbers fall into when there are too many of them. */
const ABOUT_BINS = 30;

/**
 * The keys that the values of a column fall under.
 *
 * @param sql an expression of the part's type
 */
export function chartKey(
  part: ChartPart,
  sql: string,
  options: KeyOptions & { readonly probe: ColumnProbe },
): ChartKey {
  if (part.class === 'time') return timeKey(part, sql, options);
  if (part.class === 'number') return numberKey(part, sql, options);
  return { sql, axis: { class: 'category' }, isOrdered: false };
}

/** Categories that a chart shows. */
export function categoryLimit(spec: ChartSpec): number {
  return spec.limit ?? DEFAULT_CHART_CATEGORIES;
}

function timeKey(
  part: ChartPart,
  sql: string,
  options: KeyOptions & { readonly probe: ColumnProbe },
): ChartKey {
  const { spec, probe, most } = options;
  const instant = instantSql(part, sql);
  const isDate = part.type === 'DATE';
  if (spec.bucket === undefined && probe.distinct <= most) {
    return { sql, instant, axis: { class: 'time' }, isOrdered: true };
  }
  const least = spec.bucket ?? (isDate ? 'day' : 'second');
  // A span that was asked for holds, unless nobody could draw so many.
  const bucket = bucketFor(probe.high - probe.low, { most: spec.bucket ? most * 10 : most, least });
  const start = `date_trunc('${bucket}', ${instant})`;
  return {
    sql: isDate ? `cast(${start} as date)` : `cast(${start} as timestamp)`,
    instant: `cast(${start} as timestamp)`,
    axis: { class: 'time', bucket },
    isOrdered: true,
  };
}

function numberKey(
  part: ChartPart,
  sql: string,
  options: KeyOptions & { readonly probe: ColumnProbe },
): ChartKey {
  const { spec, probe, most, isDiscrete } = options;
  if (spec.bins === undefined && probe.distinct <= most) {
    return { sql, axis: { class: isDiscrete ? 'category' : 'number' }, isOrdered: true };
  }
  const about = isDiscrete ? ABOUT_BINS : most / 2;
  const bins = binsBetween(probe, { wanted: spec.bins, about, isWhole: isWhole(part) });
  return {
    sql: `${literal(bins.start)} + ${literal(bins.step)} * ${binSql(placeSql(part, sql), bins)}`,
    axis: { class: 'number', bins },
    isOrdered: true,
  };
}

/** The number of the bin that a DOUBLE falls into; the last bin has its upper bound in it. */
export function binSql(
  place: string,
  { start, step, count }: { readonly start: number; readonly step: number; readonly count: number },
): string {
  return `cast(greatest(0, least(${count - 1}, floor((${place} - ${literal(start)}) / ${literal(step)}))) as integer)`;
}

/** A number as SQL reads it back, as DOUBLE. */
function literal(value: number): string {
  return `cast('${value}' as double)`;
}

/** Whether all values of a type are whole numbers. */
export function isWhole({ type }: ChartPart): boolean {
  return /INT|,0\)$/.test(type);
}
