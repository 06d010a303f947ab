import { CoreError } from '../../../../protocol/errors.ts';

/** Columns and rows that a sheet may have. */
export const MAX_COLUMNS = 16_384;
export const MAX_ROWS = 1_048_576;

/** A part of a sheet, counted from 0, ends included. */
export interface CellRange {
  readonly firstRow: number;
  readonly lastRow: number;
  readonly firstColumn: number;
  readonly lastColumn: number;
}

/** `A` for 0, `AA` for 26. */
export function columnLetters(column: number): string {
  let letters = '';
  for (let n = column + 1; n > 0; n = Math.floor((n - 1) / 26)) {
    letters = String.fromCharCode(65 + ((n - 1) % 26)) + letters;
  }
  return letters;
}

/** The column and row of a reference such as `B12`, from 0; undefined when it is none, or not on a sheet. */
export function cellPlace(reference: string): { readonly column: number; readonly row: number } | undefined {
  let column = 0;
  let at = 0;
  for (; at < reference.length; at++) {
    const code = reference.charCodeAt(at) | 32;
    if (code < 97 || code > 122) break;
    column = column * 26 + (code - 96);
    if (column > MAX_COLUMNS) return undefined;
  }
  const row = Number(reference.slice(at));
  if (at === 0 || !Number.isInteger(row) || row < 1 || row > MAX_ROWS) return undefined;
  return { column: column - 1, row: row - 1 };
}

/** `A1:D10`, `B2:`, `A:C`, `2:20`, or one cell. @throws CoreError PARAMS_INVALID */
export function parseRange(text: string): CellRange {
  const parts = /^\$?([A-Za-z]{1,3})?\$?(\d{1,7})?(?:(:)\$?([A-Za-z]{1,3})?\$?(\d{1,7})?)?$/.exec(
    text.trim(),
  );
  const [, fromLetters, fromRow, colon, toLetters, toRow] = parts ?? [];
  if (parts === null || (fromLetters === undefined && fromRow === undefined)) throw badRange(text);
  const isOpen = colon !== undefined;
  const column = (letters: string | undefined, otherwise: number) =>
    letters === undefined ? otherwise : columnOf(letters, text);
  const firstColumn = column(fromLetters, 0);
  const firstRow = fromRow === undefined ? 0 : Number(fromRow) - 1;
  const range = {
    firstRow,
    firstColumn,
    lastColumn: isOpen
      ? column(toLetters, MAX_COLUMNS - 1)
      : fromLetters === undefined
        ? MAX_COLUMNS - 1
        : firstColumn,
    lastRow: isOpen
      ? toRow === undefined
        ? MAX_ROWS - 1
        : Number(toRow) - 1
      : fromRow === undefined
        ? MAX_ROWS - 1
        : firstRow,
  };
  const isOnSheet = range.firstRow >= 0 && range.lastRow < MAX_ROWS;
  if (!isOnSheet || range.lastRow < range.firstRow || range.lastColumn < range.firstColumn)
    throw badRange(text);
  return range;
}

function columnOf(letters: string, text: string): number {
  const place = cellPlace(`${letters}1`);
  if (place === undefined) throw badRange(text);
  return place.column;
}

function badRange(text: string): CoreError {
  return new CoreError(
    'PARAMS_INVALID',
    `'${text}' is no range of cells; write one such as A1:D10, B2:, A:C or 2:20.`,
  );
}
