import * as l10n from '@vscode/l10n';
import { counted } from '../../wasm-core/protocol/figures.ts';
import { WASM_COLUMNS, type WasmList, type WasmRow } from '../../wasm-core/protocol/wasm-viewer.ts';
import { element } from '../dom.ts';
import { nameOf } from './function-name.ts';
import { columnTitle, listTitle, searchLabel } from './list-texts.ts';
import { VirtualRows } from './virtual-rows.ts';
import type { WasmAsker } from './wasm-asker.ts';

/** A pause in typing after which a search is asked for, milliseconds. */
const PAUSE_MS = 150;

/** A list of the module's, searched and sorted. */
export class RowTable {
  readonly node: HTMLElement;
  readonly #list: WasmList;
  readonly #rows: VirtualRows<WasmRow>;
  readonly #search: HTMLInputElement;
  readonly #count = element('span', { class: 'count', attributes: { role: 'status' } });
  readonly #heads: readonly HTMLElement[];
  #sort: { readonly column: number; readonly descending: boolean } | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param show shows the function of a row */
  constructor(
    list: WasmList,
    { asker, show }: { readonly asker: WasmAsker; readonly show: (index: number) => void },
  ) {
    this.#list = list;
    this.#search = element('input', {
      class: 'input',
      attributes: {
        type: 'search',
        placeholder: l10n.t('Search'),
        'aria-label': searchLabel(list),
        spellcheck: 'false',
      },
    });
    this.#search.addEventListener('input', () => this.#searchSoon());
    this.#rows = new VirtualRows<WasmRow>({
      pull: async (first, count) => {
        const sort = this.#sort;
        const order =
          sort === undefined ? { descending: false } : { sort: sort.column, descending: sort.descending };
        const page = await asker.ask({
          kind: 'rows',
          list,
          search: this.#search.value,
          ...order,
          first,
          count,
        });
        this.#count.textContent = counted(page.total, l10n.t('{0} row'), l10n.t('{0} rows'));
        return page;
      },
      draw: (row) => this.#cells(row, show),
      activate: (row) => {
        if (row.function !== undefined) show(row.function);
      },
      failed: (message) => {
        this.#count.textContent = message;
      },
      label: listTitle(list),
      rowClass: `row ${list}`,
    });
    this.#heads = WASM_COLUMNS[list].map((_, column) => this.#head(column));
    this.node = element('div', { class: 'table' }, [
      element('div', { class: 'tools' }, [this.#search, this.#count]),
      element('div', { class: `heads ${list}` }, this.#heads),
      this.#rows.node,
    ]);
  }

  /** Asks again for everything: the file has changed, or there is something to compare with. */
  reset(): void {
    this.#rows.reset();
  }

  /** To be called when the table becomes visible. */
  shown(): void {
    this.#rows.draw();
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#rows.dispose();
  }

  #cells({ cells, function: index }: WasmRow, show: (index: number) => void): Node[] {
    const linked = linkedColumn(this.#list);
    return cells.map((text, column) => {
      const isNumber = WASM_COLUMNS[this.#list][column]?.isNumber === true;
      const cell = element('span', { class: isNumber ? 'cell number' : 'cell', attributes: { title: text } });
      if (column !== linked || index === undefined) cell.textContent = text;
      else {
        // A link for the pointer; with the keyboard, Enter in the row does the same.
        const link = element('span', { class: 'link', text: text === '' ? nameOf({ index }) : text });
        link.addEventListener('click', () => show(index));
        cell.append(link);
      }
      return cell;
    });
  }

  #head(column: number): HTMLElement {
    const shown = WASM_COLUMNS[this.#list][column];
    const title = shown === undefined ? '' : columnTitle(shown);
    const isNumber = shown?.isNumber === true;
    const head = element('button', {
      class: isNumber ? 'head number' : 'head',
      text: title,
      attributes: { type: 'button', title: l10n.t('Sort by {0}', title) },
    });
    head.addEventListener('click', () => this.#sortBy(column, isNumber));
    return head;
  }

  /** Pressed once a column sorts, numbers from the largest; again the other way; a third time not at all. */
  #sortBy(column: number, isNumber: boolean): void {
    const before = this.#sort?.column === column ? this.#sort : undefined;
    if (before === undefined) this.#sort = { column, descending: isNumber };
    else if (before.descending === isNumber) this.#sort = { column, descending: !isNumber };
    else this.#sort = undefined;
    for (const [at, head] of this.#heads.entries()) {
      const sort = this.#sort?.column === at ? this.#sort : undefined;
      head.classList.toggle('ascending', sort?.descending === false);
      head.classList.toggle('descending', sort?.descending === true);
      const title = head.textContent ?? '';
      if (sort === undefined) head.setAttribute('aria-label', title);
      else
        head.setAttribute(
          'aria-label',
          sort.descending ? l10n.t('{0}, descending', title) : l10n.t('{0}, ascending', title),
        );
    }
    this.#rows.reset();
  }

  #searchSoon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#rows.reset(), PAUSE_MS);
  }
}

/** The column whose text leads to the function. */
function linkedColumn(list: WasmList): number {
  return { functions: 1, exports: 0, imports: 1, changes: 2 }[list];
}
