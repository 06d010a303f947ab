import { type Command, Option } from 'commander';
import type { HostConnection } from '../../../connect/host-connection.ts';
import type { DiffParams, DiffResult } from '../../../protocol/diff.ts';
import { diffNotes, diffOutcome } from '../../../protocol/diff-text.ts';
import { durationText } from '../../../protocol/figures.ts';
import type { Cli } from '../cli.ts';
import { commonFolder, diffSide, type NamedSide, readSide } from '../diff/side.ts';
import { TEXT_FORMATS } from '../formats/format.ts';
import { collect } from '../options.ts';
import { fileOutput, type Output, standardOutput } from '../output.ts';
import { EXIT, UsageError } from '../report-error.ts';
import { openRunSession } from '../run/open-session.ts';
import { parseParameters } from '../run/parameters.ts';
import { printResults } from '../run/print-results.ts';
import { ProgressLine } from '../run/progress-line.ts';
import type { RunOptions } from '../run/run-options.ts';
import { paramsOf } from '../run/run-source.ts';
import { addSessionOptions } from './run.ts';

interface DiffOptions extends RunOptions {
  readonly key?: readonly string[];
}

/** What `--json` and no `--format` prints: the rows, and what is known of them. */
const REPORT = 'report';

/** Those that are written here, and not by the host. */
const FORMATS_HERE = [...Object.keys(TEXT_FORMATS), 'arrow'];

/** `quern diff BEFORE AFTER`. */
export function addDiff(program: Command, cli: Cli): void {
  const command = program
    .command('diff')
    .description('compare the rows of two data files or queries')
    .argument('<before>', 'a data file or pattern, a .sql file, or SQL')
    .argument('<after>', 'the same')
    .option('--key <columns>', 'columns that tell rows apart, with commas; may be repeated', collect);
  addSessionOptions(command)
    .addOption(
      new Option('--format <format>', 'how the differing rows are written (default: table)').choices(
        FORMATS_HERE,
      ),
    )
    .option('--out <file>', 'write them to a file instead of stdout')
    .addHelpText('after', NOTES)
    .action((before: string, after: string, options: DiffOptions) => diff(cli, [before, after], options));
}

const NOTES = `
With --key, rows of one key are compared: status says added, removed, changed, or duplicate for a key of several rows.
Without it rows are compared whole, however often they occur. --json prints one object with equal, counts and rows.
The exit code is 0 when both sides are equal, 1 when they differ or cannot be compared, 2 for bad usage.`;

async function diff(cli: Cli, args: readonly [string, string], options: DiffOptions): Promise<void> {
  const format = options.format ?? (cli.json ? REPORT : 'table');
  if (format === 'arrow' && options.out === undefined && process.stdout.isTTY) {
    throw new UsageError('--format arrow is binary; give --out FILE, or send stdout somewhere');
  }
  const parameters = parseParameters(options.param ?? []);
  const key = (options.key ?? []).flatMap((names) => names.split(',')).map((name) => name.trim());
  if (key.includes('')) throw new UsageError('--key takes names of columns, such as --key id,day');
  const [before, after] = await Promise.all([readSide(args[0]), readSide(args[1])]);
  cli.signal.throwIfAborted();
  const connection = await cli.connect();
  const folder = commonFolder([before, after]);
  const allow = [...(options.allow ?? []), ...[before, after].map(folderOf)];
  const source = { text: '', name: 'diff', folder };
  const session = await openRunSession(cli, connection, { source, options: { ...options, allow } });
  const params = paramsOf({ session, parameters, options }, 0);
  const side = (named: NamedSide) => diffSide(named, { connection, folder, params, signal: cli.signal });
  const result = await request({
    cli,
    connection,
    params: { ...params, before: await side(before), after: await side(after), key },
  });
  await write(result, format, options.out === undefined ? standardOutput() : fileOutput(options.out));
  for (const note of diffNotes(result, { key, names: args })) cli.say(note);
  cli.say(`${diffOutcome(result)} in ${durationText(result.micros)}`);
  if (!result.equal) process.exitCode = EXIT.failed;
}

function folderOf(side: NamedSide): string {
  return side.type === 'data' ? side.folder : side.source.folder;
}

async function request(options: {
  readonly cli: Cli;
  readonly connection: HostConnection;
  readonly params: DiffParams;
}): Promise<DiffResult> {
  const { cli, connection, params } = options;
  const progress = new ProgressLine();
  try {
    const onProgress = (percent: number): void => progress.show(percent);
    return await connection.request('sql/diff', params, { signal: cli.signal, onProgress });
  } finally {
    progress.clear();
  }
}

async function write(result: DiffResult, format: string, output: Output): Promise<void> {
  const { statement, sql: _, ...facts } = result;
  const rows = { statements: [statement], micros: result.micros };
  try {
    if (format === REPORT) {
      await output.write(`${JSON.stringify(facts).slice(0, -1)},"rows":`);
      await printResults(rows, 'json', output);
      await output.write('}\n');
    } else if (format !== 'table' || statement.rowCount > 0) await printResults(rows, format, output);
    await output.commit();
  } catch (error) {
    output.abandon();
    throw error;
  }
}
