import { escapeEnd, lineEnd } from './scan.ts';
import type { SqlPart, Substitution } from './sql-part.ts';

/** The strings of a Python text that begin with the comment `--sql`. */
export function pythonParts(text: string): SqlPart[] {
  const parts: SqlPart[] = [];
  let at = 0;
  while (at < text.length) {
    if (text[at] === '#') at = lineEnd(text, at);
    else if (text[at] === '"' || text[at] === "'") at = string(text, at, parts);
    else at++;
  }
  return parts;
}

/** The comment that marks a string; what comes behind it in its line is a comment, too. */
const MARK = /^[ \t]*(?:\r?\n[ \t]*)?--[ \t]*sql\b/i;

/** @returns the position behind the string whose first quote is at `at` */
function string(text: string, at: number, parts: SqlPart[]): number {
  const three = text.slice(at, at + 3);
  const quote = three === '"""' || three === "'''" ? three : (text[at] ?? '');
  const prefix = /(?<![A-Za-z0-9_])[A-Za-z]{1,2}$/.exec(text.slice(Math.max(0, at - 3), at))?.[0] ?? '';
  const isFormatted = /[ft]/i.test(prefix);
  const isRaw = /r/i.test(prefix);
  const start = at + quote.length;
  const substitutions: Substitution[] = [];
  let end = start;
  while (end < text.length && !text.startsWith(quote, end)) {
    if (quote.length === 1 && (text[end] === '\n' || text[end] === '\r')) break;
    const from = end;
    if (text[end] === '\\') {
      end = isRaw ? Math.min(text.length, end + 2) : escapeEnd(text, end);
      if (!isRaw) substitutions.push({ start: from, end, kind: 'escape' });
      continue;
    }
    const doubled = isFormatted && /^(?:\{\{|\}\})/.test(text.slice(end, end + 2));
    const hole = doubled ? 0 : holeLength(text, end, { isFormatted, quote });
    end += doubled ? 2 : Math.max(1, hole);
    if (doubled || hole > 0) substitutions.push({ start: from, end, kind: doubled ? 'escape' : 'hole' });
  }
  if (MARK.test(text.slice(start, Math.min(end, start + 200)))) parts.push({ start, end, substitutions });
  return text.startsWith(quote, end) ? end + quote.length : end;
}

/** Of a string that is not formatted: what `str.format` and the DB-API would put values for. */
const PLACEHOLDER =
  /^(?:%s|:[A-Za-z_]\w*|%\(\w+\)s|\{(?:\w+(?:[.[][\w.\]]*)?)?(?:![rsa])?(?::[^{}'"\n]*)?\})/;

/** @returns how long the hole at a position is; 0 for none */
function holeLength(
  text: string,
  at: number,
  { isFormatted, quote }: { readonly isFormatted: boolean; readonly quote: string },
): number {
  // DuckDB has no `:name`; what has a colon right behind a word or a bracket is a key, a slice or a cast.
  const isNamed = text[at] === ':' && /[\s=<>(,+\-*/]/.test(text[at - 1] ?? '');
  if (isNamed || text[at] === '%' || (text[at] === '{' && !isFormatted)) {
    return PLACEHOLDER.exec(text.slice(at, at + 100))?.[0].length ?? 0;
  }
  if (text[at] !== '{') return 0;
  let depth = 0;
  for (let i = at; i < text.length && !text.startsWith(quote, i); i++) {
    if (text[i] === '{') depth++;
    if (text[i] === '}' && --depth === 0) return i + 1 - at;
  }
  return 0;
}
