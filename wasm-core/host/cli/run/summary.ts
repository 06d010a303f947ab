import { durationText } from '../../../protocol/figures.ts';
import type { RunResult, StatementResult } from '../../../protocol/methods.ts';

/**
 * What a run took, in one line, such as `12 rows in 840 ms; plugin functions 120 ms for 30,000 rows, 310 fuel a row`.
 *
 * @param result.rowCount of rows that were written to a file, which the statements do not have any more
 */
export function summaryText(result: RunResult & { readonly rowCount?: number }): string {
  const { statements, micros, rowCount } = result;
  const rows =
    rowCount === undefined
      ? statements.filter(({ file }) => file !== undefined).map(rowsText)
      : [`${count(rowCount)} ${plural(rowCount, 'row')}`];
  const what =
    rows.length > 0 ? rows.join(' + ') : `${statements.length} ${plural(statements.length, 'statement')}`;
  return `${what} in ${durationText(micros)}${functionsText(statements)}${cachedText(statements)}${changedText(statements)}`;
}

/** Which rows were not computed now; empty when all were. */
function cachedText(statements: readonly StatementResult[]): string {
  const cached = statements.flatMap((statement) => statement.cached ?? []);
  const [first] = cached;
  if (first === undefined) return '';
  const which =
    cached.length === statements.length ? '' : ` ${cached.length} of ${statements.length} results`;
  const took = durationText(cached.reduce((total, { micros }) => total + micros, 0));
  return `; cached${which}, ${took} when run at ${first.time}; --cache refresh runs it again`;
}

/** The split of the time, and what a row cost; empty when no plugin function was called. */
function functionsText(statements: readonly StatementResult[]): string {
  const rows = sum(statements, ({ cost }) => cost.functionRows);
  if (rows === 0) return '';
  const micros = sum(statements, ({ cost }) => cost.functionMicros);
  const transferMicros = sum(statements, ({ cost }) => cost.transferMicros);
  const fuel = sum(statements, ({ cost }) => cost.functionFuel);
  const transfer = transferMicros > 0 ? `, ${durationText(transferMicros)} of it transfer,` : '';
  return `; plugin functions ${durationText(micros)}${transfer} for ${count(rows)} ${plural(rows, 'row')}, ${count(Math.round(fuel / rows))} fuel a row`;
}

/** Files whose rows may be of an older state than they have now. */
function changedText(statements: readonly StatementResult[]): string {
  const files = [...new Set(statements.flatMap(({ changedFiles = [] }) => changedFiles))];
  return files.length === 0 ? '' : `; written while it was read: ${files.join(', ')}`;
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
