import type {
  Catalog,
  CatalogFunction,
  CatalogSchema,
  CatalogSetting,
  CatalogTable,
  CatalogType,
} from '../../protocol/catalog.ts';
import type { ColumnInfo } from '../../protocol/methods.ts';
import type { Connection } from './boot.ts';
import { type EngineContext, queryRows } from './context.ts';
import { HIDDEN_DATABASE } from './hidden-database.ts';

/** What of a catalog no statement changes; reading it takes most of the time. */
export type BuiltIns = Pick<Catalog, 'functions' | 'keywords' | 'reserved' | 'types'>;

/** Reads the functions, keywords and types that the engine brings along. */
export function readBuiltIns(context: EngineContext): BuiltIns {
  const keywords = query(
    context,
    `select keyword_name as name,
       if(bool_or(keyword_category in ('reserved', 'type_function')), 'reserved', 'other') as kind
     from duckdb_keywords() group by all order by name`,
  );
  return {
    functions: readFunctions(context, 'internal'),
    keywords: keywords.map((row) => String(row.name)),
    reserved: keywords.filter((row) => row.kind === 'reserved').map((row) => String(row.name)),
    types: readTypes(context, 'internal'),
  };
}

/**
 * Everything that the session's engine knows now.
 *
 * @param known what is read otherwise; settings of the connection that runs, which may be busy
 */
export function readCatalog(
  context: EngineContext,
  {
    builtIns,
    settings,
  }: { readonly builtIns: BuiltIns; readonly settings?: readonly CatalogSetting[] | undefined },
): Catalog {
  const [current] = query(context, 'select current_database() as database, current_schema() as schema');
  const databases = query(
    context,
    `select database_name as name from duckdb_databases() where not internal and ${OURS_ASIDE}
       and not starts_with(database_name, '__quern_') order by name`,
  );
  const macros = readFunctions(context, 'not internal').map((macro) => ({ ...macro, isUser: true }));
  const schemas = query(
    context,
    `select database_name as database, schema_name as schema from duckdb_schemas()
     where database_name not in ('system', 'temp') and ${OURS_ASIDE} order by all`,
  );
  return {
    current: schemaOf(current ?? {}),
    databases: databases.map((row) => String(row.name)),
    schemas: schemas.map(schemaOf),
    tables: readTables(context),
    functions: [...builtIns.functions, ...macros].sort((a, b) => (a.name < b.name ? -1 : 1)),
    keywords: builtIns.keywords,
    reserved: builtIns.reserved,
    types: [...readTypes(context, 'not internal'), ...builtIns.types],
    settings: settings ?? readSettings(context, context.checks),
    named: context.tables.all.map(({ name, description, files, reading }) => ({
      name,
      files,
      ...(description !== undefined && { description }),
      ...('fault' in reading && { fault: reading.fault }),
    })),
  };
}

/** The settings of a connection that runs nothing. */
export function readSettings(context: EngineContext, connection: Connection): CatalogSetting[] {
  const rows = queryRows(
    context.db,
    connection,
    'select name, value, input_type as type, description as doc from duckdb_settings() order by name',
  );
  return rows.map((row) => ({
    name: String(row.name),
    value: String(row.value ?? ''),
    type: String(row.type),
    doc: String(row.doc),
  }));
}

const OURS_ASIDE = `database_name <> '${HIDDEN_DATABASE}'`;

function query(context: EngineContext, sql: string): Record<string, unknown>[] {
  return queryRows(context.db, context.checks, sql);
}

function schemaOf(row: Record<string, unknown>): CatalogSchema {
  return { database: String(row.database ?? 'memory'), schema: String(row.schema ?? 'main') };
}

function readTables(context: EngineContext): CatalogTable[] {
  const rows = query(
    context,
    `select database_name as database, schema_name as schema, table_name as name,
       if(bool_or(v.view_name is not null), 'view', 'table') as kind,
       list({name: column_name, type: data_type} order by column_index) as columns
     from duckdb_columns() c left join (select database_oid, schema_oid, view_oid, view_name from duckdb_views()) v
       on c.database_oid = v.database_oid and c.schema_oid = v.schema_oid and c.table_oid = v.view_oid
     where not internal and ${OURS_ASIDE}
     group by all order by name, database, schema`,
  );
  return rows.map((row) => ({
    ...schemaOf(row),
    name: String(row.name),
    kind: row.kind === 'view' ? 'view' : 'table',
    columns: columnList(row.columns),
  }));
}

/** Plugin functions are macros over internal names; they are told of by their modules. */
function readFunctions(context: EngineContext, which: 'internal' | 'not internal'): CatalogFunction[] {
  const rows = query(
    context,
    `with overloads as (
       select *, function_type in ('table', 'pragma') as takes_names,
         list_zip(parameters, parameter_types) as pairs
       from duckdb_functions()
       where ${which} and function_name not like '\\_\\_%' escape '\\' and regexp_matches(function_name, '^[a-zA-Z_]')
         and not (database_name = 'temp' and coalesce(macro_definition, '') like '%\\_\\_quern\\_%' escape '\\')
     )
     select function_name as name, function_type as kind,
       list(distinct function_name || '(' || array_to_string(list_concat(
           case when function_type in ('macro', 'table_macro') then parameters
             when takes_names then [p[2] for p in pairs if regexp_matches(p[1], '^col\\d+$')]
             else parameter_types end,
           case when varargs is null then [] else [varargs || '...'] end), ', ') || ')'
         || coalesce(' -> ' || return_type, '')) as signatures,
       list_distinct(flatten(list([{name: p[1], type: p[2]} for p in pairs
         if takes_names and not regexp_matches(p[1], '^col\\d+$')]))) as named,
       coalesce(any_value(description), '') as doc
     from overloads
     group by all order by name`,
  );
  return rows.map((row) => ({
    name: String(row.name),
    kind: String(row.kind),
    signatures: [...(row.signatures as Iterable<unknown>)].map(String).sort((a, b) => a.length - b.length),
    named: columnList(row.named),
    doc: String(row.doc),
  }));
}

function readTypes(context: EngineContext, which: 'internal' | 'not internal'): CatalogType[] {
  const rows = query(
    context,
    `select distinct type_name as name from duckdb_types() where ${which} and ${OURS_ASIDE} order by name`,
  );
  return rows.map((row) => ({ name: String(row.name), isUser: which !== 'internal' }));
}

function columnList(value: unknown): ColumnInfo[] {
  return [...(value as Iterable<{ readonly name: unknown; readonly type: unknown }>)].map(
    ({ name, type }) => ({
      name: String(name),
      type: String(type),
    }),
  );
}
