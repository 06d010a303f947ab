import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { isProcessAlive } from './lock.ts';

/**
 * Where a session's results files lie: `<root>/<pid>-<session>`, so that a later host knows whose they were.
 *
 * @param root absolute
 */
export function sessionResultsFolder(root: string, session: string): string {
  return path.join(root, `${process.pid}-${session}`);
}

/** Deletes results that hosts left behind which did not get to it themselves. */
export async function deleteLeftovers(root: string): Promise<void> {
  const names = await readdir(root).catch(() => []);
  for (const name of names) {
    const pid = Number(/^(\d+)-/.exec(name)?.[1]);
    // Our own id on a folder that is there before us was another process's.
    const dead = Number.isInteger(pid) && (pid === process.pid || !isProcessAlive(pid));
    if (dead) await rm(path.join(root, name), { recursive: true, force: true }).catch(() => {});
  }
}
