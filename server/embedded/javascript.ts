import { escapeEnd, lineEnd, quotedEnd } from './scan.ts';
import type { SqlPart, Substitution } from './sql-part.ts';

/** The templates that are tagged `sql` in a text of JavaScript or TypeScript, also `x.sql` and `sql<Row>`. */
export function javaScriptParts(text: string): SqlPart[] {
  const parts: SqlPart[] = [];
  codeBehind(text, { from: 0, nesting: 0, parts });
  return parts;
}

/** A tag right before a backtick, with type arguments on its line. */
const TAG = /(?<![\w$])sql\s*(?:<[^<>`]*(?:<[^<>`]*>[^<>`]*)*>)?\s*$/;
/** How far before a backtick its tag may begin. */
const LONGEST_TAG = 200;
/** Templates inside the holes of templates, from which on a text is no program that anybody wrote. */
const DEEPEST = 100;
/** What a regular expression may follow, rather than a division. */
const BEFORE_EXPRESSION =
  /(?:^|[(,=:[!&|?{};+\-*%<>~^\n]|\b(?:return|typeof|case|in|of|do|else|void|delete|throw|new|await|yield))\s*$/;

interface Code {
  readonly from: number;
  /** In how many holes the code is. */
  readonly nesting: number;
  /** Where what is found goes. */
  readonly parts: SqlPart[];
}

/** @returns the end of the text, or for code in a hole the position of the brace that closes it */
function codeBehind(text: string, { from, nesting, parts }: Code): number {
  let depth = 0;
  let at = from;
  while (at < text.length) {
    const c = text[at] ?? '';
    if (c === '}' && depth === 0 && nesting > 0) return at;
    if (c === '{') depth++;
    else if (c === '}' && depth > 0) depth--;
    if (c === '`' && nesting < DEEPEST) at = template(text, { from: at, nesting, parts });
    else if (c === '"' || c === "'") at = quotedEnd(text, at, { lines: false });
    else if (c === '/') at = slashEnd(text, at);
    else at++;
  }
  return text.length;
}

/** @returns the position behind the closing backtick of the template that is opened at `from` */
function template(text: string, { from, nesting, parts }: Code): number {
  const isSql = TAG.test(text.slice(Math.max(0, from - LONGEST_TAG), from));
  const substitutions: Substitution[] = [];
  // A template in a hole is a part of its own, unless the template around it is one.
  const inner = isSql ? [] : parts;
  let at = from + 1;
  while (at < text.length && text[at] !== '`') {
    const start = at;
    if (text[at] === '\\') {
      at = escapeEnd(text, at);
      substitutions.push({ start, end: at, kind: 'escape' });
    } else if (text.startsWith('${', at)) {
      const end = codeBehind(text, { from: at + 2, nesting: nesting + 1, parts: inner });
      at = Math.min(text.length, end + 1);
      substitutions.push({ start, end: at, kind: 'hole' });
    } else at++;
  }
  if (isSql) parts.push({ start: from + 1, end: at, substitutions });
  return at + 1;
}

/** @returns the position behind a comment, a regular expression or a division */
function slashEnd(text: string, at: number): number {
  if (text[at + 1] === '/') return lineEnd(text, at);
  if (text[at + 1] === '*') {
    const end = text.indexOf('*/', at + 2);
    return end < 0 ? text.length : end + 2;
  }
  if (!BEFORE_EXPRESSION.test(text.slice(Math.max(0, at - 20), at))) return at + 1;
  const end = lineEnd(text, at);
  let isClass = false;
  for (let i = at + 1; i < end; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === '[') isClass = true;
    else if (text[i] === ']') isClass = false;
    else if (text[i] === '/' && !isClass) return i + 1;
  }
  return at + 1;
}
