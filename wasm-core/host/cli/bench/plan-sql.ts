import path from 'node:path';
import type { HostConnection } from '../../../connect/host-connection.ts';
import { readSqlBenchmarks } from '../../../protocol/bench/sql-benchmarks.ts';
import { CoreError } from '../../../protocol/errors.ts';
import { findParameters } from '../../../protocol/parameters.ts';
import type { Cli } from '../cli.ts';
import { limitsOf } from '../options.ts';
import { openRunSession } from '../run/open-session.ts';
import { parseParameters } from '../run/parameters.ts';
import { sqlErrorText } from '../run/sql-error.ts';
import { readSqlSource, type SqlSource } from '../run/sql-source.ts';
import { pluginSetsOf } from '../run/workspace-plugins.ts';
import { pluginFolderOf } from '../test/test-files.ts';
import type { BenchBatch, BenchOptions, PlannedBench } from './planned.ts';

/**
 * The benchmarks of a file of SQL, in a session of their own in which what prepares for them has run.
 *
 * @param file absolute
 * @throws CoreError FILE_*, FORMAT_DATA, and what its other statements fail with; ReportedFailure when plugins do not
 *   compile
 */
export async function planSql(
  cli: Cli,
  connection: HostConnection,
  { file, options }: { readonly file: string; readonly options: BenchOptions },
): Promise<BenchBatch> {
  const source = await readSqlSource(path.relative(process.cwd(), file), undefined);
  const { benchmarks, setup } = readSqlBenchmarks(source.text);
  const wanted = benchmarks.filter(({ name }) => matches(file, name, options));
  if (wanted.length === 0) return [];
  const session = await openRunSession(cli, connection, {
    source,
    options: { ...options, ...pluginsBeside(file, options) },
  });
  const parameters = parseParameters(options.param ?? []);
  const limits = limitsOf(options);
  for (const { sql, start } of setup) {
    const own = parametersOf(sql, parameters);
    const params = { session, sql, parameters: own, record: false, ...limits };
    await moved(start, () => connection.request('sql/run', params, { signal: cli.signal }), source);
  }
  return wanted.map((benchmark): PlannedBench => {
    const { sql, name, range, runs, timeMs, index: _, ...more } = benchmark;
    const from = range.end - sql.length;
    return {
      ...more,
      file,
      name,
      line: source.text.slice(0, range.start).split('\n').length,
      target: {
        type: 'statement',
        session,
        sql,
        parameters: parametersOf(sql, parameters),
        ...limits,
        ...(runs !== undefined && { runs }),
        ...(timeMs !== undefined && { timeMs }),
      },
      failureText: (outcome) => sqlErrorText(placed(outcome, from), source),
    };
  });
}

/** Whether a benchmark is among those that `--filter` asks for. */
export function matches(file: string, name: string, { filter = '' }: BenchOptions): boolean {
  return `${file}#${name}`.includes(filter);
}

/** Benchmarks in a folder of plugins have its plugins. */
function pluginsBeside(file: string, { plugins }: BenchOptions): Pick<BenchOptions, 'plugins'> {
  if (plugins !== undefined || pluginSetsOf(path.dirname(file)).length > 0) return {};
  const own = pluginFolderOf(file);
  return own === undefined ? {} : { plugins: [own] };
}

/** The engine refuses values that a statement does not name. */
function parametersOf(
  sql: string,
  values: ReturnType<typeof parseParameters>,
): ReturnType<typeof parseParameters> {
  const names = new Set(findParameters(sql).map(({ name }) => name));
  return Object.fromEntries(Object.entries(values).filter(([name]) => names.has(name)));
}

/** Tells an error of a statement with its place in the file. */
async function moved<T>(from: number, work: () => Promise<T>, source: SqlSource): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof CoreError) || typeof error.details.start !== 'number') throw error;
    const text = sqlErrorText(placed(error, from), source);
    throw new CoreError(error.kind, text, error.details);
  }
}

function placed(
  {
    kind,
    message,
    details,
  }: {
    readonly kind: string;
    readonly message: string;
    readonly details: Record<string, unknown> | Readonly<Record<string, unknown>>;
  },
  from: number,
): CoreError {
  const { start, end } = details;
  return new CoreError(kind as CoreError['kind'], message, {
    ...details,
    ...(typeof start === 'number' && { start: start + from }),
    ...(typeof end === 'number' && { end: end + from }),
  });
}
