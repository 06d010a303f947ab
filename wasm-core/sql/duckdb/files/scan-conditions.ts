import { statementWords } from '../../../protocol/statement-words.ts';
import { type EngineContext, queryRows, quoteText } from '../context.ts';
import { statementKind } from '../statement-kind.ts';
import type { ColumnCondition } from './column-condition.ts';
import { type ReadRelation, whereConditions } from './where-conditions.ts';

/** What is asked of the engine, on the connection that runs the statement, which is idle. */
type Ask = (sql: string) => readonly Record<string, unknown>[];

/**
 * What all rows fulfil that a statement needs of the files it reads, as far as their reader may be told: of a query that
 * reads one file, pattern or table of SQLite, and nothing else, not by way of a view or a macro either.
 */
export function scanConditions(context: EngineContext, sql: string): readonly ColumnCondition[] {
  if (statementKind(sql) !== 'SELECT' || !/\bwhere\b/i.test(sql) || !mayRead(context, sql)) return [];
  const ask: Ask = (query) => queryRows(context.db, context.runs, query);
  try {
    const [row] = ask(`select json_serialize_sql(${quoteText(sql)}) as tree`);
    const found = whereConditions(String(row?.tree));
    if (found === undefined) return [];
    const { relation, conditions, functions } = found;
    if (!isRead(context, relation, ask) || callsQuery(functions, ask)) return [];
    return comparable(conditions, ask);
  } catch {
    // A transaction that was aborted answers nothing; what is wrong with the statement, its run tells.
    return [];
  }
}

/** Whether a statement names what our readers read: most do not, and are not asked about. */
function mayRead({ formats, attachments }: EngineContext, sql: string): boolean {
  if (attachments.hasAny) return true;
  return statementWords(sql).some(({ text }) =>
    formats.some(({ name, pattern }) => pattern.test(text) || name === text.toLowerCase()),
  );
}

/** Whether a relation is read by one of our readers, once. */
function isRead({ formats, tables }: EngineContext, relation: ReadRelation, ask: Ask): boolean {
  const { name } = relation;
  if (relation.kind === 'function') return formats.some((format) => format.name === name.toLowerCase());
  const known = relationsNamed(name, ask);
  // Whichever of them it is.
  if (known.length > 0) return known.every((sql) => SQLITE_VIEW.test(sql));
  const isPath = !relation.isQualified && tables.find(name) === undefined;
  return isPath && formats.some(({ pattern }) => pattern.test(name));
}

/** The view that stands for a table of SQLite, as the engine writes it down. */
const SQLITE_VIEW = /^CREATE VIEW .* AS (SELECT \* )?FROM sqlite_scan\('([^']|'')*', '([^']|'')*'\);?$/s;

/** The texts of all views of a name, and an empty one for each table. */
function relationsNamed(name: string, ask: Ask): readonly string[] {
  const text = quoteText(name.toLowerCase());
  const rows = ask(
    `select sql from duckdb_views() where lower(view_name) = ${text} union all select '' from duckdb_tables() where lower(table_name) = ${text}`,
  );
  return rows.map(({ sql }) => String(sql));
}

/** Whether one of some functions is a macro with a query in it. */
function callsQuery(functions: ReadonlySet<string>, ask: Ask): boolean {
  if (functions.size === 0) return false;
  const names = [...functions].map(quoteText).join(', ');
  const macros = ask(
    `select 1 from duckdb_functions() where function_type in ('macro', 'table_macro') and not internal and lower(function_name) in (${names}) and regexp_matches(macro_definition, '\\b(select|from)\\b', 'i') limit 1`,
  );
  return macros.length > 0;
}

/** Texts are compared by their bytes only while nobody set a collation. */
function comparable(conditions: readonly ColumnCondition[], ask: Ask): readonly ColumnCondition[] {
  const ofTexts = conditions.filter(({ values }) => values.some(({ kind }) => kind === 'text'));
  if (ofTexts.length === 0) return conditions;
  const [row] = ask("select current_setting('default_collation') as collation");
  return row?.collation === '' ? conditions : conditions.filter((each) => !ofTexts.includes(each));
}
