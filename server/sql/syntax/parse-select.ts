import type { TokenList } from './token-list.ts';
import type { Clause, Name, SelectItem } from './tree.ts';

/** Words that may end an expression, and are no alias behind it. */
const ENDS_EXPRESSION = new Set('END NULL TRUE FALSE ASC DESC FIRST LAST IS NOT ISNULL NOTNULL'.split(' '));

/** Words that only lead to the next part of an expression. */
const LEADS = new Set(
  'AND OR NOT IS IN LIKE ILIKE GLOB SIMILAR BETWEEN TO ESCAPE COLLATE CASE WHEN THEN ELSE AS AT FROM DISTINCT ALL OVER'.split(
    ' ',
  ),
);

/** The items of a SELECT clause. */
export function parseSelectItems(list: TokenList, clause: Clause): SelectItem[] {
  const items: SelectItem[] = [];
  let first = listStart(list, clause);
  for (let at = first; at <= clause.last; at = at < clause.last ? list.next(at, clause.last) : at + 1) {
    if (at < clause.last && !list.isMark(at, ',')) continue;
    if (at > first) items.push(parseItem(list, first, at));
    first = at + 1;
  }
  return items;
}

/** Behind SELECT, ALL, and DISTINCT with its ON. */
function listStart(list: TokenList, { first, last }: Clause): number {
  if (list.isWord(first + 1, 'ALL')) return first + 2;
  if (!list.isWord(first + 1, 'DISTINCT')) return first + 1;
  return list.isWord(first + 2, 'ON') && list.isOpen(first + 3) ? list.next(first + 3, last) : first + 2;
}

function parseItem(list: TokenList, first: number, last: number): SelectItem {
  const { alias, expression } = parseAlias(list, first, last);
  const isStar = isStarAt(list, expression.first, expression.last);
  const name =
    alias?.text ?? (isStar ? undefined : columnName(list, expression.first, expression.last)?.text);
  const { start, end } = list.span(first, last);
  const isEmpty = expression.last <= expression.first;
  return {
    start,
    end,
    expression: isEmpty ? { start, end: start } : list.span(expression.first, expression.last),
    alias,
    name,
    isStar,
  };
}

function parseAlias(
  list: TokenList,
  first: number,
  last: number,
): { readonly alias?: Name; readonly expression: { readonly first: number; readonly last: number } } {
  const whole = { expression: { first, last } };
  // DuckDB takes `name: expression`, too.
  const prefix = list.name(first);
  if (prefix !== undefined && list.isMark(first + 1, ':') && !list.isMark(first + 2, ':')) {
    return { alias: prefix, expression: { first: first + 2, last } };
  }
  const alias = last - first > 1 ? list.name(last - 1) : undefined;
  if (alias === undefined) return whole;
  if (list.isWord(last - 2, 'AS')) return { alias, expression: { first, last: last - 2 } };
  const before = list.at(last - 2);
  const isEnd = ENDS_EXPRESSION.has(list.word(last - 1));
  const leads = before?.kind === 'word' && LEADS.has(before.text.toUpperCase());
  const isOperand =
    before?.kind === 'mark' && !/[)\]}]/.test(before.text) && !isStarAt(list, first, last - 1);
  // The unit of `interval 1 day`.
  const isUnit = list.isWord(last - 3, 'INTERVAL');
  return isEnd || leads || isOperand || isUnit ? whole : { alias, expression: { first, last: last - 1 } };
}

/** `*` and `t.*`, with EXCLUDE and the like behind, and `columns(…)`. */
function isStarAt(list: TokenList, first: number, last: number): boolean {
  if (list.isWord(first, 'COLUMNS') && list.isOpen(first + 1)) return true;
  let at = first;
  while (at < last && list.name(at) !== undefined && list.isMark(at + 1, '.')) at += 2;
  return at < last && list.isMark(at, '*');
}

/** The column's name when the expression is nothing but a column. */
function columnName(list: TokenList, first: number, last: number): Name | undefined {
  for (let at = first; at < last; at += 2) {
    const name = list.name(at);
    if (name === undefined || ENDS_EXPRESSION.has(list.word(at))) return undefined;
    if (at === last - 1) return name;
    if (!list.isMark(at + 1, '.')) return undefined;
  }
  return undefined;
}
