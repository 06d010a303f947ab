import { identifier, isMark } from '../tokens.ts';
import { type Cursor, wordAt } from './cursor.ts';

/** Words that parentheses may follow without their being functions. */
export const NO_FUNCTION = new Set(
  `SELECT FROM WHERE HAVING QUALIFY ON USING AND OR NOT IN EXISTS ANY ALL SOME BY AS VALUES OVER FILTER UNION EXCEPT INTERSECT
  CASE WHEN THEN ELSE LIKE ILIKE BETWEEN IS LIMIT OFFSET SET INTO TABLE JOIN LATERAL WITH MATERIALIZED PIVOT UNPIVOT DISTINCT
  RETURNING EXCLUDE RENAME EXPLAIN ANALYZE GROUP SETS ROLLUP CUBE DO KEY UNIQUE CHECK`.split(/\s+/),
);

/** Words that a query in parentheses begins with. */
const QUERY_STARTS =
  /^(SELECT|FROM|WITH|VALUES|PIVOT|UNPIVOT|TABLE|DESCRIBE|SUMMARIZE|INSERT|UPDATE|DELETE)$/;

/** Whether the innermost bracket holds the arguments of a function, or a list. */
export function isCallBracket(cursor: Cursor): boolean {
  const { before, open } = cursor;
  const bracket = open.at(-1);
  if (bracket === undefined) return false;
  if (!isMark(before[bracket], '(')) return true;
  const isQuery = QUERY_STARTS.test(wordAt(cursor, bracket + 1)) && bracket + 1 < before.length;
  const name = identifier(before[bracket - 1]);
  return name !== undefined && !NO_FUNCTION.has(wordAt(cursor, bracket - 1)) && !isQuery;
}

/** The function whose arguments the position is in. */
export function calledName(cursor: Cursor): string | undefined {
  const bracket = cursor.open.at(-1);
  if (bracket === undefined || !isMark(cursor.before[bracket], '(') || !isCallBracket(cursor))
    return undefined;
  return identifier(cursor.before[bracket - 1]);
}
