import { closeSync, openSync, readSync, statSync } from 'node:fs';
import path from 'node:path';
import { CoreError } from '../../../protocol/errors.ts';
import type { Connection, DuckDb } from '../boot.ts';
import { queryRows, quoteText } from '../context.ts';
import { engineError, missingFile } from '../engine-error.ts';
import type { SqliteAttachments } from '../files/sqlite/attach-sqlite.ts';
import { quoteName } from '../logical-type.ts';
import type { FilePaths } from './file-paths.ts';

/** A database that a statement names in its directives. */
export interface StatementDatabase {
  readonly connection: Connection;
  /** As it is written. */
  readonly path: string;
  /** Absolute folder where a relative path starts. */
  readonly folder: string;
}

/** Database files that are attached for one statement each, read-only. */
export class StatementDatabases {
  readonly #db: DuckDb;
  readonly #paths: FilePaths;
  readonly #attachments: SqliteAttachments;
  /** What could not be put back, as in a transaction that was aborted, by the connection's id. */
  readonly #left = new Map<number, () => void>();
  #count = 0;

  constructor(db: DuckDb, paths: FilePaths, attachments: SqliteAttachments) {
    this.#db = db;
    this.#paths = paths;
    this.#attachments = attachments;
  }

  /**
   * Attaches a file and puts its tables in front of the session's own, for one connection. A file that the session has
   * attached already is used as it is.
   *
   * The name is never used again, since DuckDB invalidates a session that attaches one name twice in a transaction. It
   * looks like that of a plugin's function, so that messages show the file's name alone.
   *
   * @returns how to put everything back
   * @throws CoreError PATH_DENIED, CAPABILITY_DENIED, FILE_NOT_FOUND, FORMAT_DATA, SQL_RUN
   */
  use({ connection, path: written, folder }: StatementDatabase): () => void {
    this.settle(connection);
    this.#paths.enter(folder);
    const file = this.#paths.admit(written);
    const known = this.#nameOf(connection, file);
    const name = known ?? `__quern_${++this.#count}_${path.parse(file).name}`;
    const run = (sql: string) => this.#db.bindings.runQuery(connection.id, sql);
    const { setting, own } = this.#searchPath(connection);
    if (known === undefined) this.#attach(connection, { file, name, written });
    run(`set search_path = ${quoteText(`${quoteName(name)}.main,${setting === '' ? own : setting}`)}`);
    return () => {
      this.#left.set(connection.id, () => {
        run(`set search_path = ${quoteText(setting)}`);
        if (known === undefined) run(`detach database if exists ${quoteName(name)}`);
      });
      this.settle(connection);
    };
  }

  /** A text that is another once a file has changed. @throws CoreError as `use` */
  stampOf({ path: written, folder }: StatementDatabase): string {
    this.#paths.enter(folder);
    const { size, mtimeMs } = statSync(this.#paths.admit(written));
    return `${written} ${size} ${mtimeMs}`;
  }

  /** Puts back what could not be put back before; called before each statement of a connection. */
  settle(connection: Connection): void {
    try {
      this.#left.get(connection.id)?.();
      this.#left.delete(connection.id);
    } catch {
      // An aborted transaction takes nothing but ROLLBACK; it is tried again before the next statement.
    }
  }

  #attach(
    connection: Connection,
    { file, name, written }: { readonly file: string; readonly name: string; readonly written: string },
  ): void {
    if (this.#attachments.isOne({ written, real: file })) {
      for (const sql of this.#attachments.statements({ written, real: file }, { name })) {
        this.#db.bindings.runQuery(connection.id, sql);
      }
      return;
    }
    checkFormat(file, written);
    this.#forget(file);
    const sql = `attach ${quoteText(file)} as ${quoteName(name)} (read_only)`;
    try {
      this.#db.bindings.runQuery(connection.id, sql);
    } catch (error) {
      throw this.#paths.takeRefused() ?? engineError(error, sql);
    }
  }

  /** Without this the engine answers from bytes that it read before the file changed. */
  #forget(file: string): void {
    try {
      this.#db.bindings.dropFile(file);
    } catch {
      // A transaction still holds what it read.
    }
  }

  /** Under which name the session has a file already. */
  #nameOf(connection: Connection, file: string): string | undefined {
    const sql = 'select database_name as name, path from duckdb_databases() where path is not null';
    const found = queryRows(this.#db, connection, sql).find((row) => {
      try {
        return this.#paths.admit(String(row.path)) === file;
      } catch {
        // A path that another folder's statement wrote.
        return false;
      }
    });
    return found === undefined ? undefined : String(found.name);
  }

  #searchPath(connection: Connection): { readonly setting: string; readonly own: string } {
    const sql =
      "select current_setting('search_path') as setting, current_database() as base, current_schema() as inner_name";
    const [row] = queryRows(this.#db, connection, sql);
    const own = `${quoteName(String(row?.base))}.${quoteName(String(row?.inner_name))}`;
    return { setting: String(row?.setting ?? ''), own };
  }
}

/** The engine's own words for a file that is missing or is something else are about databases in memory. */
function checkFormat(file: string, written: string): void {
  const head = Buffer.alloc(12);
  try {
    const descriptor = openSync(file, 'r');
    try {
      readSync(descriptor, head, 0, head.length, 0);
    } finally {
      closeSync(descriptor);
    }
  } catch {
    throw new CoreError('FILE_NOT_FOUND', missingFile(written), { path: file });
  }
  // Behind a checksum of eight bytes; see DuckDB's `MainHeader`.
  if (head.toString('latin1', 8) === 'DUCK') return;
  throw new CoreError('FORMAT_DATA', `'${written}' is not a database of DuckDB or SQLite, which @db needs.`, {
    path: file,
  });
}
