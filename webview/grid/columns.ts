/** Columns drawn to the left and right of those in view. */
const SPARE_COLUMNS = 2;

/** Up to this many columns all are drawn: finding the cell to the right then never waits. */
const DRAW_ALL = 50;

const MIN_WIDTH = 40;
const MAX_WIDTH = 2000;

/** Widths of the columns, and which of them are in view. Pixels. */
export class Columns {
  readonly #widths: number[];
  #lefts: number[] = [];
  #version = 0;

  /** @param left where the first column begins, beside the row numbers */
  constructor(
    widths: readonly number[],
    readonly left: number,
  ) {
    this.#widths = [...widths];
    this.#place();
  }

  get count(): number {
    return this.#widths.length;
  }

  /** Changes when a width does. */
  get version(): number {
    return this.#version;
  }

  /** From the left edge of the row numbers to the right edge of the last column. */
  get total(): number {
    return this.#lefts.at(-1) ?? this.left;
  }

  leftOf(column: number): number {
    return this.#lefts[column] ?? this.total;
  }

  widthOf(column: number): number {
    return this.#widths[column] ?? 0;
  }

  resize(column: number, width: number): void {
    this.#widths[column] = Math.round(Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, width)));
    this.#place();
  }

  /** The first column to draw and the one after the last. */
  inView(scrollLeft: number, viewWidth: number): { first: number; end: number } {
    if (this.count <= DRAW_ALL) return { first: 0, end: this.count };
    const first = this.at(scrollLeft + this.left);
    const last = this.at(scrollLeft + viewWidth);
    return { first: Math.max(0, first - SPARE_COLUMNS), end: Math.min(this.count, last + 1 + SPARE_COLUMNS) };
  }

  /** The scroll position that brings a column into view with the least movement. */
  scrollLeftFor(column: number, view: { readonly scrollLeft: number; readonly width: number }): number {
    const start = this.leftOf(column) - this.left;
    const end = start + this.widthOf(column);
    const width = view.width - this.left;
    if (start < view.scrollLeft || this.widthOf(column) > width) return start;
    return end > view.scrollLeft + width ? end - width : view.scrollLeft;
  }

  /** The column at a distance from the left edge of the row numbers; the nearest when there is none. */
  at(x: number): number {
    let low = 0;
    let high = this.count - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.leftOf(middle) <= x) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #place(): void {
    this.#version++;
    let left = this.left;
    this.#lefts = [left, ...this.#widths.map((width) => (left += width))];
  }
}
