import type { CoreError } from '../../../../protocol/errors.ts';
import { isRemoteAddress } from '../../../remote/remote-address.ts';
import type { DataFile, FileAccess, FoundFile } from '../data-file.ts';
import { badFile, duckDbFile } from '../file-table.ts';
import { ReadOnlyVfs } from './read-only-vfs.ts';
import { SqliteModule } from './sqlite-module.ts';

const OK = 0;
const ROW = 100;
const DONE = 101;
/** `SQLITE_OPEN_READONLY`, and no names that are addresses. */
const READ_ONLY = 1;

/** A value as SQLite keeps it. */
export type SqliteValue = null | bigint | number | string | Uint8Array;

/** One SQLite for all databases of a worker, started when the first is read. */
export class Sqlite {
  readonly #readModule: () => Uint8Array<ArrayBuffer>;
  readonly #access: FileAccess;
  #started: { readonly module: SqliteModule; readonly vfs: ReadOnlyVfs } | undefined;

  /** @param readModule the bytes of `sqlite3.wasm` */
  constructor(access: FileAccess, readModule: () => Uint8Array<ArrayBuffer>) {
    this.#access = access;
    this.#readModule = readModule;
  }

  /**
   * Opens a database for reading. Its write-ahead log is read, too, when there is one.
   *
   * @throws CoreError FORMAT_DATA, FILE_NOT_FOUND, PATH_DENIED
   */
  open(file: FoundFile): SqliteDatabase {
    checkMagic(this.#access, file);
    this.#started ??= this.#start();
    const { module, vfs } = this.#started;
    const log = this.#openBeside(file, '-wal');
    const hasLog = (log?.size ?? 0) > 0;
    log?.close();
    // SQLite asks for a journal and a log beside the database; whatever else it asks for is not there.
    const name = vfs.serve((suffix) => {
      if (suffix === '') return hasLog ? this.#access.open(file) : withoutLog(this.#access.open(file));
      return suffix === '-journal' || (suffix === '-wal' && hasLog)
        ? this.#openBeside(file, suffix)
        : undefined;
    });
    try {
      vfs.takeFailure();
      return new SqliteDatabase(module, {
        file,
        name,
        onClose: () => vfs.forget(name),
        takeFailure: () => vfs.takeFailure(),
      });
    } catch (error) {
      vfs.forget(name);
      throw error;
    }
  }

  #openBeside({ written, real }: FoundFile, suffix: string): DataFile | undefined {
    // A log that is not of the same moment as its database would be mixed with it.
    if (isRemoteAddress(real)) return undefined;
    try {
      const [found] = this.#access.find(`${real}${suffix}`);
      return found === undefined
        ? undefined
        : this.#access.open({ ...found, written: `${written}${suffix}` });
    } catch {
      return undefined;
    }
  }

  #start(): { readonly module: SqliteModule; readonly vfs: ReadOnlyVfs } {
    const module = new SqliteModule(this.#readModule());
    return { module, vfs: new ReadOnlyVfs(module) };
  }
}

/** Where a database says whether it is written by way of a log, once for writers and once for readers: 1 is no. */
const LOG_MARKS = [18, 19] as const;

/** A database whose log is empty as one that never had any: SQLite would want to make a new one. */
function withoutLog(file: DataFile): DataFile {
  const read = (into: Uint8Array, position: number): number => {
    const count = file.read(into, position);
    for (const mark of LOG_MARKS) {
      if (mark >= position && mark < position + count && into[mark - position] === 2)
        into[mark - position] = 1;
    }
    return count;
  };
  return { written: file.written, size: file.size, stamp: file.stamp, read, close: () => file.close() };
}

const MAGIC = 'SQLite format 3\0';

/** Whether a file begins as a database of SQLite. */
export function isSqlite(file: DataFile): boolean {
  const head = new Uint8Array(MAGIC.length);
  return file.read(head, 0) === head.length && String.fromCharCode(...head) === MAGIC;
}

function checkMagic(access: FileAccess, found: FoundFile): void {
  const file = access.open(found);
  try {
    if (isSqlite(file)) return;
    const head = new Uint8Array(12);
    file.read(head, 0);
    if (String.fromCharCode(...head.subarray(8)) === 'DUCK') throw duckDbFile(found);
    throw badFile(file, 'it is not a database of SQLite, whatever its name says');
  } finally {
    file.close();
  }
}

/** An open database. */
export class SqliteDatabase {
  readonly #sqlite: SqliteModule;
  readonly #file: FoundFile;
  readonly #onClose: () => void;
  readonly #takeFailure: () => CoreError | undefined;
  #db = 0;

  constructor(
    sqlite: SqliteModule,
    {
      file,
      name,
      onClose,
      takeFailure,
    }: {
      readonly file: FoundFile;
      readonly name: string;
      readonly onClose: () => void;
      /** What a read failed with since the last call. */
      readonly takeFailure: () => CoreError | undefined;
    },
  ) {
    this.#sqlite = sqlite;
    this.#file = file;
    this.#onClose = onClose;
    this.#takeFailure = takeFailure;
    const { api } = sqlite;
    sqlite.withSlot((slot) =>
      sqlite.withText(name, (text) => {
        const code = api.sqlite3_open_v2(text, slot, READ_ONLY, 0);
        this.#db = sqlite.view().getInt32(slot, true);
        if (code !== OK) throw this.#failure(code);
      }),
    );
    // A write-ahead log is read without the shared memory that others would need beside us.
    try {
      this.#settle();
    } catch (error) {
      this.close();
      throw error;
    }
  }

  #settle(): void {
    for (const pragma of [
      'locking_mode = exclusive',
      'query_only = true',
      'cell_size_check = true',
      'trusted_schema = off',
    ]) {
      this.rows(`pragma ${pragma}`);
    }
  }

  /** All rows of a query. @throws CoreError FORMAT_DATA */
  rows(sql: string): SqliteValue[][] {
    const statement = this.prepare(sql);
    try {
      const rows: SqliteValue[][] = [];
      while (statement.step()) rows.push(statement.row());
      return rows;
    } finally {
      statement.finalize();
    }
  }

  /** @throws CoreError FORMAT_DATA */
  prepare(sql: string): SqliteStatement {
    const sqlite = this.#sqlite;
    return sqlite.withSlot((slot) =>
      sqlite.withText(sql, (text) => {
        const code = sqlite.api.sqlite3_prepare_v2(this.#db, text, -1, slot, 0);
        if (code !== OK) throw this.#failure(code);
        return new SqliteStatement(sqlite, sqlite.view().getInt32(slot, true), (failed) =>
          this.#failure(failed),
        );
      }),
    );
  }

  close(): void {
    if (this.#db !== 0) this.#sqlite.api.sqlite3_close_v2(this.#db);
    this.#db = 0;
    this.#onClose();
  }

  #failure(code: number): CoreError {
    const failed = this.#takeFailure();
    if (failed !== undefined) return failed;
    const message = this.#sqlite.text(this.#sqlite.api.sqlite3_errmsg(this.#db));
    const advice =
      (code & 0xff) === 8
        ? ' (it was not closed properly: open it once with the program that writes it, or with sqlite3)'
        : '';
    return badFile(this.#file, `SQLite says: ${message}${advice}`);
  }
}

/** A query under way. */
export class SqliteStatement {
  readonly #sqlite: SqliteModule;
  readonly #statement: number;
  readonly #failure: (code: number) => CoreError;
  readonly #columns: number;
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });

  constructor(sqlite: SqliteModule, statement: number, failure: (code: number) => CoreError) {
    this.#sqlite = sqlite;
    this.#statement = statement;
    this.#failure = failure;
    this.#columns = sqlite.api.sqlite3_column_count(statement);
  }

  /** @returns whether there is another row @throws CoreError FORMAT_DATA */
  step(): boolean {
    const code = this.#sqlite.api.sqlite3_step(this.#statement);
    if (code === ROW) return true;
    if (code === DONE) return false;
    throw this.#failure(code);
  }

  row(): SqliteValue[] {
    return Array.from({ length: this.#columns }, (_, column) => this.value(column));
  }

  value(column: number): SqliteValue {
    const { api } = this.#sqlite;
    switch (api.sqlite3_column_type(this.#statement, column)) {
      case 1:
        return api.sqlite3_column_int64(this.#statement, column);
      case 2:
        return api.sqlite3_column_double(this.#statement, column);
      case 3:
        return this.#decoder.decode(this.#bytes(api.sqlite3_column_text(this.#statement, column), column));
      case 4:
        return this.#bytes(api.sqlite3_column_blob(this.#statement, column), column).slice();
      default:
        return null;
    }
  }

  finalize(): void {
    this.#sqlite.api.sqlite3_finalize(this.#statement);
  }

  #bytes(pointer: number, column: number): Uint8Array {
    const byteLength = this.#sqlite.api.sqlite3_column_bytes(this.#statement, column);
    return this.#sqlite.bytes().subarray(pointer, pointer + byteLength);
  }
}
