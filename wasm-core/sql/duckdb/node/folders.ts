import { readdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { isRemoteAddress } from '../../remote/remote-address.ts';
import type { RemoteFiles } from '../../remote/remote-files.ts';
import type { FileFunctions } from '../file-functions.ts';
import { fileError } from './file-error.ts';
import { type FilePaths, heldError } from './file-paths.ts';

/**
 * Listing and removing on the disk. A folder's entries are sorted by name; a link is what it leads to. What goes wrong is
 * PATH_DENIED, CAPABILITY_DENIED or FILE_IO, which `paths` remembers.
 */
export function createFileFunctions({
  paths,
  remote,
}: {
  readonly paths: FilePaths;
  readonly remote: RemoteFiles;
}): FileFunctions {
  const attempt = <T>(operation: () => T): T => {
    try {
      return operation();
    } catch (error) {
      const failure = fileError(error);
      paths.remember(failure);
      throw failure;
    }
  };
  return {
    listFolder: (written) =>
      attempt(() => {
        const folder = paths.admit(written);
        if (!isFolder(folder)) return undefined;
        const names = readdirSync(folder).sort();
        return names.map((name) => ({ name, isFolder: isFolder(path.join(folder, name)) }));
      }),
    removeFile: (written) =>
      attempt(() => {
        const file = paths.admit(written);
        if (paths.changesAreHeld) throw heldError(written);
        rmSync(file, { force: true });
      }),
    lastModified: (written) =>
      attempt(() => {
        if (!isRemoteAddress(written)) return micros(statSync(paths.admit(written)).mtimeMs / 1000);
        const file = remote.open(written);
        file.close();
        return micros(file.modified);
      }),
  };
}

/** @param seconds since 1970 */
function micros(seconds: number): bigint {
  return BigInt(Math.round(seconds * 1_000_000));
}

/** Links to nothing are no folders. */
function isFolder(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
