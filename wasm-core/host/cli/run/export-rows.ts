import type { ExportPlace } from '../../../protocol/export.ts';
import type { RunResult } from '../../../protocol/methods.ts';
import { statementWords } from '../../../protocol/statement-words.ts';
import { splitStatements } from '../../../protocol/statements.ts';
import { ProgressLine } from './progress-line.ts';
import { paramsOf, requestStatements, type SourceRun } from './run-source.ts';

/** First words of statements whose rows the host can write as they come. */
const GIVES_ROWS = new Set([
  'SELECT',
  'WITH',
  'FROM',
  'VALUES',
  'TABLE',
  'PIVOT',
  'UNPIVOT',
  'SHOW',
  'DESCRIBE',
  'DESC',
  'SUMMARIZE',
  '(',
]);

/**
 * Runs the statements and has the host write the rows of the last one that has some.
 *
 * @returns what all of them gave, and how many rows were written
 * @throws ReportedFailure after the error of a statement was shown at its place; CoreError
 */
export async function exportSource(
  run: SourceRun,
  place: ExportPlace,
): Promise<RunResult & { readonly rowCount?: number }> {
  const { source } = run;
  const params = { ...paramsOf(run, 0), sql: source.text };
  const last = splitStatements(source.text).at(-1);
  const word = last && statementWords(source.text.slice(last.start, last.end))[0]?.text;
  if (word !== undefined && GIVES_ROWS.has(word)) {
    return await requestStatements(run, 'sql/export', { ...params, ...place });
  }
  const result = await requestStatements(run, 'sql/run', params);
  await exportResult(run, result, place);
  return result;
}

/** Has the host write the rows of the last statement that gave some; without any it writes nothing. @throws CoreError */
export async function exportResult(
  { cli, connection, session }: Pick<SourceRun, 'cli' | 'connection' | 'session'>,
  { statements }: RunResult,
  place: ExportPlace,
): Promise<void> {
  const statement = statements.findLast(({ file }) => file !== undefined);
  if (statement?.file === undefined) return;
  const { file, columns, rowCount } = statement;
  const progress = new ProgressLine();
  try {
    const onProgress = (percent: number): void => progress.show(percent);
    const result = { path: file.path, columns, rowCount };
    await connection.request('sql/export', { session, ...place, result }, { signal: cli.signal, onProgress });
  } finally {
    progress.clear();
  }
}
