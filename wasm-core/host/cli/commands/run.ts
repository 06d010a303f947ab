import { type Command, Option } from 'commander';
import type { Cli } from '../cli.ts';
import { FORMATS } from '../formats/format.ts';
import { collect, wholeNumber } from '../options.ts';
import { fileOutput, standardOutput } from '../output.ts';
import { UsageError } from '../report-error.ts';
import { openRunSession } from '../run/open-session.ts';
import { parseParameters } from '../run/parameters.ts';
import type { RunOptions } from '../run/run-options.ts';
import { runSource } from '../run/run-source.ts';
import { readSqlSource } from '../run/sql-source.ts';
import { summaryText } from '../run/summary.ts';

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
    .option('--fuel <n>', "cap of the instructions of each statement's plugins (default: none)", wholeNumber)
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
  const session = await openRunSession(cli, connection, { source, format, options });
  const output =
    options.out === undefined || format === 'parquet' ? standardOutput() : fileOutput(options.out);
  try {
    const result = await runSource({ cli, connection, session, source, format, parameters, options, output });
    await output.commit();
    if (result.statements.length === 0) return cli.say(`${source.name} holds no statement.`);
    cli.say(summaryText(result) + (options.out === undefined ? '' : `; written to ${options.out}`));
  } catch (error) {
    output.abandon();
    throw error;
  }
}

function checkTarget(format: string, { out }: RunOptions): void {
  if (format === 'parquet' && out === undefined) throw new UsageError('--format parquet needs --out FILE');
  if (format === 'arrow' && out === undefined && process.stdout.isTTY) {
    throw new UsageError('--format arrow is binary; give --out FILE, or send stdout somewhere');
  }
}
