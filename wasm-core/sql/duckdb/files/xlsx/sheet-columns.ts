import type { CellValue } from '../vector-writer.ts';
import { type CellRange, columnLetters, MAX_COLUMNS, MAX_ROWS } from './cell-places.ts';
import type { Cell } from './cells.ts';
import type { SheetRow } from './sheet-rows.ts';

/** Types that columns of sheets may have. */
export type SheetType = 'BOOLEAN' | 'DOUBLE' | 'DATE' | 'TIME' | 'TIMESTAMP' | 'INTERVAL' | 'VARCHAR';

export interface SheetColumn {
  readonly name: string;
  readonly type: SheetType;
  /** In the sheet, from 0. */
  readonly column: number;
}

/** What a sheet is as a table. */
export interface SheetTable {
  readonly columns: readonly SheetColumn[];
  /** The first row that is data. */
  readonly firstRow: number;
  /** Cells to the right of it have no column. */
  readonly lastColumn: number;
}

/**
 * Finds the columns of a sheet from its first rows: names, when the first row is of texts alone, and types.
 *
 * @param rows in the range, at least the first that has cells
 * @param options.header whether the first row has the names; absent: found out
 */
export function findColumns(
  rows: readonly SheetRow[],
  options: {
    readonly range: CellRange | undefined;
    readonly header: boolean | undefined;
    readonly allVarchar: boolean;
  },
): SheetTable {
  const { range } = options;
  const [first] = rows;
  const used = usedColumns(rows, range);
  // Whole columns begin with whatever they have, other ranges with their first row.
  const isWhole = range === undefined || (range.firstRow === 0 && range.lastRow === MAX_ROWS - 1);
  const isTop = first !== undefined && (isWhole || first.row === range?.firstRow);
  const hasNames = options.header ?? (isTop && isOfTexts(first, used));
  const data = hasNames && isTop ? rows.slice(1) : rows;
  const firstRow = (isWhole ? (first?.row ?? 0) : (range?.firstRow ?? 0)) + (hasNames ? 1 : 0);
  const columns = Array.from({ length: used.last - used.first + 1 }, (_, i) => used.first + i);
  const names = columns.map((column) => {
    const cell = hasNames && isTop ? first?.cells[column] : undefined;
    return cell === undefined ? columnLetters(column) : cellText(cell) || columnLetters(column);
  });
  const unique = withoutDoubles(names);
  return {
    columns: columns.map((column, index) => ({
      name: unique[index] ?? columnLetters(column),
      type: options.allVarchar ? 'VARCHAR' : typeOf(data.map(({ cells }) => cells[column])),
      column,
    })),
    firstRow,
    lastColumn: used.last,
  };
}

function usedColumns(
  rows: readonly SheetRow[],
  range: CellRange | undefined,
): { readonly first: number; readonly last: number } {
  let [first, last] = [Number.POSITIVE_INFINITY, -1];
  for (const { cells } of rows) {
    first = Math.min(
      first,
      cells.findIndex((cell) => cell !== undefined),
    );
    last = Math.max(last, cells.length - 1);
  }
  if (range === undefined) return { first: Number.isFinite(first) ? first : 0, last };
  // A range that ends somewhere has its columns, whether they are empty or not.
  const isOpen = range.lastColumn === MAX_COLUMNS - 1;
  return { first: range.firstColumn, last: isOpen ? Math.max(last, range.firstColumn) : range.lastColumn };
}

function isOfTexts(
  { cells }: SheetRow,
  { first, last }: { readonly first: number; readonly last: number },
): boolean {
  const inside = cells.slice(first, last + 1).filter((cell) => cell !== undefined);
  return inside.length > 0 && inside.every((cell) => cell.kind === 'text' && cell.text !== '');
}

/** Columns differ by more than case. */
function withoutDoubles(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    let unique = name;
    for (let n = 1; taken.has(unique.toLowerCase()); n++) unique = `${name}_${n}`;
    taken.add(unique.toLowerCase());
    return unique;
  });
}

const TYPES: Readonly<Record<Exclude<Cell['kind'], 'error'>, SheetType>> = {
  number: 'DOUBLE',
  text: 'VARCHAR',
  flag: 'BOOLEAN',
  date: 'DATE',
  timestamp: 'TIMESTAMP',
  time: 'TIME',
  duration: 'INTERVAL',
};

/** The type of which all cells are; VARCHAR where they differ, or where there are none. */
function typeOf(cells: readonly (Cell | undefined)[]): SheetType {
  const found = new Set<SheetType>();
  for (const cell of cells) {
    if (cell === undefined || cell.kind === 'error' || isBlank(cell)) continue;
    found.add(TYPES[cell.kind]);
  }
  if (found.has('TIMESTAMP')) found.delete('DATE');
  const [only, ...others] = found;
  return only === undefined || others.length > 0 ? 'VARCHAR' : only;
}

/** What a formula gives that shows nothing. */
function isBlank(cell: Cell): boolean {
  return cell.kind === 'text' && cell.text === '';
}

/** A cell as a value of a column; undefined when it is of another type. */
export function cellValue(cell: Cell | undefined, type: SheetType): CellValue | undefined {
  if (cell === undefined) return null;
  if (type === 'VARCHAR') return cellText(cell);
  if (cell.kind === 'error' || isBlank(cell)) return null;
  switch (cell.kind) {
    case 'number':
      return type === 'DOUBLE' ? cell.value : undefined;
    case 'flag':
      return type === 'BOOLEAN' ? cell.value : undefined;
    case 'date':
    case 'timestamp':
      if (type === 'TIMESTAMP') return BigInt(cell.millis) * 1000n;
      return type === 'DATE' && cell.kind === 'date' ? cell.millis / DAY_MILLIS : undefined;
    case 'time':
      return type === 'TIME' ? BigInt(cell.millis) * 1000n : undefined;
    case 'duration':
      return type === 'INTERVAL' ? { months: 0, days: 0, micros: BigInt(cell.millis) * 1000n } : undefined;
    case 'text':
      return undefined;
  }
}

const DAY_MILLIS = 86_400_000;

/** A cell as text: numbers as the file has them, dates and times as DuckDB writes them. */
export function cellText(cell: Cell): string {
  switch (cell.kind) {
    case 'number':
    case 'text':
    case 'error':
      return cell.text;
    case 'flag':
      return String(cell.value);
    case 'date':
      return new Date(cell.millis).toISOString().slice(0, 10);
    case 'timestamp':
      return new Date(cell.millis)
        .toISOString()
        .replace('T', ' ')
        .replace(/\.000Z$|Z$/, '');
    case 'time':
    case 'duration':
      return clockText(cell.millis);
  }
}

function clockText(millis: number): string {
  const sign = millis < 0 ? '-' : '';
  const all = Math.abs(millis);
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  const fraction = all % 1000 === 0 ? '' : `.${String(all % 1000).padStart(3, '0')}`;
  return `${sign}${two(all / 3_600_000)}:${two((all / 60_000) % 60)}:${two((all / 1000) % 60)}${fraction}`;
}
