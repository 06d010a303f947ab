import type { SyntaxFault } from './tree.ts';

const ESCAPE = /\\(?:[tnr"'\\]|[0-9a-fA-F]{2}|u\{[0-9a-fA-F](?:_?[0-9a-fA-F])*\})/y;

/**
 * Behind a string that begins at an offset: behind its closing quote, or at the end of its line when it has none, so that
 * what follows is read as what it is.
 */
export function stringEnd(text: string, quote: number): number {
  for (let at = quote + 1; at < text.length; at++) {
    switch (text[at]) {
      case '"':
        return at + 1;
      case '\n':
      case '\r':
        return at;
      case '\\':
        if (text[at + 1] !== '\n' && text[at + 1] !== '\r') at++;
    }
  }
  return text.length;
}

/** What is wrong first with a string, from its quote to its end. */
export function stringFault(text: string, quote: number, end: number): SyntaxFault | undefined {
  for (let at = quote + 1; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x22) return undefined;
    if (code < 0x20 || code === 0x7f) return { start: at, end: at + 1, message: RAW_CONTROL };
    if (code !== 0x5c) continue;
    ESCAPE.lastIndex = at;
    if (!ESCAPE.test(text)) {
      const width = (text.codePointAt(at + 1) ?? 0) > 0xffff ? 3 : 2;
      return { start: at, end: Math.min(at + width, end), message: UNKNOWN_ESCAPE };
    }
    const written = text.slice(at, ESCAPE.lastIndex);
    if (!isScalar(written)) {
      return { start: at, end: ESCAPE.lastIndex, message: `${written} is not the number of a character.` };
    }
    at = ESCAPE.lastIndex - 1;
  }
  return { start: quote, end, message: UNCLOSED_STRING };
}

const RAW_CONTROL =
  'A string may not hold this character as it is; write it as an escape, such as \\n or \\0a.';
const UNKNOWN_ESCAPE =
  'This escape is not known; use \\n, \\t, \\r, \\", \\\\, \\u{…} or two hexadecimal digits.';
/** What is said of a string without its second quote. */
export const UNCLOSED_STRING =
  'This string is not closed on its line; end it with ", and write a new line in it as \\n.';

/** The bytes that a string stands for. @param literal with its quotes; what is wrong in it stands for itself */
export function stringBytes(literal: string): Uint8Array {
  const bytes: number[] = [];
  const inside = literal.slice(1, literal.length > 1 && literal.endsWith('"') ? -1 : undefined);
  for (const [piece] of inside.matchAll(/\\[0-9a-fA-F]{2}|\\u\{[0-9a-fA-F_]+\}|\\.|[^\\]+|\\/gsu)) {
    if (/^\\[0-9a-fA-F]{2}$/.test(piece)) bytes.push(Number.parseInt(piece.slice(1), 16));
    else for (const byte of new TextEncoder().encode(unescaped(piece))) bytes.push(byte);
  }
  return Uint8Array.from(bytes);
}

/** The text that a string stands for; bytes that are no UTF-8 are replaced. @param literal with its quotes */
export function stringText(literal: string): string {
  // Most strings have nothing to decode.
  if (!literal.includes('\\'))
    return literal.slice(1, literal.length > 1 && literal.endsWith('"') ? -1 : undefined);
  return new TextDecoder().decode(stringBytes(literal));
}

const PLAIN_ESCAPES: ReadonlyMap<string, string> = new Map([
  ['\\n', '\n'],
  ['\\t', '\t'],
  ['\\r', '\r'],
]);

function unescaped(piece: string): string {
  if (piece.startsWith('\\u{') && isScalar(piece)) return String.fromCodePoint(scalarOf(piece));
  return PLAIN_ESCAPES.get(piece) ?? (piece.startsWith('\\') ? piece.slice(1) : piece);
}

function scalarOf(written: string): number {
  return Number.parseInt(written.slice(3, -1).replaceAll('_', ''), 16);
}

/** Whether an escape that is well written names a character; all but `\u` do. */
function isScalar(written: string): boolean {
  if (!written.startsWith('\\u')) return true;
  const scalar = scalarOf(written);
  return scalar < 0xd800 || (scalar >= 0xe000 && scalar <= 0x10ffff);
}
