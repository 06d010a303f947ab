import { tokenEnd } from '../protocol/statements.ts';

/** A range in a text, UTF-16 code units. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/**
 * The UTF-16 position of a byte offset into the text's UTF-8 form.
 *
 * @returns 0 to the text's length; an offset inside a character gives the character's start
 */
export function utf16Offset(text: string, byteOffset: number): number {
  let bytes = 0;
  for (let i = 0; i < text.length; ) {
    const point = text.codePointAt(i) ?? 0;
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    if (bytes > byteOffset) return i;
    i += point > 0xffff ? 2 : 1;
  }
  return text.length;
}

/** The token at a position, names with dots taken whole; at the text's end the last token. */
export function wordRange(text: string, at: number): TextRange {
  if (at >= text.length) return lastToken(text);
  let end = tokenEnd(text, at);
  while (text[end] === '.' && /[\p{L}_"]/u.test(text[end + 1] ?? '')) end = tokenEnd(text, end + 1);
  return { start: at, end };
}

/** The first token that is `name`, quoted or not, in any case; undefined when the text has none. */
export function findName(text: string, name: string): TextRange | undefined {
  const wanted = name.toLowerCase();
  for (let at = 0; at < text.length; ) {
    const end = tokenEnd(text, at);
    const token = text.slice(at, end);
    const plain = /^["'].*["']$/s.test(token) ? token.slice(1, -1) : token;
    if (plain.toLowerCase() === wanted) return { start: at, end };
    at = end;
  }
  return undefined;
}

/** The first token that is `name` by itself: no part of a name with dots, no alias, no function. */
export function findPlainName(text: string, name: string): TextRange | undefined {
  const wanted = name.toLowerCase();
  const tokens = tokensOf(text);
  return tokens.find(({ start, end }, index) => {
    const token = text.slice(start, end).toLowerCase();
    const before = tokens[index - 1];
    const after = tokens[index + 1];
    const isPart =
      (before && /^(\.|as)$/i.test(textOf(text, before))) || (after && /^[.(]$/.test(textOf(text, after)));
    return !isPart && (token === wanted || token === `"${wanted.replaceAll('"', '""')}"`);
  });
}

/**
 * The name of the first call of a function with so many arguments, else of its first call; undefined when it is not
 * called.
 */
export function findCall(
  text: string,
  { name, count }: { readonly name: string; readonly count: number },
): TextRange | undefined {
  const tokens = tokensOf(text);
  const calls = tokens.flatMap((range, index) => {
    const open = tokens[index + 1];
    const isCall = textOf(text, range).toLowerCase() === name.toLowerCase();
    if (!isCall || open === undefined || textOf(text, open) !== '(') return [];
    return [{ range, count: listItems(text.slice(open.end)).length }];
  });
  return (calls.find((call) => call.count === count) ?? calls[0])?.range;
}

/** The items between commas outside of brackets, up to the bracket that closes what is open, or the text's end. */
export function listItems(text: string): string[] {
  const items: string[] = [];
  let depth = 0;
  let start = 0;
  let end = 0;
  for (const range of tokensOf(text)) {
    const token = textOf(text, range);
    if (/^[([{]$/.test(token)) depth++;
    if (/^[)\]}]$/.test(token) && depth-- === 0) break;
    end = range.end;
    if (token !== ',' || depth > 0) continue;
    items.push(text.slice(start, range.start).trim());
    start = range.end;
  }
  const last = text.slice(start, Math.max(start, end)).trim();
  return items.length === 0 && last === '' ? [] : [...items, last];
}

/** The tokens of a text without space and comments. */
function tokensOf(text: string): TextRange[] {
  const tokens: TextRange[] = [];
  for (let at = 0; at < text.length; ) {
    const end = tokenEnd(text, at);
    const token = text.slice(at, end);
    if (token.trim() !== '' && !/^(--|\/\*)/.test(token)) tokens.push({ start: at, end });
    at = end;
  }
  return tokens;
}

function textOf(text: string, { start, end }: TextRange): string {
  return text.slice(start, end);
}

/** The first token of a text. */
export function firstToken(text: string): TextRange {
  return { start: 0, end: tokenEnd(text, 0) };
}

function lastToken(text: string): TextRange {
  let last = { start: 0, end: text.length };
  for (let at = 0; at < text.length; ) {
    const end = tokenEnd(text, at);
    if (text.slice(at, end).trim() !== '') last = { start: at, end };
    at = end;
  }
  return last;
}
