import { CoreError } from '../../../protocol/errors.ts';
import type { ColumnInfo } from '../../../protocol/methods.ts';
import type { PageReader } from '../../pages.ts';
import { type CellWriter, cellWriter, columnLetters, MAX_CELL_TEXT, STYLE, textCell } from './cell-text.ts';

/** Rows and columns that a sheet of Excel holds. */
export const MAX_SHEET_ROWS = 1_048_576;
export const MAX_SHEET_COLUMNS = 16_384;

/** Writes rows of one result as the rows of sheets, from the first of each. */
export class SheetText {
  readonly #columns: readonly ColumnInfo[];
  readonly #letters: readonly string[];
  readonly #writers: readonly CellWriter[];

  /** @throws CoreError FORMAT_UNSUPPORTED when a sheet has not as many columns */
  constructor(columns: readonly ColumnInfo[]) {
    if (columns.length > MAX_SHEET_COLUMNS) {
      throw new CoreError(
        'FORMAT_UNSUPPORTED',
        `The result has ${columns.length} columns, and a sheet of Excel ends at ${MAX_SHEET_COLUMNS}; select fewer, or write Parquet or CSV.`,
      );
    }
    this.#columns = columns;
    this.#letters = columns.map((_, index) => columnLetters(index));
    this.#writers = columns.map(({ type }) => cellWriter(type));
  }

  /** What begins a sheet. @param header whether its first row has the names of the columns and stays in sight */
  begin(header: boolean): string {
    const names = this.#columns.map(
      ({ name }, c) => `<c r="${this.#letters[c]}1" s="${STYLE.header}"${textCell(name)}</c>`,
    );
    const pane = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>';
    const view = `<sheetViews><sheetView workbookViewId="0">${header ? pane : ''}</sheetView></sheetViews>`;
    const row = header ? `<row r="1">${names.join('')}</row>` : '';
    return `${XML}<worksheet xmlns="${MAIN}">${view}<sheetData>${row}`;
  }

  /**
   * One row of a page.
   *
   * @param at its number in the sheet, from 1
   * @throws CoreError FORMAT_UNSUPPORTED for a text that no cell holds
   */
  row(page: PageReader, row: number, at: number): string {
    let cells = '';
    for (let c = 0; c < this.#writers.length; c++) {
      if (page.isNull(row, c)) continue;
      const text = page.text(row, c);
      if (text.length > MAX_CELL_TEXT) throw tooLong(this.#columns[c]?.name ?? '', text.length);
      cells += `<c r="${this.#letters[c]}${at}"${this.#writers[c]?.(text)}</c>`;
    }
    return `<row r="${at}">${cells}</row>`;
  }

  /** What ends a sheet. */
  end(): string {
    return '</sheetData></worksheet>';
  }
}

/** What every part of a workbook begins with. */
export const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';

/** The namespace of sheets and workbooks. */
export const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';

function tooLong(column: string, length: number): CoreError {
  return new CoreError(
    'FORMAT_UNSUPPORTED',
    `A value of ${column} has ${length} characters, and a cell of Excel holds ${MAX_CELL_TEXT}; shorten it with left(${column}, ${MAX_CELL_TEXT}), or write Parquet or CSV.`,
    { column },
  );
}
