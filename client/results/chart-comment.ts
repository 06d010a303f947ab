import { readDirectives } from '../../wasm-core/protocol/directives.ts';
import { type Piece, piecesUpTo } from '../run/pieces.ts';

/** One replacement in a text; positions are UTF-16 code units. */
export interface CommentEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * Where a statement stands in a text that may have changed since it ran: the one of the same words that is nearest.
 *
 * @returns undefined when it is gone
 */
export function pieceNow(
  text: string,
  then: { readonly text: string; readonly piece: Piece },
): Piece | undefined {
  const { piece } = then;
  const words = then.text.slice(piece.start, piece.end);
  const same = piecesUpTo(text).filter(({ start, end }) => text.slice(start, end) === words);
  const distance = ({ start }: Piece) => Math.abs(start - piece.start);
  return same.sort((a, b) => distance(a) - distance(b))[0];
}

/** The edit that puts a chart's comment above a statement, in place of one that is there. */
export function commentEdit(text: string, { from, start }: Piece, comment: string): CommentEdit {
  const { chart } = readDirectives(text, from, start);
  if (chart !== undefined) return { start: chart.start, end: chart.end, text: comment };
  const lineStart = Math.max(text.lastIndexOf('\n', start - 1), text.lastIndexOf('\r', start - 1)) + 1;
  const before = text.slice(lineStart, start);
  const lineEnd = /\r\n|\n|\r/.exec(text)?.[0] ?? '\n';
  // A directive begins its line.
  const head = before.trim() === '' ? '' : lineEnd;
  const indent = before.trim() === '' ? before : '';
  return { start, end: start, text: `${head}${comment}${lineEnd}${indent}` };
}
