import {
  leadingStart,
  readDirectives,
  type StatementDirectives,
} from '../../wasm-core/protocol/directives.ts';
import { splitStatements } from '../../wasm-core/protocol/statements.ts';
import type { Piece } from './pieces.ts';
import { statementTitle } from './run-target.ts';

/** What a statement is called: the name that a directive gives it, else its text in one short line. */
export function titleOf(text: string, { from, start, end }: Piece): string {
  return readDirectives(text, from, start).name ?? statementTitle(text.slice(start, end));
}

/** The same for statements of which only the places are known. */
export function titlesAt(text: string, places: readonly Pick<Piece, 'start' | 'end'>[]): string[] {
  return piecesAt(text, places).map((piece) => titleOf(text, piece));
}

/** What the comments above statements say, of which only the places are known. */
export function directivesAt(
  text: string,
  places: readonly Pick<Piece, 'start' | 'end'>[],
): StatementDirectives[] {
  return piecesAt(text, places).map(({ from, start }) => readDirectives(text, from, start));
}

function piecesAt(text: string, places: readonly Pick<Piece, 'start' | 'end'>[]): Piece[] {
  const ranges = splitStatements(text);
  const leading = new Map(ranges.map(({ start }, index) => [start, leadingStart(ranges, index)]));
  return places.map(({ start, end }) => ({ start, end, from: leading.get(start) ?? start }));
}
