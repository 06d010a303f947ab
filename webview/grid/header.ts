import * as l10n from '@vscode/l10n';
import type { ColumnInfo } from '../../wasm-core/protocol/methods.ts';
import type { SortKey } from '../../wasm-core/protocol/result-query.ts';
import { element } from '../dom.ts';
import { CellLine } from './cell-line.ts';
import type { Columns } from './columns.ts';
import { type HeaderActions, HeaderCell } from './header-cell.ts';
import { sortOf } from './sort-keys.ts';

/** What is drawn of the header. */
export interface HeaderDrawing {
  readonly columns: Columns;
  readonly positions: readonly number[];
  readonly frozen: number;
  /** The column at each position. */
  readonly shown: readonly number[];
  readonly sort: readonly SortKey[];
  /** Where the keyboard is. */
  readonly active: number;
}

/** The row of names and types, which stays at the top. */
export class Header {
  readonly node: HTMLElement;
  readonly #columns: readonly ColumnInfo[];
  readonly #cells: CellLine<HeaderCell>;
  #drawn: HeaderDrawing | undefined;
  #version = -1;

  constructor(columns: readonly ColumnInfo[], actions: HeaderActions) {
    this.#columns = columns;
    const corner = element('div', {
      class: 'corner',
      text: '#',
      attributes: {
        role: 'columnheader',
        'aria-colindex': '1',
        'aria-label': l10n.t('Row'),
        title: l10n.t('Select all'),
      },
      onClick: () => actions.selectAll(),
    });
    const pinned = element('div', { class: 'pinned', attributes: { role: 'presentation' } }, [corner]);
    this.node = element('div', { class: 'head', attributes: { role: 'row', 'aria-rowindex': '1' } }, [
      pinned,
    ]);
    this.#cells = new CellLine({ node: this.node, pinned, make: () => new HeaderCell(actions) });
  }

  /** Draws the columns in view. */
  draw(drawing: HeaderDrawing): void {
    const { columns, positions, frozen, shown, sort, active } = drawing;
    if (columns !== this.#drawn?.columns || frozen !== this.#drawn.frozen) this.#cells.clear();
    const isResized = columns.version !== this.#version;
    // While other columns come into view the order of the elements waits, as that of the rows' cells does.
    if (positions === this.#drawn?.positions) this.#cells.order();
    this.#drawn = drawing;
    this.#version = columns.version;
    const place = (cell: HeaderCell, position: number) =>
      cell.place(columns.leftOf(position), columns.widthOf(position));
    this.#cells.place(positions, frozen, (cell, position) => {
      this.#keepFocus(cell.node);
      cell.show(position, this.#columns[shown[position] ?? 0] ?? { name: '', type: '' });
      place(cell, position);
    });
    for (const position of positions) {
      const cell = this.#cells.at(position);
      if (cell === undefined) continue;
      if (isResized) place(cell, position);
      cell.node.classList.toggle('current', position === active);
      cell.markSort(sortOf(sort, shown[position] ?? 0));
    }
  }

  /** The element of a column's name if it is drawn. */
  cell(position: number): HTMLElement | undefined {
    return this.#cells.at(position)?.node;
  }

  /** A button must not become another column's under the keyboard: the grid takes over. */
  #keepFocus(node: HTMLElement): void {
    if (!node.contains(document.activeElement)) return;
    this.node.closest<HTMLElement>('[role=grid]')?.focus({ preventScroll: true });
  }
}
