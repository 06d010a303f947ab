import { DetailStrip } from './detail-strip.ts';
import { element } from './dom.ts';
import { copyText } from './grid/copy-text.ts';
import { Grid } from './grid/grid.ts';
import type { Selection } from './grid/selection.ts';
import type { PageStore } from './page-store.ts';
import { countText, rowsText } from './summary-text.ts';

/** One result: its grid and the strip below, or a sentence when the statement gives no rows. */
export class ResultPanel {
  readonly node: HTMLElement;
  readonly store: PageStore;
  readonly #copy: (text: string) => void;
  readonly #detail = new DetailStrip();
  readonly #grid: Grid | undefined;

  /** @param copy puts text on the clipboard */
  constructor(store: PageStore, copy: (text: string) => void) {
    this.store = store;
    this.#copy = copy;
    const { columns, rowCount, id } = store.view;
    this.node = element('div', { class: 'result' });
    if (columns.length === 0) {
      this.node.append(sentence(`${rowsText(store.view)}.`));
      return;
    }
    this.#grid = new Grid(store, `cell-${id}`, {
      changed: (selection) => rowCount > 0 && this.#detail.show(store, selection),
      copy: (selection, options) => void this.#copyCells(selection, options),
    });
    this.node.append(this.#grid.node);
    if (rowCount === 0) this.node.append(sentence('No rows.'));
    else this.node.append(this.#detail.node);
  }

  /** Draws, after the panel was put into the page. */
  shown(): void {
    this.#grid?.shown();
  }

  /** Draws again, after rows have arrived. */
  refresh(): void {
    this.#grid?.refresh();
  }

  focus(): void {
    this.#grid?.node.focus({ preventScroll: true });
  }

  /** Idempotent. */
  dispose(): void {
    this.#grid?.dispose();
    this.node.remove();
  }

  async #copyCells(selection: Selection, options: { readonly names: boolean }): Promise<void> {
    if (this.store.view.rowCount === 0) return;
    const { text, rows, cutBecause } = await copyText(this.store, selection, options);
    this.#copy(text);
    const copied =
      cutBecause === undefined
        ? `Copied ${countText(rows, 'row')}`
        : `Copied only ${countText(rows, 'row')}. ${cutBecause}`;
    this.#detail.note(copied);
  }
}

function sentence(text: string): HTMLElement {
  return element('p', { class: 'sentence', text });
}
