import { type Command, Option } from 'commander';
import { CACHE_MODES } from '../../../protocol/kept-results.ts';
import type { Cli } from '../cli.ts';
import { FORMATS } from '../formats/format.ts';
import { collect, wholeNumber } from '../options.ts';
import { fileOutput, standardOutput } from '../output.ts';
import { exportSource } from '../run/export-rows.ts';
import { openRunSession } from '../run/open-session.ts';
import { parseParameters } from '../run/parameters.ts';
import { rowTarget } from '../run/row-target.ts';
import type { RunOptions } from '../run/run-options.ts';
import { runSource } from '../run/run-source.ts';
import { readSqlSource } from '../run/sql-source.ts';
import { summaryText } from '../run/summary.ts';

/** `quern run FILE.sql | -e SQL | -`. */
export function addRun(program: Command, cli: Cli): void {
  const command = program
    .command('run')
    .description('run SQL over files, with the plugins of the folder, and print the rows')
    .argument('[file]', 'a file with SQL, or - for stdin')
    .option('-e, --execute <sql>', 'SQL to run instead of a file')
    .option(
      '--secret-param <name=value>',
      'as --param, for a value that the history does not hold; may be repeated',
      collect,
    );
  addDatabaseOptions(command)
    .addOption(
      new Option(
        '--cache <mode>',
        'use: give the rows of before where they are sure to be the same; refresh: run, and keep the rows (default: off)',
      ).choices(CACHE_MODES),
    )
    .option('--no-history', 'do not record the run for quern history');
  addRunOptions(command)
    .addHelpText('after', NOTES)
    .action((file: string | undefined, options: RunOptions) => run(cli, file, options));
}

/** Adds the options that say in which database statements run. */
export function addDatabaseOptions(command: Command): Command {
  return command
    .option('--db <file>', 'run in this DuckDB database, made when it is not there; :memory: for none')
    .option('--db-readonly', 'only read the database of --db');
}

/** Adds the options that `run` shares with other commands. */
export function addRunOptions(command: Command): Command {
  return addSessionOptions(command)
    .addOption(
      new Option(
        '--format <format>',
        "how rows are written (default: by the file's ending, else table)",
      ).choices(FORMATS),
    )
    .option('--out <file>', 'write the rows to a file instead of stdout')
    .option(
      '--format-option <name=value>',
      "an option of the file's format, such as compression=zstd; may be repeated",
      collect,
    )
    .option('--limit <n>', 'keep at most so many rows of each statement', wholeNumber);
}

/** Adds those that say what statements may use, and what their parameters are. */
export function addSessionOptions(command: Command): Command {
  return command
    .option(
      '--plugins <dir>',
      'a folder with plugins (default: those that quern.json names, or plugins/ beside the file); may be repeated',
      collect,
    )
    .option('--locked', 'fail when the plugins are not those of quern.lock.json')
    .option('--allow <dir>', 'a further folder whose files may be read and written; may be repeated', collect)
    .option(
      '--allow-url <origin>',
      'an origin, or the beginning of an address, whose files may be read, such as https://data.example.org; may be repeated',
      collect,
    )
    .option('--param <name=value>', 'the value of $name in the SQL; may be repeated', collect)
    .option('--timeout-ms <n>', 'end the run after so many milliseconds', wholeNumber)
    .option('--fuel <n>', "cap of the instructions of each statement's plugins (default: none)", wholeNumber)
    .option('--memory-mb <n>', "cap of each plugin's memory in MiB (default 64)", wholeNumber);
}

const NOTES = `
Relative paths in the SQL start at its file's folder. Files may be read and written in that folder, in the
current one, and in each --allow DIR. table and markdown show the rows of every statement; the other
formats hold those of the last one. A file of --out appears when it is whole. --json means --format json; its numbers have all their digits.`;

async function run(cli: Cli, file: string | undefined, options: RunOptions): Promise<void> {
  const { format, place } = rowTarget(cli, options);
  const parameters = parseParameters([...(options.param ?? []), ...(options.secretParam ?? [])]);
  const source = await readSqlSource(file, options.execute);
  // From here on Ctrl+C cancels instead of ending us at once.
  cli.signal.throwIfAborted();
  const connection = await cli.connect();
  const session = await openRunSession(cli, connection, { source, options });
  const output =
    options.out === undefined || place !== undefined ? standardOutput() : fileOutput(options.out);
  const sourceRun = { cli, connection, session, source, format, parameters, options, output };
  try {
    const result = await (place === undefined ? runSource(sourceRun) : exportSource(sourceRun, place));
    await output.commit();
    if (result.statements.length === 0) return cli.say(`${source.name} holds no statement.`);
    cli.say(summaryText(result) + (options.out === undefined ? '' : `; written to ${options.out}`));
  } catch (error) {
    output.abandon();
    throw error;
  }
}
