import type { RunResult, StatementResult } from '../../../protocol/methods.ts';
import { durationText } from '../usage-text.ts';

/** What a run took, in one line, such as `12 rows in 840 ms; plugin functions 120 ms for 30,000 rows, 310 fuel a row`. */
export function summaryText(result: RunResult): string {
  const { statements, micros } = result;
  const rows = statements.filter(({ file }) => file !== undefined).map(rowsText);
  const what =
    rows.length > 0 ? rows.join(' + ') : `${statements.length} ${plural(statements.length, 'statement')}`;
  const functionRows = sum(statements, ({ cost }) => cost.functionRows);
  const functionMicros = sum(statements, ({ cost }) => cost.functionMicros);
  const functionFuel = sum(statements, ({ cost }) => cost.functionFuel);
  const functions =
    functionRows > 0
      ? `; plugin functions ${durationText(functionMicros)} for ${count(functionRows)} ${plural(functionRows, 'row')}, ${count(Math.round(functionFuel / functionRows))} fuel a row`
      : '';
  return `${what} in ${durationText(micros)}${functions}`;
}

function rowsText({ rowCount, truncated }: StatementResult): string {
  return `${truncated ? 'first ' : ''}${count(rowCount)} ${plural(rowCount, 'row')}`;
}

function sum(statements: readonly StatementResult[], of: (s: StatementResult) => number): number {
  return statements.reduce((total, statement) => total + of(statement), 0);
}

function count(n: number): string {
  return n.toLocaleString('en');
}

function plural(n: number, word: string): string {
  return n === 1 ? word : `${word}s`;
}
