import { stringEnd, stringFault, UNCLOSED_STRING } from './strings.ts';
import type { SyntaxFault, WatSpan } from './tree.ts';

/*
 * The lexical format of WebAssembly text, annotations included:
 * https://webassembly.github.io/spec/core/text/lexical.html.
 */

/**
 * What a token is by its first characters: `annotation` is `(@` with the name behind it, `other` a run of characters
 * that no token of the language is made of, but that an annotation may hold.
 */
export type WatTokenKind = 'open' | 'close' | 'annotation' | 'id' | 'keyword' | 'string' | 'number' | 'other';

/** A token; positions are UTF-16 code units in the text. */
export interface WatToken extends WatSpan {
  readonly kind: WatTokenKind;
  readonly text: string;
  /** Whether no space parts it from a token before it that is no parenthesis. */
  readonly isGlued: boolean;
}

/** The tokens of a text in their order, its comments apart from them, and what is lexically wrong. */
export interface LexedWat {
  readonly tokens: readonly WatToken[];
  readonly comments: readonly WatSpan[];
  readonly faults: readonly SyntaxFault[];
  /** Whether a comment or string is not closed, and hides what stands in it or begins with its other end. */
  readonly hidesText: boolean;
}

/** Reads the tokens of a text, whatever it holds; takes time linear in its length. */
export function tokenizeWat(text: string): LexedWat {
  const lexer = new Lexer(text);
  while (lexer.next());
  return lexer;
}

const SPACE = /[ \t\r\n]+/y;
const LINE_COMMENT = /;;[^\r\n]*/y;
const WORD = /[!#-'*+\-./0-9:<=>?@A-Z\\^_`a-z|~]+/y;
/** What means nothing outside of annotations, or nowhere. */
const OTHER = /(?:[,;[\]{}]|[^\s!-~])+|./suy;
const COMMENT_MARK = /\(;|;\)/g;

class Lexer implements LexedWat {
  readonly tokens: WatToken[] = [];
  readonly comments: WatSpan[] = [];
  readonly faults: SyntaxFault[] = [];
  hidesText = false;
  private at = 0;
  /** Where the last token ended that is no parenthesis. */
  private wordEnd = -1;

  constructor(private readonly text: string) {}

  /** Reads one token, comment or space; false at the text's end. */
  next(): boolean {
    const { text, at } = this;
    if (at >= text.length) return false;
    switch (text[at]) {
      case ' ':
      case '\t':
      case '\r':
      case '\n':
        this.at = this.matchEnd(SPACE);
        break;
      case '(':
        this.parenthesis();
        break;
      case ')':
        this.push('close', at + 1);
        break;
      case '"':
        this.string('string', at);
        break;
      case '$':
        if (text[at + 1] === '"') this.string('id', at + 1);
        else this.word();
        break;
      case ';':
        if (text[at + 1] === ';') this.comment(this.matchEnd(LINE_COMMENT));
        else this.other();
        break;
      default:
        this.word();
    }
    return true;
  }

  private matchEnd(pattern: RegExp): number {
    pattern.lastIndex = this.at;
    return pattern.test(this.text) ? pattern.lastIndex : this.at;
  }

  private push(kind: WatTokenKind, end: number): void {
    const { text, at, wordEnd } = this;
    const isWord = kind !== 'open' && kind !== 'close' && kind !== 'annotation';
    this.tokens.push({
      kind,
      start: at,
      end,
      text: text.slice(at, end),
      isGlued: isWord && wordEnd === at,
    });
    if (isWord) this.wordEnd = end;
    this.at = end;
  }

  private parenthesis(): void {
    const after = this.text[this.at + 1];
    if (after === ';') this.comment(this.blockCommentEnd());
    else if (after === '@') this.annotation();
    else this.push('open', this.at + 1);
  }

  private annotation(): void {
    const start = this.at;
    this.at += 2;
    const end = this.text[this.at] === '"' ? stringEnd(this.text, this.at) : this.matchEnd(WORD);
    this.at = start;
    this.push('annotation', end);
  }

  private string(kind: 'string' | 'id', quote: number): void {
    const end = stringEnd(this.text, quote);
    const fault = stringFault(this.text, quote, end);
    const isUnclosed = fault?.message === UNCLOSED_STRING;
    // What ends a string of several lines begins another.
    if (fault !== undefined && !(isUnclosed && this.hidesText)) this.faults.push(fault);
    this.hidesText ||= isUnclosed;
    if (kind === 'id' && end - quote <= 2) this.fault(this.at, end, 'A name has at least one character.');
    this.push(kind, end);
  }

  private word(): void {
    const end = this.matchEnd(WORD);
    if (end === this.at) this.other();
    else this.push(wordKind(this.text.slice(this.at, end)), end);
  }

  private other(): void {
    const end = this.matchEnd(OTHER);
    const run = this.text.slice(this.at, end);
    // Annotations may hold the marks of other languages, but nothing beyond ASCII.
    if (/[^!-~]/.test(run))
      this.fault(this.at, end, `${shown(run)} may stand in strings and comments alone.`);
    this.push('other', end);
  }

  private comment(end: number): void {
    this.comments.push({ start: this.at, end });
    this.at = end;
  }

  /** Behind the block comment that begins here; they nest, and nothing else in them means anything. */
  private blockCommentEnd(): number {
    COMMENT_MARK.lastIndex = this.at;
    let depth = 0;
    for (let mark = COMMENT_MARK.exec(this.text); mark !== null; mark = COMMENT_MARK.exec(this.text)) {
      depth += mark[0] === '(;' ? 1 : -1;
      if (depth === 0) return COMMENT_MARK.lastIndex;
    }
    this.fault(this.at, this.at + 2, 'This block comment is never closed; end it with ;).');
    this.hidesText = true;
    return this.text.length;
  }

  private fault(start: number, end: number, message: string): void {
    this.faults.push({ start, end, message });
  }
}

function wordKind(word: string): WatTokenKind {
  if (word.startsWith('$')) return word.length > 1 ? 'id' : 'other';
  if (/^[+-]?(?:[0-9]|inf$|nan$|nan:)/.test(word)) return 'number';
  return /^[a-z]/.test(word) ? 'keyword' : 'other';
}

/** Characters as a message shows them: those that cannot be seen by their number. */
function shown(run: string): string {
  const [first = ''] = run;
  const number = (first.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return /^[\p{L}\p{N}\p{P}\p{S}]$/u.test(first) ? `The character ${first}` : `The character U+${number}`;
}
