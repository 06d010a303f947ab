/*
 * Where the statements of a SQL text begin and end. A statement's index and range are part of the protocol (lenses,
 * `sql/run`, `sql/check`), so every side has to agree on them; this is the one place that decides.
 *
 * It knows DuckDB's lexical rules and nothing of its grammar: single-quoted strings with doubled quotes, `E'…'` strings
 * with backslashes, double-quoted identifiers, dollar-quoted strings, `--` comments, and block comments, which nest.
 * A test holds it against the engine's own tokenizer.
 */

/** One statement: from its first character that is neither space nor comment to the end, semicolon left out. */
export interface StatementRange {
  /** UTF-16 code units. */
  readonly start: number;
  readonly end: number;
}

/**
 * Splits a text into its statements. An unterminated string or comment runs to the text's end.
 *
 * @param text any string
 * @returns ranges in order; empty statements are left out
 */
export function splitStatements(text: string): StatementRange[] {
  const statements: StatementRange[] = [];
  let start = -1;
  let end = 0;
  let at = 0;
  while (at < text.length) {
    const bulk = bulkEnd(text, at);
    let first = at;
    while (first < bulk && isAsciiSpace(text, first)) first++;
    if (first < bulk) {
      if (start < 0) start = first;
      end = bulk;
      while (isAsciiSpace(text, end - 1)) end--;
    }
    const next = bulk < text.length ? behindBulk(text, at, bulk) : bulk;
    if (bulk === next || isBlank(text, bulk)) {
      // Space and comments belong to a statement only between its tokens.
    } else if (text[bulk] === ';') {
      if (start >= 0) statements.push({ start, end });
      start = -1;
    } else {
      if (start < 0) start = bulk;
      end = next;
    }
    at = next;
  }
  if (start >= 0) statements.push({ start, end });
  return statements;
}

/** What a text may have between the characters that statements are told apart by, so that a long text is soon read. */
const BULK = /[^;'"$\-/\u0080-\uffff]+/y;

function bulkEnd(text: string, at: number): number {
  BULK.lastIndex = at;
  return BULK.test(text) ? BULK.lastIndex : at;
}

/** The end of what stands at `at`, behind plain text from `from` on whose last word it may belong to. */
function behindBulk(text: string, from: number, at: number): number {
  const isBehindWord = at > from && isWord(text[at - 1] ?? '');
  if (isBehindWord && text[at] === '$') return wordEnd(text, at);
  const isBackslashed = isBehindWord && text[at] === "'" && /e/i.test(text[at - 1] ?? '');
  const isLone = at - 1 === from || !isWord(text[at - 2] ?? '');
  return isBackslashed && isLone ? quotedEnd(text, at, { backslash: true }) : skipToken(text, at);
}

function isAsciiSpace(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code <= LAST_ASCII_SPACE && SPACE.test(text[at] ?? '');
}

/**
 * The token at a position, for a squiggle of the right length.
 *
 * @returns the end of the word, number, string or operator character that starts at `at`, at most the text's length
 */
export function tokenEnd(text: string, at: number): number {
  return at >= text.length ? text.length : skipToken(text, at);
}

/** The statement that the position is in or right behind; in a gap the one before it, else the first. */
export function statementAt(ranges: readonly StatementRange[], offset: number): number {
  let found = ranges.length > 0 ? 0 : -1;
  ranges.forEach((range, index) => {
    if (range.start <= offset) found = index;
  });
  return found;
}

// As in DuckDB's scanner, whatever lies beyond ASCII may be part of a name, except the spaces, which its parser
// replaces with ordinary ones first.
const WORD_START = /[A-Za-z_]|[^\0-\x7f]/;
const WORD = /[A-Za-z0-9_$]|[^\0-\x7f]/;
const SPACE = /\s/;

function isWord(c: string): boolean {
  return WORD.test(c) && !SPACE.test(c);
}

function isBlank(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  if (code === HYPHEN) return text.charCodeAt(at + 1) === HYPHEN;
  if (code === SLASH) return text.charCodeAt(at + 1) === STAR;
  return (code <= LAST_ASCII_SPACE || code > LAST_ASCII) && SPACE.test(text[at] ?? '');
}

const HYPHEN = 0x2d;
const SLASH = 0x2f;
const STAR = 0x2a;
const LAST_ASCII_SPACE = 0x20;
const LAST_ASCII = 0x7f;

/** What most of a text is, at one look: space, and words of ASCII characters. */
const PLAIN = /[A-Za-z0-9_][A-Za-z0-9_$]*|\s+/y;

/** The end of space or of an ordinary word at a position; undefined for anything else. */
function plainEnd(text: string, at: number): number | undefined {
  PLAIN.lastIndex = at;
  if (!PLAIN.test(text)) return undefined;
  const end = PLAIN.lastIndex;
  const isWhole = !(text.charCodeAt(end) > LAST_ASCII);
  // `e'…'` is a string of its own kind.
  return isWhole && !(end === at + 1 && text[end] === "'") ? end : undefined;
}

/** The position behind the token, comment or run of space that starts at `at`; always beyond `at`. */
function skipToken(text: string, at: number): number {
  const plain = plainEnd(text, at);
  if (plain !== undefined) return plain;
  const c = text[at] ?? '';
  const two = text.slice(at, at + 2);
  if (two === '--') return lineEnd(text, at);
  if (two === '/*') return blockCommentEnd(text, at);
  if (c === "'") return quotedEnd(text, at, { backslash: false });
  if (c === '"') return quotedEnd(text, at, { backslash: false });
  if (/[eE]/.test(c) && text[at + 1] === "'") return quotedEnd(text, at + 1, { backslash: true });
  if (c === '$') return dollarEnd(text, at);
  if (SPACE.test(c)) return spaceEnd(text, at);
  return wordEnd(text, at);
}

function lineEnd(text: string, at: number): number {
  let end = at;
  while (end < text.length && text[end] !== '\n' && text[end] !== '\r') end++;
  return end;
}

function blockCommentEnd(text: string, at: number): number {
  let depth = 0;
  for (let i = at; i < text.length; i++) {
    const two = text.slice(i, i + 2);
    if (two === '/*') depth++;
    else if (two === '*/') depth--;
    else continue;
    i++;
    if (depth === 0) return i + 1;
  }
  return text.length;
}

function quotedEnd(text: string, at: number, options: { readonly backslash: boolean }): number {
  const quote = text[at];
  for (let i = at + 1; i < text.length; i++) {
    if (options.backslash && text[i] === '\\') i++;
    else if (text[i] === quote && text[i + 1] === quote) i++;
    else if (text[i] === quote) return i + 1;
  }
  return text.length;
}

/** A dollar-quoted string, or a parameter such as `$1` or `$name`. */
function dollarEnd(text: string, at: number): number {
  let close = at + 1;
  if (WORD_START.test(text[close] ?? '')) {
    while (isWord(text[close] ?? '') && text[close] !== '$') close++;
  }
  if (text[close] !== '$') return wordEnd(text, at);
  const tag = text.slice(at, close + 1);
  const end = text.indexOf(tag, close + 1);
  return end < 0 ? text.length : end + tag.length;
}

function spaceEnd(text: string, at: number): number {
  let end = at;
  while (end < text.length && SPACE.test(text[end] ?? '')) end++;
  return end;
}

/** A word or number, else one character. Names beyond ASCII go by code unit: both halves of a pair are part of a word. */
function wordEnd(text: string, at: number): number {
  let end = at;
  while (end < text.length && isWord(text[end] ?? '')) end++;
  return end > at ? end : at + 1;
}
