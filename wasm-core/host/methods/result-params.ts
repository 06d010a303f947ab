import type { RowFilter, RowSelection, SortKey } from '../../protocol/result-query.ts';
import {
  invalid,
  isAbsent,
  type Params,
  readOptionalBoolean,
  readOptionalString,
  readParams,
  readText,
} from '../params.ts';

/** Conditions, and columns to sort by, of one request. */
const MAX_FILTERS = 200;
const MAX_SORT_KEYS = 100;
/** Values of one condition. */
const MAX_VALUES = 10_000;

/** The last row that a result can have: rows are counted in 32 bits. */
export const MAX_ROW = 2_147_483_647;

/** Reads which rows, in which order. @param columnCount of the result @throws CoreError PARAMS_INVALID */
export function readSelection(value: unknown, columnCount: number): RowSelection {
  const params = readParams(value, ['filters', 'sort']);
  return {
    ...(!isAbsent(params.filters) && { filters: readFilters(params.filters, columnCount) }),
    ...(!isAbsent(params.sort) && { sort: readSort(params.sort, columnCount) }),
  };
}

/** Reads what rows must be. @throws CoreError PARAMS_INVALID */
export function readFilters(value: unknown, columnCount: number): readonly RowFilter[] {
  if (!Array.isArray(value) || value.length > MAX_FILTERS) {
    throw invalid(`filters must be an array of at most ${MAX_FILTERS} conditions.`);
  }
  return value.map((item) => readFilter(item, columnCount));
}

/** Reads columns by their indexes. @throws CoreError PARAMS_INVALID */
export function readUniqueColumns(value: unknown, columnCount: number): readonly number[] {
  const isIndex = (item: unknown): item is number =>
    Number.isInteger(item) && Number(item) >= 0 && Number(item) < columnCount;
  if (Array.isArray(value) && value.every(isIndex) && new Set(value).size === value.length) return value;
  throw invalid(`columns must be an array of indexes of columns, from 0 to ${columnCount - 1}, each once.`);
}

/** Reads the member `column`. @throws CoreError PARAMS_INVALID */
export function readColumn({ column }: Params, columnCount: number): number {
  if (Number.isInteger(column) && Number(column) >= 0 && Number(column) < columnCount) return Number(column);
  throw invalid(`column must be the index of a column, from 0 to ${columnCount - 1}.`);
}

function readSort(value: unknown, columnCount: number): readonly SortKey[] {
  if (!Array.isArray(value) || value.length > MAX_SORT_KEYS) {
    throw invalid(`sort must be an array of at most ${MAX_SORT_KEYS} columns.`);
  }
  return value.map((item) => {
    const key = readParams(item, ['column', 'descending']);
    const descending = readOptionalBoolean(key, 'descending');
    return { column: readColumn(key, columnCount), ...(descending !== undefined && { descending }) };
  });
}

const TEST_MEMBERS: Readonly<Record<string, readonly string[]>> = {
  in: ['values'],
  range: ['from', 'to', 'isOpen'],
  contains: ['text'],
  null: [],
};

function readFilter(value: unknown, columnCount: number): RowFilter {
  const test = (value as { readonly test?: unknown } | null)?.test;
  const members =
    typeof test === 'string' && Object.hasOwn(TEST_MEMBERS, test) ? TEST_MEMBERS[test] : undefined;
  if (members === undefined) {
    throw invalid(`The test of a filter must be one of ${Object.keys(TEST_MEMBERS).join(', ')}.`);
  }
  const params = readParams(value, ['column', 'negated', 'test', ...members]);
  const negated = readOptionalBoolean(params, 'negated');
  const common = { column: readColumn(params, columnCount), ...(negated !== undefined && { negated }) };
  switch (test) {
    case 'in':
      return { ...common, test, values: readValues(params.values) };
    case 'range':
      return { ...common, test, ...readRange(params) };
    case 'contains':
      return { ...common, test, text: readText(params, 'text') };
    default:
      return { ...common, test: 'null' };
  }
}

function readRange(params: Params): {
  readonly from?: string;
  readonly to?: string;
  readonly isOpen?: boolean;
} {
  const from = readOptionalString(params, 'from');
  const to = readOptionalString(params, 'to');
  const isOpen = readOptionalBoolean(params, 'isOpen');
  return {
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(isOpen !== undefined && { isOpen }),
  };
}

function readValues(value: unknown): readonly (string | null)[] {
  const isValue = (item: unknown): item is string | null => item === null || typeof item === 'string';
  if (Array.isArray(value) && value.length <= MAX_VALUES && value.every(isValue)) return value;
  throw invalid(`values must be an array of at most ${MAX_VALUES} texts or nulls.`);
}
