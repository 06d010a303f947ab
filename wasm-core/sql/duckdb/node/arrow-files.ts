import { readFileSync, statSync } from 'node:fs';
import { tableFromIPC, tableToIPC } from 'apache-arrow';
import { CoreError } from '../../../protocol/errors.ts';
import { tokenEnd } from '../../../protocol/statements.ts';
import type { Connection } from '../boot.ts';
import { type EngineContext, queryRows, quoteText } from '../context.ts';
import { missingFile } from '../engine-error.ts';
import { quoteName } from '../logical-type.ts';
import { globPaths } from './glob.ts';

/*
 * Arrow IPC files by path. DuckDB has no reader for them inside, but looks a path up as a table name before it looks
 * for a file: so a statement that names such a file finds a temporary view of that name over a table that holds the
 * file's rows. The table is made anew when the file has changed.
 */

const ARROW_FILE = /\.(arrow|arrows|feather|ipc)$/i;

/** The attached database that holds the rows, out of the way of the user's names. */
const STORE = 'quern_arrow_files';

/**
 * Reads the Arrow files that a statement names into tables of their names.
 *
 * @param connection idle, outside a transaction; it gets the names
 * @throws CoreError FORMAT_DATA when a file is not Arrow IPC, FILE_NOT_FOUND, PATH_DENIED
 */
export function readArrowFiles(
  context: EngineContext,
  options: { readonly sql: string; readonly connection: Connection },
): void {
  for (const { text, start, end } of arrowPaths(options.sql)) {
    try {
      readArrowFile(context, { written: text, connection: options.connection });
    } catch (error) {
      if (!(error instanceof CoreError)) throw error;
      throw new CoreError(error.kind, error.message, { ...error.details, start, end });
    }
  }
}

function arrowPaths(sql: string): { text: string; start: number; end: number }[] {
  const found: { text: string; start: number; end: number }[] = [];
  for (let at = 0; at < sql.length; ) {
    const end = tokenEnd(sql, at);
    const token = sql.slice(at, end);
    if (/^['"].*['"]$/s.test(token)) {
      const text = token.slice(1, -1).replaceAll("''", "'");
      if (ARROW_FILE.test(text)) found.push({ text, start: at, end });
    }
    at = end;
  }
  return found;
}

function readArrowFile(
  context: EngineContext,
  options: { readonly written: string; readonly connection: Connection },
): void {
  const { db, paths } = context;
  const { written, connection } = options;
  const files = globPaths(paths.resolvePattern(written)).map((file) => paths.admit(file));
  if (files.length === 0) throw new CoreError('FILE_NOT_FOUND', missingFile(written));
  const tables = files.map((file) => ensureTable(context, { file, written }));
  const union = tables
    .map((table) => `select * from ${STORE}.main.${quoteName(table)}`)
    .join(' union all by name ');
  db.bindings.runQuery(connection.id, `create or replace temp view ${quoteName(written)} as ${union}`);
}

/** The table with a file's rows; its name says which state of which file it holds. */
function ensureTable(
  context: EngineContext,
  options: { readonly file: string; readonly written: string },
): string {
  const { db, store } = context;
  const stats = statSync(options.file);
  const name = `${options.file}@${stats.mtimeMs}/${stats.size}`;
  const tables = storedTables(context);
  if (tables.includes(name)) return name;
  const bytes = streamBytes(options);
  for (const outdated of tables.filter((table) => table.startsWith(`${options.file}@`))) {
    db.bindings.runQuery(store.id, `drop table ${STORE}.main.${quoteName(outdated)}`);
  }
  db.bindings.insertArrowFromIPCStream(store.id, bytes, { name, create: true });
  return name;
}

/** Names of the tables in the store, which is attached when it is not yet. */
function storedTables({ db, store }: EngineContext): string[] {
  db.bindings.runQuery(store.id, `attach if not exists ':memory:' as ${STORE}`);
  // duckdb-wasm inserts into the connection's own database.
  db.bindings.runQuery(store.id, `use ${STORE}`);
  const sql = `select table_name as name from duckdb_tables() where database_name = ${quoteText(STORE)}`;
  return queryRows(db, store, sql).map((row) => String(row.name));
}

/** A file of either IPC format as a stream, which is what the engine takes. */
function streamBytes(options: { readonly file: string; readonly written: string }): Uint8Array {
  try {
    return tableToIPC(tableFromIPC(readFileSync(options.file)), 'stream');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CoreError(
      'FORMAT_DATA',
      `'${options.written}' is not an Arrow IPC file that can be read: ${reason}`,
    );
  }
}
