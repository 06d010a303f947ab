import type { ColumnInfo } from '../../wasm-core/protocol/methods.ts';
import type { CellValue } from '../page-store.ts';
import { drawnText } from './cell-text.ts';

/** Space beside a cell's text, and beside a header's for the edge to drag. Pixels. */
const CELL_PADDING = 18;
const HEAD_PADDING = 22;

/** Columns start no narrower and no wider than this; dragging goes further. Pixels. */
const NARROWEST = 48;
const WIDEST = 380;

/** Values measured in all, so that a thousand columns cost no more than ten. */
const MEASURED_VALUES = 6000;
const MEASURED_ROWS = 200;

/** What widths are found from. */
export interface FitSource {
  readonly columns: readonly ColumnInfo[];
  readonly rowCount: number;
  readonly value: (row: number, column: number) => CellValue;
}

/** Finds the width that a column's name, type and first values need. */
export class ColumnFitter {
  readonly #cellFont: string;
  readonly #headFont: string;
  readonly #context = document.createElement('canvas').getContext('2d');

  /** @param grid an element in the page, whose fonts are measured with */
  constructor(grid: HTMLElement) {
    const style = getComputedStyle(grid);
    this.#cellFont = `${style.fontSize} ${style.fontFamily}`;
    const body = getComputedStyle(document.body);
    this.#headFont = `600 ${body.fontSize} ${body.fontFamily}`;
  }

  /** Starting widths of all columns, pixels. */
  all(source: FitSource): number[] {
    const rows = Math.ceil(Math.min(MEASURED_ROWS, MEASURED_VALUES / Math.max(1, source.columns.length)));
    return source.columns.map((_, column) => Math.min(WIDEST, this.one(source, { column, rows })));
  }

  /** The width that shows the first values of one column in full, pixels. */
  one(source: FitSource, { column, rows }: { readonly column: number; readonly rows: number }): number {
    const { name = '', type = '' } = source.columns[column] ?? {};
    let width = Math.max(
      this.#measure(drawnText(name), this.#headFont) + HEAD_PADDING,
      // A long type may be cut: it is there in full when the pointer rests on it.
      Math.min(120, this.#measure(type, this.#headFont) * 0.85 + HEAD_PADDING),
      NARROWEST,
    );
    for (let row = 0; row < Math.min(rows, source.rowCount); row++) {
      const value = source.value(row, column);
      if (value.state !== 'value') break;
      width = Math.max(width, this.#measure(drawnText(value.text), this.#cellFont) + CELL_PADDING);
    }
    return Math.ceil(width);
  }

  #measure(text: string, font: string): number {
    if (this.#context === null) return text.length * 8;
    this.#context.font = font;
    return this.#context.measureText(text).width;
  }
}
