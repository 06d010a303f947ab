import { tableFromIPC } from 'apache-arrow';
import type { Connection, DuckDb } from './boot.ts';
import type { FilePaths } from './node/file-paths.ts';
import type { FunctionTable } from './udf/function-table.ts';

/** Everything that one session's engine works with, inside its worker. */
export interface EngineContext {
  readonly db: DuckDb;
  /** Statements run here, one after another. */
  readonly runs: Connection;
  /** Statements are only prepared here, also between the slices of one that runs. */
  readonly checks: Connection;
  /**
   * Holds the rows of Arrow files. Nothing else happens here, so that a check may read a file while a statement runs: a
   * connection with a query under way must not be used for another.
   */
  readonly store: Connection;
  readonly paths: FilePaths;
  readonly functions: FunctionTable;
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

/** Applies `PINNED_SETTINGS` to both connections. */
export function pinSettings(db: DuckDb, connections: readonly Connection[]): void {
  for (const { id } of connections) {
    for (const setting of PINNED_SETTINGS) db.bindings.runQuery(id, setting);
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
