import { readDirectives } from '../../wasm-core/protocol/directives.ts';
import { tokenEnd } from '../../wasm-core/protocol/statements.ts';
import type { Piece } from './pieces.ts';

/** Most files of one statement that are looked after. */
const MAX_FILES = 16;

/** What a statement's result depends on, as far as its text tells. */
export interface StatementUses {
  /** Equal for statements that differ in space, comments and the case of words alone. */
  readonly key: string;
  /** Names that are called as functions, in lower case. */
  readonly calls: readonly string[];
  /** Paths and patterns as they are written, that of `@db` included. */
  readonly files: readonly string[];
  /** Whether it writes the files that it names. */
  readonly writes: boolean;
}

/** Reads what a statement uses. */
export function statementUses(text: string, { from, start, end }: Piece): StatementUses {
  const tokens = tokensOf(text.slice(start, end));
  const { limit, database } = readDirectives(text, from, start);
  const calls = tokens.flatMap((token, i) => (tokens[i + 1] === '(' ? [unquoted(token).toLowerCase()] : []));
  const named = tokens.filter((token) => /^['"]/.test(token)).map(unquoted);
  const files = [...named.filter(isFile), ...(database === undefined ? [] : [database.path])];
  return {
    key: [limit ?? '', database?.path ?? '', ...tokens.map(folded)].join('\0'),
    calls: [...new Set(calls)],
    files: [...new Set(files)].slice(0, MAX_FILES),
    writes: /^(copy|export)$/i.test(tokens[0] ?? ''),
  };
}

function tokensOf(sql: string): string[] {
  const tokens: string[] = [];
  for (let at = 0; at < sql.length; ) {
    const end = tokenEnd(sql, at);
    const token = sql.slice(at, end);
    if (token.trim() !== '' && !token.startsWith('--') && !token.startsWith('/*')) tokens.push(token);
    at = end;
  }
  return tokens;
}

/** Words fold their case, as in the engine; quoted texts and names keep theirs. */
function folded(token: string): string {
  return /^[eE]?['"$]/.test(token) ? token : token.toLowerCase();
}

function unquoted(token: string): string {
  const quote = token[0] ?? '';
  if (quote !== "'" && quote !== '"') return token;
  return token.slice(1, token.endsWith(quote) ? -1 : undefined).replaceAll(quote + quote, quote);
}

/** Whether a text reads like the path of a file or a pattern of several: it has an ending, and is on no network. */
function isFile(text: string): boolean {
  return /^[^\n]{0,1000}\.[A-Za-z]\w{0,11}$/.test(text) && !/^[a-z][a-z0-9+.-]+:\/\//i.test(text);
}
