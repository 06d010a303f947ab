/*
 * Which rows are in view, and where. Every row is equally high, so this is arithmetic, with one turn: a browser does
 * not lay out elements higher than some 33 million pixels, which is a million and a half rows. Beyond that the scroll bar
 * covers the rows in proportion, and the rows are drawn where the scroll position says.
 */

/** Pixels. */
export const ROW_HEIGHT = 22;

/** The tallest that the scrolled area becomes, pixels. */
const MAX_HEIGHT = 15_000_000;

/** Rows drawn above and below those in view, so that a quick scroll meets no blank. */
const SPARE_ROWS = 12;

export interface RowWindow {
  /** First row to draw, and the one after the last. */
  readonly first: number;
  readonly end: number;
  /** Where row `first` goes, pixels from the top of the scrolled area. */
  readonly top: number;
}

/** The height of the scrolled area for a number of rows, pixels. */
export function scrolledHeight(rowCount: number): number {
  return Math.min(rowCount * ROW_HEIGHT, MAX_HEIGHT);
}

/**
 * The rows to draw.
 *
 * @param scrollTop pixels, of the scrolled area
 * @param viewHeight pixels that rows are seen through
 */
export function rowWindow(rowCount: number, scrollTop: number, viewHeight: number): RowWindow {
  const virtualTop = toVirtual(rowCount, scrollTop, viewHeight);
  const first = Math.max(0, Math.floor(virtualTop / ROW_HEIGHT) - SPARE_ROWS);
  const end = Math.min(rowCount, Math.ceil((virtualTop + viewHeight) / ROW_HEIGHT) + SPARE_ROWS);
  return { first, end: Math.max(first, end), top: scrollTop + first * ROW_HEIGHT - virtualTop };
}

/** The scroll position that brings a row fully into view with the least movement. */
export function scrollTopFor(
  rowCount: number,
  row: number,
  view: { readonly scrollTop: number; readonly height: number },
): number {
  const virtualTop = toVirtual(rowCount, view.scrollTop, view.height);
  const top = row * ROW_HEIGHT;
  const bottom = top + ROW_HEIGHT;
  if (top >= virtualTop && bottom <= virtualTop + view.height) return view.scrollTop;
  const wanted = top < virtualTop ? top : bottom - view.height;
  return fromVirtual(rowCount, Math.max(0, wanted), view.height);
}

/** Pixels from the first row's top, as if nothing were shortened. */
function toVirtual(rowCount: number, scrollTop: number, viewHeight: number): number {
  const { real, virtual } = ranges(rowCount, viewHeight);
  if (real === virtual || real === 0) return scrollTop;
  return Math.round((Math.min(scrollTop, real) / real) * virtual);
}

function fromVirtual(rowCount: number, virtualTop: number, viewHeight: number): number {
  const { real, virtual } = ranges(rowCount, viewHeight);
  return real === virtual || virtual === 0 ? virtualTop : (virtualTop / virtual) * real;
}

function ranges(rowCount: number, viewHeight: number): { real: number; virtual: number } {
  return {
    real: Math.max(0, scrolledHeight(rowCount) - viewHeight),
    virtual: Math.max(0, rowCount * ROW_HEIGHT - viewHeight),
  };
}
