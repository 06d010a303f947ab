import { type Command, Option } from 'commander';
import type { LineProfile, ProfileResult } from '../../../protocol/profile.ts';
import { flameTree, foldedStacks, isNamed } from '../../../results/profile-tree.ts';
import type { Cli } from '../cli.ts';
import { print } from '../output.ts';
import { profileText } from '../profile/profile-text.ts';
import { openRunSession } from '../run/open-session.ts';
import { parseParameters } from '../run/parameters.ts';
import type { RunOptions } from '../run/run-options.ts';
import { paramsOf, requestStatements } from '../run/run-source.ts';
import { readSqlSource } from '../run/sql-source.ts';
import { addSessionOptions } from './run.ts';

interface ProfileOptions extends RunOptions {
  readonly function?: string;
}

/** `quern profile FILE.sql | -e SQL | -`. */
export function addProfile(program: Command, cli: Cli): void {
  const command = program
    .command('profile')
    .description('run SQL, and say what the plugins executed: how often, and for how much fuel')
    .argument('[file]', 'a file with SQL, or - for stdin')
    .option('-e, --execute <sql>', 'SQL to run instead of a file')
    .option('--function <name>', 'what this function did, and those that it called')
    .addOption(
      new Option(
        '--format <format>',
        'text, json, or folded: stacks for flame graphs (default: text)',
      ).choices(FORMATS),
    );
  addSessionOptions(command)
    .addHelpText('after', NOTES)
    .action((file: string | undefined, options: ProfileOptions) => profile(cli, file, options));
}

const FORMATS = ['text', 'json', 'folded'] as const;

const NOTES = `
Statements run as with quern run, and their rows are not kept. Fuel is a count of instructions, so a profile is the
same on every machine. json holds everything that was counted, whichever function is asked for.`;

async function profile(cli: Cli, file: string | undefined, options: ProfileOptions): Promise<void> {
  const format = options.format ?? (cli.json ? 'json' : 'text');
  const parameters = parseParameters(options.param ?? []);
  const source = await readSqlSource(file, options.execute);
  cli.signal.throwIfAborted();
  const connection = await cli.connect();
  const session = await openRunSession(cli, connection, { source, options });
  const params = { ...paramsOf({ session, parameters, options }, 0), sql: source.text };
  const result = await requestStatements({ cli, connection, source }, 'sql/profile', params);
  if (format === 'json') return print(JSON.stringify(result));
  const { function: name } = options;
  const root = flameTree(result, name);
  if (name !== undefined && root.children.length === 0) {
    cli.say(`No function ${name} was called.`);
  }
  const text =
    format === 'folded' ? foldedStacks(root) : profileText(result, { root, lines: linesOf(result, name) });
  process.stdout.write(text);
}

/** Lines of the function that is asked for, else all. */
function linesOf({ modules }: ProfileResult, name: string | undefined): LineProfile[] {
  return modules.flatMap(({ functions, lines = [] }) => {
    if (name === undefined) return lines;
    const wanted = new Set(functions.filter((fn) => isNamed(fn.name, name)).map(({ index }) => index));
    return lines.filter((line) => wanted.has(line.function));
  });
}
