import { tokenEnd } from './statements.ts';

/** A token of a statement, as far as dependencies need it. */
export interface StatementWord {
  /** Keywords and plain names in upper case, quoted names and texts without their quotes, else the token itself. */
  readonly text: string;
  readonly kind: 'word' | 'name' | 'text' | 'mark';
  /** The names that it may mean, lower-case: none for marks; of a text `a.b` both parts. */
  readonly names: readonly string[];
  /** UTF-16 code units. */
  readonly start: number;
  readonly end: number;
}

/** Longer texts are no names. */
const LONGEST_NAME = 200;

/** Words and space, which most of a text is, by one look; what is quoted goes by the lexical rules of statements. */
const PLAIN = /[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*|\s+|\d[\w.]*/y;

/** What names are found in, of a text in lower case without block comments. */
const NAMES =
  /e'(?:\\.|''|[^'\\])*'?|'(?:''|[^'])*'?|"(?:""|[^"])*"?|\$((?:[a-z_\u0080-\uffff][\w\u0080-\uffff]*)?)\$.*?(?:\$\1\$|$)|\$[\w$\u0080-\uffff]*|--[^\n\r]*|\d[\w.]*|[a-z_\u0080-\uffff][\w$\u0080-\uffff]*/gs;

/** The names of all tokens of a statement, as `statementWords` has them, in much less time. */
export function statementNames(text: string): Set<string> {
  const names = new Set<string>();
  // They nest, which no expression can follow.
  if (text.includes('/*')) {
    for (const word of statementWords(text)) for (const name of word.names) names.add(name);
    return names;
  }
  for (const [token] of text.toLowerCase().matchAll(NAMES)) {
    const first = token.charCodeAt(0);
    if (first >= ZERO && first <= NINE) continue;
    const isQuoted =
      first === QUOTE || first === DOUBLE_QUOTE || first === DOLLAR || first === HYPHEN || token[1] === "'";
    if (!isQuoted) names.add(token);
    else for (const name of wordOf(token, { start: 0, end: token.length })?.names ?? []) names.add(name);
  }
  return names;
}

const QUOTE = 0x27;
const DOUBLE_QUOTE = 0x22;
const DOLLAR = 0x24;
const HYPHEN = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;

/** The tokens of a statement, comments and space left out. */
export function statementWords(text: string): StatementWord[] {
  const words: StatementWord[] = [];
  for (let start = 0; start < text.length; ) {
    PLAIN.lastIndex = start;
    const quoteBehindE = text[start + 1] === "'" && /[eE]/.test(text[start] ?? '');
    const plain = quoteBehindE ? null : PLAIN.exec(text);
    const end = plain === null ? tokenEnd(text, start) : PLAIN.lastIndex;
    const word = wordOf(text.slice(start, end), { start, end });
    if (word !== undefined) words.push(word);
    start = end;
  }
  return words;
}

function wordOf(
  token: string,
  span: { readonly start: number; readonly end: number },
): StatementWord | undefined {
  const first = token[0] ?? '';
  if (/[A-Za-z_\u0080-\uffff]/.test(first) && token[1] !== "'") {
    const lower = token.toLowerCase();
    return token.trim() === ''
      ? undefined
      : { ...span, text: token.toUpperCase(), kind: 'word', names: [lower] };
  }
  if (token.trim() === '' || token.startsWith('--') || token.startsWith('/*')) return undefined;
  if (first === '"') {
    const name = token.slice(1, -1).replaceAll('""', '"');
    return { ...span, text: name, kind: 'name', names: [name.toLowerCase()] };
  }
  const literal = literalText(token);
  if (literal === undefined) return { ...span, text: token, kind: 'mark', names: [] };
  const isName = literal.length <= LONGEST_NAME;
  return { ...span, text: literal, kind: 'text', names: isName ? namesIn(literal.toLowerCase()) : [] };
}

function literalText(token: string): string | undefined {
  if (token.startsWith("'")) return token.slice(1, -1).replaceAll("''", "'");
  if (/^[eE]'/.test(token)) return token.slice(2, -1);
  return /^\$\w*\$/.test(token)
    ? token.slice(token.indexOf('$', 1) + 1, token.lastIndexOf('$', token.length - 2))
    : undefined;
}

/** `getvariable('x')`, `nextval('s.x')`, `query_table('t')` and `query('from t')` name things in texts. */
function namesIn(text: string): readonly string[] {
  return text.match(/[\w\u0080-\uffff]+/g) ?? [];
}
