import { CoreError } from '../../../../protocol/errors.ts';
import type { Pointer } from '../../c-api.ts';
import { createType } from '../../logical-type.ts';
import type { DataFile } from '../data-file.ts';
import {
  CHUNK_ROWS,
  type FileFormat,
  type FileOptions,
  type FileRequest,
  type FileScan,
  type FileShape,
  type FormatParts,
} from '../file-table.ts';
import { type CellValue, VectorWriter } from '../vector-writer.ts';
import { type CellRange, columnLetters, MAX_COLUMNS, MAX_ROWS, parseRange } from './cell-places.ts';
import { cellText, cellValue, findColumns, type SheetColumn, type SheetTable } from './sheet-columns.ts';
import { type SheetRow, SheetRows } from './sheet-rows.ts';
import { type CellContext, Workbook } from './workbook.ts';

/*
 * Workbooks of Excel, read row by row. Names of parameters are those of DuckDB's own extension for Excel, which cannot be
 * loaded here; unlike it, rows behind an empty one are read, and a cell that does not fit its column is told.
 */

/** So many rows tell the types of a sheet's columns, unless `sample_size` says otherwise. */
const SAMPLE_ROWS = 10_000;
/** Texts of a workbook are kept between planning and reading when they have no more characters. */
const MAX_KEPT_TEXT = 2 ** 24;

interface SheetShape extends FileShape {
  readonly table: SheetTable;
}

/** `read_xlsx`. */
export function xlsxFormat(parts: FormatParts): FileFormat {
  const contexts = new LastContext();
  return {
    name: 'read_xlsx',
    pattern: /\.xlsx$/i,
    positional: [],
    named: {
      sheet: 'VARCHAR',
      range: 'VARCHAR',
      header: 'BOOLEAN',
      all_varchar: 'BOOLEAN',
      ignore_errors: 'BOOLEAN',
      stop_at_empty: 'BOOLEAN',
      sample_size: 'BIGINT',
    },
    shape: (request) => {
      const file = parts.access.open(request.file);
      try {
        const { rows } = openSheet(contexts, { ...request, file });
        return shapeOf(parts, request.options, rows);
      } finally {
        file.close();
      }
    },
    scan: (request) => {
      const file = parts.access.open(request.file);
      try {
        return new SheetScan(parts, { ...request, file, ...openSheet(contexts, { ...request, file }) });
      } catch (error) {
        file.close();
        throw error;
      }
    },
  };
}

/** What the cells of the workbook that was read last refer to. */
class LastContext {
  #key = '';
  #context: CellContext | undefined;

  of(key: string, read: () => CellContext): CellContext {
    if (this.#context !== undefined && this.#key === key) return this.#context;
    const context = read();
    const length = context.texts.reduce((sum, text) => sum + text.length, 0);
    this.#key = key;
    this.#context = length <= MAX_KEPT_TEXT ? context : undefined;
    return context;
  }
}

interface OpenedSheet {
  readonly sheet: string;
  readonly rows: Iterable<SheetRow>;
}

function openSheet(
  contexts: LastContext,
  { file, options }: { readonly file: DataFile; readonly options: FileOptions },
): OpenedSheet {
  const workbook = new Workbook(file);
  const { name, part, pieces } = workbook.sheet(options.text('sheet'));
  const context = contexts.of(file.stamp, () => workbook.readContext());
  const rows = new SheetRows(file, { part, pieces, context });
  return { sheet: name, rows: inRange(rows, rangeOf(options), options.flag('stop_at_empty') ?? false) };
}

function rangeOf(options: FileOptions): CellRange | undefined {
  const text = options.text('range');
  return text === undefined ? undefined : parseRange(text);
}

const WHOLE: CellRange = { firstRow: 0, lastRow: MAX_ROWS - 1, firstColumn: 0, lastColumn: MAX_COLUMNS - 1 };

/** The rows that have cells in a range, these cells alone. */
function* inRange(
  rows: Iterable<SheetRow>,
  { firstRow, lastRow, firstColumn, lastColumn }: CellRange = WHOLE,
  stopsAtEmpty: boolean,
): Generator<SheetRow, void, undefined> {
  let previous: number | undefined;
  for (const { row, cells } of rows) {
    if (row < firstRow) continue;
    if (row > lastRow) return;
    const inside = cells.slice(0, lastColumn + 1).fill(undefined, 0, Math.min(firstColumn, cells.length));
    if (!inside.some((cell) => cell !== undefined)) continue;
    if (stopsAtEmpty && previous !== undefined && row > previous + 1) return;
    previous = row;
    yield { row, cells: inside };
  }
}

function shapeOf({ native }: FormatParts, options: FileOptions, rows: Iterable<SheetRow>): SheetShape {
  const asked = options.integer('sample_size') ?? SAMPLE_ROWS;
  if (asked === 0 || asked < -1) {
    throw new CoreError(
      'PARAMS_INVALID',
      `sample_size is ${asked}; give a number of rows, or -1 for all of them.`,
    );
  }
  const sample: SheetRow[] = [];
  const most = asked === -1 ? MAX_ROWS : asked;
  for (const row of rows) {
    sample.push(row);
    // One more, since the first may have the names.
    if (sample.length > most) break;
  }
  const table = findColumns(sample, {
    range: rangeOf(options),
    header: options.flag('header'),
    allVarchar: options.flag('all_varchar') ?? false,
  });
  const columns = table.columns.map(({ name, type }) => ({
    name,
    typeText: type,
    createType: () => createType(native, { kind: 'simple', name: type }),
  }));
  return { columns, table };
}

class SheetScan implements FileScan {
  readonly #file: DataFile;
  readonly #sheet: string;
  readonly #rows: Iterator<SheetRow>;
  readonly #table: SheetTable;
  readonly #columns: readonly { readonly column: SheetColumn; readonly writer: VectorWriter }[];
  readonly #range: CellRange | undefined;
  readonly #isTolerant: boolean;
  /** The row of the sheet that comes next. */
  #row: number;
  #waiting: SheetRow | undefined;

  constructor(
    { native }: FormatParts,
    options: Omit<FileRequest, 'file'> &
      OpenedSheet & {
        readonly file: DataFile;
        readonly shape: FileShape;
        readonly columns: readonly number[];
      },
  ) {
    this.#file = options.file;
    this.#sheet = options.sheet;
    this.#rows = options.rows[Symbol.iterator]();
    this.#table = (options.shape as SheetShape).table;
    this.#columns = options.columns.flatMap((index) => {
      const column = this.#table.columns[index];
      if (column === undefined) return [];
      return { column, writer: new VectorWriter(native, { kind: 'simple', name: column.type }) };
    });
    this.#range = rangeOf(options.options);
    this.#isTolerant = options.options.flag('ignore_errors') ?? false;
    this.#row = this.#table.firstRow;
  }

  next(vectors: readonly Pointer[]): number {
    const rows: SheetRow[] = [];
    while (rows.length < CHUNK_ROWS) {
      const row = this.#nextRow();
      if (row === undefined) break;
      rows.push(row);
    }
    for (const [index, { column, writer }] of this.#columns.entries()) {
      const values = rows.map((row) => this.#value(row, column));
      const vector = vectors[index];
      if (vector !== undefined) writer.write(vector, values);
    }
    return rows.length;
  }

  close(): void {
    this.#file.close();
  }

  /** Empty rows are left out, unless a range that ends says that they are meant. */
  #nextRow(): SheetRow | undefined {
    this.#waiting ??= this.#take();
    const end =
      this.#range === undefined || this.#range.lastRow === MAX_ROWS - 1 ? undefined : this.#range.lastRow;
    if (
      end !== undefined &&
      this.#row <= end &&
      (this.#waiting === undefined || this.#waiting.row > this.#row)
    ) {
      return { row: this.#row++, cells: [] };
    }
    const row = this.#waiting;
    this.#waiting = undefined;
    if (row !== undefined) this.#row = row.row + 1;
    return row;
  }

  #take(): SheetRow | undefined {
    for (;;) {
      const taken = this.#rows.next();
      if (taken.done === true) return undefined;
      const { row, cells } = taken.value;
      if (row < this.#table.firstRow) continue;
      if (cells.length - 1 > this.#table.lastColumn) throw this.#outside(row, cells.length - 1);
      return taken.value;
    }
  }

  #value({ row, cells }: SheetRow, { column, type, name }: SheetColumn): CellValue {
    const cell = cells[column];
    const value = cellValue(cell, type);
    if (value !== undefined || cell === undefined) return value ?? null;
    if (this.#isTolerant) return null;
    const place = `${columnLetters(column)}${row + 1}`;
    throw this.#failure(
      `cell ${place} of sheet '${this.#sheet}' is '${cellText(cell).slice(0, 60)}', but column '${name}' is ${type}, as its first rows are`,
      'sample_size := -1 to look at all rows, all_varchar := true, or ignore_errors := true to get NULL',
    );
  }

  #outside(row: number, column: number): CoreError {
    return this.#failure(
      `cell ${columnLetters(column)}${row + 1} of sheet '${this.#sheet}' lies to the right of the columns that its first rows have`,
      'sample_size := -1 to look at all rows, or a range',
    );
  }

  #failure(what: string, advice: string): CoreError {
    const message = `'${this.#file.written}': ${what}. Read it by read_xlsx with ${advice}.`;
    return new CoreError('FORMAT_DATA', message, { written: this.#file.written });
  }
}
