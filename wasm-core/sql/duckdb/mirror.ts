import { type EngineContext, queryRows, quoteText } from './context.ts';
import { quoteName } from './logical-type.ts';

/**
 * Makes what is temporary on the running connection known to the checking one, so that a check sees the session's own
 * tables: temporary tables without their rows, temporary views and macros, and the search path. Everything else the two
 * connections share.
 */
export function mirrorTemporaries(context: EngineContext): void {
  const { db, runs, checks } = context;
  const run = (sql: string) => db.bindings.runQuery(checks.id, sql);
  const [path] = queryRows(db, runs, "select current_setting('search_path') as path");
  run(`set search_path = ${quoteText(String(path?.path ?? ''))}`);
  for (const { name } of temporaryNames(context)) run(`drop table if exists temp.${quoteName(name)}`);
  for (const row of queryRows(db, runs, TABLES)) {
    run(`create or replace temp table ${quoteName(String(row.name))} (${String(row.columns)})`);
  }
  for (const row of queryRows(db, runs, VIEWS)) {
    try {
      run(String(row.sql).replace(/^CREATE (TEMP(ORARY)? )?VIEW/i, 'create or replace temp view'));
    } catch {
      // A view over something that is gone: the checks then say so where it is used.
    }
  }
}

const TABLES = `select table_name as name,
    string_agg('"' || replace(column_name, '"', '""') || '" ' || data_type, ', ' order by column_index) as columns
  from duckdb_columns()
  where database_name = 'temp' and not internal
    and table_name in (select table_name from duckdb_tables() where database_name = 'temp')
  group by table_name`;

const VIEWS = `select sql from duckdb_views() where database_name = 'temp' and not internal`;

function temporaryNames(context: EngineContext): { readonly name: string }[] {
  const rows = queryRows(
    context.db,
    context.checks,
    `select table_name as name from duckdb_tables() where database_name = 'temp'`,
  );
  return rows.map((row) => ({ name: String(row.name) }));
}
