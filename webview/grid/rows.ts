import type { ColumnInfo } from '../../wasm-core/protocol/methods.ts';
import { isNumeric } from '../../wasm-core/results/type-text.ts';
import { element } from '../dom.ts';
import type { CellValue } from '../page-store.ts';
import { drawnText } from './cell-text.ts';
import type { Columns } from './columns.ts';
import { ROW_HEIGHT, type RowWindow } from './row-window.ts';
import { contains, type Selection } from './selection.ts';

/** What is drawn, and where. */
export interface Drawing {
  readonly window: RowWindow;
  readonly columns: { readonly first: number; readonly end: number };
  readonly layout: Columns;
  readonly selection: Selection;
}

interface DrawnRow {
  readonly node: HTMLElement;
  readonly cells: Map<number, HTMLElement>;
  /** Whether some cell still waits for its page. */
  pending: boolean;
  /** What the cells were drawn from; a row that nothing changed for is left alone. */
  from: DrawnFrom | undefined;
}

type DrawnFrom = Pick<Drawing, 'layout' | 'selection'> & {
  readonly first: number;
  readonly end: number;
  readonly version: number;
};

/** The rows in view. Rows that stay are kept, so that a scroll by a line draws a line. */
export class Rows {
  readonly node = element('div', { class: 'rows', attributes: { role: 'rowgroup' } });
  readonly #value: (row: number, column: number) => CellValue;
  readonly #numeric: readonly boolean[];
  readonly #id: string;
  readonly #drawn = new Map<number, DrawnRow>();

  /**
   * @param columns in order
   * @param value looked up for each cell drawn, again while it is pending
   * @param id begins the cells' ids, which `aria-activedescendant` names
   */
  constructor(columns: readonly ColumnInfo[], value: (row: number, column: number) => CellValue, id: string) {
    this.#numeric = columns.map(({ type }) => isNumeric(type));
    this.#value = value;
    this.#id = id;
  }

  draw(drawing: Drawing): void {
    const { first, end, top } = drawing.window;
    for (const [row, { node }] of this.#drawn) {
      if (row >= first && row < end) continue;
      node.remove();
      this.#drawn.delete(row);
    }
    let before: Element | null = this.node.firstElementChild;
    for (let row = first; row < end; row++) {
      const drawn = this.#drawn.get(row) ?? this.#create(row);
      drawn.node.style.transform = `translateY(${top + (row - first) * ROW_HEIGHT}px)`;
      // Readers of the page hear rows in the order of the document.
      if (drawn.node === before) before = before.nextElementSibling;
      else this.node.insertBefore(drawn.node, before);
      this.#drawCells(row, drawn, drawing);
    }
  }

  /** The id of a cell's element if it is drawn. */
  cellId(row: number, column: number): string | undefined {
    return this.#drawn.get(row)?.cells.get(column)?.id;
  }

  #create(row: number): DrawnRow {
    const number = element('div', {
      class: 'rownumber',
      text: (row + 1).toLocaleString('en-US').replaceAll(',', '\u202f'),
      attributes: { role: 'rowheader', 'aria-colindex': '1' },
    });
    const attributes = { role: 'row', 'aria-rowindex': String(row + 2) };
    const node = element('div', { class: row % 2 === 1 ? 'row odd' : 'row', attributes }, [number]);
    const drawn: DrawnRow = { node, cells: new Map(), pending: false, from: undefined };
    this.#drawn.set(row, drawn);
    return drawn;
  }

  #drawCells(row: number, drawn: DrawnRow, { columns, layout, selection }: Drawing): void {
    const from = { ...columns, layout, selection, version: layout.version };
    if (!drawn.pending && drawn.from !== undefined && isSame(drawn.from, from)) return;
    drawn.from = from;
    for (const [column, cell] of drawn.cells) {
      if (column >= columns.first && column < columns.end) continue;
      cell.remove();
      drawn.cells.delete(column);
    }
    const retry = drawn.pending;
    drawn.pending = false;
    for (let column = columns.first; column < columns.end; column++) {
      let cell = drawn.cells.get(column);
      if (cell === undefined) {
        cell = element('div', {
          attributes: {
            role: 'gridcell',
            'aria-colindex': String(column + 2),
            id: `${this.#id}-${row}-${column}`,
          },
        });
        drawn.cells.set(column, cell);
        insertInOrder(drawn, column, cell);
        this.#fill(cell, drawn, { row, column });
      } else if (retry) this.#fill(cell, drawn, { row, column });
      cell.style.left = `${layout.leftOf(column)}px`;
      cell.style.width = `${layout.widthOf(column)}px`;
      const isSelected = contains(selection, { row, column });
      const isActive = selection.active.row === row && selection.active.column === column;
      cell.classList.toggle('selected', isSelected);
      cell.classList.toggle('active', isActive);
      cell.setAttribute('aria-selected', String(isSelected));
    }
  }

  #fill(cell: HTMLElement, drawn: DrawnRow, { row, column }: { row: number; column: number }): void {
    const value = this.#value(row, column);
    const classes = ['cell', ...(this.#numeric[column] === true ? ['number'] : [])];
    if (value.state === 'value') {
      cell.textContent = drawnText(value.text);
      if (value.isNull) classes.push('null');
    } else {
      cell.textContent = value.state === 'failed' ? '—' : '';
      classes.push(value.state);
      if (value.state === 'pending') drawn.pending = true;
    }
    cell.className = classes.join(' ');
  }
}

function isSame(a: DrawnFrom, b: DrawnFrom): boolean {
  return (
    a.first === b.first &&
    a.end === b.end &&
    a.layout === b.layout &&
    a.version === b.version &&
    a.selection === b.selection
  );
}

function insertInOrder(drawn: DrawnRow, column: number, cell: HTMLElement): void {
  const after = Math.min(...[...drawn.cells.keys()].filter((other) => other > column));
  drawn.node.insertBefore(cell, drawn.cells.get(after) ?? null);
}
