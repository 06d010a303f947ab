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
import { placeOf } from './chart-columns.ts';
import type { ChartDirective } from './chart-directive.ts';
import { type JsonPlace, shown } from './json-place.ts';
import type { ColumnInfo } from './methods.ts';

/*
 * `charts` of a `quern.json`: by the name that `-- name:` gives a statement, its chart, with the members of `-- @chart`.
 */

/** A chart as the file has it. */
export interface ChartEntry {
  readonly kind: string;
  readonly x?: string;
  readonly y?: string | readonly string[];
  readonly series?: string;
  readonly value?: string;
  readonly agg?: string;
  readonly bins?: number;
  readonly bucket?: string;
  readonly limit?: number;
}

const MEMBERS = ['kind', 'x', 'y', 'series', 'value', 'agg', 'bins', 'bucket', 'limit'];
const MAX_NAME = 1000;

/** @throws CoreError FORMAT_WORKSPACE that names the JSON path and what to write */
export function readWorkspaceChart(place: JsonPlace, value: unknown): ChartDirective {
  const entry = place.object(value, MEMBERS);
  const name = (member: string) => place.member(member).optionalText(entry[member], MAX_NAME);
  const word = <T extends string>(member: string, words: readonly T[]) =>
    entry[member] === undefined ? undefined : place.member(member).word(entry[member], words);
  const count = (member: string, max: number) =>
    entry[member] === undefined ? undefined : readCount(place.member(member), entry[member], max);
  const chart = {
    kind: place.member('kind').word(entry.kind, CHART_KINDS),
    x: name('x'),
    y: entry.y === undefined ? undefined : readNames(place.member('y'), entry.y),
    series: name('series'),
    value: name('value'),
    aggregate: word('agg', CHART_AGGREGATES),
    bins: count('bins', MAX_CHART_BINS),
    bucket: word('bucket', TIME_BUCKETS),
    limit: count('limit', MAX_CHART_CATEGORIES),
  };
  return Object.fromEntries(Object.entries(chart).filter(([, said]) => said !== undefined));
}

/**
 * A chart as the file keeps it; undefined when no name says which column is meant: one that an earlier column has too.
 *
 * @param columns the result's
 */
export function writeWorkspaceChart(spec: ChartSpec, columns: readonly ColumnInfo[]): ChartEntry | undefined {
  const { kind, x, y = [], series, value, aggregate: agg, bins, bucket, limit } = spec;
  const named = [x, ...y, series, value].filter((column) => column !== undefined);
  if (!named.every((column) => isNameable(column, columns))) return undefined;
  const [only, ...more] = y;
  const names = more.length > 0 ? y.map((column) => column.name) : only?.name;
  return {
    kind,
    ...(x && { x: x.name }),
    ...(names !== undefined && { y: names }),
    ...(series && { series: series.name }),
    ...(value && { value: value.name }),
    ...(agg && { agg }),
    ...(bins !== undefined && { bins }),
    ...(bucket && { bucket }),
    ...(limit !== undefined && { limit }),
  };
}

function readNames(place: JsonPlace, value: unknown): readonly string[] {
  if (typeof value === 'string') return [place.text(value, MAX_NAME)];
  if (!Array.isArray(value) || value.length === 0 || value.length > MAX_CHART_VALUES) {
    throw place.fault(`is ${shown(value)}; write a column, or a list of 1 to ${MAX_CHART_VALUES} of them`);
  }
  return value.map((item: unknown, index) => place.item(index).text(item, MAX_NAME));
}

function readCount(place: JsonPlace, value: unknown, max: number): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= max) return value;
  throw place.fault(`is ${shown(value)}; write a whole number from 1 to ${max}`);
}

function isNameable({ name, index }: ChartColumn, columns: readonly ColumnInfo[]): boolean {
  return name !== '' && name.length <= MAX_NAME && placeOf(name, columns)?.index === index;
}
