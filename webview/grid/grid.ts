import type { SortKey } from '../../wasm-core/protocol/result-query.ts';
import { element } from '../dom.ts';
import type { PageStore } from '../page-store.ts';
import { ColumnSet } from './column-set.ts';
import type { CellRange } from './copy-text.ts';
import { diffMarks } from './diff-marks.ts';
import type { GridEvents, GridOptions } from './grid-events.ts';
import { commandOf, type GridCommand } from './grid-keys.ts';
import { type GridLayout, moveColumn } from './grid-layout.ts';
import { GridMenus } from './grid-menus.ts';
import { below, gridNode } from './grid-node.ts';
import type { GridPlace } from './grid-place.ts';
import { Header } from './header.ts';
import { trackPointer } from './pointer.ts';
import { ROW_HEIGHT, RowScroll, scrolledHeight } from './row-scroll.ts';
import { Rows } from './rows.ts';
import {
  type Cell,
  contains,
  edges,
  type GridSize,
  moved,
  only,
  type Selection,
  selectAll,
  wholeColumns,
  wholeRows,
  within,
} from './selection.ts';
import { toggledSort } from './sort-keys.ts';

/** Height of the row of names, pixels; the style sheet's `--head-height`. */
const HEAD_HEIGHT = 38;

/** Rows are asked for this many screens, and steps of the scroll, before they come into view. */
const SCREENS_AHEAD = 3;
const STEPS_AHEAD = 12;

/** A table of one result: drawn as far as it is in view, moved about in by pointer and keyboard. */
export class Grid {
  readonly node: HTMLElement;
  readonly #events: GridEvents;
  readonly #canvas: HTMLElement;
  readonly #rows: Rows;
  readonly #header: Header;
  readonly #columns: ColumnSet;
  readonly #scroll: RowScroll;
  readonly #menus: GridMenus;
  readonly #observer = new ResizeObserver(() => this.#drawSoon());
  #store: PageStore;
  #sort: readonly SortKey[] = [];
  #selection: Selection = only({ row: 0, position: 0 });
  /** An element that is taken out of the page forgets where it was scrolled to. */
  #place = { top: 0, left: 0 };
  /** Where it was looked at before, until its columns have their widths. */
  #wanted: GridPlace | undefined;
  #frame = 0;
  constructor(store: PageStore, { id, events, layout }: GridOptions) {
    this.#store = store;
    this.#events = events;
    const { columns, title, look } = store.view;
    const value = (row: number, column: number) => this.#store.value(row, column);
    this.#rows = new Rows(
      { columns, value, mark: look === 'diff' ? diffMarks(columns, value) : undefined },
      id,
    );
    const { sort } = events;
    this.#header = new Header(columns, {
      resize: (position, width) => this.#resize(position, width),
      fit: (position) => this.#fit(position),
      select: (position, extend) => this.#selectColumn(position, extend),
      selectAll: () => this.#select(selectAll(this.#size())),
      drop: (position, clientX) => this.#move(position, this.#positionAt(clientX)),
      menu: (position, place) => this.#menus.openColumn(position, this.#selection.active.row, place),
      sort:
        sort && ((position, add) => sort(toggledSort(this.#sort, this.#columns.columnAt(position), { add }))),
    });
    this.#canvas = element('div', { class: 'canvas', attributes: { role: 'presentation' } }, [
      this.#header.node,
      this.#rows.node,
    ]);
    this.node = gridNode(title, this.#canvas);
    this.#columns = new ColumnSet(this.node, { columnCount: columns.length, layout });
    this.#scroll = new RowScroll(this.node, () => ({
      rowCount: this.#store.view.rowCount,
      viewHeight: this.#viewHeight(),
    }));
    this.#menus = new GridMenus({
      node: this.node,
      events,
      columns: this.#columns,
      store: () => this.#store,
      sort: () => this.#sort,
      arrange: (next) => this.arrange(next),
      fitColumn: (position) => this.#fit(position),
    });
    this.node.addEventListener('scroll', () => this.#scrolled(), { passive: true });
    this.node.addEventListener('keydown', (event) => this.#press(event));
    trackPointer(this.node, {
      at: (x, y) => this.#cellAt(x, y),
      selected: (cell, grow) => this.#point(cell, grow),
      menu: (cell, place) => this.#openCellMenu(cell, place),
      opened: () => this.#events.open(),
    });
    this.#observer.observe(this.node);
  }

  /** How its columns are arranged. */
  get layout(): GridLayout {
    return this.#columns.layout;
  }

  /** The selected cells, by the columns of the result. */
  get range(): CellRange {
    const { top, bottom, left, right } = edges(this.#selection);
    return { top, bottom, columns: this.#columns.shown.slice(left, right + 1) };
  }

  /** The cell where the keyboard is, by its column of the result. */
  get active(): { readonly row: number; readonly column: number } {
    const { row, position } = this.#selection.active;
    return { row, column: this.#columns.columnAt(position) };
  }

  /** Where it is looked at, for the page to keep. */
  get place(): GridPlace {
    const selection = this.#selection;
    return { ...(this.#wanted ?? { top: this.#scroll.top, left: this.#place.left }), selection };
  }

  /** Goes where it was looked at before. */
  restore(place: GridPlace): void {
    this.#wanted = place;
    this.#selection = within(place.selection, this.#size());
  }

  /** The columns that are shown, from left to right. */
  get shownColumns(): readonly number[] {
    return this.#columns.shown;
  }

  /** Draws, after the grid was put into the page, at the place where it was left. */
  shown(): void {
    this.node.scrollTo(this.#place);
    this.refresh();
  }

  /** Draws again, after rows have arrived. */
  refresh(): void {
    this.#drawSoon();
    this.#events.changed();
  }

  /** Shows other rows with the same columns. @param sort how they are, or will be, sorted, for the header */
  setRows(store: PageStore, sort: readonly SortKey[]): void {
    this.#sort = sort;
    if (store !== this.#store) {
      this.#store = store;
      this.#rows.clear();
      this.#selection = within(only({ ...this.#selection.active, row: 0 }), this.#size());
      this.node.scrollTop = 0;
    }
    this.refresh();
  }

  /** Arranges the columns. */
  arrange(layout: GridLayout): void {
    const { column } = this.active;
    this.#columns.arrange(layout);
    const position = Math.max(0, this.#columns.positionOf(column));
    this.#selection = within(only({ ...this.#selection.active, position }), this.#size());
    this.#events.arranged(layout);
    this.refresh();
  }

  /** Selects a cell and brings it into view; the row alone where the column is absent or hidden. */
  goTo(row: number, column?: number): void {
    const found = column === undefined ? -1 : this.#columns.positionOf(column);
    const position = found < 0 ? this.#selection.active.position : found;
    const { active } = within(only({ row, position }), this.#size());
    this.#scroll.center(active.row);
    this.#select(only(active), { follow: true });
  }

  /** Opens the menu of the ways to copy. */
  openCopyMenu(place: { readonly x: number; readonly y: number }): void {
    this.#menus.openCopy(place);
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
    const { rowCount } = this.#store.view;
    this.#columns.settle(this.#store);
    const { geometry: columns, shown } = this.#columns;
    const { scrollLeft, clientWidth } = this.node;
    const positions = columns.inView(scrollLeft, clientWidth);
    const frozen = columns.frozenIn(clientWidth);
    this.node.setAttribute('aria-rowcount', String(rowCount + 1));
    this.node.setAttribute('aria-colcount', String(shown.length + 1));
    this.#canvas.style.width = `${columns.total}px`;
    this.#canvas.style.height = `${scrolledHeight(rowCount) + HEAD_HEIGHT}px`;
    this.node.style.setProperty('--number-width', `${columns.left}px`);
    this.node.style.setProperty('--pinned-width', `${columns.leftOf(frozen)}px`);
    this.node.classList.toggle('has-frozen', frozen > 0);
    if (this.#wanted !== undefined && this.#columns.isSettled) this.#goBack(this.#wanted);
    this.#scroll.follow();
    const window = this.#scroll.window();
    const selection = this.#selection;
    const active = selection.active.position;
    this.#header.draw({ columns, positions, frozen, shown, sort: this.#sort, active });
    if (this.#rows.draw({ window, positions, frozen, columns, shown, selection })) this.#drawSoon();
    this.#lookAhead(window.first, window.end);
    const id = this.#rows.nameActive(selection.active.row, active);
    if (id === undefined) this.node.removeAttribute('aria-activedescendant');
    else this.node.setAttribute('aria-activedescendant', id);
  }

  #goBack({ top, left }: GridPlace): void {
    this.#wanted = undefined;
    this.#scroll.goTo(top);
    this.node.scrollLeft = left;
  }

  /** Asks for rows that come into view soon, in the direction of the scroll. */
  #lookAhead(first: number, end: number): void {
    const step = this.#scroll.lastStep;
    if (step === 0) return;
    const ahead = SCREENS_AHEAD * (end - first) + STEPS_AHEAD * Math.abs(step);
    this.#store.expect(step > 0 ? end + ahead : first - ahead);
  }

  #fit(position: number): void {
    this.#columns.fit(position, this.#store);
    this.#widened();
  }

  #resize(position: number, width: number): void {
    this.#columns.resize(position, width);
    this.#widened();
  }

  #widened(): void {
    this.#events.arranged(this.layout);
    this.#drawSoon();
  }

  #move(position: number, to: number): void {
    const column = this.#columns.columnAt(position);
    this.arrange(moveColumn(this.layout, column, to));
    this.#select(
      only({ ...this.#selection.active, position: Math.max(0, this.#columns.positionOf(column)) }),
      {
        follow: true,
      },
    );
  }

  #press(event: KeyboardEvent): void {
    const command = commandOf(event);
    const selection = command === undefined ? moved(this.#selection, event, this.#size()) : undefined;
    if (command !== undefined) this.#obey(command);
    else if (selection !== undefined) this.#select(selection, { follow: true });
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #obey(command: GridCommand): void {
    const { row, position } = this.#selection.active;
    switch (command.does) {
      case 'copy':
        this.#events.copy(command.format);
        break;
      case 'find':
        this.#events.find();
        break;
      case 'findNext':
        this.#events.findNext(command);
        break;
      case 'goToRow':
        this.#events.goToRow();
        break;
      case 'open':
        this.#events.open();
        break;
      case 'columnMenu':
        this.#menus.openColumn(position, row, below(this.#header.cell(position) ?? this.node));
        break;
      case 'cellMenu':
        this.#menus.openCell(position, row, below(this.#rows.cell(row, position) ?? this.node));
        break;
      case 'widen':
        this.#resize(position, this.#columns.geometry.widthOf(position) + command.by);
        break;
      case 'move':
        this.#move(position, Math.max(0, position + command.by));
        break;
      case 'selectAll':
        this.#select(selectAll(this.#size()));
        break;
      case 'selectRows':
        this.#select(wholeRows(this.#selection, this.#size()));
        break;
      case 'selectColumns':
        this.#select(wholeColumns(this.#selection, this.#size()));
        break;
      case 'collapse':
        this.#select(only(this.#selection.active));
        break;
    }
  }

  #openCellMenu(cell: Cell, place: { readonly x: number; readonly y: number }): void {
    const position = Math.max(0, cell.position);
    if (!contains(this.#selection, { row: cell.row, position }))
      this.#select(only({ row: cell.row, position }));
    this.#menus.openCell(position, cell.row, place);
  }

  #point(cell: Cell, options: { readonly grow: boolean; readonly wholeRow: boolean }): void {
    const last = this.#columns.shown.length - 1;
    const active = options.wholeRow ? { row: cell.row, position: 0 } : cell;
    const start = options.wholeRow ? { row: cell.row, position: last } : cell;
    // A drag past an edge goes on there; a press is in view already, and must not move what is under the pointer.
    const follow = options.grow && !options.wholeRow;
    this.#select({ anchor: options.grow ? this.#selection.anchor : start, active }, { follow });
  }

  #selectColumn(position: number, extend: boolean): void {
    const bottom = { row: this.#store.view.rowCount - 1, position };
    if (bottom.row < 0) return;
    this.#select({
      anchor: extend ? { ...this.#selection.anchor, row: bottom.row } : bottom,
      active: { row: 0, position },
    });
    this.node.focus({ preventScroll: true });
  }

  #select(selection: Selection, options: { readonly follow?: boolean } = {}): void {
    this.#selection = selection;
    if (options.follow === true) this.#scrollTo(selection.active);
    this.#drawSoon();
    this.#events.changed();
  }

  #scrollTo({ row, position }: Cell): void {
    const { scrollLeft, clientWidth: width } = this.node;
    this.#scroll.reveal(row);
    this.node.scrollLeft = this.#columns.geometry.scrollLeftFor(position, { scrollLeft, width });
  }

  #size(): GridSize {
    const screen = Math.max(1, Math.floor(this.#viewHeight() / ROW_HEIGHT) - 1);
    return { rows: this.#store.view.rowCount, columns: this.#columns.shown.length, screen };
  }

  #viewHeight(): number {
    return Math.max(0, this.node.clientHeight - HEAD_HEIGHT);
  }

  #positionAt(clientX: number): number {
    const { scrollLeft, clientWidth: width } = this.node;
    const x = clientX - this.node.getBoundingClientRect().left;
    return this.#columns.geometry.at(x, { scrollLeft, width });
  }

  /** The cell at a place of the window, the nearest one when it is outside; position -1 is the row's number. */
  #cellAt(clientX: number, clientY: number): Cell | undefined {
    const { rowCount } = this.#store.view;
    if (rowCount === 0) return undefined;
    const box = this.node.getBoundingClientRect();
    const window = this.#scroll.window();
    const y = clientY - box.top - HEAD_HEIGHT + this.node.scrollTop - window.top;
    const row = Math.max(0, Math.min(rowCount - 1, window.first + Math.floor(y / ROW_HEIGHT)));
    const isNumber = clientX - box.left < this.#columns.geometry.left;
    return { row, position: isNumber ? -1 : this.#positionAt(clientX) };
  }
}
