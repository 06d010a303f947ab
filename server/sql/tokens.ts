import { type StatementRange, tokenEnd } from '../../wasm-core/protocol/statements.ts';

/** A token of SQL; positions are UTF-16 code units in the text. */
export interface Token {
  /** `name` is a quoted identifier, `string` any literal text, `mark` an operator or punctuation character. */
  readonly kind: 'word' | 'name' | 'string' | 'number' | 'mark';
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/**
 * The tokens of a text, comments and space left out. It knows the lexical rules alone, so it works on statements that
 * are half typed.
 *
 * @param from where to start, at a token's boundary
 * @param to where to stop
 */
export function tokenize(text: string, from = 0, to = text.length): Token[] {
  const tokens: Token[] = [];
  for (let at = from; at < to; ) {
    const end = Math.min(tokenEnd(text, at), to);
    const kind = kindOf(text, at);
    if (kind !== undefined) tokens.push({ kind, text: text.slice(at, end), start: at, end });
    at = end;
  }
  return tokens;
}

/**
 * The beginning of a text on one line: its tokens, apart where it has anything between them.
 *
 * @param range from one token's boundary to another
 * @param length where it is enough, characters; the last token may be longer
 */
export function firstWords(text: string, range: StatementRange, length: number): string {
  const { start, end } = range;
  let words = '';
  let last = start;
  for (let at = start; at < end && words.length <= length; ) {
    const next = Math.min(tokenEnd(text, at), end);
    if (kindOf(text, at) !== undefined) {
      words += `${words !== '' && last !== at ? ' ' : ''}${text.slice(at, next).replace(/\s+/g, ' ')}`;
      last = next;
    }
    at = next;
  }
  return words;
}

/** Whether a position lies in a comment, where nothing is offered. */
export function isInComment(text: string, offset: number): boolean {
  let at = 0;
  while (at < offset) {
    const end = tokenEnd(text, at);
    const two = text.slice(at, at + 2);
    // At the end of a line comment one still types into it.
    const inside = two === '--' || !isClosedComment(text.slice(at, end)) ? offset <= end : offset < end;
    if ((two === '--' || two === '/*') && inside) return true;
    at = end;
  }
  return false;
}

function isClosedComment(text: string): boolean {
  return text.length > 3 && text.endsWith('*/');
}

/** The identifier that a token writes, or undefined when it writes none. */
export function identifier(token: Token | undefined): string | undefined {
  if (token?.kind === 'word') return token.text;
  if (token?.kind !== 'name') return undefined;
  return token.text.slice(1, token.text.endsWith('"') ? -1 : undefined).replaceAll('""', '"');
}

/** Whether a token is the keyword, in whatever case. */
export function isKeyword(token: Token | undefined, ...keywords: readonly string[]): boolean {
  return token?.kind === 'word' && keywords.includes(token.text.toUpperCase());
}

/** Whether a token is the punctuation or operator character. */
export function isMark(token: Token | undefined, mark: string): boolean {
  return token?.kind === 'mark' && token.text === mark;
}

/** How an identifier is written where it is no reserved word: quoted when it has to be. */
export function quoted(name: string, reserved: ReadonlySet<string>): string {
  if (/^[\p{L}_][\p{L}\p{N}_]*$/u.test(name) && !reserved.has(name.toLowerCase())) return name;
  return `"${name.replaceAll('"', '""')}"`;
}

function kindOf(text: string, at: number): Token['kind'] | undefined {
  const c = text[at] ?? '';
  const two = text.slice(at, at + 2);
  if (/\s/.test(c) || two === '--' || two === '/*') return undefined;
  if (c === "'" || /^[eE]'/.test(two) || /^\$[\p{L}_]*\$/u.test(text.slice(at, at + 64))) return 'string';
  if (c === '"') return 'name';
  if (/[0-9]/.test(c)) return 'number';
  return /[\p{L}\p{N}_$]/u.test(c) || (text.codePointAt(at) ?? 0) > 0xffff ? 'word' : 'mark';
}
