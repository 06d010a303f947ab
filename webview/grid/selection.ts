/** A cell, both from 0. */
export interface Cell {
  readonly row: number;
  readonly column: number;
}

/** A rectangle of cells: from `anchor`, where it began, to `active`, where the keyboard is. */
export interface Selection {
  readonly anchor: Cell;
  readonly active: Cell;
}

/** The edges of a selection, all inclusive. */
export interface Edges {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

/** How many rows and columns there are, and how many rows one screen shows. */
export interface GridSize {
  readonly rows: number;
  readonly columns: number;
  readonly screen: number;
}

export function edges({ anchor, active }: Selection): Edges {
  return {
    top: Math.min(anchor.row, active.row),
    bottom: Math.max(anchor.row, active.row),
    left: Math.min(anchor.column, active.column),
    right: Math.max(anchor.column, active.column),
  };
}

export function contains(selection: Selection, cell: Cell): boolean {
  const { top, bottom, left, right } = edges(selection);
  return cell.row >= top && cell.row <= bottom && cell.column >= left && cell.column <= right;
}

/** How many cells are selected. */
export function cellCount(selection: Selection): number {
  const { top, bottom, left, right } = edges(selection);
  return (bottom - top + 1) * (right - left + 1);
}

/** The selection of all cells, with the keyboard where it was. */
export function selectAll(size: GridSize): Selection {
  return { anchor: { row: size.rows - 1, column: size.columns - 1 }, active: { row: 0, column: 0 } };
}

/** A key as a KeyboardEvent tells of it. */
export interface Key {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
}

/**
 * The selection after a key: arrows, Home and End within a row, with Ctrl to the edges of the table, Page Up and Down,
 * and with Shift the other corner stays.
 *
 * @returns undefined when the key moves nothing
 */
export function moved(selection: Selection, key: Key, size: GridSize): Selection | undefined {
  const target = targetOf(selection.active, key, size);
  if (target === undefined) return undefined;
  const active = {
    row: clamp(target.row, size.rows),
    column: clamp(target.column, size.columns),
  };
  return { anchor: key.shiftKey ? selection.anchor : active, active };
}

function targetOf({ row, column }: Cell, { key, ctrlKey, metaKey }: Key, size: GridSize): Cell | undefined {
  const far = ctrlKey || metaKey;
  switch (key) {
    case 'ArrowUp':
      return { row: far ? 0 : row - 1, column };
    case 'ArrowDown':
      return { row: far ? size.rows : row + 1, column };
    case 'ArrowLeft':
      return { row, column: far ? 0 : column - 1 };
    case 'ArrowRight':
      return { row, column: far ? size.columns : column + 1 };
    case 'Home':
      return { row: far ? 0 : row, column: 0 };
    case 'End':
      return { row: far ? size.rows : row, column: size.columns };
    case 'PageUp':
      return { row: row - size.screen, column };
    case 'PageDown':
      return { row: row + size.screen, column };
    default:
      return undefined;
  }
}

function clamp(index: number, count: number): number {
  return Math.max(0, Math.min(count - 1, index));
}
