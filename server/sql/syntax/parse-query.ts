import { parseRelations } from './parse-relations.ts';
import { parseSelectItems } from './parse-select.ts';
import type { TokenList } from './token-list.ts';
import type { Block, Clause, CommonTable, Query, SetOperator } from './tree.ts';

/** Words that a query begins with. */
const QUERY_STARTS = ['SELECT', 'FROM', 'WITH', 'VALUES', 'PIVOT', 'UNPIVOT'];

/** Whether a query begins at a token; parentheses around it count. */
export function startsQuery(list: TokenList, index: number): boolean {
  let at = index;
  while (list.isOpen(at)) at++;
  return list.isWord(at, ...QUERY_STARTS) || (list.isWord(at, 'TABLE') && list.name(at + 1) !== undefined);
}

/** Reads the query of the tokens from `first` to before `last`; whatever is missing is left out. */
export function parseQuery(list: TokenList, first: number, last: number): Query {
  const common = parseCommonTables(list, withIndex(list, first, last), last);
  const blocks: Block[] = [];
  const operators: SetOperator[] = [];
  const isInsert = list.isWord(first, 'INSERT');
  let start = isInsert ? first : common.next;
  for (let at = common.next; at < last; at = list.next(at, last)) {
    const operator = setOperator(list, at);
    if (operator === undefined) continue;
    blocks.push(parseBlock(list, { first: start, last: at, tables: common.tables }));
    operators.push(operator.found);
    at = operator.last - 1;
    start = operator.last;
  }
  blocks.push(parseBlock(list, { first: start, last, tables: common.tables }));
  return {
    start: list.at(first - 1)?.end ?? 0,
    end: list.at(last)?.start ?? list.text.length,
    tables: common.tables,
    isRecursive: common.isRecursive,
    blocks,
    operators,
  };
}

/** Reads the queries in parentheses between two tokens, but not those inside of them; by the opening token's index. */
export function parseNested(list: TokenList, first: number, last: number): Map<number, Query> {
  const queries = new Map<number, Query>();
  for (let at = first; at < last; at++) {
    if (!list.isOpen(at) || !startsQuery(list, at + 1)) continue;
    const close = list.close(at, last);
    queries.set(at, parseQuery(list, at + 1, close));
    at = close;
  }
  return queries;
}

/** Where a query's WITH is; that of INSERT stands behind what is written to. */
function withIndex(list: TokenList, first: number, last: number): number {
  if (!list.isWord(first, 'INSERT')) return first;
  for (let at = first; at < last; at = list.next(at, last)) {
    if (list.word(at) === 'WITH') return at;
    if (/^(SELECT|FROM|VALUES|TABLE)$/.test(list.word(at))) break;
  }
  return first;
}

/** @param tables those of the query, which are no part of the block even where they stand in it */
function parseBlock(
  list: TokenList,
  {
    first,
    last,
    tables,
  }: { readonly first: number; readonly last: number; readonly tables: readonly CommonTable[] },
): Block {
  const clauses = splitClauses(list, first, last);
  const bodies = new Set(tables.map(({ query }) => query?.start));
  const nested = parseNested(list, first, last);
  const queries = new Map([...nested].filter(([, query]) => !bodies.has(query.start)));
  const { start, end } = list.extent(first, last);
  return {
    start,
    end,
    clauses,
    items: clauses.filter((c) => c.keyword === 'SELECT').flatMap((c) => parseSelectItems(list, c)),
    relations: clauses.flatMap((clause) => parseRelations(list, clause, queries)),
    queries: [...queries.values()],
  };
}

function setOperator(
  list: TokenList,
  at: number,
): { readonly found: SetOperator; readonly last: number } | undefined {
  const kind = list.word(at);
  if (kind !== 'UNION' && kind !== 'EXCEPT' && kind !== 'INTERSECT') return undefined;
  let last = list.isWord(at + 1, 'ALL', 'DISTINCT') ? at + 2 : at + 1;
  const byName = list.isWord(last, 'BY') && list.isWord(last + 1, 'NAME');
  if (byName) last += 2;
  const { start, end } = list.span(at, last);
  return { found: { start, end, kind, byName }, last };
}

function parseCommonTables(
  list: TokenList,
  first: number,
  last: number,
): { readonly tables: CommonTable[]; readonly isRecursive: boolean; readonly next: number } {
  const tables: CommonTable[] = [];
  if (!list.isWord(first, 'WITH')) return { tables, isRecursive: false, next: first };
  const isRecursive = list.isWord(first + 1, 'RECURSIVE');
  let at = isRecursive ? first + 2 : first + 1;
  while (at < last) {
    const read = parseCommonTable(list, at, last);
    if (read === undefined) break;
    tables.push(read.table);
    at = read.next;
    if (!list.isMark(at, ',')) break;
    at++;
  }
  return { tables, isRecursive, next: at };
}

function parseCommonTable(
  list: TokenList,
  first: number,
  last: number,
): { readonly table: CommonTable; readonly next: number } | undefined {
  const name = list.name(first);
  if (name === undefined || list.isWord(first, ...QUERY_STARTS)) return undefined;
  let at = first + 1;
  const columns = list.isOpen(at) ? list.names(at) : [];
  if (list.isOpen(at)) at = list.next(at, last);
  if (list.isWord(at, 'USING') && list.isWord(at + 1, 'KEY')) at = list.next(at + 2, last);
  while (at < last && list.isWord(at, 'AS', 'NOT', 'MATERIALIZED')) at++;
  const close = list.close(at, last);
  const query = list.isOpen(at) ? parseQuery(list, at + 1, close) : undefined;
  const next = query === undefined ? at : Math.min(close + 1, last);
  const { start, end } = list.span(first, next);
  return { table: { start, end, name, columns, query }, next };
}

const CLAUSES = new Set(
  `SELECT FROM WHERE GROUP HAVING WINDOW QUALIFY ORDER LIMIT OFFSET FETCH VALUES RETURNING SET UPDATE INTO PIVOT UNPIVOT
  INSERT DELETE MERGE TABLE DESCRIBE SUMMARIZE`.split(/\s+/),
);

/** Clauses whose words name relations. */
const READS = new Set('FROM UPDATE INTO PIVOT UNPIVOT TABLE DESCRIBE SUMMARIZE'.split(' '));

/** Splits a block at the keywords of its clauses; what stands before the first is in none. */
function splitClauses(list: TokenList, first: number, last: number): Clause[] {
  const starts: { readonly keyword: string; readonly first: number }[] = [];
  for (let at = first; at < last; at = list.next(at, last)) {
    const keyword = clauseKeyword(list, at, { first, head: starts[0]?.keyword });
    if (keyword !== undefined) starts.push({ keyword, first: at });
  }
  return starts.map(({ keyword, first: from }, index) => {
    const to = starts[index + 1]?.first ?? last;
    // PIVOT has USING with aggregates, and there is USING SAMPLE.
    const namesRelations =
      keyword === 'USING' ? /^(DELETE|MERGE)$/.test(starts[0]?.keyword ?? '') : READS.has(keyword);
    const { start, end } = list.extent(from, to);
    return { start, end, keyword, namesRelations, first: from, last: to };
  });
}

/** `WITH name`, and not WITH ORDINALITY or WITH TIES. */
function startsCommonTable(list: TokenList, at: number): boolean {
  const name = list.isWord(at + 1, 'RECURSIVE') ? at + 2 : at + 1;
  return list.name(name) !== undefined && (list.isWord(name + 1, 'AS') || list.isOpen(name + 1));
}

/** The clause that begins at a token. Some of the words stand inside of expressions and relations, too. */
function clauseKeyword(
  list: TokenList,
  at: number,
  block: { readonly first: number; readonly head: string | undefined },
): string | undefined {
  const word = list.word(at);
  const previous = list.word(at - 1);
  if (previous === 'AS' && at > block.first) return undefined;
  const isPivot = block.head === 'PIVOT' || block.head === 'UNPIVOT';
  if (word === 'ON' && isPivot) return word;
  if (word === 'USING') {
    const takesRelations = block.head === 'DELETE' || block.head === 'MERGE';
    return list.isWord(at + 1, 'SAMPLE') || isPivot || takesRelations ? word : undefined;
  }
  if (word === 'WITH' && block.head === 'INSERT' && startsCommonTable(list, at)) return word;
  if (!CLAUSES.has(word)) return undefined;
  // IS DISTINCT FROM, WITHIN GROUP, PIVOT (…) behind a relation, ON CONFLICT DO UPDATE, replace(x) and left to right.
  if (word === 'FROM' && previous === 'DISTINCT' && /^(IS|NOT)$/.test(list.word(at - 2))) return undefined;
  if (word === 'GROUP' && previous === 'WITHIN') return undefined;
  if (/^(UN)?PIVOT$/.test(word) && at > block.first) return undefined;
  if (/^(TABLE|DESCRIBE|SUMMARIZE)$/.test(word) && at > block.first) return undefined;
  return word;
}
