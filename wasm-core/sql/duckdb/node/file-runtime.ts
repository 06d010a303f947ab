import {
  closeSync,
  constants,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { CoreError } from '../../../protocol/errors.ts';
import { isRemoteAddress, isRemotePattern } from '../../remote/remote-address.ts';
import type { RemoteFiles } from '../../remote/remote-files.ts';
import type { EngineModule, ResolveFile } from '../boot.ts';
import { type EngineOpenFile, remoteOpenFile, remoteWriteError } from './engine-file.ts';
import { fileError } from './file-error.ts';
import { type FilePaths, heldError } from './file-paths.ts';
import { globPaths } from './glob.ts';
import { OpenFile } from './open-file.ts';

/*
 * The engine's file system on Node. The stock one of duckdb-wasm loses overwrites, never renames, never fsyncs, and
 * opens read-only files for writing. Every path goes through `FilePaths`, and so through the gate; addresses on
 * a network go through `RemoteFiles`, which have a gate of their own.
 *
 * The interface is duckdb-wasm's `DuckDBRuntime`; functions report failure by `duckdb_web_fail_with`, which makes the
 * engine throw an IO error with that text.
 */

const FLAG = {
  write: 2,
  direct: 4,
  create: 8,
  createNew: 16,
  append: 32,
  nullIfMissing: 128,
  exclusive: 512,
  nullIfExists: 1024,
};
/** How database files are opened, and nothing else. */
const DATABASE = FLAG.write | FLAG.direct;
const PROTOCOL_NODE_FS = 1;

/** What files are opened through. */
export interface FileAccess {
  /** Resolves and admits every path. */
  readonly paths: FilePaths;
  readonly remote: RemoteFiles;
}

/**
 * @param resolve looks a file id up in the engine
 * @returns an object with own properties only, because duckdb-wasm copies those to a global
 */
export function createFileRuntime({ paths, remote }: FileAccess, resolve: ResolveFile) {
  const open = new Map<number, EngineOpenFile>();

  /** Runs an operation; an exception becomes the engine's IO error, and `otherwise` its result. */
  function attempt<T>(module: EngineModule, otherwise: T, operation: () => T): T {
    try {
      return operation();
    } catch (error) {
      const failure = fileError(error);
      paths.remember(failure);
      module.ccall('duckdb_web_fail_with', null, ['string'], [failure.message]);
      return otherwise;
    }
  }
  const at = (module: EngineModule, pointer: number, byteLength: number) =>
    paths.admit(text(module, pointer, byteLength));
  /** A path that is about to be changed. */
  const changed = (module: EngineModule, pointer: number, byteLength: number) => {
    const path = at(module, pointer, byteLength);
    if (paths.changesAreHeld) throw heldError(path);
    return path;
  };
  const file = (fileId: number): EngineOpenFile => {
    const found = open.get(fileId);
    if (found === undefined) throw new Error(`file ${fileId} is not open`);
    return found;
  };

  return {
    _udfFunctions: new Map(),
    testPlatformFeature: (_module: EngineModule, feature: number) => feature === 1,
    getDefaultDataProtocol: () => PROTOCOL_NODE_FS,

    openFile: (module: EngineModule, fileId: number, flags: number): number =>
      attempt(module, 0, () => {
        const info = resolve(module, fileId);
        if (info?.dataUrl != null && isRemoteAddress(info.dataUrl)) {
          if ((flags & FLAG.write) !== 0) throw remoteWriteError(info.dataUrl);
          open.get(fileId)?.close();
          const opened = remoteOpenFile(remote.open(info.dataUrl), info.dataUrl);
          open.set(fileId, opened);
          paths.opened(info.dataUrl);
          return openedResult(module, opened);
        }
        if (info?.dataUrl == null || info.dataProtocol !== PROTOCOL_NODE_FS) {
          throw new CoreError(
            'CAPABILITY_DENIED',
            'Only local files can be opened; download the file first.',
          );
        }
        const path = paths.admit(info.dataUrl);
        if (paths.changesAreHeld && (flags & FLAG.write) !== 0) throw heldError(info.dataUrl);
        const descriptor = openDescriptor(path, info.dataUrl, flags);
        if (descriptor === undefined) return 0;
        if ((flags & FLAG.write) !== 0) paths.writes(path);
        // The engine opens a file twice under one number, and closes it once; what writes it must go on.
        const before = open.get(fileId);
        const isWritten = (flags & FLAG.write) !== 0;
        const isLogFile = isLog(info.dataUrl) && (flags & FLAG.append) !== 0;
        if (before?.isWritable && !isWritten) closeSync(descriptor);
        else {
          before?.close();
          open.set(fileId, new OpenFile(descriptor, { log: isLogFile, isWritable: isWritten }));
        }
        const opened = file(fileId);
        paths.opened(info.dataUrl);
        if (opened instanceof OpenFile && (flags & FLAG.write) === 0)
          paths.reads?.opened(info.dataUrl, opened);
        // The page cache would write from its beginning over what a log has that was read when the database was opened.
        if ((flags & DATABASE) === DATABASE) accessDirectly(module, `${info.dataUrl}.wal`);
        return openedResult(module, opened);
      }),
    syncFile: (module: EngineModule, fileId: number) =>
      attempt(module, undefined, () => {
        open.get(fileId)?.sync();
      }),
    closeFile: (module: EngineModule, fileId: number) =>
      attempt(module, undefined, () => {
        const found = open.get(fileId);
        open.delete(fileId);
        found?.close();
      }),
    dropFile: () => {},
    truncateFile: (module: EngineModule, fileId: number, size: number) =>
      attempt(module, undefined, () => {
        file(fileId).truncate(size);
      }),
    readFile: (module: EngineModule, fileId: number, buffer: number, byteLength: number, position: number) =>
      attempt(module, 0, () =>
        file(fileId).read(module.HEAPU8.subarray(buffer, buffer + byteLength), position),
      ),
    writeFile: (module: EngineModule, fileId: number, buffer: number, byteLength: number, position: number) =>
      attempt(module, 0, () =>
        file(fileId).write(module.HEAPU8.subarray(buffer, buffer + byteLength), position),
      ),
    getLastFileModificationTime: (module: EngineModule, fileId: number) =>
      attempt(module, 0, () => file(fileId).modified),
    progressUpdate: () => {},

    checkFile: (module: EngineModule, pointer: number, byteLength: number) =>
      attempt(module, false, () => {
        const written = text(module, pointer, byteLength);
        if (!isRemoteAddress(written)) return isFile(paths.admit(written));
        remote.admit(written);
        return true;
      }),
    checkDirectory: (module: EngineModule, pointer: number, byteLength: number) =>
      attempt(module, false, () => isFolder(at(module, pointer, byteLength))),
    createDirectory: (module: EngineModule, pointer: number, byteLength: number) =>
      attempt(module, undefined, () => {
        const folder = at(module, pointer, byteLength);
        if (!paths.changesAreHeld) mkdirSync(folder, { recursive: true });
      }),
    removeDirectory: (module: EngineModule, pointer: number, byteLength: number) =>
      attempt(module, undefined, () => rmdirSync(changed(module, pointer, byteLength))),
    removeFile: (module: EngineModule, pointer: number, byteLength: number) =>
      attempt(module, undefined, () => rmSync(changed(module, pointer, byteLength), { force: true })),
    moveFile: (module: EngineModule, from: number, fromLength: number, to: number, toLength: number) =>
      attempt(module, false, () => {
        renameSync(changed(module, from, fromLength), changed(module, to, toLength));
        return true;
      }),
    listDirectoryEntries: (module: EngineModule) =>
      attempt(module, false, () => {
        throw new Error('folders are listed without this call');
      }),
    glob: (module: EngineModule, pointer: number, byteLength: number) =>
      attempt(module, undefined, () => {
        const pattern = text(module, pointer, byteLength);
        if (isRemoteAddress(pattern)) {
          remote.admit(pattern);
          const addresses = isRemotePattern(pattern) ? remote.list(pattern) : [pattern];
          if (isRemotePattern(pattern)) paths.usesNetwork();
          for (const address of addresses) {
            module.ccall('duckdb_web_fs_glob_add_path', null, ['string'], [address]);
          }
          return;
        }
        for (const match of globPaths(paths.resolvePattern(pattern))) {
          paths.admit(match);
          const name = paths.asWritten(pattern, match);
          accessDirectly(module, name);
          // Opened or not, the engine knows it from now on, and has to forget it before the next statement.
          paths.opened(name);
          module.ccall('duckdb_web_fs_glob_add_path', null, ['string'], [name]);
        }
      }),
    callScalarUDF: () => {
      throw new Error('scalar functions go through the C API');
    },
  };
}

/** What the engine takes for an open file: its size, and where it lies in memory, which is nowhere. */
function openedResult(module: EngineModule, { size }: EngineOpenFile): number {
  const result = module._malloc(16);
  module.HEAPF64[result >> 3] = size;
  module.HEAPF64[(result >> 3) + 1] = 0;
  return result;
}

/** DuckDB's name for the log of a database. */
function isLog(written: string): boolean {
  return written.endsWith('.wal');
}

/**
 * Keeps a file out of the engine's page cache, which reads 16 KiB at a time and copies each page once more: a scan of a
 * CSV file takes a tenth longer with it, and its pages may be older than the file.
 */
function accessDirectly(module: EngineModule, name: string): void {
  const response = module._malloc(24);
  try {
    const types = ['number', 'string', 'string', 'number', 'number'];
    module.ccall('duckdb_web_fs_register_file_url', null, types, [response, name, name, PROTOCOL_NODE_FS, 1]);
  } finally {
    module._free(response);
  }
}

function text(module: EngineModule, pointer: number, byteLength: number): string {
  return new TextDecoder().decode(module.HEAPU8.subarray(pointer, pointer + byteLength));
}

/** DuckDB asks for a file before it makes a folder, and takes what is there for one. */
function isFile(path: string): boolean {
  const stats = existingStats(path);
  return stats !== undefined && !stats.isDirectory();
}

function isFolder(path: string): boolean {
  return existingStats(path)?.isDirectory() ?? false;
}

/** What is at a path; undefined when nothing is, also where a file stands in place of a folder. */
function existingStats(path: string) {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return undefined;
    throw error;
  }
}

/** Opens a file as DuckDB's flags ask; undefined when they ask for nothing instead. */
function openDescriptor(path: string, written: string, flags: number): number | undefined {
  const stats = existingStats(path);
  if (stats === undefined) {
    if (
      (flags & FLAG.write) === 0 ||
      (flags & (FLAG.create | FLAG.createNew | FLAG.append | FLAG.exclusive)) === 0
    ) {
      if (flags & FLAG.nullIfMissing) return undefined;
      throw new CoreError('FILE_NOT_FOUND', `There is no file '${written}' (looked for '${path}').`, {
        path,
        written,
      });
    }
  } else if (stats.isDirectory()) {
    throw new CoreError(
      'FILE_IS_DIRECTORY',
      `'${written}' is a folder; name a file in it, or several with a pattern such as '${written}/*.parquet'.`,
      { path, written },
    );
  } else if (flags & FLAG.nullIfExists) return undefined;
  const descriptor = openSync(path, systemFlags(flags), 0o644);
  const isDatabase = (flags & DATABASE) === DATABASE || isLog(written);
  if (stats === undefined && isDatabase) syncFolder(dirname(path));
  return descriptor;
}

/** A file that was made is there after a power cut only when its folder is on the disk, too. */
function syncFolder(folder: string): void {
  // Windows opens no folders; there the file's own sync is enough.
  if (process.platform === 'win32') return;
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function systemFlags(flags: number): number {
  if ((flags & FLAG.write) === 0) return constants.O_RDONLY;
  let result = constants.O_RDWR;
  if (flags & (FLAG.create | FLAG.createNew | FLAG.append | FLAG.exclusive)) result |= constants.O_CREAT;
  if (flags & FLAG.createNew) result |= constants.O_TRUNC;
  if (flags & FLAG.exclusive) result |= constants.O_EXCL;
  return result;
}
