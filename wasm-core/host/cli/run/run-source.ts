import path from 'node:path';
import type { HostConnection } from '../../../connect/host-connection.ts';
import { CoreError } from '../../../protocol/errors.ts';
import type { RunParams, RunResult } from '../../../protocol/methods.ts';
import { splitStatements } from '../../../protocol/statements.ts';
import type { Cli } from '../cli.ts';
import { SHOWS_ALL } from '../formats/format.ts';
import type { Output } from '../output.ts';
import { errorFacts, ReportedFailure } from '../report-error.ts';
import { printResults } from './print-results.ts';
import { ProgressLine } from './progress-line.ts';
import type { RunOptions } from './run-options.ts';
import { sqlErrorText } from './sql-error.ts';
import type { SqlSource } from './sql-source.ts';

/** A run of a source in an open session. */
export interface SourceRun {
  readonly cli: Cli;
  readonly connection: HostConnection;
  readonly session: string;
  readonly source: SqlSource;
  readonly format: string;
  readonly parameters: NonNullable<RunParams['parameters']>;
  readonly options: RunOptions;
  readonly output: Output;
}

/**
 * Runs the statements and writes their rows. In formats for people each statement's rows are written before the next one
 * runs, so that an error does not take away what came before it.
 *
 * @returns what all of them gave
 * @throws ReportedFailure after the error of a statement was shown at its place; CoreError
 */
export async function runSource(run: SourceRun): Promise<RunResult> {
  const { format, output } = run;
  const started = performance.now();
  const total = { statements: [] as RunResult['statements'][number][], micros: 0 };
  for (const sql of piecesOf(run)) {
    const spentMs = Math.floor(performance.now() - started);
    const result = await request(run, { ...paramsOf(run, spentMs), sql });
    // Only formats for people come here more than once; a blank line keeps their tables apart.
    const follows = total.statements.some(hasRows) && result.statements.some(hasRows);
    if (follows) await output.write('\n');
    total.statements.push(...result.statements);
    total.micros += result.micros;
    if (format !== 'parquet') await printResults(result, format, output);
  }
  return total;
}

function hasRows({ file }: RunResult['statements'][number]): boolean {
  return file !== undefined;
}

/** The statements one by one, each where it stands in the text so that positions stay right; or the text as a whole. */
function piecesOf({ format, source }: SourceRun): string[] {
  const { text } = source;
  if (!SHOWS_ALL.has(format)) return [text];
  return splitStatements(text).map(({ start, end }) => ' '.repeat(start) + text.slice(start, end));
}

function paramsOf(run: SourceRun, spentMs: number): Omit<RunParams, 'sql'> {
  const { session, parameters, format } = run;
  const { limit, out, timeoutMs, memoryMb, fuel } = run.options;
  const limits = {
    ...(timeoutMs !== undefined && { timeoutMs: Math.max(1, timeoutMs - spentMs) }),
    ...(memoryMb !== undefined && { memoryMb }),
    ...(fuel !== undefined && { fuel }),
  };
  return {
    session,
    parameters,
    ...(Object.keys(limits).length > 0 && { limits }),
    ...(limit !== undefined && { maxRows: limit }),
    ...(format === 'parquet' && out !== undefined && { parquetPath: path.resolve(out) }),
  };
}

async function request({ cli, connection, source }: SourceRun, params: RunParams): Promise<RunResult> {
  const progress = new ProgressLine();
  try {
    const onProgress = (percent: number): void => progress.show(percent);
    return await connection.request('sql/run', params, { signal: cli.signal, onProgress });
  } catch (error) {
    progress.clear();
    const located = error instanceof CoreError && typeof error.details.start === 'number';
    if (!located || cli.interrupted) throw error;
    cli.say(cli.json ? JSON.stringify({ error: errorFacts(error) }) : sqlErrorText(error, source));
    throw new ReportedFailure();
  } finally {
    progress.clear();
  }
}
