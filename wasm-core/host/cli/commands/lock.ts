import path from 'node:path';
import type { Command } from 'commander';
import { CoreError } from '../../../protocol/errors.ts';
import type { LockStatusResult } from '../../../protocol/lock.ts';
import type { Cli } from '../cli.ts';
import { collect } from '../options.ts';
import { print } from '../output.ts';
import { ReportedFailure } from '../report-error.ts';
import { lockDifferences } from '../run/check-locked.ts';
import { isFolder } from '../run/plugin-files.ts';
import { loadWorkspacePlugins } from '../run/workspace-plugins.ts';

interface LockOptions {
  readonly update?: boolean;
  readonly plugins?: readonly string[];
}

/** `quern lock [FOLDER]`. */
export function addLock(program: Command, cli: Cli): void {
  program
    .command('lock')
    .description(
      'write down which plugins a folder has and what they may do, or compare them to what was written',
    )
    .argument('[folder]', 'the folder of quern.json (default: the current one)')
    .option('--update', 'write quern.lock.json anew: you allow what the plugins are now granted')
    .option('--plugins <dir>', 'a folder with plugins (default: as quern run); may be repeated', collect)
    .addHelpText('after', NOTES)
    .action((folder: string | undefined, options: LockOptions) => lock(cli, folder ?? '.', options));
}

const NOTES = `
Without a quern.lock.json it writes one. With one it says what differs, and the exit code is 1 when something
does. Commit the file; quern run --locked then fails for plugins that are not those of the file, and a plugin
that changed gets nothing of what quern.json grants until somebody has allowed it.`;

async function lock(cli: Cli, named: string, options: LockOptions): Promise<void> {
  const folder = path.resolve(named);
  if (!isFolder(folder))
    throw new CoreError('FILE_NOT_FOUND', `There is no folder ${folder}.`, { path: folder });
  const connection = await cli.connect();
  const { plugins } = options;
  const namespaces = await loadWorkspacePlugins(cli, connection, { folder, plugins });
  const before = await connection
    .request('lock/status', { folder, namespaces })
    .catch((error: unknown) => unlessWritten(error, options));
  const differences = before === undefined ? [] : lockDifferences(before);
  const writes = options.update === true || before?.exists !== true;
  const after = writes ? await connection.request('lock/update', { folder, namespaces }) : before;
  if (cli.json) await print(JSON.stringify({ ...after, differences, written: writes }));
  else await printStatus(cli, after, { differences, writes });
  if (!writes && differences.length > 0) throw new ReportedFailure();
}

/** A file that is broken does not matter where it is written anew. */
function unlessWritten(error: unknown, { update }: LockOptions): undefined {
  if (!(update && error instanceof CoreError && error.kind === 'FORMAT_WORKSPACE')) throw error;
}

async function printStatus(
  cli: Cli,
  { file, plugins }: LockStatusResult,
  { differences, writes }: { readonly differences: readonly string[]; readonly writes: boolean },
): Promise<void> {
  for (const difference of differences) await print(difference);
  const counted = `${plugins.length} ${plugins.length === 1 ? 'plugin' : 'plugins'}`;
  if (writes) cli.say(`Wrote ${file}: ${counted}`);
  else if (differences.length === 0) cli.say(`${counted}, as in ${file}`);
  else cli.say(`The plugins are not those of ${file}. quern lock --update writes it anew.`);
}
