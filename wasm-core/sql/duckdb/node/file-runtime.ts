import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { CoreError } from '../../../protocol/errors.ts';
import type { EngineModule, ResolveFile } from '../boot.ts';
import type { FilePaths } from './file-paths.ts';
import { globPaths } from './glob.ts';

/*
 * The engine's file system on Node. The stock one of duckdb-wasm loses overwrites, never renames, never fsyncs, and
 * opens read-only files for writing. Every path goes through `FilePaths`, and so through the gate.
 *
 * The interface is duckdb-wasm's `DuckDBRuntime`; functions report failure by `duckdb_web_fail_with`, which makes the
 * engine throw an IO error with that text.
 */

const FLAG = {
  write: 2,
  create: 8,
  createNew: 16,
  append: 32,
  nullIfMissing: 128,
  exclusive: 512,
  nullIfExists: 1024,
};
const PROTOCOL_NODE_FS = 1;

interface OpenFile {
  readonly descriptor: number;
  dirty: boolean;
}

/**
 * @param paths resolves and admits every path
 * @param resolve looks a file id up in the engine
 * @returns an object with own properties only, because duckdb-wasm copies those to a global
 */
export function createFileRuntime(paths: FilePaths, resolve: ResolveFile) {
  const open = new Map<number, OpenFile>();

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
  const file = (fileId: number): OpenFile => {
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
        if (info?.dataUrl == null || info.dataProtocol !== PROTOCOL_NODE_FS) {
          throw new CoreError(
            'CAPABILITY_DENIED',
            'Only local files can be opened; download the file first.',
          );
        }
        const path = paths.admit(info.dataUrl);
        const descriptor = openDescriptor(path, info.dataUrl, flags);
        if (descriptor === undefined) return 0;
        open.set(fileId, { descriptor, dirty: false });
        paths.opened(info.dataUrl);
        const result = module._malloc(16);
        module.HEAPF64[result >> 3] = fstatSync(descriptor).size;
        module.HEAPF64[(result >> 3) + 1] = 0;
        return result;
      }),
    syncFile: (module: EngineModule, fileId: number) =>
      attempt(module, undefined, () => {
        const found = open.get(fileId);
        if (found?.dirty) fsyncSync(found.descriptor);
      }),
    closeFile: (module: EngineModule, fileId: number) =>
      attempt(module, undefined, () => {
        const found = open.get(fileId);
        open.delete(fileId);
        if (found === undefined) return;
        try {
          if (found.dirty) fsyncSync(found.descriptor);
        } finally {
          closeSync(found.descriptor);
        }
      }),
    dropFile: () => {},
    truncateFile: (module: EngineModule, fileId: number, size: number) =>
      attempt(module, undefined, () => {
        const target = file(fileId);
        target.dirty = true;
        ftruncateSync(target.descriptor, size);
      }),
    readFile: (module: EngineModule, fileId: number, buffer: number, byteLength: number, position: number) =>
      attempt(module, 0, () =>
        readSync(file(fileId).descriptor, module.HEAPU8, buffer, byteLength, position),
      ),
    writeFile: (module: EngineModule, fileId: number, buffer: number, byteLength: number, position: number) =>
      attempt(module, 0, () => {
        const target = file(fileId);
        target.dirty = true;
        return writeSync(target.descriptor, module.HEAPU8, buffer, byteLength, position);
      }),
    getLastFileModificationTime: (module: EngineModule, fileId: number) =>
      attempt(module, 0, () => fstatSync(file(fileId).descriptor).mtimeMs / 1000),
    progressUpdate: () => {},

    checkFile: (module: EngineModule, pointer: number, byteLength: number) =>
      attempt(module, false, () => existsSync(at(module, pointer, byteLength))),
    checkDirectory: (module: EngineModule, pointer: number, byteLength: number) =>
      attempt(module, false, () => isFolder(at(module, pointer, byteLength))),
    createDirectory: (module: EngineModule, pointer: number, byteLength: number) =>
      attempt(module, undefined, () => void mkdirSync(at(module, pointer, byteLength), { recursive: true })),
    removeDirectory: (module: EngineModule, pointer: number, byteLength: number) =>
      attempt(module, undefined, () => rmdirSync(at(module, pointer, byteLength))),
    removeFile: (module: EngineModule, pointer: number, byteLength: number) =>
      attempt(module, undefined, () => rmSync(at(module, pointer, byteLength), { force: true })),
    moveFile: (module: EngineModule, from: number, fromLength: number, to: number, toLength: number) =>
      attempt(module, false, () => {
        renameSync(at(module, from, fromLength), at(module, to, toLength));
        return true;
      }),
    listDirectoryEntries: (module: EngineModule) =>
      attempt(module, false, () => {
        throw new Error('this engine does not list folders; use a pattern such as folder/*.csv');
      }),
    glob: (module: EngineModule, pointer: number, byteLength: number) =>
      attempt(module, undefined, () => {
        const pattern = text(module, pointer, byteLength);
        for (const match of globPaths(paths.resolvePattern(pattern))) {
          paths.admit(match);
          module.ccall('duckdb_web_fs_glob_add_path', null, ['string'], [paths.asWritten(pattern, match)]);
        }
      }),
    callScalarUDF: () => {
      throw new Error('scalar functions go through the C API');
    },
  };
}

/** A system error in words, without its code and call. */
function fileError(error: unknown): Error {
  if (error instanceof CoreError) return error;
  const { code, path } = error as NodeJS.ErrnoException;
  const reason = SYSTEM_REASONS[code ?? ''];
  if (reason === undefined) return error instanceof Error ? error : new Error(String(error));
  return new CoreError('FILE_IO', `'${path ?? 'A file'}' ${reason}`, { path });
}

const SYSTEM_REASONS: Readonly<Record<string, string>> = {
  EACCES: 'may not be opened by you; check its permissions.',
  EPERM: 'may not be changed by you; check its permissions.',
  EROFS: 'is on a file system that cannot be written.',
  ENOENT: 'is not there; does its folder exist?',
  ENOSPC: 'could not be written: the disk is full.',
  EMFILE: 'could not be opened: too many files are open.',
};

function text(module: EngineModule, pointer: number, byteLength: number): string {
  return new TextDecoder().decode(module.HEAPU8.subarray(pointer, pointer + byteLength));
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
  return openSync(path, systemFlags(flags), 0o644);
}

function systemFlags(flags: number): number {
  if ((flags & FLAG.write) === 0) return constants.O_RDONLY;
  let result = constants.O_RDWR;
  if (flags & (FLAG.create | FLAG.createNew | FLAG.append | FLAG.exclusive)) result |= constants.O_CREAT;
  if (flags & FLAG.createNew) result |= constants.O_TRUNC;
  if (flags & FLAG.exclusive) result |= constants.O_EXCL;
  return result;
}
