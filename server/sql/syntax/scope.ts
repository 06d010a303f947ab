import { identifier, tokenize } from '../tokens.ts';
import type { Block, Clause, CommonTable, Query, RelationSyntax, Span, StatementSyntax } from './tree.ts';

/** A query around a position. */
export interface Level {
  readonly query: Query;
  /** The query's common tables that may be named at the position. */
  readonly tables: readonly CommonTable[];
  /** The block that the position is in; undefined inside of WITH. */
  readonly block?: Block;
}

/** The queries around a position, the innermost first. */
export function levelsAt(statement: StatementSyntax, offset: number): Level[] {
  return levelsIn(statement.query, offset).reverse();
}

/** The clause that a position is in; the keyword itself belongs to the one before it. */
export function clauseAt(block: Block, offset: number): Clause | undefined {
  return block.clauses.findLast((clause) => offset > clause.start + clause.keyword.length);
}

/** By which name a relation's columns are qualified: the alias, else its own; empty when it has none. */
export function relationName({ alias, source }: RelationSyntax): string {
  if (alias !== undefined) return alias.text;
  if (source.kind === 'table') return source.path.at(-1)?.text ?? '';
  if (source.kind === 'function') return source.name.text;
  return source.kind === 'file' ? fileStem(source.file) : '';
}

/** The common table that a relation reads, when it is one. */
export function commonTableOf(relation: RelationSyntax, levels: readonly Level[]): CommonTable | undefined {
  const { source } = relation;
  const [name, ...more] = source.kind === 'table' ? source.path : [];
  return name === undefined || more.length > 0 ? undefined : findCommonTable(name.text, levels);
}

/** The common table of a name that is visible in the levels. */
export function findCommonTable(name: string, levels: readonly Level[]): CommonTable | undefined {
  for (const { tables } of levels) {
    const found = tables.findLast((table) => sameName(table.name.text, name));
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * A query of its own that gives a relation's columns, with the common tables that it needs.
 *
 * @param levels those around the relation
 */
export function relationQuery(
  statement: StatementSyntax,
  relation: RelationSyntax,
  levels: readonly Level[],
): string {
  const { text } = statement;
  const columns = relation.columns.map((name) => textOf(text, name)).join(', ');
  const alias = columns === '' ? '' : ` as ${textOf(text, relation.alias ?? relation.source)}(${columns})`;
  return queryWithTables(statement, `select * from ${textOf(text, relation.source)}${alias}`, levels);
}

/**
 * A query out of a statement with the common tables that it needs, so that it stands for itself.
 *
 * @param query SELECT without WITH
 * @param levels those around the query, whose tables it may name
 */
export function queryWithTables({ text }: StatementSyntax, query: string, levels: readonly Level[]): string {
  let sql = query;
  let isInner = true;
  for (const level of levels) {
    const needed = neededTables(sql, level, text);
    if (needed.length === 0) continue;
    const clause = needed.map((table) => textOf(text, table)).join(', ');
    const rest = isInner ? sql : `select * from (${sql})`;
    sql = `with ${level.query.isRecursive ? 'recursive ' : ''}${clause} ${rest}`;
    isInner = false;
  }
  return sql;
}

/** Whether two identifiers are one for the engine, which folds case. */
export function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

export function textOf(text: string, { start, end }: Span): string {
  return text.slice(start, end);
}

export function contains({ start, end }: Span, offset: number): boolean {
  return offset >= start && offset <= end;
}

function levelsIn(query: Query, offset: number): Level[] {
  const inside = query.tables.findIndex(
    (table) => table.query !== undefined && contains(table.query, offset),
  );
  const body = query.tables[inside]?.query;
  if (body !== undefined) {
    const visible = query.tables.slice(0, query.isRecursive ? inside + 1 : inside);
    return [{ query, tables: visible }, ...levelsIn(body, offset)];
  }
  const block = query.blocks.findLast((b) => offset >= b.start) ?? query.blocks[0];
  const level = { query, tables: query.tables, ...(block !== undefined && { block }) };
  const nested = block?.queries.find((inner) => contains(inner, offset));
  return nested === undefined ? [level] : [level, ...levelsIn(nested, offset)];
}

/** The common tables that a text names, and those that these name. */
function neededTables(sql: string, { tables }: Level, text: string): CommonTable[] {
  const needed: CommonTable[] = [];
  const named = namesIn(sql);
  // Each can name only those before it, or itself.
  for (const table of [...tables].reverse()) {
    if (!named.has(table.name.text.toLowerCase())) continue;
    needed.unshift(table);
    for (const name of namesIn(textOf(text, table))) named.add(name);
  }
  return needed;
}

function namesIn(text: string): Set<string> {
  return new Set(tokenize(text).map((token) => (identifier(token) ?? '').toLowerCase()));
}

/** The name that DuckDB gives a file's columns: the file's, without folder and ending. */
function fileStem(file: string): string {
  return file.slice(file.lastIndexOf('/') + 1).replace(/\..*$/, '');
}
