import type { ColumnSummary, SummaryResult } from '../../protocol/summary.ts';
import { type EngineContext, queryRows, quoteText } from './context.ts';
import { HIDDEN_DATABASE } from './hidden-database.ts';

const NOTHING: SummaryResult = { columns: [] };

/**
 * What is known of a relation without reading its rows: a table's row count, and a Parquet file's own statistics; of a
 * plugin's function what it did so far. Empty
 * for whatever else, and for what the session may not read.
 *
 * @param options.source as a statement writes it
 * @param options.folder absolute, for relative paths
 */
export function summarize(
  context: EngineContext,
  options: { readonly source: string; readonly folder: string },
): SummaryResult {
  const source = options.source.trim();
  context.paths.enter(options.folder);
  try {
    const [, named, read] = PARQUET.exec(source) ?? [];
    const file = named ?? read;
    if (file !== undefined) return parquetSummary(context, file);
    const called = /^(\w+)\(\)$/.exec(source)?.[1];
    if (called !== undefined) return functionSummary(context, called);
    return TABLE_NAME.test(source) ? tableSummary(context, source) : NOTHING;
  } catch {
    // A file that is not there or no Parquet has no summary; the statement's own error tells why.
    context.paths.takeRefused();
    return NOTHING;
  }
}

/** A Parquet file by its name, or as the only argument of the function that reads it. */
const PARQUET = /^('(?:[^']|'')*\.parquet')$|^(?:read_parquet|parquet_scan)\s*\(\s*('(?:[^']|'')*')\s*\)$/i;

/** A name with at most two qualifiers, quoted or not. */
const TABLE_NAME =
  /^(?:[\p{L}_][\p{L}\p{N}_$]*|"(?:[^"]|"")+")(?:\.(?:[\p{L}_][\p{L}\p{N}_$]*|"(?:[^"]|"")+")){0,2}$/u;

function tableSummary(context: EngineContext, source: string): SummaryResult {
  const path = (source.match(/"(?:[^"]|"")+"|[^.]+/g) ?? []).map((part) =>
    part.startsWith('"') ? part.slice(1, -1).replaceAll('""', '"') : part,
  );
  const [name = '', schema] = path.reverse();
  const conditions = [`lower(table_name) = lower(${quoteText(name)})`];
  if (schema !== undefined) {
    const text = quoteText(schema);
    conditions.push(`(lower(schema_name) = lower(${text}) or lower(database_name) = lower(${text}))`);
  }
  // The tables of this connection that mirror temporary ones of the other have no rows.
  const where = `where not internal and database_name not in ('temp', '${HIDDEN_DATABASE}') and ${conditions.join(' and ')}`;
  const isFirst = `database_name = current_database()${schema === undefined ? ' and schema_name = current_schema()' : ''}`;
  const rows = queryRows(
    context.db,
    context.checks,
    `select estimated_size::double as count, database_oid::double as base, table_oid::double as "table", if(${isFirst}, 'first', 'other') as place
     from duckdb_tables() ${where}`,
  );
  // As the engine looks names up: a database of the statement's own stands before the session's.
  const first = rows.filter(({ place }) => place === 'first');
  const [only, ...others] = first.length > 0 ? first : rows;
  if (only === undefined || others.length > 0) return NOTHING;
  const columns = queryRows(
    context.db,
    context.checks,
    `select column_name as name from duckdb_columns()
     where database_oid = ${only.base} and table_oid = ${only.table} and not is_nullable order by column_index`,
  );
  return {
    rowCount: Number(only.count),
    isEstimate: true,
    columns: columns.map((column) => ({ name: String(column.name), notNull: true })),
  };
}

function functionSummary(context: EngineContext, name: string): SummaryResult {
  const { rows, micros, fuel } = context.functions.useOf(name);
  return rows === 0 ? NOTHING : { columns: [], use: { rows, micros, fuel } };
}

interface Statistics {
  readonly name: string;
  readonly min: string | null;
  readonly max: string | null;
  readonly nulls: number | null;
}

/** One file's footer is small; a pattern of files may be thousands of them. */
function parquetSummary(context: EngineContext, file: string): SummaryResult {
  if (/[*?[]/.test(file)) return NOTHING;
  const { db, checks } = context;
  const [meta] = queryRows(
    db,
    checks,
    `select num_rows::double as count from parquet_file_metadata(${file})`,
  );
  const rows = queryRows(
    db,
    checks,
    `select path_in_schema as name, stats_min_value as min, stats_max_value as max,
       stats_null_count::double as nulls
     from parquet_metadata(${file}) order by column_id, row_group_id`,
  ) as unknown as readonly Statistics[];
  const columns = new Map<string, Statistics[]>();
  for (const row of rows) columns.set(row.name, [...(columns.get(row.name) ?? []), row]);
  return {
    rowCount: Number(meta?.count ?? 0),
    columns: [...columns].map(([name, groups]) => columnSummary(name, groups)),
  };
}

/** A column over all row groups; what one of them does not tell is not known of the column. */
function columnSummary(name: string, groups: readonly Statistics[]): ColumnSummary {
  const min = extreme(
    groups.map((group) => group.min),
    -1,
  );
  const max = extreme(
    groups.map((group) => group.max),
    1,
  );
  const counts = groups.map((group) => group.nulls);
  const nullCount = counts.some((count) => count === null)
    ? undefined
    : counts.reduce<number>((sum, count) => sum + Number(count), 0);
  return {
    name,
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
    ...(nullCount !== undefined && { nullCount }),
  };
}

/** The smallest (-1) or largest (1) of values that are all numbers, or else compared as text; dates are both ways. */
function extreme(values: readonly (string | null)[], sign: 1 | -1): string | undefined {
  const known = values.filter((value) => value !== null);
  if (known.length < values.length || known.length === 0) return undefined;
  const areNumbers = known.every((value) => /^-?\d+(\.\d+)?$/.test(value));
  const order = (a: string, b: string): number => {
    if (areNumbers) return Number(a) - Number(b);
    return a < b ? -1 : a > b ? 1 : 0;
  };
  return known.reduce((best, value) => (order(value, best) * sign > 0 ? value : best));
}
