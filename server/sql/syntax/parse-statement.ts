import { parseQuery, startsQuery } from './parse-query.ts';
import { TokenList } from './token-list.ts';
import type { Call, Definition, Query, Span, StatementSyntax } from './tree.ts';

/** Words that parentheses may follow without their being functions. */
const NO_FUNCTION = new Set(
  `SELECT FROM WHERE HAVING QUALIFY ON USING AND OR NOT IN EXISTS ANY ALL SOME BY AS VALUES OVER FILTER WITHIN UNION EXCEPT
  INTERSECT CASE WHEN THEN ELSE LIKE ILIKE BETWEEN IS LIMIT OFFSET SET INTO TABLE JOIN LATERAL WITH MATERIALIZED PIVOT
  UNPIVOT DISTINCT RETURNING KEY EXCLUDE RENAME INTERVAL COPY EXPLAIN ANALYZE TABLESAMPLE SAMPLE END GROUP ORDER ARRAY CHECK
  UNIQUE REFERENCES CONFLICT WINDOW PARTITION TO`.split(/\s+/),
);

/**
 * Reads one statement.
 *
 * @param text the statement without its semicolon; anything else is read as far as it makes sense
 */
export function parseStatement(text: string): StatementSyntax {
  const list = new TokenList(text);
  const definition = parseDefinition(list);
  const query = parseQuery(list, queryStart(list), list.length);
  // Names before parentheses that hold columns.
  const others = new Set([definition?.name.start, ...namesWithColumns(query)]);
  return {
    text,
    tokens: list.tokens,
    ...(definition !== undefined && { definition }),
    query,
    calls: parseCalls(list).filter((call) => !others.has(call.name.start)),
  };
}

/** Where the statement's query begins: behind `CREATE … AS`, `EXPLAIN`, `PREPARE … AS`, `INSERT INTO t (a, b)`. */
function queryStart(list: TokenList): number {
  // These have clauses of their own, which read like a query's.
  if (list.isWord(0, 'UPDATE', 'DELETE', 'MERGE', 'INSERT', 'WITH')) return 0;
  for (let at = 0; at < list.length; at = list.next(at)) {
    // Only here may a query be in parentheses, or be `TABLE t`; elsewhere these mean something else.
    const isWhole = at === 0 || list.isWord(at - 1, 'AS', 'EXPLAIN', 'ANALYZE', 'DESCRIBE', 'SUMMARIZE');
    const isPlain = list.word(at) !== '' && list.word(at) !== 'TABLE';
    if ((isWhole || isPlain) && startsQuery(list, at)) return at;
  }
  return 0;
}

const KINDS = {
  TABLE: 'TABLE',
  VIEW: 'VIEW',
  MACRO: 'MACRO',
  FUNCTION: 'MACRO',
  TYPE: 'TYPE',
  SCHEMA: 'SCHEMA',
  SEQUENCE: 'SEQUENCE',
  INDEX: 'INDEX',
} as const;

function parseDefinition(list: TokenList): Definition | undefined {
  if (!list.isWord(0, 'CREATE')) return undefined;
  let at = 1;
  while (list.isWord(at, 'OR', 'REPLACE', 'TEMP', 'TEMPORARY', 'RECURSIVE', 'UNIQUE', 'PERSISTENT')) at++;
  const kind = KINDS[list.word(at) as keyof typeof KINDS];
  if (kind === undefined) return undefined;
  at++;
  while (list.isWord(at, 'IF', 'NOT', 'EXISTS')) at++;
  while (list.name(at) !== undefined && list.isMark(at + 1, '.')) at += 2;
  const name = list.name(at);
  if (name === undefined) return undefined;
  const parameters = kind === 'MACRO' && list.isOpen(at + 1) ? list.names(at + 1) : [];
  return { kind, name, parameters };
}

/** Where the names of common tables, aliases and tables begin, in a query and those inside of it. */
function namesWithColumns(query: Query): number[] {
  const tables = query.tables.flatMap(({ name, query: body }) => [
    name.start,
    ...(body === undefined ? [] : namesWithColumns(body)),
  ]);
  const blocks = query.blocks.flatMap(({ relations, queries }) => [
    ...relations.flatMap(({ alias, source }) => [
      alias?.start ?? -1,
      ...(source.kind === 'table' ? source.path.map((name) => name.start) : []),
    ]),
    ...queries.flatMap(namesWithColumns),
  ]);
  return [...tables, ...blocks];
}

function parseCalls(list: TokenList): Call[] {
  const calls: Call[] = [];
  for (let at = 0; at + 1 < list.length; at++) {
    const name = list.isOpen(at + 1) ? list.name(at) : undefined;
    const token = list.at(at);
    if (name === undefined || (list.isWord(at, 'NAME') && list.isWord(at - 1, 'BY'))) continue;
    if (token?.kind === 'word' && NO_FUNCTION.has(token.text.toUpperCase())) continue;
    const close = list.close(at + 1);
    const open = list.at(at + 1);
    const inside = { start: open?.end ?? name.end, end: list.at(close)?.start ?? list.text.length };
    const { start, end } = list.span(at, Math.min(close + 1, list.length));
    calls.push({
      start,
      end,
      name,
      isQualified: list.isMark(at - 1, '.'),
      arguments: argumentSpans(list, at + 2, close),
      inside,
    });
  }
  return calls;
}

function argumentSpans(list: TokenList, first: number, last: number): Span[] {
  const spans: Span[] = [];
  let start = first;
  for (let at = first; at < last; at = list.next(at, last)) {
    if (!list.isMark(at, ',')) continue;
    spans.push(list.span(start, at));
    start = at + 1;
  }
  if (last > first) spans.push(list.span(start, last));
  return spans;
}
