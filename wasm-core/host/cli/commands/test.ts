import path from 'node:path';
import type { Command } from 'commander';
import type { TestRunResult } from '../../../protocol/tests.ts';
import type { Cli } from '../cli.ts';
import { collect, wholeNumber } from '../options.ts';
import { print } from '../output.ts';
import { ReportedFailure, UsageError } from '../report-error.ts';
import { TestFiles, type TestOptions } from '../test/run-tests.ts';
import { findTestFiles } from '../test/test-files.ts';
import { fileLines, summaryLine } from '../test/test-text.ts';
import { updateTestFile } from '../test/update-file.ts';

/** `quern test [PATH…]`. */
export function addTest(program: Command, cli: Cli): void {
  program
    .command('test')
    .description('run tests of SQL and plugins, in files of sqllogictest’s format')
    .argument('[paths...]', 'files, and folders, which are walked (default: the current folder)')
    .option(
      '--plugins <dir>',
      'a folder with plugins (default: plugins/ beside or around each file); may be repeated',
      collect,
    )
    .option('--allow <dir>', 'a further folder whose files may be read and written; may be repeated', collect)
    .option('--folder <dir>', "where relative paths start (default: each file's folder)")
    .option('--filter <text>', 'run only files whose path has this text in it')
    .option('--env <name=value>', 'a value for require-env and {NAME}; may be repeated', collect)
    .option('--slow', 'also run .test_slow files')
    .option('--update', 'write what came in place of what the files expect')
    .option('--jobs <n>', 'how many files run at once (default: 1)', wholeNumber)
    .option('--timeout-ms <n>', 'end each file after so many milliseconds', wholeNumber)
    .addHelpText('after', NOTES)
    .action((paths: readonly string[], options: TestOptions) => test(cli, paths, options));
}

const NOTES = `
In folders it takes *.test.sql and *.test. Each file runs in a database of its own; __TEST_DIR__ is a folder that is
deleted behind it. --json prints an object a line, one for each file. The exit code is 1 when a file failed.`;

async function test(cli: Cli, paths: readonly string[], options: TestOptions): Promise<void> {
  const started = performance.now();
  const environment = parseEnvironment(options.env ?? []);
  const named = (paths.length > 0 ? paths : ['.']).map((file) => path.resolve(file));
  const found = findTestFiles(named, { slow: options.slow === true });
  const files = found.filter((file) => file.includes(options.filter ?? ''));
  if (files.length === 0) return cli.say('There are no tests in what was named.');
  // From here on Ctrl+C cancels instead of ending us at once.
  cli.signal.throwIfAborted();
  const connection = await cli.connect();
  const run = new TestFiles(cli, { connection, options, environment });
  const results = await run.run(files, (result) => tell(cli, result, options));
  const micros = Math.round((performance.now() - started) * 1000);
  cli.say(summaryLine(results, micros));
  if (results.some((result) => isFailed(result, options))) throw new ReportedFailure();
}

async function tell(cli: Cli, result: TestRunResult, options: TestOptions): Promise<void> {
  const updated = options.update ? updateTestFile(result) : 0;
  if (cli.json) return print(JSON.stringify(result));
  if (result.outcome !== 'passed' || cli.verbose) await print(fileLines(result).join('\n'));
  if (updated > 0) cli.say(`${updated} ${updated === 1 ? 'record' : 'records'} updated in ${result.path}`);
}

/** Whether something is left to mend. */
function isFailed({ records }: TestRunResult, { update }: TestOptions): boolean {
  return records.some(({ failure }) => failure !== undefined && !(update && failure.update !== undefined));
}

/** @throws UsageError for one that is not `NAME=VALUE` */
function parseEnvironment(texts: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    texts.map((text) => {
      const [, name, value] = /^(\w+)=(.*)$/s.exec(text) ?? [];
      if (name === undefined || value === undefined) {
        throw new UsageError(`--env takes NAME=VALUE, and ${JSON.stringify(text)} is not that`);
      }
      return [name, value];
    }),
  );
}
