import type { PageStore } from '../page-store.ts';
import { boundedWidth, Columns } from './columns.ts';
import { ColumnFitter, type FitSource } from './fit-columns.ts';
import { type GridLayout, plainLayout, shownColumns, withWidths } from './grid-layout.ts';

/** Rows that the fit of one column looks at. */
const FITTED_ROWS = 2000;

/** Until values are here that tell better. Pixels. */
const FIRST_WIDTH = 100;

/** The columns of a grid: how they are arranged, how wide they are, and where that puts them. */
export class ColumnSet {
  readonly #node: HTMLElement;
  #layout: GridLayout;
  #shown: readonly number[] = [];
  #positions: readonly number[] = [];
  /** Widths that the values ask for, by column. */
  #fitted: readonly number[];
  #isFitted = false;
  #left = 0;
  #geometry: Columns;

  /** @param options.layout how they were arranged before; absent: plainly */
  constructor(
    node: HTMLElement,
    { columnCount, layout }: { readonly columnCount: number; readonly layout?: GridLayout | undefined },
  ) {
    this.#node = node;
    this.#layout = layout ?? plainLayout(columnCount);
    this.#fitted = Array.from({ length: columnCount }, () => FIRST_WIDTH);
    this.#geometry = this.#place();
  }

  get layout(): GridLayout {
    return this.#layout;
  }

  /** The column at each position. */
  get shown(): readonly number[] {
    return this.#shown;
  }

  /** Where they are; another object after anything but a width has changed. */
  get geometry(): Columns {
    return this.#geometry;
  }

  /** Whether its widths are those of its values. */
  get isSettled(): boolean {
    return this.#isFitted;
  }

  columnAt(position: number): number {
    return this.#shown[position] ?? 0;
  }

  /** -1 for a hidden column. */
  positionOf(column: number): number {
    return this.#positions[column] ?? -1;
  }

  arrange(layout: GridLayout): void {
    this.#layout = layout;
    this.#geometry = this.#place();
  }

  /** Sets a width, pixels. */
  resize(position: number, width: number): void {
    const column = this.columnAt(position);
    this.#layout = withWidths(this.#layout, { [column]: boundedWidth(width) });
    this.#geometry.resize(position, width);
  }

  /** Makes a column as wide as its first values. */
  fit(position: number, store: PageStore): void {
    const column = this.columnAt(position);
    this.resize(position, new ColumnFitter(this.#node).one(sourceOf(store), { column, rows: FITTED_ROWS }));
  }

  /** Makes all columns as wide as their first values, those too whose widths were chosen. */
  fitAll(store: PageStore): void {
    this.#fitted = new ColumnFitter(this.#node).all(sourceOf(store));
    this.arrange({ ...this.#layout, widths: {} });
  }

  /** Finds the widths once the first rows are there, and makes room for the numbers of so many rows. */
  settle(store: PageStore): void {
    const left = numberWidth(store.view.rowCount);
    const isMoved = left !== this.#left;
    this.#left = left;
    if (!this.#isFitted) {
      const first = store.view.rowCount === 0 ? 'value' : store.value(0, 0).state;
      this.#fitted = new ColumnFitter(this.#node).all(sourceOf(store));
      this.#isFitted = first !== 'pending';
    } else if (!isMoved) return;
    this.#geometry = this.#place();
  }

  #place(): Columns {
    this.#shown = shownColumns(this.#layout);
    const positions = this.#fitted.map(() => -1);
    for (const [position, column] of this.#shown.entries()) positions[column] = position;
    this.#positions = positions;
    const { widths, frozen } = this.#layout;
    return new Columns(
      this.#shown.map((column) => widths[column] ?? this.#fitted[column] ?? FIRST_WIDTH),
      { left: this.#left, frozen },
    );
  }
}

function sourceOf(store: PageStore): FitSource {
  const { columns, rowCount } = store.view;
  return { columns, rowCount, value: (row, column) => store.value(row, column) };
}

/** Pixels that the widest row number needs. */
function numberWidth(rowCount: number): number {
  const { length } = String(rowCount);
  return Math.max(44, length * 8 + Math.floor(length / 3) * 3 + 20);
}
