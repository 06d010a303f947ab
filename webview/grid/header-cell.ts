import * as l10n from '@vscode/l10n';
import type { ColumnInfo } from '../../wasm-core/protocol/methods.ts';
import { isNumeric } from '../../wasm-core/results/type-text.ts';
import { element } from '../dom.ts';
import { showText } from '../visible-text.ts';
import { drawnText } from './cell-text.ts';
import { dragColumn } from './drag-column.ts';
import type { ColumnSort } from './sort-keys.ts';

/** What the header does to the grid. Columns are named by their positions. */
export interface HeaderActions {
  /** Sent while an edge is dragged, with the width that the pointer asks for, pixels. */
  resize(position: number, width: number): void;
  /** Sent when an edge is pressed twice. */
  fit(position: number): void;
  /** Sent when a name is pressed; with Shift the selection grows to the column. */
  select(position: number, extend: boolean): void;
  selectAll(): void;
  /** Sent when a column was dragged to a place of the window. */
  drop(position: number, clientX: number): void;
  /** Sent when a menu is asked for at a place of the window. */
  menu(position: number, place: { readonly x: number; readonly y: number }): void;
  /** Sent when a sort button is pressed; absent: nobody sorts. */
  readonly sort?: ((position: number, add: boolean) => void) | undefined;
}

/** The name and type of a column, with its buttons; used for another column once its own is out of view. */
export class HeaderCell {
  readonly node: HTMLElement;
  readonly #label = element('span');
  readonly #type = element('span', { class: 'type' });
  readonly #sort: HTMLElement | undefined;
  readonly #menu: HTMLElement;
  readonly #actions: HeaderActions;
  #position = 0;
  #sorted: ColumnSort | undefined;

  constructor(actions: HeaderActions) {
    this.#actions = actions;
    this.#sort = this.#sortButton();
    this.#menu = headButton('menu-button', l10n.t('Column menu (Alt+Down)'));
    this.#menu.addEventListener('click', (event) => {
      event.stopPropagation();
      const { left, bottom } = this.#menu.getBoundingClientRect();
      actions.menu(this.#position, { x: left, y: bottom });
    });
    const buttons = this.#sort === undefined ? [this.#menu] : [this.#sort, this.#menu];
    const children = [this.#label, this.#type, ...buttons, this.#edge()];
    this.node = element('div', { attributes: { role: 'columnheader' } }, children);
    this.node.addEventListener('click', (event) => actions.select(this.#position, event.shiftKey));
    this.node.addEventListener('contextmenu', (event) => {
      event.preventDefault();
      actions.menu(this.#position, { x: event.clientX, y: event.clientY });
    });
    dragColumn(this.node, () => {
      const position = this.#position;
      return (clientX) => actions.drop(position, clientX);
    });
  }

  /** Becomes the header of a column. */
  show(position: number, { name: whole, type }: ColumnInfo): void {
    this.#position = position;
    const name = drawnText(whole);
    this.#label.className = name === '' ? 'label unnamed' : 'label';
    showText(this.#label, name, { marksSpaces: true });
    this.#type.textContent = type;
    this.#menu.setAttribute('aria-label', l10n.t('Column {0}', name));
    this.#sort?.setAttribute('aria-label', l10n.t('Sort by {0}', name));
    this.node.setAttribute('aria-colindex', String(position + 2));
    this.node.title = `${name}\n${type}`;
    this.node.classList.add('name');
    this.node.classList.toggle('number', isNumeric(type));
  }

  /** Where it is, pixels from the left edge of the row numbers. */
  place(left: number, width: number): void {
    this.node.style.left = `${left}px`;
    this.node.style.width = `${width}px`;
  }

  /** Shows how rows are sorted by it; undefined: they are not. */
  markSort(sorted: ColumnSort | undefined): void {
    if (this.#sorted?.direction === sorted?.direction && this.#sorted?.place === sorted?.place) return;
    this.#sorted = sorted;
    if (sorted === undefined) this.node.removeAttribute('aria-sort');
    else this.node.setAttribute('aria-sort', sorted.direction);
    this.node.classList.toggle('sorted', sorted !== undefined);
    if (this.#sort !== undefined)
      this.#sort.dataset.place = sorted?.place === undefined ? '' : String(sorted.place);
  }

  #sortButton(): HTMLElement | undefined {
    const { sort } = this.#actions;
    if (sort === undefined) return undefined;
    const button = headButton('sort-button', l10n.t('Sort; with Shift also by this column'));
    button.addEventListener('click', (event) => {
      event.stopPropagation();
      sort(this.#position, event.shiftKey);
    });
    return button;
  }

  #edge(): HTMLElement {
    const edge = element('span', { class: 'edge', attributes: { 'aria-hidden': 'true' } });
    edge.addEventListener('pointerdown', (event) => {
      event.preventDefault();
      event.stopPropagation();
      // A drag goes on with the column that it began with, whatever this shows by then.
      const position = this.#position;
      const offset = this.node.offsetWidth - event.clientX;
      const move = (moved: PointerEvent) => this.#actions.resize(position, moved.clientX + offset);
      edge.setPointerCapture(event.pointerId);
      edge.addEventListener('pointermove', move);
      const stop = () => edge.removeEventListener('pointermove', move);
      edge.addEventListener('lostpointercapture', stop, { once: true });
    });
    edge.addEventListener('dblclick', () => this.#actions.fit(this.#position));
    edge.addEventListener('click', (event) => event.stopPropagation());
    return edge;
  }
}

/** The keyboard has its own ways to what these do, so that Tab leaves the grid at once. */
function headButton(className: string, title: string): HTMLElement {
  return element('button', {
    class: `head-button ${className}`,
    attributes: { type: 'button', tabindex: '-1', title },
  });
}
