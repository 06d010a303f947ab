import { tokenEnd } from './statements.ts';

const QUERIES = new Set(['SELECT', 'FROM', 'VALUES', 'TABLE', 'PIVOT', 'UNPIVOT']);
const CHANGES = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE']);

/**
 * Whether a statement only asks, so that it may be run again and again: a query, also behind WITH.
 *
 * @param sql one statement
 */
export function isQuery(sql: string): boolean {
  let depth = 0;
  let isWith = false;
  for (let at = 0; at < sql.length; ) {
    const end = tokenEnd(sql, at);
    const token = sql.slice(at, end).toUpperCase();
    const isText = token.trim() !== '' && !token.startsWith('--') && !token.startsWith('/*');
    if (isText && !isWith) {
      if (token !== 'WITH') return QUERIES.has(token) || token === '(';
      isWith = true;
    } else if (token === '(') depth++;
    else if (token === ')') depth--;
    else if (depth === 0 && CHANGES.has(token)) return false;
    // A common table may not be named by one of these words without quotes.
    else if (depth === 0 && QUERIES.has(token)) return true;
    at = end;
  }
  return false;
}
