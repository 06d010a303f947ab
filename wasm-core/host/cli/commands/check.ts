import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type Command, Option } from 'commander';
import { quernVersion } from '../../../connect/build-info.ts';
import type { CheckedFile } from '../../../protocol/check.ts';
import { CoreError } from '../../../protocol/errors.ts';
import { checkJson, checkText, countDiagnostics } from '../check/check-text.ts';
import { runChecker } from '../check/run-checker.ts';
import { type CheckRule, checkSarif } from '../check/sarif.ts';
import type { Cli } from '../cli.ts';
import { collect } from '../options.ts';
import { print } from '../output.ts';
import { ReportedFailure, UsageError } from '../report-error.ts';
import { isFolder } from '../run/plugin-files.ts';

const FORMATS = ['text', 'json', 'sarif'] as const;
type Format = (typeof FORMATS)[number];

interface CheckOptions {
  readonly format?: Format;
  readonly sarif?: boolean;
  readonly plugins?: readonly string[];
  readonly allow?: readonly string[];
}

/** `quern check FILE…`. */
export function addCheck(program: Command, cli: Cli): void {
  program
    .command('check')
    .description('say what is wrong with SQL and plugins, as the editor does; nothing is run')
    .argument('<files...>', 'files, and folders, which are walked')
    .addOption(new Option('--format <format>', 'how it is said (default: text)').choices(FORMATS))
    .option('--sarif', 'the same as --format sarif')
    .option(
      '--plugins <dir>',
      'a folder with plugins (default: those that quern.json names, or plugins/ beside each file); may be repeated',
      collect,
    )
    .option('--allow <dir>', 'a further folder whose files statements may name; may be repeated', collect)
    .addHelpText('after', NOTES)
    .action((files: readonly string[], options: CheckOptions) => check(cli, files, options));
}

const NOTES = `
Text is FILE:LINE:COLUMN: SEVERITY: MESSAGE [CODE], and a count behind it. --json means --format json.
The exit code is 1 when there are errors, and 0 when there are none; warnings and hints do not count.`;

async function check(cli: Cli, files: readonly string[], options: CheckOptions): Promise<void> {
  const format = formatOf(cli, options);
  const { socket } = cli;
  const plugins = options.plugins?.map((folder) => existing(folder, 'with plugins'));
  const checked = await runChecker(cli, {
    paths: files.map((file) => path.resolve(file)),
    currentFolder: process.cwd(),
    allow: (options.allow ?? []).map((folder) => existing(folder, 'to --allow')),
    ...(plugins && { plugins }),
    ...(socket !== undefined && { socket: path.resolve(socket) }),
  });
  if (checked.length === 0) cli.say('There is nothing to check in what was named.');
  await print(formatted(cli, checked, format));
  if (countDiagnostics(checked).error > 0) throw new ReportedFailure();
}

/** @throws UsageError for two formats at once */
function formatOf(cli: Cli, { format, sarif }: CheckOptions): Format {
  const named: readonly Format[] = [
    ...(format === undefined ? [] : [format]),
    ...(sarif ? (['sarif'] as const) : []),
    ...(cli.json ? (['json'] as const) : []),
  ];
  const [first = 'text'] = named;
  if (named.some((other) => other !== first))
    throw new UsageError(`give one format, not ${named.join(' and ')}`);
  return first;
}

function formatted(cli: Cli, files: readonly CheckedFile[], format: Format): string {
  if (format === 'text') return checkText(files);
  if (format === 'json') return checkJson(files);
  return checkSarif(files, { rules: readRules(cli), version: quernVersion(), root: process.cwd() });
}

/** The build writes them, out of the documents. */
function readRules(cli: Cli): CheckRule[] {
  return JSON.parse(readFileSync(path.join(cli.distFolder, 'check-rules.json'), 'utf8')) as CheckRule[];
}

function existing(folder: string, purpose: string): string {
  const absolute = path.resolve(folder);
  if (isFolder(absolute)) return absolute;
  throw new CoreError('FILE_NOT_FOUND', `There is no folder ${absolute} ${purpose}.`, { path: absolute });
}
