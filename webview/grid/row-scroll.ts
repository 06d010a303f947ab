/*
 * Which rows are in view, and where. Every row is equally high, so this is arithmetic, with one turn: a browser does
 * not lay out elements higher than some 33 million pixels, which is a million and a half rows. Beyond that the scroll
 * bar covers the rows in proportion. A wheel or a key then still moves by rows: small steps are taken as they are, and
 * the bar is put right when they end.
 */

/** Pixels. */
export const ROW_HEIGHT = 22;

/** The tallest that the scrolled area becomes, pixels. */
const MAX_HEIGHT = 15_000_000;

/** So far from its ends the scroll bar moves pixel by pixel. */
const END_PIXELS = 40_000;

/** Rows drawn beyond those in view, on the side that is scrolled to and on the other, so that a scroll meets no blank. */
const SPARE_AHEAD = 18;
const SPARE_BEHIND = 6;

/** Steps of up to so many screens are a wheel's or a key's, longer ones the scroll bar's. */
const STEP_SCREENS = 4;

/** How many rows there are, and the pixels that they are seen through. */
export interface RowExtent {
  readonly rowCount: number;
  readonly viewHeight: number;
}

/** Rows to draw. */
export interface RowWindow {
  /** First row to draw, and the one after the last. */
  readonly first: number;
  readonly end: number;
  /** The same of the rows in view. */
  readonly seenFirst: number;
  readonly seenEnd: number;
  /** Where row `first` goes, pixels from the top of the scrolled area. */
  readonly top: number;
}

/** The height of the scrolled area for a number of rows, pixels. */
export function scrolledHeight(rowCount: number): number {
  return Math.min(rowCount * ROW_HEIGHT, MAX_HEIGHT);
}

/** Where in its rows an element is scrolled to. */
export class RowScroll {
  readonly #node: HTMLElement;
  readonly #extent: () => RowExtent;
  /** Pixels from the first row's top, as if nothing were shortened. */
  #top = 0;
  /** The element's own position when `#top` was found. */
  #scrollTop = 0;
  #isForward = true;
  #lastStep = 0;

  /** @param extent asked for whenever it is needed, for rows may still arrive */
  constructor(node: HTMLElement, extent: () => RowExtent) {
    this.#node = node;
    this.#extent = extent;
    node.addEventListener('scrollend', () => this.#settle(), { passive: true });
  }

  /** Pixels from the first row's top to what is in view. */
  get top(): number {
    return this.#top;
  }

  /** Rows passed by the last step; negative upwards. */
  get lastStep(): number {
    return this.#lastStep;
  }

  /** Takes over where the element is scrolled to. */
  follow(): void {
    const { scrollTop } = this.#node;
    const extent = this.#extent();
    const { real, virtual } = ranges(extent);
    const step = scrollTop - this.#scrollTop;
    const before = this.#top;
    if (real === virtual) this.#top = scrollTop;
    else if (Math.abs(step) > extent.viewHeight * STEP_SCREENS) this.#top = turned(scrollTop, real, virtual);
    else this.#top += step;
    this.#top = Math.round(Math.max(0, Math.min(virtual, this.#top)));
    this.#scrollTop = scrollTop;
    this.#lastStep = Math.round((this.#top - before) / ROW_HEIGHT);
    if (this.#top !== before) this.#isForward = this.#top > before;
    const isStuck = (scrollTop <= 0 && this.#top > 0) || (scrollTop >= real && this.#top < virtual);
    if (isStuck && real !== virtual) this.#settle();
  }

  /** Brings a row fully into view with the least movement. */
  reveal(row: number): void {
    this.follow();
    const { viewHeight } = this.#extent();
    const top = row * ROW_HEIGHT;
    const bottom = top + ROW_HEIGHT;
    if (top < this.#top) this.goTo(top);
    else if (bottom > this.#top + viewHeight) this.goTo(bottom - viewHeight);
  }

  /** Brings a row to a third of the view's height, as after a jump, unless it is in view. */
  center(row: number): void {
    this.follow();
    const { viewHeight } = this.#extent();
    const top = row * ROW_HEIGHT;
    if (top >= this.#top && top + ROW_HEIGHT <= this.#top + viewHeight) return;
    this.goTo(top - Math.floor(viewHeight / 3));
  }

  /** The rows to draw. */
  window(): RowWindow {
    const { rowCount, viewHeight } = this.#extent();
    const [above, below] = this.#isForward ? [SPARE_BEHIND, SPARE_AHEAD] : [SPARE_AHEAD, SPARE_BEHIND];
    const seenFirst = Math.floor(this.#top / ROW_HEIGHT);
    const seenEnd = Math.min(rowCount, Math.ceil((this.#top + viewHeight) / ROW_HEIGHT));
    const first = Math.max(0, seenFirst - above);
    const end = Math.max(first, Math.min(rowCount, seenEnd + below));
    return { first, end, seenFirst, seenEnd, top: this.#scrollTop + first * ROW_HEIGHT - this.#top };
  }

  /** Goes to a place. @param top pixels from the first row's top */
  goTo(top: number): void {
    const { real, virtual } = ranges(this.#extent());
    const before = this.#top;
    this.#top = Math.max(0, Math.min(virtual, top));
    this.#isForward = this.#top > before;
    this.#lastStep = 0;
    if (real === virtual) this.#node.scrollTop = this.#top;
    else this.#settle();
    this.#scrollTop = this.#node.scrollTop;
  }

  /** Puts the scroll bar where the rows are, after small steps have led it astray. */
  #settle(): void {
    const { real, virtual } = ranges(this.#extent());
    if (real === virtual) return;
    const wanted = turned(this.#top, virtual, real);
    if (Math.abs(wanted - this.#scrollTop) < 1) return;
    this.#node.scrollTop = wanted;
    this.#scrollTop = this.#node.scrollTop;
  }
}

/**
 * A position on one way as one on a longer or shorter way: at their ends pixel by pixel, so that a wheel gets to the
 * first and the last row, between them in proportion.
 */
function turned(position: number, from: number, to: number): number {
  if (position <= END_PIXELS) return position;
  if (position >= from - END_PIXELS) return to - (from - position);
  return END_PIXELS + ((position - END_PIXELS) / (from - 2 * END_PIXELS)) * (to - 2 * END_PIXELS);
}

/** How far the element can be scrolled, and how far the rows reach. Pixels. */
function ranges({ rowCount, viewHeight }: RowExtent): { real: number; virtual: number } {
  return {
    real: Math.max(0, scrolledHeight(rowCount) - viewHeight),
    virtual: Math.max(0, rowCount * ROW_HEIGHT - viewHeight),
  };
}
