import type { HostConnection } from '../../../connect/host-connection.ts';
import { leadingStart } from '../../../protocol/directives.ts';
import { CoreError } from '../../../protocol/errors.ts';
import { type RecordedRun, SECRET_PARAMETERS } from '../../../protocol/history.ts';
import type { CachedRun } from '../../../protocol/kept-results.ts';
import type { HostRequests, RunParams, RunResult } from '../../../protocol/methods.ts';
import { splitStatements } from '../../../protocol/statements.ts';
import type { Cli } from '../cli.ts';
import { SHOWS_ALL } from '../formats/format.ts';
import type { Output } from '../output.ts';
import { errorFacts, ReportedFailure } from '../report-error.ts';
import { parseParameters } from './parameters.ts';
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
    const result = await requestStatements(run, 'sql/run', {
      ...paramsOf(run, spentMs),
      ...recordedOf(run.options),
      sql,
    });
    // Only formats for people come here more than once; a blank line keeps their tables apart.
    const follows = total.statements.some(hasRows) && result.statements.some(hasRows);
    if (follows) await output.write('\n');
    total.statements.push(...result.statements);
    total.micros += result.micros;
    for (const warning of result.statements.flatMap(({ warnings }) => warnings ?? [])) {
      run.cli.say(`warning: ${warning}`);
    }
    await printResults(result, format, output);
  }
  return total;
}

/** What of the run is recorded, and what is done with kept results. */
function recordedOf({ history, secretParam, cache }: RunOptions): RecordedRun & CachedRun {
  const names = Object.keys(parseParameters(secretParam ?? []));
  return {
    ...(cache !== undefined && { cache }),
    ...((history === false || process.env.QUERN_HISTORY === '0') && { record: false }),
    ...(names.length > 0 && { secretParameters: [...SECRET_PARAMETERS, ...names] }),
  };
}

function hasRows({ file }: RunResult['statements'][number]): boolean {
  return file !== undefined;
}

/**
 * The statements one by one, each with its directives and where it stands in the text, so that positions stay right; or
 * the text as a whole.
 */
function piecesOf({ format, source }: SourceRun): string[] {
  const { text } = source;
  if (!SHOWS_ALL.has(format)) return [text];
  const ranges = splitStatements(text);
  return ranges.map(({ end }, index) => {
    const start = leadingStart(ranges, index);
    return ' '.repeat(start) + text.slice(start, end);
  });
}

/** What a request is told beside its text. @param spentMs of the run's time, by requests before */
export function paramsOf(
  run: Pick<SourceRun, 'session' | 'parameters' | 'options'>,
  spentMs: number,
): Omit<RunParams, 'sql'> {
  const { session, parameters } = run;
  const { limit, timeoutMs, memoryMb, fuel } = run.options;
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
  };
}

/**
 * Asks the host for something with statements, and shows how far it is.
 *
 * @throws ReportedFailure after the error of a statement was shown at its place; CoreError
 */
export async function requestStatements<M extends 'sql/run' | 'sql/explain' | 'sql/profile' | 'sql/export'>(
  { cli, connection, source }: Pick<SourceRun, 'cli' | 'connection' | 'source'>,
  method: M,
  params: HostRequests[M]['params'],
): Promise<HostRequests[M]['result']> {
  const progress = new ProgressLine();
  try {
    const onProgress = (percent: number, message?: string): void => progress.show(percent, message);
    return await connection.request(method, params, { signal: cli.signal, onProgress });
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
