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
