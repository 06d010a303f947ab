import type { ColumnInfo } from '../../wasm-core/protocol/methods.ts';
import { isNumeric } from '../../wasm-core/results/type-text.ts';
import { element } from '../dom.ts';
import type { Columns } from './columns.ts';

/** What the header does to the grid. */
export interface HeaderActions {
  /** Sent while an edge is dragged, with the width that the pointer asks for, pixels. */
  resize(column: number, width: number): void;
  /** Sent when an edge is pressed twice. */
  fit(column: number): void;
  /** Sent when a name is pressed; with Shift the selection grows to the column. */
  select(column: number, extend: boolean): void;
  selectAll(): void;
}

/** The row of names and types, which stays at the top. */
export class Header {
  readonly node: HTMLElement;
  readonly #columns: readonly ColumnInfo[];
  readonly #actions: HeaderActions;
  readonly #cells = new Map<number, HTMLElement>();

  constructor(columns: readonly ColumnInfo[], actions: HeaderActions) {
    this.#columns = columns;
    this.#actions = actions;
    const corner = element('div', {
      class: 'corner',
      text: '#',
      attributes: { role: 'columnheader', 'aria-colindex': '1', 'aria-label': 'Row', title: 'Select all' },
      onClick: () => actions.selectAll(),
    });
    this.node = element('div', { class: 'head', attributes: { role: 'row', 'aria-rowindex': '1' } }, [
      corner,
    ]);
  }

  /** Draws the columns in view. */
  draw(layout: Columns, view: { readonly first: number; readonly end: number }): void {
    for (const [column, cell] of this.#cells) {
      if (column >= view.first && column < view.end) continue;
      cell.remove();
      this.#cells.delete(column);
    }
    for (let column = view.first; column < view.end; column++) {
      const cell = this.#cells.get(column) ?? this.#create(column);
      cell.style.left = `${layout.leftOf(column)}px`;
      cell.style.width = `${layout.widthOf(column)}px`;
    }
  }

  #create(column: number): HTMLElement {
    const { name = '', type = '' } = this.#columns[column] ?? {};
    const edge = element('span', { class: 'edge', attributes: { 'aria-hidden': 'true' } });
    edge.addEventListener('pointerdown', (event) => this.#drag(event, column));
    edge.addEventListener('dblclick', () => this.#actions.fit(column));
    edge.addEventListener('click', (event) => event.stopPropagation());
    const cell = element(
      'div',
      {
        class: isNumeric(type) ? 'name number' : 'name',
        attributes: { role: 'columnheader', 'aria-colindex': String(column + 2), title: `${name}\n${type}` },
        onClick: (event) => this.#actions.select(column, event.shiftKey),
      },
      [element('span', { class: 'label', text: name }), element('span', { class: 'type', text: type }), edge],
    );
    this.#cells.set(column, cell);
    this.node.append(cell);
    return cell;
  }

  #drag(event: PointerEvent, column: number): void {
    const cell = this.#cells.get(column);
    if (cell === undefined || !(event.target instanceof Element)) return;
    event.preventDefault();
    const edge = event.target;
    const offset = cell.offsetWidth - event.clientX;
    const move = (moved: PointerEvent) => this.#actions.resize(column, moved.clientX + offset);
    edge.setPointerCapture(event.pointerId);
    edge.addEventListener('pointermove', move as EventListener);
    const stop = () => edge.removeEventListener('pointermove', move as EventListener);
    edge.addEventListener('lostpointercapture', stop, { once: true });
  }
}
