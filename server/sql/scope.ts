import { identifier, isKeyword, isMark, type Token, tokenize } from './tokens.ts';

/** A relation that a statement reads, as far as its text tells. */
export interface Relation {
  /** By which columns are qualified: the alias, else the last part of the name. */
  readonly name: string;
  /** A query that gives the relation's columns. */
  readonly query: string;
}

/**
 * The relations whose columns may stand at a position of a statement: those of the innermost query around it first, then
 * those of the queries around that. Works on half-typed text; a relation that cannot be made out is left out.
 *
 * @param text the statement
 * @param offset position in it, UTF-16 code units
 */
export function relationsAt(text: string, offset: number): Relation[] {
  const tokens = tokenize(text);
  const tables = commonTables(text, tokens);
  return queriesAround(tokens, offset).flatMap((query) => relationsOf(text, query, tables));
}

/** The names of the statement's common table expressions. */
export function commonTableNames(text: string): string[] {
  return [...commonTables(text, tokenize(text)).values()].map((table) => table.name);
}

interface CommonTable {
  readonly name: string;
  /** The WITH clause up to and including this table. */
  readonly clause: string;
}

function commonTables(text: string, tokens: readonly Token[]): Map<string, CommonTable> {
  const tables = new Map<string, CommonTable>();
  const first = tokens.findIndex((token) => isKeyword(token, 'WITH'));
  if (first < 0 || first > 2) return tables;
  let at = isKeyword(tokens[first + 1], 'RECURSIVE') ? first + 2 : first + 1;
  for (;;) {
    const name = identifier(tokens[at]);
    if (name === undefined) return tables;
    at++;
    if (isMark(tokens[at], '(')) at = closing(tokens, at) + 1;
    if (!isKeyword(tokens[at], 'AS')) return tables;
    while (isKeyword(tokens[at], 'AS', 'NOT', 'MATERIALIZED')) at++;
    const end = isMark(tokens[at], '(') ? closing(tokens, at) : tokens.length;
    const last = tokens[end];
    if (last === undefined) return tables;
    tables.set(name.toLowerCase(), { name, clause: text.slice(tokens[first]?.start ?? 0, last.end) });
    if (!isMark(tokens[end + 1], ',')) return tables;
    at = end + 2;
  }
}

/** The tokens of each query around a position, the innermost first; a query in parentheses inside one is left out. */
function queriesAround(tokens: readonly Token[], offset: number): Token[][] {
  const opens: number[] = [];
  for (const [index, token] of tokens.entries()) {
    if (token.start >= offset) break;
    if (isMark(token, '(')) opens.push(index);
    else if (isMark(token, ')')) opens.pop();
  }
  const starts = opens.filter((open) => isKeyword(tokens[open + 1], 'SELECT', 'FROM', 'WITH')).reverse();
  const inner = starts.map((open) => [...tokens.slice(open + 1, closing(tokens, open))]);
  return [...inner, [...tokens]];
}

/** The index of the parenthesis that closes the one at an index; the number of tokens when none does. */
function closing(tokens: readonly Token[], open: number): number {
  let depth = 0;
  for (let i = open; i < tokens.length; i++) {
    if (isMark(tokens[i], '(')) depth++;
    else if (isMark(tokens[i], ')') && --depth === 0) return i;
  }
  return tokens.length;
}

/** Words that may follow a relation and are not its alias. */
const AFTER_RELATION = new Set(
  `WHERE GROUP ORDER HAVING LIMIT OFFSET QUALIFY WINDOW UNION EXCEPT INTERSECT ON USING JOIN INNER LEFT RIGHT FULL OUTER
  CROSS NATURAL ASOF POSITIONAL SEMI ANTI LATERAL SELECT SET VALUES TABLESAMPLE PIVOT UNPIVOT RETURNING AS SAMPLE AT`.split(
    /\s+/,
  ),
);

/** Words that end a FROM clause. */
const AFTER_FROM = [
  'WHERE',
  'GROUP',
  'ORDER',
  'HAVING',
  'LIMIT',
  'QUALIFY',
  'WINDOW',
  'SELECT',
  'UNION',
  'EXCEPT',
];

function relationsOf(text: string, tokens: readonly Token[], tables: Map<string, CommonTable>): Relation[] {
  const relations: Relation[] = [];
  let inFrom = false;
  let at = 0;
  while (at < tokens.length) {
    const token = tokens[at];
    const starts = isKeyword(token, 'FROM', 'JOIN', 'UPDATE', 'INTO') || (inFrom && isMark(token, ','));
    if (isKeyword(token, 'FROM')) inFrom = true;
    else if (isKeyword(token, ...AFTER_FROM)) inFrom = false;
    if (starts) {
      const next = isKeyword(tokens[at + 1], 'LATERAL') ? at + 2 : at + 1;
      const read = readRelation(text, tokens, next, tables);
      if (read.relation !== undefined) relations.push(read.relation);
      at = Math.max(read.end, at + 1);
    } else at = isMark(token, '(') ? closing(tokens, at) + 1 : at + 1;
  }
  return relations;
}

/** Reads `'file' AS a`, `schema.table a`, `function(…) a` or `(query) a`. */
function readRelation(
  text: string,
  tokens: readonly Token[],
  start: number,
  tables: Map<string, CommonTable>,
): { readonly relation?: Relation; readonly end: number } {
  const first = tokens[start];
  if (first === undefined) return { end: start };
  let at = start + 1;
  if (isMark(first, '(')) at = closing(tokens, start) + 1;
  else if (first.kind === 'mark' || first.kind === 'number') return { end: start };
  else {
    while (isMark(tokens[at], '.') && identifier(tokens[at + 1]) !== undefined) at += 2;
    if (isMark(tokens[at], '(')) at = closing(tokens, at) + 1;
  }
  const last = tokens[at - 1];
  if (last === undefined) return { end: at };
  const source = text.slice(first.start, last.end);
  const table = at === start + 1 ? tables.get((identifier(first) ?? '').toLowerCase()) : undefined;
  const query = `${table === undefined ? '' : `${table.clause} `}select * from ${source}`;
  const aliased = readAlias(tokens, at);
  const name = aliased.alias ?? identifier(last) ?? fileName(first);
  return { relation: { name, query }, end: aliased.end };
}

function readAlias(tokens: readonly Token[], at: number): { readonly alias?: string; readonly end: number } {
  const explicit = isKeyword(tokens[at], 'AS');
  const token = tokens[explicit ? at + 1 : at];
  const alias = identifier(token);
  const reserved = token?.kind === 'word' && AFTER_RELATION.has(token.text.toUpperCase());
  if (alias === undefined || (reserved && !explicit)) return { end: at };
  return { alias, end: at + (explicit ? 2 : 1) };
}

/** The name that DuckDB gives a file's columns: the file's, without folder and ending. */
function fileName(token: Token): string {
  if (token.kind !== 'string') return '';
  const path = token.text.replace(/^[eE]?'|'$/g, '');
  return path.slice(path.lastIndexOf('/') + 1).replace(/\..*$/, '');
}
