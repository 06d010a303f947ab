import { identifier, isMark, type Token, tokenize } from '../tokens.ts';
import type { Name, Span } from './tree.ts';

const OPEN: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };
const CLOSE = new Set(Object.values(OPEN));

/** A statement's tokens with its brackets matched. */
export class TokenList {
  readonly tokens: readonly Token[];
  /** Of each opening bracket the index of its closing one, or the number of tokens; of others their own index. */
  private readonly closing: readonly number[];
  /** Opening brackets inside of so many others that nothing in them is read. */
  private readonly tooDeep: ReadonlySet<number>;

  /** @param tokens those of the text, where they are known already */
  constructor(
    readonly text: string,
    tokens: readonly Token[] = tokenize(text),
  ) {
    this.tokens = tokens;
    const { closing, tooDeep } = matched(this.tokens);
    this.closing = closing;
    this.tooDeep = tooDeep;
  }

  get length(): number {
    return this.tokens.length;
  }

  at(index: number): Token | undefined {
    return this.tokens[index];
  }

  isMark(index: number, mark: string): boolean {
    return isMark(this.tokens[index], mark);
  }

  /** Whether the token is one of the words, which are in upper case. */
  isWord(index: number, ...words: readonly string[]): boolean {
    const token = this.tokens[index];
    return token?.kind === 'word' && words.includes(token.text.toUpperCase());
  }

  /** The token as a keyword in upper case; empty for anything but a word, and for a word behind a dot. */
  word(index: number): string {
    const token = this.tokens[index];
    if (token?.kind !== 'word' || this.isMark(index - 1, '.')) return '';
    return token.text.toUpperCase();
  }

  name(index: number): Name | undefined {
    const token = this.tokens[index];
    const text = identifier(token);
    return token === undefined || text === undefined
      ? undefined
      : { text, start: token.start, end: token.end };
  }

  /** Whether a parenthesis opens there, in which something may be read. */
  isOpen(index: number): boolean {
    return isMark(this.tokens[index], '(') && !this.tooDeep.has(index);
  }

  /** The index of the bracket that closes the one at an index, at most `limit`. */
  close(open: number, limit = this.length): number {
    return Math.min(this.closing[open] ?? this.length, limit);
  }

  /** The index behind a token, or behind the bracket that it opens. */
  next(index: number, limit = this.length): number {
    return Math.min(this.close(index, limit) + 1, limit);
  }

  /** The names in the parentheses that open at an index: `(a, b)`. */
  names(open: number): Name[] {
    const found: Name[] = [];
    for (let at = open + 1; at < this.close(open); at = this.next(at)) {
      const name = at === open + 1 || this.isMark(at - 1, ',') ? this.name(at) : undefined;
      if (name !== undefined) found.push(name);
    }
    return found;
  }

  /** From a token to where the next one behind the last begins: space that is being typed in belongs to it. */
  extent(first: number, last: number): Span {
    const end = this.tokens[last]?.start ?? this.text.length;
    return { start: Math.min(this.tokens[first]?.start ?? this.text.length, end), end };
  }

  /** The text that tokens cover; empty and in its place for none. */
  span(first: number, last: number): Span {
    const end = this.tokens[last - 1]?.end ?? 0;
    // An empty one stands behind what is before it.
    return last <= first ? { start: end, end } : { start: this.tokens[first]?.start ?? end, end };
  }
}

/** Nobody nests so deeply; a text that does must not end the stack. */
const MAX_DEPTH = 200;

function matched(tokens: readonly Token[]): {
  readonly closing: number[];
  readonly tooDeep: Set<number>;
} {
  const closing = tokens.map((_, index) => index);
  const tooDeep = new Set<number>();
  const open: { readonly index: number; readonly mark: string }[] = [];
  for (const [index, token] of tokens.entries()) {
    if (token.kind !== 'mark') continue;
    const mark = OPEN[token.text];
    if (mark !== undefined) {
      if (open.length >= MAX_DEPTH) tooDeep.add(index);
      open.push({ index, mark });
    }
    if (!CLOSE.has(token.text)) continue;
    // A bracket that closes another than the innermost ends those inside of it, too.
    const at = open.findLastIndex((o) => o.mark === token.text);
    if (at < 0) continue;
    for (const { index: opened } of open.splice(at)) closing[opened] = index;
  }
  for (const { index } of open) closing[index] = tokens.length;
  return { closing, tooDeep };
}
