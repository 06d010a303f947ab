import type { Stats } from 'node:fs';
import { chmod, open, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { CoreError } from '../../protocol/errors.ts';
import { FileGate, realPath } from '../../sql/duckdb/node/file-gate.ts';
import { partFile, removeLeftParts } from './part-files.ts';

/** Where a file is to be. */
export interface OutputPlace {
  /** Absolute. */
  readonly path: string;
  /** Whether a file that is there is replaced. */
  readonly overwrite: boolean;
  /** Absolute folders that it has to be in, links followed; undefined: anywhere. */
  readonly within: readonly string[] | undefined;
}

/** A file that was written. */
export interface WrittenFile<T> {
  /** What writing it gave. */
  readonly value: T;
  /** Its real path. */
  readonly path: string;
  readonly byteLength: number;
}

/**
 * Writes a file whole or not at all: under another name in its folder, which it changes for its own when all of it is on
 * the disk. What was there stays until then, and after a failure. What killed processes left in the folder is removed.
 *
 * @param write gets the path to write to, where nothing is yet; what it leaves there is on the disk
 * @throws CoreError PATH_DENIED, FILE_NOT_FOUND without its folder, FILE_IS_DIRECTORY, FILE_EXISTS, FILE_IO, CANCELLED, and
 *   what `write` throws
 */
export async function writeWhole<T>(
  place: OutputPlace,
  signal: AbortSignal,
  write: (file: string) => Promise<T>,
): Promise<WrittenFile<T>> {
  const target =
    place.within === undefined ? realPath(place.path) : new FileGate(place.within).admit(place.path);
  const before = await look(place, target);
  await removeLeftParts(path.dirname(target));
  const temporary = partFile(path.dirname(target));
  try {
    const value = await write(temporary);
    if (signal.aborted) throw new CoreError('CANCELLED', 'The export was cancelled.');
    const { size } = await stat(temporary);
    if (before === undefined) await look(place, target);
    else await chmod(temporary, before.mode);
    await rename(temporary, target);
    await syncFolder(path.dirname(target));
    return { value, path: target, byteLength: size };
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw aboutTarget(error, { temporary, target });
  }
}

/** What is at the target, if that is a file and may be replaced. */
async function look({ overwrite }: OutputPlace, target: string): Promise<Stats | undefined> {
  const folder = path.dirname(target);
  const around = await stat(folder).catch(() => undefined);
  if (!around?.isDirectory()) {
    throw new CoreError(
      'FILE_NOT_FOUND',
      `There is no folder '${folder}' to write a file to; make it first.`,
      {
        path: folder,
      },
    );
  }
  const stats = await stat(target).catch(() => undefined);
  if (stats === undefined) return undefined;
  if (stats.isDirectory()) {
    throw new CoreError('FILE_IS_DIRECTORY', `'${target}' is a folder; name a file in it.`, { path: target });
  }
  if (!stats.isFile()) {
    throw new CoreError(
      'FILE_IO',
      `'${target}' is not a file of a disk, which an export replaces whole; name a file.`,
      {
        path: target,
      },
    );
  }
  if (!overwrite) {
    throw new CoreError(
      'FILE_EXISTS',
      `'${target}' is there already; name another file, or ask for overwrite.`,
      {
        path: target,
      },
    );
  }
  return stats;
}

/** The change of names is on the disk then. Windows has no such thing for folders. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  try {
    await handle?.sync();
  } catch {
    // The file is in its place, and some file systems do not sync folders.
  } finally {
    await handle?.close();
  }
}

/** The user has not heard of the temporary name. */
function aboutTarget(
  error: unknown,
  names: { readonly temporary: string; readonly target: string },
): unknown {
  const { temporary, target } = names;
  if (error instanceof CoreError) {
    const details = error.details.path === temporary ? { ...error.details, path: target } : error.details;
    return new CoreError(error.kind, error.message.replaceAll(temporary, target), details);
  }
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
  if (code === undefined) return error;
  return new CoreError('FILE_IO', `'${target}' cannot be written (${code}).`, { path: target });
}
