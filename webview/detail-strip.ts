import * as l10n from '@vscode/l10n';
import { counted } from '../wasm-core/protocol/figures.ts';
import { element } from './dom.ts';
import { drawnText } from './grid/cell-text.ts';
import type { CellRange } from './grid/copy-text.ts';
import { cellsOf, MAX_CELLS, selectionStats } from './grid/selection-stats.ts';
import { beginningOf } from './long-text.ts';
import type { PageStore } from './page-store.ts';
import { showText } from './visible-text.ts';

/** What the strip's buttons do. */
export interface StripActions {
  open(): void;
  /** @param place of the window, for a menu */
  copy(place: { readonly x: number; readonly y: number }): void;
  find(): void;
}

/** The line below a grid: what is selected, its figures, and one cell's text in full. */
export class DetailStrip {
  readonly node: HTMLElement;
  readonly #place = element('div', { class: 'place' });
  readonly #name = element('span', { class: 'name' });
  readonly #type = element('span', { class: 'type' });
  readonly #size = element('span', { class: 'size' });
  readonly #figures = element('span', { class: 'figures' });
  readonly #note = element('span', { class: 'note', attributes: { role: 'status' } });
  readonly #text = element('pre', {
    class: 'text',
    attributes: { tabindex: '0', 'aria-label': l10n.t('Selected value') },
  });
  #adding: AbortController | undefined;
  /** What was added up last, so that arriving pages do not start it again. */
  #added = '';

  constructor(actions: StripActions) {
    const copy = button(l10n.t('Copy…'), l10n.t('Copy in another format'));
    copy.addEventListener('click', () => {
      const { left, top } = copy.getBoundingClientRect();
      actions.copy({ x: left, y: top });
    });
    const open = button(l10n.t('Open'), l10n.t('Open the value (Enter)'));
    open.addEventListener('click', () => actions.open());
    const find = button(l10n.t('Find'), l10n.t('Find in all rows (Ctrl+F)'));
    find.addEventListener('click', () => actions.find());
    this.#place.append(this.#name, this.#type, this.#size, this.#figures, this.#note);
    this.node = element('section', { class: 'detail', attributes: { 'aria-label': l10n.t('Selection') } }, [
      this.#place,
      this.#text,
      element('div', { class: 'strip-buttons' }, [find, open, copy]),
    ]);
  }

  /** Shows a selection of a result, and the value of its active cell. */
  show(store: PageStore, { row, column }: { row: number; column: number }, range: CellRange): void {
    const { name = '', type = '' } = store.view.columns[column] ?? {};
    showText(this.#name, drawnText(name));
    this.#type.textContent = type;
    this.#size.textContent = extentText(store, row, range);
    this.#note.textContent = '';
    const value = store.value(row, column);
    this.#text.classList.toggle('null', value.state === 'value' && value.isNull);
    this.#text.classList.toggle('empty', value.state === 'value' && value.text === '');
    if (value.state === 'value') {
      this.#text.dir = 'auto';
      showText(this.#text, beginningOf(value.text), { isMultiline: true });
    } else this.#text.textContent = value.state === 'failed' ? value.message : '…';
    void this.#addUp(store, range);
  }

  /** Shows a sentence beside the selection until the next change, such as what was copied. */
  note(text: string): void {
    this.#note.textContent = text;
  }

  /** Idempotent. */
  dispose(): void {
    this.#adding?.abort();
  }

  async #addUp(store: PageStore, range: CellRange): Promise<void> {
    const key = `${store.view.id} ${range.top} ${range.bottom} ${range.columns.join()}`;
    if (key === this.#added) return;
    this.#added = key;
    this.#adding?.abort();
    this.#figures.textContent = '';
    const cells = cellsOf(range);
    if (cells <= 1) return;
    if (cells > MAX_CELLS) {
      this.#figures.textContent = l10n.t('no sums of more than {0} cells', MAX_CELLS.toLocaleString('en-US'));
      return;
    }
    const adding = new AbortController();
    this.#adding = adding;
    const stats = await selectionStats(store, range, adding.signal);
    if (stats === undefined || adding.signal.aborted) return;
    const { values, nulls, numbers } = stats;
    const parts = [
      counted(values, l10n.t('{0} value'), l10n.t('{0} values')),
      ...(nulls > 0 ? [`${nulls.toLocaleString('en-US')} NULL`] : []),
    ];
    if (numbers !== undefined) {
      const { sum, average, min, max } = numbers;
      parts.push(
        l10n.t('sum {0}', sum),
        l10n.t('average {0}', average),
        l10n.t('min {0}', min),
        l10n.t('max {0}', max),
      );
    }
    this.#figures.replaceChildren(...parts.map((text) => element('span', { text })));
  }
}

function button(text: string, title: string): HTMLElement {
  return element('button', { class: 'link', text, attributes: { type: 'button', title } });
}

function extentText({ view }: PageStore, row: number, range: CellRange): string {
  if (cellsOf(range) === 1)
    return l10n.t('row {0} of {1}', (row + 1).toLocaleString('en-US'), view.rowCount.toLocaleString('en-US'));
  const rows = counted(range.bottom - range.top + 1, l10n.t('{0} row'), l10n.t('{0} rows'));
  return `${rows} × ${counted(range.columns.length, l10n.t('{0} column'), l10n.t('{0} columns'))}`;
}
