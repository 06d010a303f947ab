import { element } from '../dom.ts';
import type { PageStore } from '../page-store.ts';
import { Columns } from './columns.ts';
import { ColumnFitter } from './fit-columns.ts';
import { Header } from './header.ts';
import { trackPointer } from './pointer.ts';
import { ROW_HEIGHT, rowWindow, scrolledHeight, scrollTopFor } from './row-window.ts';
import { Rows } from './rows.ts';
import { type Cell, type GridSize, moved, type Selection, selectAll } from './selection.ts';

/** Height of the row of names, pixels; the style sheet's `--head-height`. */
const HEAD_HEIGHT = 38;

/** Rows that a double press on a column's edge looks at. */
const FITTED_ROWS = 2000;

/** What a grid tells. */
export interface GridEvents {
  /** The selection or what is known of it changed. */
  changed(selection: Selection): void;
  copy(selection: Selection, options: { readonly names: boolean }): void;
}

/** A table of one result: drawn as far as it is in view, moved about in by pointer and keyboard. */
export class Grid {
  readonly node: HTMLElement;
  readonly #store: PageStore;
  readonly #events: GridEvents;
  readonly #canvas: HTMLElement;
  readonly #rows: Rows;
  readonly #header: Header;
  readonly #observer: ResizeObserver;
  #columns: Columns;
  #selection: Selection = { anchor: { row: 0, column: 0 }, active: { row: 0, column: 0 } };
  /** An element that is taken out of the page forgets where it was scrolled to. */
  #place = { top: 0, left: 0 };
  #isFitted = false;
  #frame = 0;

  /** @param id begins the ids of its cells, different for each grid of the page */
  constructor(store: PageStore, id: string, events: GridEvents) {
    this.#store = store;
    this.#events = events;
    const { columns, rowCount, title } = store.view;
    this.#columns = new Columns(
      columns.map(() => 100),
      numberWidth(rowCount),
    );
    this.#rows = new Rows(columns, (row, column) => store.value(row, column), id);
    this.#header = new Header(columns, {
      resize: (column, width) => this.#resize(column, width),
      fit: (column) => this.#fit(column),
      select: (column, extend) => this.#selectColumn(column, extend),
      selectAll: () => this.#select(selectAll(this.#size())),
    });
    this.#canvas = element('div', { class: 'canvas' }, [this.#header.node, this.#rows.node]);
    this.node = element(
      'div',
      {
        class: 'grid',
        attributes: {
          role: 'grid',
          tabindex: '0',
          'aria-label': title,
          'aria-multiselectable': 'true',
          'aria-readonly': 'true',
          'aria-rowcount': String(rowCount + 1),
          'aria-colcount': String(columns.length + 1),
        },
      },
      [this.#canvas],
    );
    this.node.addEventListener('scroll', () => this.#scrolled(), { passive: true });
    this.node.addEventListener('keydown', (event) => this.#press(event));
    trackPointer(this.node, {
      at: (x, y) => this.#cellAt(x, y),
      selected: (cell, grow) => this.#point(cell, grow),
    });
    this.#observer = new ResizeObserver(() => this.#drawSoon());
    this.#observer.observe(this.node);
  }

  /** Draws, after the grid was put into the page, at the place where it was left. */
  shown(): void {
    this.node.scrollTo(this.#place);
    this.refresh();
  }

  /** Draws again, after rows have arrived. */
  refresh(): void {
    this.#drawSoon();
    this.#events.changed(this.#selection);
  }

  /** Idempotent. */
  dispose(): void {
    this.#observer.disconnect();
    cancelAnimationFrame(this.#frame);
    this.node.remove();
  }

  #scrolled(): void {
    this.#place = { top: this.node.scrollTop, left: this.node.scrollLeft };
    this.#drawSoon();
  }

  #drawSoon(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => this.#draw());
  }

  #draw(): void {
    if (!this.#isFitted) this.#fitAll();
    const { rowCount } = this.#store.view;
    const { scrollTop, scrollLeft, clientWidth } = this.node;
    const columns = this.#columns.inView(scrollLeft, clientWidth);
    this.#canvas.style.width = `${this.#columns.total}px`;
    this.#canvas.style.height = `${scrolledHeight(rowCount) + HEAD_HEIGHT}px`;
    this.node.style.setProperty('--number-width', `${this.#columns.left}px`);
    this.#header.draw(this.#columns, columns);
    const window = rowWindow(rowCount, scrollTop, this.#viewHeight());
    this.#rows.draw({ window, columns, layout: this.#columns, selection: this.#selection });
    const { row, column } = this.#selection.active;
    const active = this.#rows.cellId(row, column);
    if (active === undefined) this.node.removeAttribute('aria-activedescendant');
    else this.node.setAttribute('aria-activedescendant', active);
  }

  /** Widths come from the first rows, once they are there. */
  #fitAll(): void {
    const { view } = this.#store;
    const first = view.rowCount === 0 ? 'value' : this.#store.value(0, 0).state;
    const { left } = this.#columns;
    this.#columns = new Columns(new ColumnFitter(this.node).all(this.#source()), left);
    this.#isFitted = first !== 'pending';
  }

  #source() {
    const { columns, rowCount } = this.#store.view;
    return { columns, rowCount, value: (row: number, column: number) => this.#store.value(row, column) };
  }

  #fit(column: number): void {
    this.#resize(column, new ColumnFitter(this.node).one(this.#source(), { column, rows: FITTED_ROWS }));
  }

  #resize(column: number, width: number): void {
    this.#columns.resize(column, width);
    this.#drawSoon();
  }

  #press(event: KeyboardEvent): void {
    const selection = moved(this.#selection, event, this.#size());
    const isCommand = event.ctrlKey || event.metaKey;
    if (selection !== undefined) this.#select(selection, { follow: true });
    else if (isCommand && event.key.toLowerCase() === 'a') this.#select(selectAll(this.#size()));
    else if (isCommand && event.key.toLowerCase() === 'c')
      this.#events.copy(this.#selection, { names: event.shiftKey });
    else if (event.key === 'Escape')
      this.#select({ anchor: this.#selection.active, active: this.#selection.active });
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #point(cell: Cell, options: { readonly grow: boolean; readonly wholeRow: boolean }): void {
    const { columns } = this.#store.view;
    const active = options.wholeRow ? { row: cell.row, column: 0 } : cell;
    const start = options.wholeRow ? { row: cell.row, column: columns.length - 1 } : cell;
    // A drag past an edge goes on there; a press is in view already, and must not move what is under the pointer.
    const follow = options.grow && !options.wholeRow;
    this.#select({ anchor: options.grow ? this.#selection.anchor : start, active }, { follow });
  }

  #selectColumn(column: number, extend: boolean): void {
    const bottom = { row: this.#store.view.rowCount - 1, column };
    if (bottom.row < 0) return;
    this.#select({
      anchor: extend ? { ...this.#selection.anchor, row: bottom.row } : bottom,
      active: { row: 0, column },
    });
    this.node.focus({ preventScroll: true });
  }

  #select(selection: Selection, options: { readonly follow?: boolean } = {}): void {
    this.#selection = selection;
    if (options.follow === true) this.#scrollTo(selection.active);
    this.#drawSoon();
    this.#events.changed(selection);
  }

  #scrollTo({ row, column }: Cell): void {
    const { scrollTop, scrollLeft, clientWidth } = this.node;
    const view = { scrollTop, height: this.#viewHeight() };
    this.node.scrollTop = scrollTopFor(this.#store.view.rowCount, row, view);
    this.node.scrollLeft = this.#columns.scrollLeftFor(column, { scrollLeft, width: clientWidth });
  }

  #size(): GridSize {
    const { rowCount, columns } = this.#store.view;
    const screen = Math.max(1, Math.floor(this.#viewHeight() / ROW_HEIGHT) - 1);
    return { rows: rowCount, columns: columns.length, screen };
  }

  #viewHeight(): number {
    return Math.max(0, this.node.clientHeight - HEAD_HEIGHT);
  }

  /** The cell at a place of the window, the nearest one when it is outside; column -1 is the row's number. */
  #cellAt(clientX: number, clientY: number): Cell | undefined {
    const { rowCount } = this.#store.view;
    if (rowCount === 0) return undefined;
    const box = this.node.getBoundingClientRect();
    const window = rowWindow(rowCount, this.node.scrollTop, this.#viewHeight());
    const y = clientY - box.top - HEAD_HEIGHT + this.node.scrollTop - window.top;
    const row = Math.max(0, Math.min(rowCount - 1, window.first + Math.floor(y / ROW_HEIGHT)));
    if (clientX - box.left < this.#columns.left) return { row, column: -1 };
    return { row, column: this.#columns.at(clientX - box.left + this.node.scrollLeft) };
  }
}

/** Pixels that the widest row number needs. */
function numberWidth(rowCount: number): number {
  return Math.max(44, String(rowCount).length * 8 + Math.floor(String(rowCount).length / 3) * 3 + 20);
}
