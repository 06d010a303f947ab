/*
 * How the columns of a result are shown: their order, which are hidden or stay at the left, and chosen widths. It is
 * plain data, so that the page can keep it over a reload. Columns are named by their index in the result, since names
 * may be empty or occur twice; a *position* is a place among the columns that are shown, from the left.
 */

/** How the columns of one result are shown. */
export interface GridLayout {
  /** Every column once, in the order shown; hidden ones have their place too. */
  readonly order: readonly number[];
  readonly hidden: readonly number[];
  /** How many of the shown columns stay at the left while the others scroll. */
  readonly frozen: number;
  /** Widths that somebody chose, by column. Pixels. */
  readonly widths: Readonly<Record<number, number>>;
}

/** The layout that nobody has changed: all columns in the order of the result. */
export function plainLayout(columnCount: number): GridLayout {
  return { order: Array.from({ length: columnCount }, (_, i) => i), hidden: [], frozen: 0, widths: {} };
}

/**
 * Reads a layout that was kept.
 *
 * @returns undefined unless it is one for so many columns
 */
export function parseLayout(value: unknown, columnCount: number): GridLayout | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { order, hidden, frozen, widths } = value as Partial<Record<keyof GridLayout, unknown>>;
  if (!isColumnList(order, columnCount) || order.length !== columnCount) return undefined;
  if (!isColumnList(hidden, columnCount) || hidden.length >= Math.max(1, columnCount)) return undefined;
  if (!Number.isInteger(frozen) || typeof widths !== 'object' || widths === null) return undefined;
  const isWidth = ([column, width]: [string, unknown]) =>
    isColumn(Number(column), columnCount) && typeof width === 'number' && width > 0 && width < 1e6;
  if (!Object.entries(widths).every(isWidth)) return undefined;
  const layout = { order, hidden, frozen: frozen as number, widths: widths as Record<number, number> };
  return { ...layout, frozen: clamp(layout.frozen, 0, shownColumns(layout).length) };
}

/** The columns that are shown, from left to right. */
export function shownColumns({ order, hidden }: Pick<GridLayout, 'order' | 'hidden'>): readonly number[] {
  if (hidden.length === 0) return order;
  const isHidden = new Set(hidden);
  return order.filter((column) => !isHidden.has(column));
}

/** Puts a column at a position among those shown. Frozen columns stay as many. */
export function moveColumn(layout: GridLayout, column: number, position: number): GridLayout {
  const others = shownColumns(layout).filter((other) => other !== column);
  const at = clamp(position, 0, others.length);
  const behind = others[at];
  const order = layout.order.filter((other) => other !== column);
  // A hidden column keeps its place behind the one that it follows.
  const index = behind === undefined ? order.length : order.indexOf(behind);
  return { ...layout, order: [...order.slice(0, index), column, ...order.slice(index)] };
}

/** Hides a column; the last one that is shown stays. */
export function hideColumn(layout: GridLayout, column: number): GridLayout {
  const shown = shownColumns(layout);
  const position = shown.indexOf(column);
  if (position < 0 || shown.length === 1) return layout;
  const frozen = position < layout.frozen ? layout.frozen - 1 : layout.frozen;
  return { ...layout, hidden: [...layout.hidden, column], frozen };
}

/** Shows a hidden column again, where it was. */
export function showColumn(layout: GridLayout, column: number): GridLayout {
  const hidden = layout.hidden.filter((other) => other !== column);
  return { ...layout, hidden };
}

/** Keeps a number of columns at the left. */
export function freeze(layout: GridLayout, count: number): GridLayout {
  return { ...layout, frozen: clamp(count, 0, shownColumns(layout).length) };
}

/** Sets widths, pixels, by column. */
export function withWidths(layout: GridLayout, widths: Readonly<Record<number, number>>): GridLayout {
  return { ...layout, widths: { ...layout.widths, ...widths } };
}

function isColumnList(value: unknown, columnCount: number): value is readonly number[] {
  if (!Array.isArray(value) || new Set(value).size !== value.length) return false;
  return value.every((column) => isColumn(column, columnCount));
}

function isColumn(value: unknown, columnCount: number): boolean {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) < columnCount;
}

function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(most, value));
}
