import { isQuery } from '../../protocol/query.ts';
import { tokenEnd } from '../../protocol/statements.ts';

/** First words of statements that give rows although they are not `SELECT`. */
const QUERIES = new Set(['SELECT', 'WITH', 'FROM', 'VALUES', 'TABLE', 'PIVOT', 'UNPIVOT']);

/**
 * What kind of statement a text is: DuckDB's first keyword, with every form of query as `SELECT`.
 *
 * @param sql one statement that does not begin with space
 */
export function statementKind(sql: string): string {
  const word = firstWords(sql, 1)[0] ?? '';
  return QUERIES.has(word) || word === '(' ? 'SELECT' : word;
}

/** Whether a statement may run twice, since it changes nothing. */
export function onlyAsks(sql: string): boolean {
  return isQuery(sql) || /^(SUMMARIZE|DESCRIBE|DESC|SHOW)$/.test(statementKind(sql));
}

/** First words of statements that leave tables, functions, types and settings as they are. */
const READERS = new Set([
  'SELECT',
  'DESCRIBE',
  'DESC',
  'SHOW',
  'SUMMARIZE',
  'INSERT',
  'UPDATE',
  'DELETE',
  'MERGE',
]);

/** Whether a statement may change what the catalog says. EXPLAIN ANALYZE runs what it explains. */
export function changesCatalog(sql: string): boolean {
  return !READERS.has(statementKind(sql));
}

/** The first tokens of a statement in upper case, comments and space left out. */
export function firstWords(sql: string, count: number): string[] {
  const words: string[] = [];
  for (let at = 0; at < sql.length && words.length < count; ) {
    const end = tokenEnd(sql, at);
    const token = sql.slice(at, end);
    if (token.trim() !== '' && !token.startsWith('--') && !token.startsWith('/*'))
      words.push(token.toUpperCase());
    at = end;
  }
  return words;
}
