import { isMark } from '../tokens.ts';
import { type Cursor, insideStart, previous, wordAt } from './cursor.ts';

/*
 * The keywords that can follow what stands in front of a position, the likeliest first. They are those of DuckDB's
 * grammar that begin or go on with a clause; no list of the engine tells where a keyword may stand.
 */

/** Clauses of a block in the order in which they stand, with what begins them. */
const CLAUSES: readonly { readonly keyword: string; readonly words: readonly string[] }[] = [
  { keyword: 'FROM', words: ['from'] },
  { keyword: 'WHERE', words: ['where'] },
  { keyword: 'GROUP', words: ['group by', 'group by all'] },
  { keyword: 'HAVING', words: ['having'] },
  { keyword: 'WINDOW', words: ['window'] },
  { keyword: 'QUALIFY', words: ['qualify'] },
  { keyword: 'USING', words: ['using sample'] },
  { keyword: 'ORDER', words: ['order by', 'order by all'] },
  { keyword: 'LIMIT', words: ['limit'] },
  { keyword: 'OFFSET', words: ['offset'] },
];

const SET_OPERATORS = ['union all', 'union', 'union by name', 'union all by name', 'except', 'intersect'];

const JOINS = [
  'join',
  'left join',
  'inner join',
  'right join',
  'full join',
  'cross join',
  'semi join',
  'anti join',
  'asof join',
  'asof left join',
  'positional join',
  'natural join',
  'join lateral',
];

/** What follows relations most. */
const LIKELY = ['where', 'select', 'join', 'left join', 'group by', 'group by all', 'order by', 'limit'];

const OPERATORS = [
  'and',
  'or',
  'is null',
  'is not null',
  'in (',
  'not in (',
  'like',
  'ilike',
  'between',
  'not like',
  'not between',
  'is distinct from',
  'is not distinct from',
  'similar to',
  'glob',
  'collate',
  'at time zone',
];

/** Behind an item of a SELECT list. */
export function selectWords(cursor: Cursor): string[] {
  return ['as', ...clausesBehind(cursor, 'SELECT'), ...OPERATORS];
}

/** Behind a value in another clause. */
export function expressionWords(cursor: Cursor, lead: string): string[] {
  switch (lead) {
    case 'CALL ARGUMENTS':
      return ['order by', 'as', ...OPERATORS];
    case 'ORDER BY':
      return [
        'desc',
        'asc',
        'nulls last',
        'nulls first',
        'desc nulls last',
        ...clausesBehind(cursor, 'ORDER'),
      ];
    case 'GROUP BY':
      return [...clausesBehind(cursor, 'GROUP'), ...OPERATORS];
    case 'LIMIT':
    case 'OFFSET':
      return clausesBehind(cursor, lead);
    case 'VALUES':
      return ['returning', 'on conflict do nothing', ...SET_OPERATORS];
    case 'PIVOT':
      return ['in (', 'using', 'group by', 'order by', 'limit', 'as', 'into name'];
    case 'WHERE':
    case 'HAVING':
    case 'QUALIFY':
      return [...OPERATORS, ...clausesBehind(cursor, lead)];
    default:
      return OPERATORS;
  }
}

/** Behind a relation, its alias, or the condition of a join. */
export function afterRelation(cursor: Cursor, lead: string): string[] {
  switch (lead) {
    case 'INTO':
      return ['values', 'select', 'from', 'by name', 'default values', 'as', '('];
    case 'UPDATE':
      return ['set', 'as'];
    case 'PIVOT':
      return ['on', 'using', 'group by', 'where'];
    case 'UNPIVOT':
      return ['on', 'include nulls'];
    default:
      break;
  }
  const condition = lead === 'JOIN' && needsCondition(cursor) ? ['on', 'using ('] : [];
  const select = cursor.levels[0]?.block?.clauses.some(({ keyword }) => keyword === 'SELECT')
    ? []
    : ['select'];
  const alias = lead === 'FROM' || lead === 'JOIN' ? ['as', 'tablesample'] : [];
  const { before } = cursor;
  if (wordAt(cursor, before.length - 1) === 'LEFT' || wordAt(cursor, before.length - 1) === 'FULL')
    return ['join', 'outer join'];
  const clauses = clausesBehind(cursor, 'FROM');
  const likely = LIKELY.filter(
    (word) => clauses.includes(word) || JOINS.includes(word) || select.includes(word),
  );
  return [...condition, ...likely, ...clauses, ...JOINS, ...alias];
}

/** Behind UNION, EXCEPT or INTERSECT. */
export function afterSetOperator(cursor: Cursor): string[] {
  const word = wordAt(cursor, cursor.before.length - 1);
  if (word === 'BY') return ['name'];
  const begins = ['select', 'from', 'values', '('];
  if (word === 'ALL') return [...begins, 'by name'];
  return word === 'NAME' ? begins : ['all', 'by name', 'all by name', 'distinct', ...begins];
}

/** Inside of WITH, and between it and its query. */
export function afterWith(cursor: Cursor): string[] {
  const { before } = cursor;
  const last = before.length - 1;
  const word = wordAt(cursor, last);
  if (word === 'WITH') return ['recursive'];
  if (word === 'AS') return ['(', 'materialized (', 'not materialized ('];
  if (word === 'MATERIALIZED') return ['('];
  if (word === 'RECURSIVE' || isMark(before[last], ',')) return [];
  // `with a (x)` has no query yet.
  const beforeBracket = isMark(before[last], ')') ? wordAt(cursor, previous(cursor, last)) : '';
  const isBody = beforeBracket === 'AS' || beforeBracket === 'MATERIALIZED';
  return isBody ? ['select', 'from', 'insert into', 'update', 'delete from', 'pivot'] : ['as ('];
}

/** Clauses that may follow one and that the block does not have yet, and set operators. */
function clausesBehind({ levels, offset }: Cursor, clause: string): string[] {
  const block = levels[0]?.block;
  const has = new Set(block?.clauses.map(({ keyword }) => keyword));
  const at = CLAUSES.findIndex(({ keyword }) => keyword === clause);
  const next = block?.clauses.find(({ start }) => start > offset);
  const until = CLAUSES.findIndex(({ keyword }) => keyword === next?.keyword);
  const words = CLAUSES.slice(at + 1, until < 0 ? undefined : until)
    .filter(({ keyword }) => !has.has(keyword))
    .flatMap((c) => c.words);
  const isLast = next === undefined;
  return [...words, ...(isLast && at < 7 ? SET_OPERATORS : []), ...(has.has('INSERT') ? ['returning'] : [])];
}

/** Whether the join that is being typed has no condition yet. */
function needsCondition(cursor: Cursor): boolean {
  for (let at = cursor.before.length - 1; at >= insideStart(cursor); at = previous(cursor, at)) {
    if (wordAt(cursor, at) === 'JOIN') return !/^(CROSS|NATURAL|POSITIONAL)$/.test(wordAt(cursor, at - 1));
  }
  return false;
}
