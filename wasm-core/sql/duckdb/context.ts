import { tableFromIPC } from 'apache-arrow';
import type { RemoteFiles } from '../remote/remote-files.ts';
import type { Connection, DuckDb } from './boot.ts';
import type { FileFormat } from './files/file-table.ts';
import type { SqliteAttachments } from './files/sqlite/attach-sqlite.ts';
import type { NamedTables } from './named-tables.ts';
import type { StatementDatabases } from './node/databases.ts';
import type { FileColumns } from './node/file-columns.ts';
import type { FilePaths } from './node/file-paths.ts';
import type { TemporaryMacros } from './temporary-macros.ts';
import type { FunctionTable } from './udf/function-table.ts';
import type { ScriptTable } from './udf/script-table.ts';

/** Everything that one session's engine works with, inside its worker. */
export interface EngineContext {
  readonly db: DuckDb;
  /** Statements run here, one after another. */
  readonly runs: Connection;
  /** Statements are only prepared here, also between the slices of one that runs. */
  readonly checks: Connection;
  readonly paths: FilePaths;
  readonly remote: RemoteFiles;
  readonly fileColumns: FileColumns;
  /** Prepared statements of the running connection that the checking one cannot have, lower-case. */
  readonly unknownPrepared: Set<string>;
  /** Macros of the running connection that the checking one does not share. */
  readonly macros: TemporaryMacros;
  /** Tables of the folder's `quern.json`. */
  readonly tables: NamedTables;
  readonly functions: FunctionTable;
  readonly scripts: ScriptTable;
  readonly databases: StatementDatabases;
  readonly attachments: SqliteAttachments;
  /** Formats of files that the engine does not know. */
  readonly formats: readonly Pick<FileFormat, 'name' | 'pattern'>[];
  readonly signals: Int32Array;
  /** The default for relative paths. */
  readonly folder: string;
  readonly resultsFolder: string;
  /** Begins the names of this worker's results files. */
  readonly resultPrefix: string;
}

/**
 * Settings of every session. They are set again after statements that may have changed them: without the external file
 * cache an editor never shows stale rows, and spilling to disk corrupts a session of this engine.
 */
export const PINNED_SETTINGS = [
  'set errors_as_json = true',
  'set enable_external_file_cache = false',
  'set autoload_known_extensions = false',
  'set autoinstall_known_extensions = false',
  "set temp_directory = ''",
  'set enable_progress_bar = true',
  'set enable_progress_bar_print = false',
  'set progress_bar_time = 0',
] as const;

/** Found in every text that may change one of them. */
export const PINNED_NAMES =
  /errors_as_json|external_file_cache|known_extensions|temp_directory|progress_bar/i;

/** Applies `PINNED_SETTINGS` to connections. Where a statement has locked the configuration, they stay as they are. */
export function pinSettings(db: DuckDb, connections: readonly Connection[]): void {
  for (const { id } of connections) {
    for (const setting of PINNED_SETTINGS) {
      try {
        db.bindings.runQuery(id, setting);
      } catch {
        // After SET lock_configuration, SET enable_external_access, or in a transaction that was aborted.
      }
    }
  }
}

/** Whether a connection refuses a query of ours because its transaction has failed. */
export function isAborted(error: unknown): boolean {
  return String(error).includes('Current transaction is aborted');
}

/** Whether a transaction that was begun is open on a connection, failed or not: else each statement has one of its own. */
export function isInTransaction(db: DuckDb, connection: Connection): boolean {
  const transaction = (): unknown => queryRows(db, connection, 'select txid_current() as id')[0]?.id;
  try {
    const first = transaction();
    return transaction() === first;
  } catch (error) {
    if (isAborted(error)) return true;
    throw error;
  }
}

/** Rows of an internal query, columns by name. */
export function queryRows(db: DuckDb, connection: Connection, sql: string): Record<string, unknown>[] {
  const table = tableFromIPC(db.bindings.runQuery(connection.id, sql));
  return table.toArray().map((row) => row.toJSON() as Record<string, unknown>);
}

/** A text as a SQL literal. */
export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
