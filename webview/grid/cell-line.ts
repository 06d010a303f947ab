/** A cell that a line places. */
export interface PlacedCell {
  readonly node: HTMLElement;
}

/** Where a line's cells go. */
export interface CellLineParts<Cell extends PlacedCell> {
  readonly node: HTMLElement;
  /** The first child of `node`: the cells that stay at the left go into it, behind what is there. */
  readonly pinned: HTMLElement;
  readonly make: () => Cell;
}

/**
 * The cells of a row, or of the header, by the positions of their columns. Elements whose columns leave the view are
 * used for columns that come, where they stand: to take an element out and put it in elsewhere costs several times as
 * much as to give it another place and text. So they are out of order until `order` puts them right, for those who read
 * the page in its order; that waits until other columns have stopped coming.
 */
export class CellLine<Cell extends PlacedCell> {
  readonly #parts: CellLineParts<Cell>;
  readonly #cells = new Map<number, Cell>();
  #frozen = 0;
  #isOrdered = true;

  constructor(parts: CellLineParts<Cell>) {
    this.#parts = parts;
  }

  /** The cell at a position if there is one. */
  at(position: number): Cell | undefined {
    return this.#cells.get(position);
  }

  /**
   * Has a cell for each position and for no other.
   *
   * @param frozen how many of the first positions stay at the left; another number than before wants `clear` first
   * @param taken called for each cell that got another position
   */
  place(positions: readonly number[], frozen: number, taken: (cell: Cell, position: number) => void): void {
    this.#frozen = frozen;
    const spare = this.#takeOut(positions);
    for (const position of positions) {
      if (this.#cells.has(position)) continue;
      const cell = (position < frozen ? undefined : spare.shift()) ?? this.#add(position);
      this.#cells.set(position, cell);
      this.#isOrdered = false;
      taken(cell, position);
    }
    for (const { node } of spare) node.remove();
  }

  /** Puts the elements into the order of their positions. */
  order(): void {
    if (this.#isOrdered) return;
    this.#isOrdered = true;
    const { node, pinned } = this.#parts;
    const positions = new Map([...this.#cells].map(([position, cell]) => [cell.node as Element, position]));
    const scrolled = [...node.children].slice(1);
    const staying = new Set(longestRise(scrolled, (child) => positions.get(child) ?? 0));
    const sorted = scrolled.toSorted((a, b) => (positions.get(a) ?? 0) - (positions.get(b) ?? 0));
    let last: Element = pinned;
    for (const child of sorted) {
      if (!staying.has(child)) last.after(child);
      last = child;
    }
  }

  /** Takes all cells out. */
  clear(): void {
    for (const { node } of this.#cells.values()) node.remove();
    this.#cells.clear();
  }

  #add(position: number): Cell {
    const { node, pinned, make } = this.#parts;
    const cell = make();
    (position < this.#frozen ? pinned : node).append(cell.node);
    return cell;
  }

  /** Takes out the cells whose positions are not drawn any more; gives them, for others. */
  #takeOut(positions: readonly number[]): Cell[] {
    if (this.#cells.size === 0) return [];
    const wanted = new Set(positions);
    const spare: Cell[] = [];
    for (const [position, cell] of this.#cells) {
      if (wanted.has(position)) continue;
      this.#cells.delete(position);
      spare.push(cell);
    }
    return spare;
  }
}

/** The longest run of items, in their order, whose numbers rise: those that need not move when they are sorted. */
function longestRise<T>(items: readonly T[], numberOf: (item: T) => number): T[] {
  /** Of each item, the longest run that ends with it. */
  const runs: T[][] = [];
  let longest: T[] = [];
  for (const [index, item] of items.entries()) {
    let before: T[] = [];
    for (let i = 0; i < index; i++) {
      const [other, run] = [items[i], runs[i]];
      if (other === undefined || run === undefined || run.length <= before.length) continue;
      if (numberOf(other) < numberOf(item)) before = run;
    }
    const run = [...before, item];
    runs.push(run);
    if (run.length > longest.length) longest = run;
  }
  return longest;
}
