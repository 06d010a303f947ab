import type { CatalogFunction, CatalogResult, ColumnInfo } from '../../protocol/methods.ts';
import { type EngineContext, queryRows } from './context.ts';

/** Tables, views, functions and keywords of a session, for completion and hover. */
export function readCatalog(context: EngineContext): CatalogResult {
  return { tables: readTables(context), functions: readFunctions(context), keywords: readKeywords(context) };
}

function readTables(context: EngineContext): CatalogResult['tables'] {
  const rows = queryRows(
    context.db,
    context.checks,
    `select table_name, column_name, data_type from duckdb_columns()
     where not internal and database_name <> 'quern_arrow_files'
     order by table_name, database_name, schema_name, column_index`,
  );
  const tables = new Map<string, ColumnInfo[]>();
  for (const row of rows) {
    const columns = tables.get(String(row.table_name)) ?? [];
    columns.push({ name: String(row.column_name), type: String(row.data_type) });
    tables.set(String(row.table_name), columns);
  }
  return [...tables].map(([name, columns]) => ({ name, columns }));
}

function readFunctions(context: EngineContext): CatalogFunction[] {
  const rows = queryRows(
    context.db,
    context.checks,
    `select function_name as name, function_type as kind,
       list(distinct function_name || '(' || array_to_string(coalesce(parameter_types, parameters), ', ') || ')'
         || coalesce(' -> ' || return_type, '')) as signatures,
       coalesce(any_value(description), '') as doc
     from duckdb_functions()
     where function_name not like '\\_\\_%' escape '\\' and regexp_matches(function_name, '^[a-z_]')
       and not (database_name = 'temp' and function_type = 'macro')
     group by all order by name`,
  );
  return rows.map((row) => ({
    name: String(row.name),
    kind: String(row.kind),
    signatures: [...(row.signatures as Iterable<unknown>)].map(String),
    doc: String(row.doc),
  }));
}

function readKeywords(context: EngineContext): string[] {
  const rows = queryRows(
    context.db,
    context.checks,
    'select distinct keyword_name as name from duckdb_keywords() order by name',
  );
  return rows.map((row) => String(row.name));
}
