import { defaultRangeExtractor, type VirtualItem, Virtualizer } from '@tanstack/virtual-core';

/** Columns drawn to the left and right of those in view. */
const SPARE_COLUMNS = 2;

/** Up to this many columns all are drawn: finding the cell to the right then never waits. */
const DRAW_ALL = 24;

const MIN_WIDTH = 40;
const MAX_WIDTH = 2000;

/** Frozen columns leave at least this much to the others, else none is frozen. Pixels. */
const SCROLLED_WIDTH = 120;

/** A width as columns may have it, pixels. */
export function boundedWidth(width: number): number {
  return Math.round(Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, width)));
}

/**
 * Where the shown columns are, and which of them are in view; each is named by its position. The sums and searches are
 * TanStack's, which is not given the element: the grid draws rows and columns in one frame, and tells where it is.
 */
export class Columns {
  readonly count: number;
  /** Columns that stay at the left, when there is room for them. */
  readonly #frozen: number;
  readonly #virtualizer: Virtualizer<Element, Element>;
  #version = 0;

  /**
   * @param widths by position, pixels
   * @param options.left where the first column begins, beside the row numbers
   * @param options.frozen how many stay at the left
   */
  constructor(
    widths: readonly number[],
    readonly options: { readonly left: number; readonly frozen: number },
  ) {
    this.count = widths.length;
    this.#frozen = options.frozen;
    this.#virtualizer = new Virtualizer<Element, Element>({
      count: widths.length,
      horizontal: true,
      overscan: SPARE_COLUMNS,
      paddingStart: options.left,
      estimateSize: (position) => widths[position] ?? MIN_WIDTH,
      rangeExtractor: (range) => {
        if (range.count <= DRAW_ALL) return Array.from({ length: range.count }, (_, i) => i);
        const drawn = defaultRangeExtractor(range);
        const frozen = Math.min(this.#frozen, drawn[0] ?? 0);
        return [...Array.from({ length: frozen }, (_, i) => i), ...drawn];
      },
      getScrollElement: () => null,
      scrollToFn: () => undefined,
      observeElementRect: () => undefined,
      observeElementOffset: () => undefined,
    });
    this.#virtualizer.shouldAdjustScrollPositionOnItemSizeChange = () => false;
  }

  /** Changes when a width does. */
  get version(): number {
    return this.#version;
  }

  /** Where the first column begins, beside the row numbers. */
  get left(): number {
    return this.options.left;
  }

  /** From the left edge of the row numbers to the right edge of the last column. */
  get total(): number {
    return this.#virtualizer.getTotalSize();
  }

  leftOf(position: number): number {
    return this.#item(position)?.start ?? this.total;
  }

  widthOf(position: number): number {
    return this.#item(position)?.size ?? 0;
  }

  resize(position: number, width: number): void {
    this.#version++;
    this.#virtualizer.resizeItem(position, boundedWidth(width));
  }

  /** How many columns stay at the left: none in a panel that they would fill. */
  frozenIn(viewWidth: number): number {
    return this.leftOf(this.#frozen) <= viewWidth - SCROLLED_WIDTH ? this.#frozen : 0;
  }

  /** The positions to draw, in order. */
  inView(scrollLeft: number, viewWidth: number): readonly number[] {
    this.#virtualizer.scrollRect = { width: viewWidth, height: 0 };
    this.#virtualizer.scrollOffset = scrollLeft;
    return this.#virtualizer.getVirtualIndexes();
  }

  /** The scroll position that brings a column into view with the least movement. */
  scrollLeftFor(position: number, view: { readonly scrollLeft: number; readonly width: number }): number {
    const frozen = this.frozenIn(view.width);
    if (position < frozen) return view.scrollLeft;
    const left = this.leftOf(frozen);
    const start = this.leftOf(position) - left;
    const end = start + this.widthOf(position);
    const width = view.width - left;
    if (start < view.scrollLeft || this.widthOf(position) > width) return start;
    return end > view.scrollLeft + width ? end - width : view.scrollLeft;
  }

  /** The column at a distance from the grid's left edge; the nearest when there is none. */
  at(x: number, view: { readonly scrollLeft: number; readonly width: number }): number {
    const isFrozen = x < this.leftOf(this.frozenIn(view.width));
    return this.#virtualizer.getVirtualItemForOffset(isFrozen ? x : x + view.scrollLeft)?.index ?? 0;
  }

  #item(position: number): VirtualItem | undefined {
    // The cache is brought up to date by whatever asks for a sum.
    this.#virtualizer.getTotalSize();
    return this.#virtualizer.measurementsCache[position];
  }
}
