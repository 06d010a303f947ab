import { type EngineContext, queryRows, quoteText } from './context.ts';
import { quoteName } from './logical-type.ts';

/**
 * Makes what is temporary on the running connection known to the checking one, so that a check sees the session's own
 * tables: temporary tables without their rows, temporary views and macros, and the search path. Everything else the two
 * connections share. Variables and prepared statements are a connection's own as well.
 */
export function mirrorTemporaries(context: EngineContext): void {
  const { db, runs, checks } = context;
  const run = (sql: string) => db.bindings.runQuery(checks.id, sql);
  const [path] = queryRows(db, runs, "select current_setting('search_path') as path");
  run(`set search_path = ${quoteText(String(path?.path ?? ''))}`);
  for (const { name } of temporaryNames(context)) run(`drop table if exists temp.${quoteName(name)}`);
  // Those of a transaction that is still open are nowhere else, either.
  const shared = new Set(queryRows(db, checks, TABLES).map(({ path }) => path));
  for (const row of queryRows(db, runs, TABLES)) {
    if (shared.has(row.path)) continue;
    run(`create or replace temp table ${quoteName(String(row.name))} (${String(row.columns)})`);
  }
  for (const row of queryRows(db, runs, VIEWS)) {
    try {
      run(String(row.sql).replace(/^CREATE (TEMP(ORARY)? )?VIEW/i, 'create or replace temp view'));
    } catch {
      // A view over something that is gone: the checks then say so where it is used.
    }
  }
  context.macros.mirror(context);
  mirrorVariables(context);
  mirrorPrepared(context);
}

/** Variables of the running connection on the checking one; those that no text can say are NULL of their type. */
function mirrorVariables({ db, runs, checks }: EngineContext): void {
  const sql = 'select name, value, type from duckdb_variables()';
  const wanted = queryRows(db, runs, sql);
  const names = new Set(wanted.map(({ name }) => name));
  const run = (text: string) => db.bindings.runQuery(checks.id, text);
  for (const { name } of queryRows(db, checks, sql)) {
    if (!names.has(name)) run(`reset variable ${quoteName(String(name))}`);
  }
  for (const { name, value, type } of wanted) {
    const literal = value === null ? 'null' : quoteText(String(value));
    run(`set variable ${quoteName(String(name))} = try_cast(${literal} as ${String(type)})`);
  }
}

function mirrorPrepared({ db, runs, checks, unknownPrepared }: EngineContext): void {
  unknownPrepared.clear();
  const sql = 'select name, statement from duckdb_prepared_statements()';
  const run = (text: string) => db.bindings.runQuery(checks.id, text);
  for (const { name } of queryRows(db, checks, sql)) run(`deallocate ${quoteName(String(name))}`);
  for (const { name, statement } of queryRows(db, runs, sql)) {
    try {
      run(`prepare ${quoteName(String(name))} as ${String(statement)}`);
    } catch {
      // It has lost what it reads, or is several statements, as a PIVOT is.
      unknownPrepared.add(String(name).toLowerCase());
    }
  }
}

const TABLES = `select table_name as name, database_name || '.' || schema_name || '.' || table_name as path,
    string_agg('"' || replace(column_name, '"', '""') || '" ' || data_type, ', ' order by column_index) as columns
  from duckdb_columns()
  where not internal
    and (database_name, schema_name, table_name) in (select (database_name, schema_name, table_name) from duckdb_tables())
  group by all
  order by max(database_name) = 'temp'`;

const VIEWS = `select sql from duckdb_views() where database_name = 'temp' and not internal`;

function temporaryNames(context: EngineContext): { readonly name: string }[] {
  const rows = queryRows(
    context.db,
    context.checks,
    `select table_name as name from duckdb_tables() where database_name = 'temp'`,
  );
  return rows.map((row) => ({ name: String(row.name) }));
}
