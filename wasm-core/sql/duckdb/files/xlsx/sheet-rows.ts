import type { DataFile } from '../data-file.ts';
import { badFile } from '../file-table.ts';
import { cellPlace, columnLetters, MAX_COLUMNS, MAX_ROWS } from './cell-places.ts';
import { type Cell, readCell } from './cells.ts';
import { type CellContext, RichText } from './workbook.ts';
import { XmlReader } from './xml.ts';

/** A row that has cells. */
export interface SheetRow {
  /** From 0. */
  readonly row: number;
  /** By column; empty ones are undefined. */
  readonly cells: readonly (Cell | undefined)[];
}

/** The rows of a sheet, read as they are asked for. Rows without cells are left out. */
export class SheetRows {
  readonly #file: DataFile;
  readonly #context: CellContext;
  readonly #pieces: Iterator<Uint8Array>;
  readonly #xml: XmlReader;
  readonly #text = new RichText();
  #ready: SheetRow[] = [];
  #isEnded = false;
  #row = -1;
  #column = -1;
  #cells: (Cell | undefined)[] = [];
  #type = 'n';
  #style = 0;
  #value: string | undefined;
  #isInValue = false;

  constructor(
    file: DataFile,
    options: { readonly part: string; readonly pieces: Iterable<Uint8Array>; readonly context: CellContext },
  ) {
    this.#file = file;
    this.#context = options.context;
    this.#pieces = options.pieces[Symbol.iterator]();
    this.#xml = new XmlReader(
      { file, part: options.part },
      {
        open: (name, attributes) => this.#open(name, attributes),
        close: (name) => this.#close(name),
        text: (text) => {
          if (this.#isInValue) this.#value = (this.#value ?? '') + text;
          else this.#text.text(text);
        },
      },
    );
  }

  /** @throws CoreError FORMAT_DATA */
  *[Symbol.iterator](): Generator<SheetRow, void, undefined> {
    for (;;) {
      for (const row of this.#ready.splice(0)) yield row;
      if (this.#isEnded) return;
      const piece = this.#pieces.next();
      if (piece.done === true) {
        this.#xml.end();
        this.#isEnded = true;
      } else this.#xml.push(piece.value);
    }
  }

  #open(name: string, attributes: Readonly<Record<string, string>>): void {
    switch (name) {
      case 'row':
        this.#row = attributes.r === undefined ? this.#row + 1 : Number(attributes.r) - 1;
        if (!(this.#row >= 0 && this.#row < MAX_ROWS))
          throw this.#bad(`a row has the number '${attributes.r}'`);
        this.#column = -1;
        this.#cells = [];
        break;
      case 'c':
        this.#openCell(attributes);
        break;
      case 'v':
        this.#isInValue = true;
        this.#value = '';
        break;
      default:
        this.#text.open(name);
    }
  }

  #openCell({ r, t, s }: Readonly<Record<string, string>>): void {
    const place = r === undefined ? { column: this.#column + 1, row: this.#row } : cellPlace(r);
    if (place === undefined || place.row !== this.#row || place.column >= MAX_COLUMNS) {
      throw this.#bad(`row ${this.#row + 1} has a cell at '${r}'`);
    }
    this.#column = place.column;
    this.#type = t ?? 'n';
    this.#style = Number(s ?? 0);
    this.#value = undefined;
    this.#text.take();
  }

  #close(name: string): void {
    switch (name) {
      case 'v':
        this.#isInValue = false;
        break;
      case 'is':
        this.#value = this.#text.take();
        break;
      case 'c':
        this.#closeCell();
        break;
      case 'row':
        if (this.#cells.length > 0) this.#ready.push({ row: this.#row, cells: this.#cells });
        break;
      default:
        this.#text.close(name);
    }
  }

  #closeCell(): void {
    const cell = readCell({ type: this.#type, style: this.#style, value: this.#value }, this.#context);
    if (cell === undefined) return;
    if (typeof cell === 'string') {
      throw this.#bad(`cell ${columnLetters(this.#column)}${this.#row + 1} ${cell}`);
    }
    this.#cells[this.#column] = cell;
  }

  #bad(why: string) {
    return badFile(this.#file, why);
  }
}
