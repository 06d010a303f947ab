import type { ColumnInfo } from '../../wasm-core/protocol/methods.ts';
import { isNumeric } from '../../wasm-core/results/type-text.ts';
import { element } from '../dom.ts';
import type { CellValue } from '../page-store.ts';
import { isPlain, isRightToLeft, showText } from '../visible-text.ts';
import { CellLine } from './cell-line.ts';
import { drawnText } from './cell-text.ts';
import type { Columns } from './columns.ts';
import type { CellMark } from './diff-marks.ts';
import { ROW_HEIGHT, type RowWindow } from './row-scroll.ts';
import { contains, type Selection } from './selection.ts';

/** What is drawn, and where. */
export interface Drawing {
  readonly window: RowWindow;
  /** Positions, in order. */
  readonly positions: readonly number[];
  /** How many of them stay at the left. */
  readonly frozen: number;
  readonly columns: Columns;
  /** The column at each position. */
  readonly shown: readonly number[];
  readonly selection: Selection;
}

/** Where the rows' values are from. */
export interface RowSource {
  readonly columns: readonly ColumnInfo[];
  /** Looked up for each cell drawn, again while it is pending. */
  readonly value: (row: number, column: number) => CellValue;
  /** Of cells that stand out; absent: none does. */
  readonly mark?: CellMark | undefined;
}

/** A row's elements. They are used again for other rows: to make new ones takes several times as long. */
interface Slot {
  readonly node: HTMLElement;
  readonly number: HTMLElement;
  readonly cells: CellLine<Drawn>;
  row: number;
  top: number;
  /** Whether some cell still waits for its page. */
  isPending: boolean;
  /** What the cells were drawn from; a row that nothing changed for is left alone. */
  from: (Drawing & { readonly version: number }) | undefined;
}

interface Drawn {
  readonly node: HTMLElement;
  /** The classes that its value gives it. */
  look: string;
  isSelected: boolean;
}

/** The rows in view. */
export class Rows {
  readonly node = element('div', { class: 'rows', attributes: { role: 'rowgroup' } });
  readonly #id: string;
  readonly #source: RowSource;
  readonly #numeric: readonly boolean[];
  /** In the order of rows and of the document, for readers of the page. */
  #slots: Slot[] = [];
  #first = 0;
  #columns: Columns | undefined;
  #active: HTMLElement | undefined;
  #positions: readonly number[] = [];
  #frozen = 0;

  /** @param id begins the cells' ids, which `aria-activedescendant` names */
  constructor(source: RowSource, id: string) {
    this.#id = id;
    this.#source = source;
    this.#numeric = source.columns.map(({ type }) => isNumeric(type));
  }

  /**
   * Draws the rows of the window. While other columns come into view, rows in view go first, and the order of cells
   * in the document waits.
   *
   * @returns whether something is left for the next frame
   */
  draw(drawing: Drawing): boolean {
    if (drawing.columns !== this.#columns || drawing.frozen !== this.#frozen) this.clear();
    this.#columns = drawing.columns;
    this.#frozen = drawing.frozen;
    const { first, end, top } = drawing.window;
    const isSideways = drawing.positions !== this.#positions;
    this.#positions = drawing.positions;
    this.#turn(first, end - first);
    for (const [index, slot] of this.#slots.entries()) {
      const at = top + index * ROW_HEIGHT;
      if (slot.top !== at) slot.node.style.transform = `translateY(${at}px)`;
      slot.top = at;
      const row = first + index;
      const isSpare = row < drawing.window.seenFirst || row >= drawing.window.seenEnd;
      if (isSideways && isSpare && slot.row === row) continue;
      this.#drawRow(slot, row, drawing);
      if (!isSideways) slot.cells.order();
    }
    return isSideways;
  }

  /** Forgets all that is drawn, so that it is looked up anew. */
  clear(): void {
    for (const { node } of this.#slots) node.remove();
    this.#slots = [];
  }

  /** Gives a cell's element the id that `aria-activedescendant` names, which no other has; undefined unless it is drawn. */
  nameActive(row: number, position: number): string | undefined {
    const cell = this.cell(row, position);
    if (cell !== this.#active) this.#active?.removeAttribute('id');
    this.#active = cell;
    if (cell === undefined) return undefined;
    const id = `${this.#id}-${row}-${position}`;
    if (cell.id !== id) cell.id = id;
    return id;
  }

  /** The element of a cell if it is drawn. */
  cell(row: number, position: number): HTMLElement | undefined {
    return this.#slots[row - this.#first]?.cells.at(position)?.node;
  }

  /** Has a slot for each row: those of rows that went out of view go to the other end. */
  #turn(first: number, count: number): void {
    const slots = this.#slots;
    const step = first - this.#first;
    this.#first = first;
    if (Math.abs(step) < slots.length) {
      for (let i = 0; i < step; i++) {
        const slot = slots.shift();
        if (slot === undefined) break;
        this.node.append(slot.node);
        slots.push(slot);
      }
      for (let i = 0; i > step; i--) {
        const slot = slots.pop();
        if (slot === undefined) break;
        this.node.prepend(slot.node);
        slots.unshift(slot);
      }
    }
    for (const { node } of slots.splice(count)) node.remove();
    while (slots.length < count) {
      const slot = newSlot();
      this.node.append(slot.node);
      slots.push(slot);
    }
  }

  #drawRow(slot: Slot, row: number, drawing: Drawing): void {
    const { columns } = drawing;
    const isOther = slot.row !== row;
    if (isOther) nameRow(slot, row);
    const isSame =
      slot.from !== undefined &&
      slot.from.positions === drawing.positions &&
      slot.from.selection === drawing.selection &&
      slot.from.version === columns.version;
    if (!isOther && isSame && !slot.isPending) return;
    const refill = isOther || slot.isPending;
    const isMoved = slot.from?.version !== columns.version;
    slot.from = { ...drawing, version: columns.version };
    slot.isPending = false;
    const fill = (cell: Drawn, position: number) =>
      this.#fill(cell, slot, { row, column: drawing.shown[position] ?? 0 });
    slot.cells.place(drawing.positions, drawing.frozen, (cell, position) => {
      cell.node.setAttribute('aria-colindex', String(position + 2));
      placeCell(cell, position, columns);
      if (!refill) fill(cell, position);
    });
    for (const position of drawing.positions) {
      const cell = slot.cells.at(position);
      if (cell === undefined) continue;
      if (isMoved) placeCell(cell, position, columns);
      if (refill) fill(cell, position);
      markCell(cell, { row, position }, drawing.selection);
    }
  }

  #fill(cell: Drawn, slot: Slot, { row, column }: { row: number; column: number }): void {
    const value = this.#source.value(row, column);
    const { node } = cell;
    cell.look = this.#numeric[column] === true ? 'cell number' : 'cell';
    if (value.state === 'value') {
      const text = drawnText(value.text);
      showText(node, text, { marksSpaces: true });
      if (!isPlain(text) && isRightToLeft(text)) node.dir = 'auto';
      else if (node.dir !== '') node.removeAttribute('dir');
      if (value.isNull) cell.look += ' null';
      else if (text === '') cell.look += ' empty';
      const mark = this.#source.mark?.(row, column);
      if (mark !== undefined) cell.look += ` ${mark}`;
    } else {
      node.textContent = value.state === 'failed' ? '—' : '';
      cell.look += ` ${value.state}`;
      if (value.state === 'pending') slot.isPending = true;
    }
  }
}

function newSlot(): Slot {
  const number = element('div', {
    class: 'rownumber',
    attributes: { role: 'rowheader', 'aria-colindex': '1' },
  });
  const pinned = element('div', { class: 'pinned', attributes: { role: 'presentation' } }, [number]);
  const node = element('div', { attributes: { role: 'row' } }, [pinned]);
  const cells = new CellLine({ node, pinned, make: newCell });
  return { node, number, cells, row: -1, top: -1, isPending: false, from: undefined };
}

function newCell(): Drawn {
  return {
    node: element('div', { attributes: { role: 'gridcell', 'aria-selected': 'false' } }),
    look: 'cell',
    isSelected: false,
  };
}

function nameRow(slot: Slot, row: number): void {
  slot.row = row;
  slot.number.textContent = (row + 1).toLocaleString('en-US').replaceAll(',', '\u202f');
  slot.node.className = row % 2 === 1 ? 'row odd' : 'row';
  slot.node.setAttribute('aria-rowindex', String(row + 2));
}

function placeCell({ node }: Drawn, position: number, columns: Columns): void {
  node.style.left = `${columns.leftOf(position)}px`;
  node.style.width = `${columns.widthOf(position)}px`;
}

function markCell(cell: Drawn, { row, position }: { row: number; position: number }, selection: Selection) {
  const isSelected = contains(selection, { row, position });
  const isActive = selection.active.row === row && selection.active.position === position;
  const className = `${cell.look}${isSelected ? ' selected' : ''}${isActive ? ' active' : ''}`;
  if (cell.node.className !== className) cell.node.className = className;
  if (cell.isSelected !== isSelected) cell.node.setAttribute('aria-selected', String(isSelected));
  cell.isSelected = isSelected;
}
