import { parseStatement } from '../syntax/parse-statement.ts';
import { type Level, levelsAt } from '../syntax/scope.ts';
import type { StatementSyntax } from '../syntax/tree.ts';
import { isMark, type Token, tokenize } from '../tokens.ts';
import { repaired } from './repair.ts';

/** A position in a statement that is being typed. Positions are UTF-16 code units in its text. */
export interface Cursor {
  /** With a name put in where one is missing behind a dot, so that what follows is read for what it is. */
  readonly statement: StatementSyntax;
  readonly offset: number;
  /** The tokens in front, without the word that is being typed. */
  readonly before: readonly Token[];
  /** The word or quoted name that ends at the position, or the string that it is in, up to the position. */
  readonly typed?: Token;
  /** Whether what is typed is a string that is not closed in front of the position. */
  readonly isInString: boolean;
  readonly next?: Token;
  /** Indexes in `before` of the brackets that are open, the outermost first. */
  readonly open: readonly number[];
  /** Of the brackets that are closed in front, by the index of the closing one. */
  readonly opening: ReadonlyMap<number, number>;
  /** The queries around the position, the innermost first. */
  readonly levels: readonly Level[];
}

/** Reads what stands around a position of a statement's text. */
export function cursorAt(text: string, offset: number): Cursor {
  const tokens = tokenize(text, 0, offset);
  const last = tokens.at(-1);
  const isInString = last?.kind === 'string' && last.end === offset && isOpenString(last.text);
  const isTyping = last !== undefined && last.end === offset && (last.kind !== 'string' || isInString);
  const typed = isTyping && last.kind !== 'mark' ? last : undefined;
  const before = typed === undefined ? tokens : tokens.slice(0, -1);
  const around = brackets(before);
  const statement = parseStatement(
    repaired(text, { offset, before, open: around.open, isMember: isMark(tokens.at(-1), '.') }),
  );
  const next = statement.tokens.find((token) => token.start >= offset && token.end > offset);
  return {
    statement,
    offset,
    before,
    ...(typed !== undefined && { typed }),
    isInString,
    ...(next !== undefined && { next }),
    ...around,
    levels: levelsAt(statement, offset),
  };
}

/** The index in `before` where the innermost bracket's inside begins; 0 outside of all brackets. */
export function insideStart({ open }: Cursor): number {
  return (open.at(-1) ?? -1) + 1;
}

/** The word of a token in upper case; empty for anything else, and for a word behind a dot. */
export function wordAt({ before }: Pick<Cursor, 'before'>, index: number): string {
  const token = before[index];
  if (token?.kind !== 'word' || isMark(before[index - 1], '.')) return '';
  return token.text.toUpperCase();
}

/** The index in front of a token, or in front of the bracket that it closes. */
export function previous({ opening }: Pick<Cursor, 'opening'>, index: number): number {
  return (opening.get(index) ?? index) - 1;
}

const CLOSING: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };

function brackets(tokens: readonly Token[]): Pick<Cursor, 'open' | 'opening'> {
  const open: number[] = [];
  const opening = new Map<number, number>();
  for (const [index, token] of tokens.entries()) {
    if (token.kind !== 'mark') continue;
    if (/[([{]/.test(token.text)) open.push(index);
    const wanted = CLOSING[token.text];
    if (wanted === undefined) continue;
    const at = open.findLastIndex((o) => tokens[o]?.text === wanted);
    const start = open[at];
    if (start === undefined) continue;
    open.length = at;
    opening.set(index, start);
  }
  return { open, opening };
}

function isOpenString(text: string): boolean {
  if (text.startsWith('$')) return false;
  const inside = text.replace(/^[eE]?'/, '');
  const escapes = /^[eE]/.test(text) ? /''|\\./gs : /''/g;
  return !inside.replace(escapes, '').endsWith("'");
}
