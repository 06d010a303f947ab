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
