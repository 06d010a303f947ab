import {
  CHART_AGGREGATES,
  CHART_KINDS,
  type ChartColumn,
  type ChartSpec,
  MAX_CHART_BINS,
  MAX_CHART_CATEGORIES,
  MAX_CHART_VALUES,
  TIME_BUCKETS,
} from './chart.ts';

const MEMBERS = ['kind', 'x', 'y', 'series', 'value', 'aggregate', 'bins', 'bucket', 'limit'];

type Fields = Readonly<Record<string, unknown>>;

/**
 * Checks the form of what should be a chart; `chartFault` then says whether a result has its columns.
 *
 * @returns a text that says what is wrong, when it is none
 */
export function readChartSpec(value: unknown): ChartSpec | string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'spec must be an object.';
  const fields = value as Fields;
  const strange = Object.keys(fields).find((name) => !MEMBERS.includes(name));
  if (strange !== undefined)
    return `spec has no member ${strange.slice(0, 100)}; it has ${MEMBERS.join(', ')}.`;
  return (
    wordFault('kind', fields.kind, CHART_KINDS) ??
    optional(fields.aggregate, (word) => wordFault('aggregate', word, CHART_AGGREGATES)) ??
    optional(fields.bucket, (word) => wordFault('bucket', word, TIME_BUCKETS)) ??
    optional(fields.bins, (count) => countFault('bins', count, MAX_CHART_BINS)) ??
    optional(fields.limit, (count) => countFault('limit', count, MAX_CHART_CATEGORIES)) ??
    optional(fields.x, (column) => columnFault('x', column)) ??
    optional(fields.series, (column) => columnFault('series', column)) ??
    optional(fields.value, (column) => columnFault('value', column)) ??
    optional(fields.y, valuesFault) ??
    // Every member was looked at.
    (fields as unknown as ChartSpec)
  );
}

function optional(value: unknown, fault: (value: unknown) => string | undefined): string | undefined {
  return value === undefined ? undefined : fault(value);
}

function wordFault(name: string, value: unknown, words: readonly string[]): string | undefined {
  const isKnown = typeof value === 'string' && words.includes(value);
  return isKnown ? undefined : `spec.${name} must be one of ${words.join(', ')}.`;
}

function countFault(name: string, value: unknown, max: number): string | undefined {
  const isCount = Number.isInteger(value) && Number(value) >= 1 && Number(value) <= max;
  return isCount ? undefined : `spec.${name} must be a whole number from 1 to ${max}.`;
}

function valuesFault(value: unknown): string | undefined {
  if (!Array.isArray(value) || value.length > MAX_CHART_VALUES) {
    return `spec.y must be an array of at most ${MAX_CHART_VALUES} columns.`;
  }
  return value.map((column) => columnFault('y', column)).find((fault) => fault !== undefined);
}

function columnFault(name: string, value: unknown): string | undefined {
  return isChartColumn(value) ? undefined : `spec.${name} must name a column by its index and its name.`;
}

function isChartColumn(value: unknown): value is ChartColumn {
  if (typeof value !== 'object' || value === null) return false;
  const { index, name } = value as Fields;
  return Number.isSafeInteger(index) && Number(index) >= 0 && typeof name === 'string';
}
