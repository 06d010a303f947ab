import { RESERVED_WORDS } from '../reserved-words.ts';
import { textOf } from '../syntax/scope.ts';
import { identifier, quoted, tokenize } from '../tokens.ts';
import { type Fix, quickFix } from './fix.ts';

/** "Did you mean" fixes: each of the engine's candidates in the place of the name that it did not know. */
export const candidates: Fix = {
  codes: ['SQL_BIND'],
  actions: (fault) => {
    const [last] = tokenize(textOf(fault.statement.text, fault.span)).slice(-1);
    // Of `t.column` only the column is unknown.
    if (identifier(last) === undefined || last === undefined) return [];
    const span = { start: fault.span.start + last.start, end: fault.span.start + last.end };
    return candidatesOf(fault.diagnostic.data).map((candidate, index) => ({
      ...quickFix(fault, `Change to ${candidate}`, [{ ...span, text: written(candidate) }]),
      isPreferred: index === 0,
    }));
  },
};

/** The candidates that `toDiagnostics` put in, given back by the client; signatures of functions are none. */
export function candidatesOf(data: unknown): string[] {
  if (typeof data !== 'object' || data === null || !('candidates' in data)) return [];
  const found = data.candidates;
  return Array.isArray(found) ? found.filter((c) => typeof c === 'string' && !/\) -> /.test(c)) : [];
}

/** The engine gives names without quotes, those with dots in parts. */
function written(candidate: string): string {
  const isPath = /^[\p{L}_][\p{L}\p{N}_]*(\.[\p{L}_][\p{L}\p{N}_]*)+$/u.test(candidate);
  const parts = isPath ? candidate.split('.') : [candidate];
  return parts.map((part) => quoted(part, RESERVED_WORDS)).join('.');
}
