import type { HostConnection } from '../../../connect/host-connection.ts';
import { CoreError } from '../../../protocol/errors.ts';
import type { LockedState, LockStatusResult } from '../../../protocol/lock.ts';

/**
 * Sees to it that the plugins of a folder are those of its lock file.
 *
 * @throws CoreError LOCK_MISMATCH that names what differs
 */
export async function checkLocked(
  connection: HostConnection,
  params: { readonly folder: string; readonly namespaces: readonly string[] },
): Promise<void> {
  const status = await connection.request('lock/status', params);
  const differences = lockDifferences(status);
  if (status.exists && differences.length === 0) return;
  const what = status.exists
    ? `The plugins are not those of ${status.file}: ${differences.join('; ')}.`
    : `There is no ${status.file}, and --locked asks for it.`;
  throw new CoreError(
    'LOCK_MISMATCH',
    `${what} Look at what changed, then write it with quern lock --update.`,
    {
      path: status.file,
      differences,
    },
  );
}

/** What differs between a folder and its lock file, one text for each plugin. */
export function lockDifferences({ plugins, gone }: LockStatusResult): string[] {
  const changed = plugins.filter(({ isLocked }) => !isLocked).map(differenceOf);
  return [...changed, ...gone.map((path) => `${path} is gone`)];
}

function differenceOf({ path, digest, needs, granted, locked }: LockedState): string {
  const rights = granted.length > 0 ? `, granted ${granted.join(', ')}` : '';
  if (locked === undefined) return `${path} is new${rights}`;
  const changes = [
    digest === locked.digest
      ? []
      : [`has other bytes (${locked.digest.slice(0, 12)} before, ${digest.slice(0, 12)} now)`],
    listChange('needs', locked.needs, needs),
    listChange('is granted', locked.granted, granted),
  ];
  return `${path} ${changes.flat().join(', ')}`;
}

function listChange(what: string, before: readonly string[], now: readonly string[]): string[] {
  const shown = (list: readonly string[]) => (list.length === 0 ? 'nothing' : list.join(' and '));
  return before.join() === now.join() ? [] : [`${what} ${shown(now)} instead of ${shown(before)}`];
}
