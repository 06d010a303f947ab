import type { LexedWat, WatToken } from '../syntax/tokens.ts';
import type { WatSpan } from '../syntax/tree.ts';
import { LineIndents } from './line-indents.ts';

/** Space that becomes other space. */
export interface SpaceChange extends WatSpan {
  readonly newText: string;
}

/** A token or a comment. */
export interface Piece extends WatSpan {
  /** Absent of a comment. */
  readonly token?: WatToken;
}

/** The tokens and comments of a text in their order. */
export function piecesOf({ tokens, comments }: LexedWat): Piece[] {
  const pieces: Piece[] = [];
  let next = 0;
  for (const token of tokens) {
    for (let comment = comments[next]; comment && comment.start < token.start; comment = comments[++next]) {
      pieces.push(comment);
    }
    pieces.push({ start: token.start, end: token.end, token });
  }
  return [...pieces, ...comments.slice(next)];
}

/** Finds what has to change in the space of a text, piece by piece. */
export class SpaceChanges {
  readonly found: SpaceChange[] = [];
  private readonly indents: LineIndents;
  private readonly eol: string;
  private previous: Piece | undefined;
  /** Of the line that the last piece stands in. */
  private indent = '';

  /**
   * @param unit what one level is indented by
   * @param part whole lines that may change; all when absent. Lines outside of it count as they are.
   */
  constructor(
    private readonly text: string,
    private readonly options: { readonly unit: string; readonly part?: WatSpan },
  ) {
    this.indents = new LineIndents(options.unit);
    this.eol = text.includes('\r\n') ? '\r\n' : '\n';
  }

  /** Goes past the next token or comment. */
  pass(piece: Piece): void {
    const { text, previous } = this;
    const { part } = this.options;
    const start = previous?.end ?? 0;
    const gap = text.slice(start, piece.start);
    const isInPart = part === undefined || (part.start <= piece.start && piece.start <= part.end);
    if (previous === undefined || /[\r\n]/.test(gap)) this.line(piece, { start, gap, isInPart });
    else if (isInPart) this.change(start, piece.start, spaceBetween(previous, piece, gap));
    if (piece.token !== undefined) this.indents.pass(piece.token, this.indent);
    this.previous = piece;
  }

  /** What the line that begins at a position is indented by, when it begins with a token, or with none. */
  indentOf(token: WatToken | undefined): string {
    return this.indents.before(token);
  }

  /** Puts one end of a line at the end of the text, if any is there. */
  end(): void {
    const start = this.previous?.end ?? 0;
    const rest = this.text.slice(start);
    this.change(start, this.text.length, start > 0 && /[\r\n]/.test(rest) ? this.eol : '');
  }

  change(start: number, end: number, newText: string): void {
    if (this.text.slice(start, end) !== newText) this.found.push({ start, end, newText });
  }

  private line(
    piece: Piece,
    { start, gap, isInPart }: { readonly start: number; readonly gap: string; readonly isInPart: boolean },
  ): void {
    const own = /[ \t]*$/.exec(gap)?.[0] ?? '';
    // A line that stays as it is is what others are indented by.
    this.indent = isInPart ? this.indents.before(piece.token) : own;
    if (!isInPart) return;
    const { part } = this.options;
    if (part !== undefined && start < part.start) {
      this.change(piece.start - own.length, piece.start, this.indent);
      return;
    }
    const lineCount = start === 0 ? 0 : Math.min(gap.match(/\r\n|\r|\n/g)?.length ?? 0, 2);
    this.change(start, piece.start, this.eol.repeat(lineCount) + this.indent);
  }
}

/** The space between what stands in one line: one, or none inside of parentheses, or as it is. */
function spaceBetween(left: Piece, right: Piece, gap: string): string {
  // A comment behind code is often aligned with its neighbours.
  if (right.token === undefined) return gap;
  if (left.token === undefined) return right.token.kind === 'close' || gap === '' ? '' : ' ';
  // `( ;` must not become a comment, nor `( @a` an annotation.
  if (left.token.kind === 'open') return /^[@;]/.test(right.token.text) && gap !== '' ? ' ' : '';
  if (right.token.kind === 'close') return left.token.text.endsWith(';') && gap !== '' ? ' ' : '';
  const isBeforeForm = right.token.kind === 'open' || right.token.kind === 'annotation';
  // Words that nothing parts are wrong, but not the formatter's to mend.
  return gap === '' && !isBeforeForm && left.token.kind !== 'close' ? '' : ' ';
}
