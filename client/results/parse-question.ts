import { readChartSpec } from '../../wasm-core/protocol/chart-spec.ts';
import type { RowFilter, RowSelection, SortKey } from '../../wasm-core/protocol/result-query.ts';
import type { ResultQuestion } from '../../wasm-core/protocol/result-questions.ts';

/** Columns, filters and sort keys beyond this are no question of a person, and neither is a longer text. */
const MAX_ITEMS = 100_000;
const MAX_TEXT = 1_000_000;

type Fields = Readonly<Record<string, unknown>>;

/**
 * Checks a question of the results page. The host checks it against the columns.
 *
 * @returns undefined when it is none
 */
export function parseQuestion(value: unknown): ResultQuestion | undefined {
  if (!isFields(value) || typeof value.id !== 'string') return undefined;
  const { kind, id } = value;
  switch (kind) {
    case 'rows': {
      const { select, maxRows } = value;
      if (!isSelection(select) || !isAbsentOr(maxRows, isCount)) return undefined;
      return { kind, id, select, ...(maxRows !== undefined && { maxRows }) };
    }
    case 'summary': {
      const { columns, filters } = value;
      if (!isAbsentOr(columns, isColumns) || !isAbsentOr(filters, isFilters)) return undefined;
      return { kind, id, ...(columns && { columns }), ...(filters && { filters }) };
    }
    case 'find':
      return parseFind(id, value);
    case 'chart': {
      const { filters } = value;
      const spec = readChartSpec(value.spec);
      if (typeof spec === 'string' || !isAbsentOr(filters, isFilters)) return undefined;
      return { kind, id, spec, ...(filters && { filters }) };
    }
    default:
      return undefined;
  }
}

function parseFind(id: string, value: Fields): ResultQuestion | undefined {
  const { text, matchCase, from, backwards, columns } = value;
  if (!isText(text) || !isFields(from) || !isCount(from.row) || !isCount(from.column)) return undefined;
  if (!isAbsentOr(matchCase, isBoolean) || !isAbsentOr(backwards, isBoolean)) return undefined;
  if (!isAbsentOr(columns, isColumns)) return undefined;
  return {
    kind: 'find',
    id,
    text,
    from: { row: from.row, column: from.column },
    ...(matchCase !== undefined && { matchCase }),
    ...(backwards !== undefined && { backwards }),
    ...(columns !== undefined && { columns }),
  };
}

function isSelection(value: unknown): value is RowSelection {
  return isFields(value) && isAbsentOr(value.filters, isFilters) && isAbsentOr(value.sort, isSort);
}

function isFilters(value: unknown): value is readonly RowFilter[] {
  return isListOf(value, isFilter);
}

function isFilter(value: unknown): value is RowFilter {
  return isFields(value) && isCount(value.column) && isAbsentOr(value.negated, isBoolean) && isTest(value);
}

function isTest({ test, values, from, to, isOpen, text }: Fields): boolean {
  switch (test) {
    case 'in':
      return isListOf(values, (item): item is string | null => item === null || isText(item));
    case 'range':
      return isAbsentOr(from, isText) && isAbsentOr(to, isText) && isAbsentOr(isOpen, isBoolean);
    case 'contains':
      return isText(text);
    default:
      return test === 'null';
  }
}

function isSort(value: unknown): value is readonly SortKey[] {
  return isListOf(
    value,
    (key): key is SortKey => isFields(key) && isCount(key.column) && isAbsentOr(key.descending, isBoolean),
  );
}

function isColumns(value: unknown): value is readonly number[] {
  return isListOf(value, isCount);
}

function isListOf<T>(value: unknown, isItem: (item: unknown) => item is T): value is T[] {
  return Array.isArray(value) && value.length <= MAX_ITEMS && value.every(isItem);
}

function isAbsentOr<T>(value: unknown, isRight: (value: unknown) => value is T): value is T | undefined {
  return value === undefined || isRight(value);
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= MAX_TEXT;
}

function isBoolean(value: unknown): value is boolean {
  return typeof value === 'boolean';
}
