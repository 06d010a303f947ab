import type { Pointer } from './c-api.ts';
import type { Native } from './native.ts';

/** One thing in a folder. */
export interface FolderEntry {
  readonly name: string;
  readonly isFolder: boolean;
}

/** What duckdb-wasm's file system lacks. Errors become the engine's. */
export interface FileFunctions {
  /** What is in a folder; undefined when there is none. */
  listFolder(path: string): readonly FolderEntry[] | undefined;
  /** Removes a file, if there is one. */
  removeFile(path: string): void;
  /** When a file was changed, microseconds since 1970. */
  lastModified(path: string): bigint;
}

/** `duckdb::web::io::WebFileSystem` has these in its table of virtual functions. */
const TABLE = '_ZTVN6duckdb3web2io13WebFileSystemE';
const STRING = 'NSt3__212basic_stringIcNS3_11char_traitsIcEENS3_9allocatorIcEEEE';
/** `bool ListFiles(const string &, const function<void(const string &, bool)> &, FileOpener *)`. */
const LIST_FILES = `_ZN6duckdb3web2io13WebFileSystem9ListFilesERK${STRING}RKNS3_8functionIFvSB_bEEEPNS_10FileOpenerE`;
/** `void RemoveFile(const string &, optional_ptr<FileOpener>)`. */
const REMOVE_FILE = `_ZN6duckdb3web2io13WebFileSystem10RemoveFileERK${STRING}NS_12optional_ptrINS_10FileOpenerELb1EEE`;
/** `bool DirectoryExists(const string &, optional_ptr<FileOpener>)`. */
const DIRECTORY_EXISTS = `_ZN6duckdb3web2io13WebFileSystem15DirectoryExistsERK${STRING}NS_12optional_ptrINS_10FileOpenerELb1EEE`;
/** `timestamp_t GetLastModifiedTime(FileHandle &)` stands so far behind it. */
const LAST_MODIFIED_OFFSET = -4;
/** Where a file handle has its path: behind its own table of functions and its file system. */
const HANDLE_PATH = 8;

/**
 * Gives the engine what duckdb-wasm's file system lacks: it asks its runtime for a folder's entries and has no way to be
 * told them, it removes nothing, so that logs of databases and what OVERWRITE is to replace stayed, and every file is of
 * 1970. The functions are replaced in the class.
 *
 * @throws Error when the engine is not the one that this was written for
 */
export function giveFileFunctions(native: Native, files: FileFunctions): void {
  const listFiles = (_this: Pointer, path: Pointer, report: Pointer): number => {
    const entries = attempt(native, () => files.listFolder(native.stringAt(path)));
    const calls = (entries ?? []).map(({ name, isFolder }) => ({ text: name, flag: isFolder }));
    // What the engine throws at an entry goes through here as it is.
    native.callFunctionObject(report, calls);
    return entries === undefined ? 0 : 1;
  };
  native.replaceVirtual({ table: TABLE, name: LIST_FILES }, listFiles, {
    parameters: ['i32', 'i32', 'i32', 'i32'],
    result: 'i32',
  });
  const removeFile = (_this: Pointer, path: Pointer): void => {
    attempt(native, () => {
      const name = native.stringAt(path);
      files.removeFile(name);
      forget(native, name);
    });
  };
  native.replaceVirtual({ table: TABLE, name: REMOVE_FILE }, removeFile, {
    parameters: ['i32', 'i32', 'i32'],
  });
  const lastModified = (_this: Pointer, handle: Pointer): bigint =>
    attempt(native, () => files.lastModified(native.stringAt(handle + HANDLE_PATH))) ?? 0n;
  native.replaceVirtual(
    { table: TABLE, name: DIRECTORY_EXISTS, offset: LAST_MODIFIED_OFFSET },
    lastModified,
    { parameters: ['i32', 'i32'], result: 'i64' },
  );
  writeThrough(native);
}

/** `BufferedFileSystem::OpenFile`: the file system, the path, the flags and the opener, and a handle as its result. */
const OPEN_FILE = {
  table: '_ZTVN6duckdb3web2io18BufferedFileSystemE',
  name: `_ZN6duckdb3web2io18BufferedFileSystem8OpenFileERK${STRING}NS_13FileOpenFlagsENS_12optional_ptrINS_10FileOpenerELb1EEE`,
};
const WRITE_FLAG = 2;
const PROTOCOL_NODE_FS = 1;

/**
 * Keeps files that are written out of the engine's page cache, which locks them: what a log of the engine's has could not
 * be read while it is written.
 */
function writeThrough(native: Native): void {
  const openFile = (...args: number[]): unknown => {
    const [, path = 0, flags = 0] = args;
    if ((native.word(flags) & WRITE_FLAG) !== 0) passCache(native, native.stringAt(path));
    return own(...args);
  };
  const own = native.replaceVirtual(OPEN_FILE, openFile, {
    parameters: ['i32', 'i32', 'i32', 'i32'],
    result: 'i32',
  });
}

function passCache(native: Native, name: string): void {
  native.withBlock(24, (response) =>
    native.withText(name, (text) =>
      native.api.duckdb_web_fs_register_file_url(response, text, text, PROTOCOL_NODE_FS, 1),
    ),
  );
}

/** The engine takes a file that it knows for one that exists. */
function forget(native: Native, name: string): void {
  native.withBlock(24, (response) =>
    native.withText(name, (text) => native.api.duckdb_web_fs_drop_file(response, text)),
  );
}

/** What the file system says becomes the engine's error. */
function attempt<T>(native: Native, operation: () => T): T | undefined {
  try {
    return operation();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    native.withText(reason, (text) => native.api.duckdb_web_fail_with(text));
    return undefined;
  }
}
