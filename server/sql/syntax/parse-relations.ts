import type { TokenList } from './token-list.ts';
import type { Clause, Name, Query, RelationSource, RelationSyntax } from './tree.ts';

/** Words before JOIN, each of which may begin a join. */
const JOIN_WORDS = 'INNER LEFT RIGHT FULL OUTER CROSS NATURAL ASOF POSITIONAL SEMI ANTI JOIN'.split(' ');

/** Words that may follow a relation and are not its alias. */
const NO_ALIAS = new Set([
  ...JOIN_WORDS,
  ...'ON USING LATERAL TABLESAMPLE AS AT PIVOT UNPIVOT WHERE GROUP ORDER HAVING LIMIT OFFSET QUALIFY WINDOW'.split(
    ' ',
  ),
  ...'UNION EXCEPT INTERSECT SELECT SET VALUES RETURNING SAMPLE FROM DEFAULT BY WITH'.split(' '),
]);

interface Place {
  readonly list: TokenList;
  /** Behind the clause's last token. */
  readonly last: number;
  readonly queries: ReadonlyMap<number, Query>;
  /** In `INTO t (a, b)` the parentheses hold columns. */
  readonly takesColumns: boolean;
}

/**
 * Reads the relations that a clause names: `'file' AS a`, `schema.table a`, `function(…) a`, `(query) a(x, y)`, joined
 * by commas or JOIN.
 *
 * @param queries those in parentheses inside the block, by the index of the parenthesis
 */
export function parseRelations(
  list: TokenList,
  clause: Clause,
  queries: ReadonlyMap<number, Query>,
): RelationSyntax[] {
  if (!clause.namesRelations) return [];
  const takesColumns = clause.keyword === 'INTO';
  return relationsBetween({ list, last: clause.last, queries, takesColumns }, clause.first + 1);
}

function relationsBetween(place: Place, first: number): RelationSyntax[] {
  const { last } = place;
  const relations: RelationSyntax[] = [];
  let at = first;
  let joined: RelationSyntax['joined'] = 'first';
  let hasCondition = false;
  let isNatural = false;
  while (at < last) {
    const before = relations.length;
    const merges = isNatural ? 'shared' : undefined;
    at = readRelation(place, at, { joined, hasCondition, relations, merges });
    if (relations.length === before && at >= last) break;
    const next = nextJoin(place, at);
    if (next.condition) markCondition(relations, next.using);
    at = next.at;
    ({ joined, hasCondition, isNatural } = next);
  }
  return relations;
}

/** Skips conditions and samples up to the comma or JOIN behind a relation; gives where the next relation begins. */
function nextJoin(
  { list, last }: Place,
  first: number,
): {
  readonly at: number;
  readonly joined: RelationSyntax['joined'];
  readonly hasCondition: boolean;
  readonly isNatural: boolean;
  /** Whether there was one for the relation in front, and the columns of its USING. */
  readonly condition: boolean;
  readonly using: readonly Name[];
} {
  let condition = false;
  let using: readonly Name[] = [];
  const passed = () => ({ condition, using });
  for (let at = first; at < last; at = list.next(at, last)) {
    const word = list.word(at);
    if (word === 'ON' || word === 'USING') condition = true;
    if (word === 'USING' && list.isOpen(at + 1)) using = list.names(at + 1);
    if (list.isMark(at, ','))
      return { at: at + 1, joined: 'comma', hasCondition: false, isNatural: false, ...passed() };
    // `left(x, 2)` and `right(x, 2)` in a condition are functions.
    if (!JOIN_WORDS.includes(word) || (list.isOpen(at + 1) && word !== 'JOIN')) continue;
    let hasCondition = false;
    let isNatural = false;
    while (JOIN_WORDS.includes(list.word(at))) {
      hasCondition ||= /^(CROSS|NATURAL|POSITIONAL)$/.test(list.word(at));
      isNatural ||= list.word(at) === 'NATURAL';
      at++;
    }
    return { at, joined: 'join', hasCondition, isNatural, ...passed() };
  }
  return { at: last, joined: 'first', hasCondition: false, isNatural: false, ...passed() };
}

function markCondition(relations: RelationSyntax[], using: readonly Name[]): void {
  const relation = relations.pop();
  if (relation === undefined) return;
  const { start, end, source, alias, columns, joined } = relation;
  const merges = using.length > 0 ? using : relation.merges;
  relations.push({ start, end, source, alias, columns, joined, hasCondition: true, merges });
}

/** Reads one relation onto the list; gives the index behind it. */
function readRelation(
  place: Place,
  first: number,
  to: Pick<RelationSyntax, 'joined' | 'hasCondition' | 'merges'> & { readonly relations: RelationSyntax[] },
): number {
  const { list, last } = place;
  let at = list.isWord(first, 'LATERAL') ? first + 1 : first;
  // DuckDB takes an alias in front, too: `from a: tbl`.
  const prefix = list.isMark(at + 1, ':') && !list.isMark(at + 2, ':') ? list.name(at) : undefined;
  if (prefix !== undefined) at += 2;
  const inner = innerJoin(place, at);
  if (inner !== undefined) {
    to.relations.push(...inner);
    return list.next(at, last);
  }
  const read = readSource(place, at);
  if (read === undefined) return first;
  const aliased = readAlias(list, read.next, last);
  const alias = prefix ?? aliased.alias;
  const { start, end } = list.span(first, aliased.next);
  const { joined, hasCondition, merges } = to;
  to.relations.push({
    start,
    end,
    source: read.source,
    alias,
    columns: aliased.columns,
    joined,
    hasCondition,
    merges,
  });
  return aliased.next;
}

/** The relations of a join in parentheses: `(a join b using (x))`. */
function innerJoin(place: Place, at: number): RelationSyntax[] | undefined {
  if (!place.list.isOpen(at) || place.queries.has(at)) return undefined;
  return relationsBetween({ ...place, last: place.list.close(at, place.last) }, at + 1);
}

function readSource(
  { list, last, queries, takesColumns }: Place,
  first: number,
): { readonly source: RelationSource; readonly next: number } | undefined {
  const token = list.at(first);
  if (token === undefined || first >= last) return undefined;
  const query = queries.get(first);
  if (query !== undefined) {
    const next = list.next(first, last);
    const { start, end } = list.span(first, next);
    return { source: { start, end, kind: 'query', query }, next };
  }
  if (token.kind === 'string') {
    const { start, end } = token;
    return { source: { start, end, kind: 'file', file: unquoted(token.text) }, next: first + 1 };
  }
  if (list.isWord(first, 'VALUES'))
    return { source: { ...list.span(first, last), kind: 'other' }, next: last };
  return readNamed(list, { first, last, takesColumns });
}

function readNamed(
  list: TokenList,
  {
    first,
    last,
    takesColumns,
  }: { readonly first: number; readonly last: number; readonly takesColumns: boolean },
): { readonly source: RelationSource; readonly next: number } | undefined {
  const path: Name[] = [];
  let at = first;
  for (;;) {
    const name = at < last ? list.name(at) : undefined;
    if (name === undefined || (path.length === 0 && NO_ALIAS.has(list.word(at)) && !list.isOpen(at + 1)))
      break;
    path.push(name);
    at++;
    if (!list.isMark(at, '.')) break;
    at++;
  }
  const name = path.at(-1);
  if (name === undefined) return undefined;
  if (!list.isOpen(at) || at >= last || takesColumns) {
    const { start, end } = list.span(first, at);
    return { source: { start, end, kind: 'table', path }, next: at };
  }
  const next = list.next(at, last);
  const { start, end } = list.span(first, next);
  return { source: { start, end, kind: 'function', name }, next };
}

function readAlias(
  list: TokenList,
  first: number,
  last: number,
): { readonly alias?: Name; readonly columns: readonly Name[]; readonly next: number } {
  const isExplicit = list.isWord(first, 'AS') && first < last;
  const at = isExplicit ? first + 1 : first;
  const alias = at < last ? list.name(at) : undefined;
  if (alias === undefined || (!isExplicit && NO_ALIAS.has(list.word(at))))
    return { columns: [], next: first };
  const open = at + 1;
  if (!list.isOpen(open) || open >= last) return { alias, columns: [], next: open };
  return { alias, columns: list.names(open), next: list.next(open, last) };
}

/** The value of a string literal. */
export function unquoted(text: string): string {
  return text
    .replace(/^[eE]?'/, '')
    .replace(/'$/, '')
    .replaceAll("''", "'");
}
