import {
  CHART_AGGREGATES,
  CHART_KINDS,
  type ChartColumn,
  type ChartFault,
  type ChartSpec,
  findChartFault,
  MAX_CHART_BINS,
  MAX_CHART_CATEGORIES,
  MAX_CHART_VALUES,
  TIME_BUCKETS,
} from './chart.ts';
import { placeOf, withKind } from './chart-columns.ts';
import { proposeChart } from './chart-proposal.ts';
import {
  type ChartWord,
  chartName,
  chartWords,
  isWholeDirective,
  namesIn,
  type PlacedText,
} from './chart-words.ts';
import { type DirectiveFault, unknownWord } from './directive-fault.ts';
import type { ColumnInfo } from './methods.ts';
import { nearNames } from './near-names.ts';

/*
 * `-- @chart bar x=month y=revenue,profit series=region agg=sum`: a chart as the comment above a statement. Names with
 * spaces and signs in them stand in double quotes, doubled inside.
 */

/** The directive as it is written and shown. */
export const CHART_DIRECTIVE = '-- @chart KIND';

/** What a directive says of a chart, columns by their names. */
export type ChartDirective = Partial<Pick<ChartSpec, 'kind' | 'aggregate' | 'bins' | 'bucket' | 'limit'>> & {
  readonly x?: string;
  readonly y?: readonly string[];
  readonly series?: string;
  readonly value?: string;
};

/** A chart as it is asked for above a statement. */
export type SavedChart =
  /** Nothing more is said: the chart that is proposed. */
  | { readonly type: 'proposed' }
  | { readonly type: 'spec'; readonly spec: ChartSpec }
  /** What is wrong with it. */
  | ({ readonly type: 'fault' } & ChartFault);

/** The members of a directive behind the kind, in the order in which they are written. */
export const CHART_MEMBERS = ['x', 'y', 'series', 'value', 'agg', 'bins', 'bucket', 'limit'] as const;

/** How a directive is written, for messages. */
export const CHART_EXAMPLE = '-- @chart bar x=month y=revenue';

/**
 * Reads what stands behind `@chart`.
 *
 * @returns a fault when it is none
 */
export function readChartDirective(text: string): ChartDirective | DirectiveFault {
  const found: Found = {};
  const words = chartWords(text);
  const last = words.at(-1);
  if (!isWholeDirective(text) && last !== undefined) {
    const message = `@chart has a name without its second quote; write: ${CHART_EXAMPLE}`;
    return { message, start: last.start, end: last.end };
  }
  for (const [index, word] of words.entries()) {
    const fault = word.key === undefined ? readKind(found, word, index) : readMember(found, word);
    if (fault !== undefined) return fault;
  }
  if (found.kind === undefined && words.length > 0) {
    return { message: `@chart takes a kind first: ${CHART_KINDS.join(', ')}.`, start: 0, end: text.length };
  }
  return found;
}

/**
 * The comment that says what a chart shows; undefined when no comment can: a name with a line end in it, or one that an
 * earlier column has too.
 *
 * @param columns the result's
 */
export function writeChartDirective(spec: ChartSpec, columns: readonly ColumnInfo[]): string | undefined {
  const { kind, x, y = [], series, value, aggregate, bins, bucket, limit } = spec;
  const named = [x, ...y, series, value].filter((column) => column !== undefined);
  if (named.some((column) => !isNameable(column, columns))) return undefined;
  const names = (list: readonly (ChartColumn | undefined)[]) =>
    list.flatMap((column) => (column === undefined ? [] : [chartName(column.name)])).join(',');
  const members: Readonly<Record<(typeof CHART_MEMBERS)[number], string>> = {
    x: names([x]),
    y: names(y),
    series: names([series]),
    value: names([value]),
    agg: aggregate ?? '',
    bins: String(bins ?? ''),
    bucket: bucket ?? '',
    limit: String(limit ?? ''),
  };
  const written = CHART_MEMBERS.filter((member) => members[member] !== '').map(
    (member) => `${member}=${members[member]}`,
  );
  return ['-- @chart', kind, ...written].join(' ');
}

/** The chart of a result that a directive asks for. */
export function placeChart(directive: ChartDirective, columns: readonly ColumnInfo[]): SavedChart {
  const { kind, x, y, series, value, ...rest } = directive;
  if (kind === undefined) return { type: 'proposed' };
  const isBare = [x, y, series, value].every((member) => member === undefined);
  const names = [x, ...(y ?? []), series, value].filter((name) => name !== undefined);
  const unknown = names.find((name) => placeOf(name, columns) === undefined);
  if (unknown !== undefined) return { type: 'fault', message: unknownColumn(unknown, columns) };
  const place = (name: string | undefined) => (name === undefined ? undefined : placeOf(name, columns));
  const places = y?.flatMap((name) => placeOf(name, columns) ?? []);
  const [xPlace, seriesPlace, valuePlace] = [place(x), place(series), place(value)];
  const said: ChartSpec = {
    kind,
    ...rest,
    ...(xPlace && { x: xPlace }),
    ...(places && { y: places }),
    ...(seriesPlace && { series: seriesPlace }),
    ...(valuePlace && { value: valuePlace }),
  };
  const spec = isBare ? (withKind({ ...proposeChart(columns), ...said }, columns) ?? said) : said;
  const fault = findChartFault(spec, columns);
  return fault === undefined ? { type: 'spec', spec } : { type: 'fault', ...fault };
}

/** A sentence about a column that a result does not have. */
export function unknownColumn(name: string, columns: readonly ColumnInfo[]): string {
  const near = nearNames(
    name,
    columns.map((column) => column.name),
  );
  const hint = near.length === 0 ? '' : ` Did you mean ${near.join(' or ')}?`;
  return `@chart names a column ${name}, which the statement does not have.${hint}`;
}

type Found = { -readonly [Member in keyof ChartDirective]: ChartDirective[Member] };

function readKind(found: Found, word: ChartWord, index: number): DirectiveFault | undefined {
  const kind = CHART_KINDS.find((name) => name === word.text.toLowerCase());
  if (index === 0 && kind !== undefined) {
    found.kind = kind;
    return undefined;
  }
  return index === 0
    ? unknownWord(`@chart knows no kind ${word.text}; it knows ${CHART_KINDS.join(', ')}.`, word, CHART_KINDS)
    : {
        message: `@chart takes ${CHART_MEMBERS.map((member) => `${member}=…`).join(', ')} behind the kind, not ${word.text}.`,
        start: word.start,
        end: word.end,
      };
}

function readMember(found: Found, { key, value, start, end }: ChartWord): DirectiveFault | undefined {
  const names = namesIn(value).map(({ text }) => text);
  const fault = (message: string): DirectiveFault => ({ message, start, end });
  const member = key?.text ?? '';
  switch (member) {
    case 'x':
    case 'series':
    case 'value':
      if (names.length !== 1) return fault(`@chart: ${member} takes one column, such as ${member}=month.`);
      found[member] = names[0] ?? '';
      return undefined;
    case 'y':
      if (names.length === 0 || names.length > MAX_CHART_VALUES) {
        return fault(`@chart: y takes 1 to ${MAX_CHART_VALUES} columns, such as y=revenue,profit.`);
      }
      found.y = names;
      return undefined;
    case 'agg': {
      const aggregate = CHART_AGGREGATES.find((name) => name === value.text.toLowerCase());
      if (aggregate === undefined) return unknownValue(member, value, CHART_AGGREGATES);
      found.aggregate = aggregate;
      return undefined;
    }
    case 'bucket': {
      const bucket = TIME_BUCKETS.find((name) => name === value.text.toLowerCase());
      if (bucket === undefined) return unknownValue(member, value, TIME_BUCKETS);
      found.bucket = bucket;
      return undefined;
    }
    case 'bins':
    case 'limit': {
      const max = member === 'bins' ? MAX_CHART_BINS : MAX_CHART_CATEGORIES;
      const count = /^\d{1,6}$/.test(value.text) ? Number(value.text) : 0;
      if (count < 1 || count > max) return fault(`@chart: ${member} is a number from 1 to ${max}.`);
      found[member] = count;
      return undefined;
    }
    default:
      return unknownWord(
        `@chart has no ${member}; it has ${CHART_MEMBERS.join(', ')}.`,
        key ?? { start, end, text: member },
        CHART_MEMBERS,
      );
  }
}

function unknownValue(member: string, value: PlacedText, known: readonly string[]): DirectiveFault {
  return unknownWord(`@chart: ${member} is one of ${known.join(', ')}.`, value, known);
}

function isNameable(column: ChartColumn, columns: readonly ColumnInfo[]): boolean {
  return !/[\r\n]/.test(column.name) && placeOf(column.name, columns)?.index === column.index;
}
