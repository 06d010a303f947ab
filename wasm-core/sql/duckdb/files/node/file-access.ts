import { isUtf8 } from 'node:buffer';
import { closeSync, fstatSync, openSync, readSync, type Stats, statSync } from 'node:fs';
import { inflateRawSync } from 'node:zlib';
import { CoreError } from '../../../../protocol/errors.ts';
import { isRemoteAddress, isRemotePattern } from '../../../remote/remote-address.ts';
import type { RemoteFile } from '../../../remote/remote-files.ts';
import { missingFile } from '../../engine-error.ts';
import { fileError } from '../../node/file-error.ts';
import type { FileAccess as FileWays } from '../../node/file-runtime.ts';
import { globPaths } from '../../node/glob.ts';
import type { DataFile, FileAccess, FoundFile } from '../data-file.ts';
import type { FilePlatform } from '../file-table.ts';
import { remoteDataFile, stampOfRemote } from './remote-data-file.ts';

/** Node's part of reading files. */
export const NODE_PLATFORM: FilePlatform = {
  isUtf8,
  inflateRaw: (packed, most) => inflateRawSync(packed, { maxOutputLength: most }),
};

/** Files on the disk and on a network, each behind its gate. */
export function nodeFileAccess({ paths, remote }: FileWays): FileAccess {
  const openRemote = (address: string): RemoteFile => {
    paths.usesNetwork();
    return remote.open(address);
  };
  return {
    find: (written) => {
      if (isRemoteAddress(written)) {
        remote.admit(written);
        if (isRemotePattern(written)) paths.usesNetwork();
        const addresses = isRemotePattern(written) ? remote.list(written) : [written];
        if (addresses.length === 0) throw new CoreError('FILE_NOT_FOUND', missingFile(written), { written });
        return addresses.map((address) => ({ written: address, real: address }));
      }
      const found = globPaths(paths.resolvePattern(written)).map((match) => ({
        written: paths.asWritten(written, match),
        real: paths.admit(match),
      }));
      if (found.length === 0) throw new CoreError('FILE_NOT_FOUND', missingFile(written), { written });
      return found;
    },
    open: (file) => {
      if (isRemoteAddress(file.real)) return remoteDataFile(openRemote(file.real), file.written);
      return attempt(file, () => openFile(file));
    },
    stampOf: (file) => {
      if (!isRemoteAddress(file.real)) return attempt(file, () => stampOf(file, statSync(file.real)));
      const opened = openRemote(file.real);
      opened.close();
      return stampOfRemote(opened, file.real);
    },
    conditions: () => paths.conditions,
    remember: (error) => paths.remember(error),
  };
}

function stampOf({ real }: FoundFile, { mtimeMs, size, ino }: Stats): string {
  return `${real}@${ino}/${mtimeMs}/${size}`;
}

function openFile(file: FoundFile): DataFile {
  const stats = statSync(file.real);
  if (stats.isDirectory()) {
    const message = `'${file.written}' is a folder; name a file in it, or several with a pattern such as '${file.written}/*.arrow'.`;
    throw new CoreError('FILE_IS_DIRECTORY', message, { written: file.written });
  }
  if (!stats.isFile()) {
    throw new CoreError('FORMAT_DATA', `'${file.written}' is no file that can be read from any place.`, {
      written: file.written,
    });
  }
  const descriptor = openSync(file.real, 'r');
  const opened = fstatSync(descriptor);
  let isOpen = true;
  return {
    written: file.written,
    size: opened.size,
    stamp: stampOf(file, opened),
    read: (into, position) => attempt(file, () => readFully(descriptor, into, position)),
    close: () => {
      if (isOpen) closeSync(descriptor);
      isOpen = false;
    },
  };
}

/** The system may give less than it was asked for. */
function readFully(descriptor: number, into: Uint8Array, position: number): number {
  let filled = 0;
  while (filled < into.length) {
    const count = readSync(descriptor, into, filled, into.length - filled, position + filled);
    if (count === 0) break;
    filled += count;
  }
  return filled;
}

function attempt<T>({ written, real }: FoundFile, use: () => T): T {
  try {
    return use();
  } catch (error) {
    if (error instanceof CoreError) throw error;
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      throw new CoreError('FILE_NOT_FOUND', missingFile(written), { written, path: real });
    }
    const failure = fileError(error);
    throw new CoreError('FILE_IO', failure.message, { written, path: real });
  }
}
