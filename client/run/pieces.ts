import { leadingStart } from '../../wasm-core/protocol/directives.ts';
import { splitStatements } from '../../wasm-core/protocol/statements.ts';

/** A statement to run, in its document; positions are UTF-16 code units there. */
export interface Piece {
  /** Where the comments above it begin, which hold its directives. */
  readonly from: number;
  readonly start: number;
  readonly end: number;
}

/**
 * The statements of a document that begin up to a position.
 *
 * @param last the last of them may begin here; absent: all
 */
export function piecesUpTo(text: string, last = text.length): Piece[] {
  const ranges = splitStatements(text);
  return ranges
    .map((range, index) => ({ ...range, from: leadingStart(ranges, index) }))
    .filter(({ start }) => start <= last);
}

/**
 * The statements of a part of a document, each cut to the part. One that is there from its beginning keeps the comments
 * above it.
 */
export function piecesBetween(text: string, from: number, to: number): Piece[] {
  const whole = new Map(piecesUpTo(text, to).map((piece) => [piece.start, piece]));
  const ranges = splitStatements(text.slice(from, to));
  return ranges.map(({ start, end }, index) => {
    const own = { start: from + start, end: from + end, from: from + leadingStart(ranges, index) };
    return { ...own, from: Math.min(own.from, whole.get(own.start)?.from ?? own.from) };
  });
}
