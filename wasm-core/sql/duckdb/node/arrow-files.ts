import { readFileSync, statSync } from 'node:fs';
import { tableFromIPC, tableToIPC } from 'apache-arrow';
import { CoreError } from '../../../protocol/errors.ts';
import { tokenEnd } from '../../../protocol/statements.ts';
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
 * @throws CoreError FORMAT_DATA when a file is not Arrow IPC, FILE_NOT_FOUND, PATH_DENIED
 */
export function readArrowFiles(context: EngineContext, sql: string): void {
  for (const { text, start, end } of arrowPaths(sql)) {
    try {
      readArrowFile(context, text);
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

function readArrowFile(context: EngineContext, written: string): void {
  const { db, paths } = context;
  const files = globPaths(paths.resolvePattern(written)).map((file) => paths.admit(file));
  if (files.length === 0) {
    throw new CoreError('FILE_NOT_FOUND', missingFile(written));
  }
  ensureStore(context);
  const tables = files.map((file) => ensureTable(context, { file, written }));
  const union = tables
    .map((table) => `select * from ${STORE}.main.${quoteName(table)}`)
    .join(' union all by name ');
  for (const { id } of [context.runs, context.checks]) {
    db.bindings.runQuery(id, `create or replace temp view ${quoteName(written)} as ${union}`);
  }
}

function ensureStore(context: EngineContext): void {
  const sql = `attach if not exists ':memory:' as ${STORE}`;
  context.db.bindings.runQuery(context.runs.id, sql);
}

/** The table with a file's rows; its name says which state of which file it holds. */
function ensureTable(
  context: EngineContext,
  options: { readonly file: string; readonly written: string },
): string {
  const { db, runs } = context;
  const stats = statSync(options.file);
  const name = `${options.file}@${stats.mtimeMs}/${stats.size}`;
  const known = `select 1 from duckdb_tables() where database_name = ${quoteText(STORE)}`;
  if (queryRows(db, runs, `${known} and table_name = ${quoteText(name)}`).length > 0) return name;
  const outdated = queryRows(
    db,
    runs,
    `select table_name from duckdb_tables() where database_name = ${quoteText(STORE)} and starts_with(table_name, ${quoteText(`${options.file}@`)})`,
  );
  for (const row of outdated)
    db.bindings.runQuery(runs.id, `drop table ${STORE}.main.${quoteName(String(row.table_name))}`);
  // duckdb-wasm inserts into the default database only: the rows move from there.
  db.bindings.insertArrowFromIPCStream(runs.id, streamBytes(options), {
    name: '__quern_arrow',
    create: true,
  });
  db.bindings.runQuery(runs.id, `create table ${STORE}.main.${quoteName(name)} as from __quern_arrow`);
  db.bindings.runQuery(runs.id, 'drop table __quern_arrow');
  return name;
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
