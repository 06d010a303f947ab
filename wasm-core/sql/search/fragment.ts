import { tokenEnd } from '../../protocol/statements.ts';

/*
 * A piece of SQL that stands between others must end where it says: nothing in it may close a parenthesis that it has
 * not opened, or swallow what follows. What is inside is the engine's business.
 */

const CLOSERS: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/**
 * What keeps a text from being one piece of SQL.
 *
 * @param options.list whether commas may stand outside parentheses
 * @returns what is wrong, to follow the place's name; undefined when nothing is
 */
export function fragmentFault(text: string, options: { readonly list: boolean }): string | undefined {
  if (text.includes('\0')) return 'holds a NUL character; remove it';
  // A token that is not finished reaches over what is put behind the text.
  const padded = `${text}\n;`;
  const open: string[] = [];
  let isEmpty = true;
  for (let at = 0; at < text.length; ) {
    const end = tokenEnd(padded, at);
    const token = padded.slice(at, end);
    if (end >= padded.length) return `has ${unfinished(token)} that does not end; close it`;
    if (!isBlank(token)) {
      isEmpty = false;
      const fault = tokenFault(token, open, options);
      if (fault !== undefined) return fault;
    }
    at = end;
  }
  if (isEmpty) return 'is empty; write SQL';
  const missing = open.at(-1);
  return missing === undefined ? undefined : `lacks a ${missing}; add it`;
}

/** The words and signs of a text that are neither space nor comment. */
export function fragmentTokens(text: string): string[] {
  const tokens: string[] = [];
  for (let at = 0; at < text.length; ) {
    const end = tokenEnd(text, at);
    const token = text.slice(at, end);
    if (!isBlank(token)) tokens.push(token);
    at = end;
  }
  return tokens;
}

function tokenFault(token: string, open: string[], options: { readonly list: boolean }): string | undefined {
  const closer = CLOSERS[token];
  if (closer !== undefined) {
    open.push(closer);
    return undefined;
  }
  if (token === ';') return 'holds a semicolon; it must be one piece of SQL';
  if (token === ',' && open.length === 0 && !options.list) {
    return 'holds a comma outside parentheses; it must be one expression';
  }
  const isCloser = token === ')' || token === ']' || token === '}';
  if (!isCloser) return undefined;
  return open.pop() === token ? undefined : `closes a ${token} that it does not open; remove it`;
}

function isBlank(token: string): boolean {
  return /^\s/.test(token) || token.startsWith('--') || token.startsWith('/*');
}

function unfinished(token: string): string {
  if (token.startsWith('/*')) return 'a comment';
  return token.startsWith('"') ? 'a name in quotes' : 'a string';
}
