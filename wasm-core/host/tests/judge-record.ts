import type { CoreError } from '../../protocol/errors.ts';
import type { QueryRecord, StatementRecord } from '../../protocol/logictest/records.ts';
import type { StatementResult } from '../../protocol/methods.ts';
import type { TestFailure, TestUpdate } from '../../protocol/tests.ts';
import { engineText, errorMatches, isInternalError } from './compare-error.ts';
import { compareRows, hashOf, rowLines, sortValues } from './compare-rows.ts';
import { readTestRows, type TestRows } from './test-values.ts';
import { hasInstants, inZone } from './zoned-values.ts';

/** What a statement did: gave results, or failed. */
export type StatementOutcome =
  | { readonly type: 'done'; readonly statements: readonly StatementResult[] }
  | { readonly type: 'failed'; readonly error: CoreError };

/** What a record is judged with. */
export interface Judgement {
  readonly outcome: StatementOutcome;
  /** Puts variables into the lines of the file. */
  readonly replace: (text: string) => string;
  readonly labels: Map<string, string>;
  /** Rows of the file that a `<FILE>:` line names, as lines. */
  readonly readFile: (path: string) => Promise<readonly string[]>;
  /** The time zone of the connection that gave the outcome. */
  readonly zone: () => Promise<string>;
  /** Whether the lines of the file may be replaced by what came; not in loops, where they stand for several results. */
  readonly mayUpdate: boolean;
}

/** Whether a statement did what its record says. @returns undefined when it did */
export function judgeStatement(
  record: StatementRecord,
  { outcome, replace, mayUpdate }: Judgement,
): TestFailure | undefined {
  if (outcome.type === 'done') {
    return record.outcome === 'error'
      ? { message: 'The statement succeeds, and the file expects an error.' }
      : undefined;
  }
  const { error } = outcome;
  if (record.outcome === 'ok') return failedWith(error);
  if (isInternalError(error)) return failedWith(error);
  const expected = record.expected?.lines.join('\n') ?? '';
  if (expected === '' || errorMatches(error, expected) || errorMatches(error, replace(expected)))
    return undefined;
  const actual = engineText(error);
  return {
    message: 'The statement fails with another error.',
    expected,
    actual,
    // Its first line says which error it is; those below say more about this very statement.
    ...(mayUpdate && record.outcome === 'error' && updateOf(record, actual.split('\n', 1))),
  };
}

/** Whether a query gives what its record says. @returns undefined when it does */
export async function judgeQuery(
  record: QueryRecord,
  judgement: Judgement,
): Promise<TestFailure | undefined> {
  const { outcome, replace, labels, mayUpdate } = judgement;
  if (outcome.type === 'failed') return failedWith(outcome.error);
  const rows = await rowsOf(outcome.statements, { sql: record.sql, zone: judgement.zone });
  const lines = (record.expected?.lines ?? []).map(replace);
  const [only = ''] = lines;
  const isFile = lines.length === 1 && only.startsWith('<FILE>:');
  const expected = isFile ? await judgement.readFile(only.slice('<FILE>:'.length)) : lines;
  const failure = compareRows(rows, { record, expected, labels });
  if (failure === undefined || isFile || !mayUpdate) return failure;
  return { ...failure, ...updateOf(record, newLines(record, rows)) };
}

/** Rows of the first statement that has some, as DuckDB gives them for several at once. */
async function rowsOf(
  statements: readonly StatementResult[],
  { sql, zone }: { readonly sql: string; readonly zone: () => Promise<string> },
): Promise<TestRows> {
  const statement = statements.find(({ file }) => file !== undefined) ?? statements.at(-1);
  if (statement === undefined) return { columns: [], rowCount: 0, values: [] };
  // Of what is created only a table made of rows has a count.
  if (statement.kind === 'CREATE' && !/\bas\b/i.test(sql)) {
    return { columns: [{ name: 'Count', type: 'BIGINT' }], rowCount: 0, values: [] };
  }
  const rows = await readTestRows(statement);
  const zoned = rows.columns.map(({ type }) => hasInstants(type));
  if (!zoned.includes(true)) return rows;
  const name = await zone();
  const values = rows.values.map((text, index) => (zoned[index % zoned.length] ? inZone(text, name) : text));
  return { ...rows, values };
}

function failedWith(error: CoreError): TestFailure {
  return { message: `The statement fails: ${error.message}` };
}

/** What would stand below `----`; undefined when values have line ends or tabs, which the format cannot hold. */
function newLines(record: QueryRecord, rows: TestRows): readonly string[] | undefined {
  const before = record.expected?.lines ?? [];
  const values = sortValues(rows.values, rows.columns.length, record.sort);
  if (before.length === 1 && / values hashing to /.test(before[0] ?? '')) return [hashOf(values)];
  if (record.types.length !== rows.columns.length) return undefined;
  return values.some((value) => /[\t\n\r]/.test(value)) ? undefined : rowLines({ ...rows, values }, before);
}

function updateOf(
  record: StatementRecord | QueryRecord,
  lines: readonly string[] | undefined,
): { readonly update?: TestUpdate } {
  if (lines === undefined) return {};
  const { expected, endLine } = record;
  if (expected !== undefined) return { update: { line: expected.line, count: expected.lines.length, lines } };
  return { update: { line: endLine + 1, count: 0, lines: ['----', ...lines] } };
}
