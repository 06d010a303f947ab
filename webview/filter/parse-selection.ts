import type { RowFilter, RowSelection, SortKey } from '../../wasm-core/protocol/result-query.ts';
import { type Fields, isAbsentOr, isCount, isListOf, isObject, isText } from '../checks.ts';

/** Whether a value is a condition on the rows of a result. */
export function isFilter(value: unknown): value is RowFilter {
  return (
    isObject(value) && isCount(value.column) && isAbsentOr(value.negated, isTruth) && isConditionTest(value)
  );
}

/**
 * Reads a selection that was kept.
 *
 * @param columnCount columns that the result has
 * @returns undefined for anything else, and for one that selects nothing
 */
export function parseSelection(value: unknown, columnCount: number): Required<RowSelection> | undefined {
  if (!isObject(value)) return undefined;
  const { filters, sort } = value;
  if (!isListOf(filters, isFilter) || !isListOf(sort, isSortKey)) return undefined;
  const parts = [...filters, ...sort];
  return parts.length > 0 && parts.every(({ column }) => column < columnCount)
    ? { filters, sort }
    : undefined;
}

function isSortKey(value: unknown): value is SortKey {
  return isObject(value) && isCount(value.column) && isAbsentOr(value.descending, isTruth);
}

function isConditionTest({ test, values, from, to, isOpen, text }: Fields): boolean {
  switch (test) {
    case 'in':
      return Array.isArray(values) && values.every((value) => value === null || isText(value));
    case 'range':
      return isAbsentOr(from, isText) && isAbsentOr(to, isText) && isAbsentOr(isOpen, isTruth);
    case 'contains':
      return isText(text);
    default:
      return test === 'null';
  }
}

function isTruth(value: unknown): value is boolean {
  return typeof value === 'boolean';
}
