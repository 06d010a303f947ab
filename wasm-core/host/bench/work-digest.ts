import { createHash } from 'node:crypto';
import { tokenEnd } from '../../protocol/statements.ts';

/** sha-256 of what is asked for, 64 hex characters. @param parts JSON values */
export function workDigest(...parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/** The tokens of a statement with single blanks between, so that neither space nor comments make another one of it. */
export function tokenText(sql: string): string {
  const tokens: string[] = [];
  for (let at = 0; at < sql.length; ) {
    const end = tokenEnd(sql, at);
    const token = sql.slice(at, end).trim();
    if (token !== '' && !token.startsWith('--') && !token.startsWith('/*')) tokens.push(token);
    at = end;
  }
  return tokens.join(' ');
}
