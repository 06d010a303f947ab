import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, unlink } from 'node:fs/promises';
import path from 'node:path';
import { CoreError } from '../../protocol/errors.ts';

/** Begins the names of files that are being written. */
export const TEMPORARY_PREFIX = '.tmp-';

/**
 * Writes a file so that after a crash at any point there is the old one or the new one, never a part: to a temporary
 * name in the same folder, synced, renamed, and the folder synced.
 *
 * @throws CoreError FILE_IO
 */
export async function writeDurably(file: string, bytes: Uint8Array): Promise<void> {
  const folder = path.dirname(file);
  const temporary = path.join(folder, `${TEMPORARY_PREFIX}${process.pid}-${randomBytes(6).toString('hex')}`);
  await orFileError(file, 'write', async () => {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    try {
      const handle = await open(temporary, 'wx', 0o600);
      try {
        await handle.writeFile(bytes);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(temporary, file);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
    await syncFolder(folder);
  });
}

/**
 * Deletes files of one folder, those that are there, and syncs it.
 *
 * @throws CoreError FILE_IO
 */
export async function deleteDurably(folder: string, names: readonly string[]): Promise<void> {
  await orFileError(folder, 'delete from', async () => {
    for (const name of names) await rm(path.join(folder, name), { force: true });
    await syncFolder(folder);
  });
}

/** Moves a file into another folder under a name of its own; undefined when it is gone or cannot be moved. */
export async function moveAside(file: string, folder: string): Promise<string | undefined> {
  const target = path.join(folder, `${randomBytes(4).toString('hex')}-${path.basename(file)}`);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await rename(file, target);
    return target;
  } catch {
    return undefined;
  }
}

/** Deletes what writers that are gone left behind in a folder. */
export async function removeStaleTemporaries(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const pid = Number(/^\.tmp-(\d+)-/.exec(name)?.[1]);
    if (Number.isNaN(pid) || isAlive(pid)) continue;
    await unlink(path.join(folder, name)).catch(() => undefined);
  }
}

/** @throws CoreError FILE_IO that names the path and the system's reason */
export async function orFileError<T>(file: string, verb: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof CoreError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    const message = `Could not ${verb} ${file}: ${reason}. Check the folder's rights and free space; QUERN_HOME moves it.`;
    throw new CoreError('FILE_IO', message, { path: file });
  }
}

async function syncFolder(folder: string): Promise<void> {
  // Windows opens no folders; there a rename is durable by itself.
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function isAlive(pid: number): boolean {
  if (pid === process.pid) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process is alive too.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
