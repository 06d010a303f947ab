/** A cell: its row, from 0, and its column's position among those shown, from 0 at the left. */
export interface Cell {
  readonly row: number;
  readonly position: number;
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
    left: Math.min(anchor.position, active.position),
    right: Math.max(anchor.position, active.position),
  };
}

export function contains(selection: Selection, cell: Cell): boolean {
  const { top, bottom, left, right } = edges(selection);
  return cell.row >= top && cell.row <= bottom && cell.position >= left && cell.position <= right;
}

/** How many cells are selected. */
export function cellCount(selection: Selection): number {
  const { top, bottom, left, right } = edges(selection);
  return (bottom - top + 1) * (right - left + 1);
}

/** One cell alone. */
export function only(cell: Cell): Selection {
  return { anchor: cell, active: cell };
}

/** The selection of all cells, with the keyboard where it was. */
export function selectAll(size: GridSize): Selection {
  return { anchor: { row: size.rows - 1, position: size.columns - 1 }, active: { row: 0, position: 0 } };
}

/** The rows of a selection as a whole, with the keyboard in the first column. */
export function wholeRows({ anchor, active }: Selection, size: GridSize): Selection {
  return {
    anchor: { row: anchor.row, position: size.columns - 1 },
    active: { row: active.row, position: 0 },
  };
}

/** The columns of a selection as a whole, with the keyboard in the first row. */
export function wholeColumns({ anchor, active }: Selection, size: GridSize): Selection {
  return {
    anchor: { row: size.rows - 1, position: anchor.position },
    active: { row: 0, position: active.position },
  };
}

/** A selection as far as it lies in a grid, which may have fewer rows or columns than before. */
export function within({ anchor, active }: Selection, size: GridSize): Selection {
  const bounded = ({ row, position }: Cell) => ({
    row: clamp(row, size.rows),
    position: clamp(position, size.columns),
  });
  return { anchor: bounded(anchor), active: bounded(active) };
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
  const active = { row: clamp(target.row, size.rows), position: clamp(target.position, size.columns) };
  return { anchor: key.shiftKey ? selection.anchor : active, active };
}

function targetOf({ row, position }: Cell, { key, ctrlKey, metaKey }: Key, size: GridSize): Cell | undefined {
  const far = ctrlKey || metaKey;
  switch (key) {
    case 'ArrowUp':
      return { row: far ? 0 : row - 1, position };
    case 'ArrowDown':
      return { row: far ? size.rows : row + 1, position };
    case 'ArrowLeft':
      return { row, position: far ? 0 : position - 1 };
    case 'ArrowRight':
      return { row, position: far ? size.columns : position + 1 };
    case 'Home':
      return { row: far ? 0 : row, position: 0 };
    case 'End':
      return { row: far ? size.rows : row, position: size.columns };
    case 'PageUp':
      return { row: row - size.screen, position };
    case 'PageDown':
      return { row: row + size.screen, position };
    default:
      return undefined;
  }
}

function clamp(index: number, count: number): number {
  return Math.max(0, Math.min(count - 1, index));
}
