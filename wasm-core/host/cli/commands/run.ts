import path from 'node:path';
import { type Command, Option } from 'commander';
import type { HostConnection } from '../../../connect/host-connection.ts';
import { CoreError } from '../../../protocol/errors.ts';
import type { RunParams, RunResult } from '../../../protocol/methods.ts';
import type { Cli } from '../cli.ts';
import { FORMATS } from '../formats/format.ts';
import { collect, wholeNumber } from '../options.ts';
import { fileOutput, type Output, standardOutput } from '../output.ts';
import { errorFacts, ReportedFailure, UsageError } from '../report-error.ts';
import { loadPlugins } from '../run/load-plugins.ts';
import { parseParameters } from '../run/parameters.ts';
import { isFolder } from '../run/plugin-files.ts';
import { printResults } from '../run/print-results.ts';
import { ProgressLine } from '../run/progress-line.ts';
import { sqlErrorText } from '../run/sql-error.ts';
import { readSqlSource, type SqlSource } from '../run/sql-source.ts';
import { summaryText } from '../run/summary.ts';

interface RunOptions {
  readonly execute?: string;
  readonly plugins?: readonly string[];
  readonly allow?: readonly string[];
  readonly format?: string;
  readonly out?: string;
  readonly limit?: number;
  readonly param?: readonly string[];
  readonly timeoutMs?: number;
  readonly memoryMb?: number;
}

/** `quern run FILE.sql | -e SQL | -`. */
export function addRun(program: Command, cli: Cli): void {
  program
    .command('run')
    .description('run SQL over files, with the plugins of the folder, and print the rows')
    .argument('[file]', 'a file with SQL, or - for stdin')
    .option('-e, --execute <sql>', 'SQL to run instead of a file')
    .option(
      '--plugins <dir>',
      'a folder with plugins (default: plugins/ beside the file); may be repeated',
      collect,
    )
    .option('--allow <dir>', 'a further folder whose files may be read and written; may be repeated', collect)
    .addOption(new Option('--format <format>', 'how rows are written (default: table)').choices(FORMATS))
    .option('--out <file>', 'write the rows to a file instead of stdout')
    .option('--limit <n>', 'keep at most so many rows of each statement', wholeNumber)
    .option('--param <name=value>', 'the value of $name in the SQL; may be repeated', collect)
    .option('--timeout-ms <n>', 'end the run after so many milliseconds', wholeNumber)
    .option('--memory-mb <n>', "cap of each plugin's memory in MiB (default 64)", wholeNumber)
    .addHelpText('after', NOTES)
    .action((file: string | undefined, options: RunOptions) => run(cli, file, options));
}

const NOTES = `
Relative paths in the SQL start at its file's folder. Files may be read and written in that folder, in the
current one, and in each --allow DIR. table and markdown show the rows of every statement; csv, json, ndjson,
arrow and parquet hold those of the last one. --json means --format json; its numbers have all their digits.`;

async function run(cli: Cli, file: string | undefined, options: RunOptions): Promise<void> {
  const format = options.format ?? (cli.json ? 'json' : 'table');
  checkTarget(format, options);
  const parameters = parseParameters(options.param ?? []);
  const source = await readSqlSource(file, options.execute);
  // From here on Ctrl+C cancels instead of ending us at once.
  cli.signal.throwIfAborted();
  const connection = await cli.connect();
  const session = await openSession(cli, connection, source, options);
  const params: RunParams = {
    session,
    sql: source.text,
    parameters,
    ...runLimits(options),
    ...(options.limit !== undefined && { maxRows: options.limit }),
    ...(format === 'parquet' && options.out !== undefined && { parquetPath: path.resolve(options.out) }),
  };
  const result = await runStatements(cli, connection, params, source);
  if (format !== 'parquet') await writeResults(result, format, options.out);
  if (result.statements.length === 0) cli.say(`${source.name} holds no statement.`);
  else cli.say(summaryText(result) + (options.out === undefined ? '' : `; written to ${options.out}`));
}

function checkTarget(format: string, { out }: RunOptions): void {
  if (format === 'parquet' && out === undefined) throw new UsageError('--format parquet needs --out FILE');
  if (format === 'arrow' && out === undefined && process.stdout.isTTY) {
    throw new UsageError('--format arrow is binary; give --out FILE, or send stdout somewhere');
  }
}

/** Loads the plugins, and opens a session that has them and what `quern load` loaded. */
async function openSession(
  cli: Cli,
  connection: HostConnection,
  source: SqlSource,
  options: RunOptions,
): Promise<string> {
  const own = path.join(source.folder, 'plugins');
  const folders = options.plugins?.map((folder) => path.resolve(folder)) ?? (isFolder(own) ? [own] : []);
  for (const folder of folders) await loadPlugins(cli, connection, folder);
  const [namespace, ...includes] = [...folders, 'default'];
  const { session } = await connection.request('sql/open', {
    folder: source.folder,
    allow: allowedFolders(options),
    includes,
    ...(namespace !== undefined && { namespace }),
  });
  return session;
}

function allowedFolders({ allow, format, out }: RunOptions): string[] {
  const folders = [process.cwd(), ...(allow ?? []).map((folder) => path.resolve(folder))];
  const missing = folders.find((folder) => !isFolder(folder));
  if (missing !== undefined) {
    throw new CoreError('FILE_NOT_FOUND', `There is no folder ${missing} to --allow.`, { path: missing });
  }
  // The host writes this file itself, and the user has named it.
  return format === 'parquet' && out !== undefined ? [...folders, path.dirname(path.resolve(out))] : folders;
}

function runLimits({ timeoutMs, memoryMb }: RunOptions): Pick<RunParams, 'limits'> {
  if (timeoutMs === undefined && memoryMb === undefined) return {};
  return {
    limits: { ...(timeoutMs !== undefined && { timeoutMs }), ...(memoryMb !== undefined && { memoryMb }) },
  };
}

async function runStatements(
  cli: Cli,
  connection: HostConnection,
  params: RunParams,
  source: SqlSource,
): Promise<RunResult> {
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

async function writeResults(result: RunResult, format: string, out: string | undefined): Promise<void> {
  const output: Output = out === undefined ? standardOutput() : fileOutput(out);
  try {
    await printResults(result, format, output);
    await output.commit();
  } catch (error) {
    output.abandon();
    throw error;
  }
}
