import { createHash } from 'node:crypto';
import type { QueryRecord, SortMode } from '../../protocol/logictest/records.ts';
import type { TestFailure } from '../../protocol/tests.ts';
import { valuesEqual } from './compare-values.ts';
import type { TestRows } from './test-values.ts';

/** So many lines of a result are shown, at each side. */
const MAX_SHOWN = 1000;

const HASH = /^\d+ values hashing to [0-9a-z]{32}$/;

/** What a comparison is told beside the rows. */
export interface Comparison {
  readonly record: QueryRecord;
  /** The lines of the file, with variables put in. */
  readonly expected: readonly string[];
  /** Hashes of what queries with labels gave, by label; the first of a label is put in. */
  readonly labels: Map<string, string>;
}

/**
 * Holds rows against the lines of a file: a value a line, a row a line with tabs, or the hash of all values.
 *
 * @returns undefined when they agree
 */
export function compareRows(
  rows: TestRows,
  { record, expected, labels }: Comparison,
): TestFailure | undefined {
  const values = sortValues(rows.values, rows.columns.length, record.sort);
  const sorted = { ...rows, values };
  const hash = hashOf(values);
  const [only = ''] = expected;
  if (expected.length === 1 && HASH.test(only)) {
    return only === hash ? undefined : failure(`The values hash to something else.`, [hash], expected);
  }
  // DuckDB's runner holds rows with a label against one another alone, whatever stands below.
  if (record.label !== undefined) {
    const known = labels.get(record.label);
    labels.set(record.label, known ?? hash);
    if (known === undefined || known === hash) return undefined;
    return failure(
      `The rows differ from those of an earlier query with the label ${record.label}.`,
      [hash],
      [known],
    );
  }
  const message = differenceOf(sorted, record, expected);
  return message === undefined ? undefined : failure(message, rowLines(sorted, expected), expected);
}

/** The number of values, and the md5 sum of all with a line end behind each. */
export function hashOf(values: readonly string[]): string {
  const sum = createHash('md5');
  for (const value of values) sum.update(`${value}\n`);
  return `${values.length} values hashing to ${sum.digest('hex')}`;
}

/** Sorts by bytes, as DuckDB's runner does: rows by their values, or values alone. */
export function sortValues(
  values: readonly string[],
  columnCount: number,
  sort: SortMode,
): readonly string[] {
  if (sort === 'nosort') return values;
  if (sort === 'valuesort') return [...values].sort(byBytes);
  const rows: (readonly string[])[] = [];
  for (let i = 0; i < values.length; i += columnCount) rows.push(values.slice(i, i + columnCount));
  rows.sort((a, b) => {
    for (const [i, value] of a.entries()) {
      const order = byBytes(value, b[i] ?? '');
      if (order !== 0) return order;
    }
    return 0;
  });
  return rows.flat();
}

/** The lines that would stand in a file: rows with tabs, or values where the file has values. */
export function rowLines(rows: TestRows, before: readonly string[]): string[] {
  const count = rows.columns.length;
  const [first] = before;
  if (count <= 1 || (first !== undefined && !first.includes('\t') && before.length % count === 0)) {
    return [...rows.values];
  }
  const lines: string[] = [];
  for (let i = 0; i < rows.values.length; i += count) lines.push(rows.values.slice(i, i + count).join('\t'));
  return lines;
}

function differenceOf(rows: TestRows, record: QueryRecord, expected: readonly string[]): string | undefined {
  const count = rows.columns.length;
  const wanted = record.types.length;
  if (count === 0) return expected.length === 0 ? undefined : 'The statement gives no rows.';
  const isRowWise = expected.length > 0 && (count > 1 || wanted > 1) && isByRow(rows, expected);
  const values = isRowWise ? expected.flatMap((line) => cellsOf(line, count)) : expected;
  const columns = `${count} ${count === 1 ? 'column' : 'columns'}`;
  if (count !== wanted) return `The result has ${columns}, and query ${record.types} expects ${wanted}.`;
  const wrong = isRowWise ? expected.findIndex((line) => cellsOf(line, count).length !== count) : -1;
  if (wrong >= 0) return `Line ${wrong + 1} of what is expected has not ${columns} with tabs between them.`;
  if (values.length !== rows.values.length) {
    const rowCount = values.length / count;
    const text = Number.isInteger(rowCount) ? `${rowCount}` : `${values.length} values for ${columns}`;
    return `The result has ${rows.rowCount} rows, and the file expects ${text}.`;
  }
  const at = rows.values.findIndex(
    (value, i) => !valuesEqual(value, values[i] ?? '', rows.columns[i % count]?.type ?? ''),
  );
  if (at < 0) return undefined;
  const name = rows.columns[at % count]?.name ?? '';
  return `Row ${Math.floor(at / count) + 1} is different in column ${name}.`;
}

/** The values of a row. Where there are too many, empty ones between tabs are not counted, as DuckDB's runner has it. */
function cellsOf(line: string, count: number): string[] {
  const cells = line.split('\t');
  return cells.length > count ? cells.filter((cell) => cell !== '') : cells;
}

/** Whether each line is a row. With as many lines as rows they are; else tabs tell. */
function isByRow(rows: TestRows, expected: readonly string[]): boolean {
  const { length: count } = rows.columns;
  return (count > 1 && expected.length === rows.rowCount) || expected.every((line) => line.includes('\t'));
}

function failure(message: string, actual: readonly string[], expected: readonly string[]): TestFailure {
  return { message, expected: shown(expected), actual: shown(actual) };
}

function shown(lines: readonly string[]): string {
  const rest = lines.length - MAX_SHOWN;
  return [...lines.slice(0, MAX_SHOWN), ...(rest > 0 ? [`… and ${rest} lines more`] : [])].join('\n');
}

function byBytes(a: string, b: string): number {
  if (a === b) return 0;
  // UTF-16 sorts like UTF-8 but for surrogates.
  return /[\ud800-\udfff]/.test(a + b) ? Buffer.compare(Buffer.from(a), Buffer.from(b)) : a < b ? -1 : 1;
}
