import * as l10n from '@vscode/l10n';
import { counted } from '../../wasm-core/protocol/figures.ts';
import type { FromResultsPage } from '../../wasm-core/protocol/webview.ts';
import { element } from '../dom.ts';
import { filterText, sortText } from './filter-text.ts';
import type { RowQuery } from './row-query.ts';

/** A bar above a result with what selects and sorts its rows; it is hidden while nothing does. */
export class FilterBar {
  readonly node = element('section', { class: 'filter-bar' });
  readonly #query: RowQuery;
  readonly #send: (message: FromResultsPage) => void;
  readonly #chips = element('ul', { class: 'chips' });
  readonly #state = element('span', { class: 'filter-state', attributes: { role: 'status' } });
  readonly #sql = element('code', { class: 'filter-sql' });
  readonly #buttons: readonly HTMLButtonElement[];
  readonly #retry: HTMLButtonElement;
  readonly #end: () => void;

  /** @param send takes messages for the extension */
  constructor(query: RowQuery, send: (message: FromResultsPage) => void) {
    this.#query = query;
    this.#send = send;
    this.node.setAttribute('aria-label', l10n.t('Filters'));
    this.#chips.setAttribute('aria-label', l10n.t('What selects and sorts the rows'));
    this.#buttons = [
      button(l10n.t('Copy SQL'), () => this.#giveSql('clipboard')),
      button(l10n.t('Open in Editor'), () => this.#giveSql('editor')),
    ];
    this.#retry = button(l10n.t('Try again'), () => query.retry());
    this.node.append(
      element('div', { class: 'filter-line' }, [
        this.#chips,
        this.#state,
        this.#retry,
        button(l10n.t('Clear'), () => this.#clear()),
      ]),
      element('div', { class: 'filter-line' }, [this.#sql, ...this.#buttons]),
    );
    this.#end = query.onChange(() => this.#draw());
    this.#draw();
  }

  /** Idempotent. */
  dispose(): void {
    this.#end();
  }

  #draw(): void {
    const { filters, sort } = this.#query.selection;
    const { columns } = this.#query.all.view;
    this.node.hidden = filters.length === 0 && sort.length === 0;
    const chips = [
      ...filters.map((filter, index) => ({
        text: filterText(filter, columns),
        remove: () => this.#query.removeFilter(index),
      })),
      ...sort.map((key) => ({
        text: sortText(key, columns),
        remove: () => this.#query.sortBy(sort.filter((each) => each !== key)),
      })),
    ];
    // The button that was pressed goes; the focus stays among its like.
    const focused = [...this.#chips.querySelectorAll('button')].indexOf(
      document.activeElement as HTMLButtonElement,
    );
    this.#chips.replaceChildren(...chips.map(chip));
    if (focused >= 0) {
      const buttons = this.#chips.querySelectorAll('button');
      if (buttons.length === 0) this.#leave();
      else buttons[Math.min(focused, buttons.length - 1)]?.focus();
    }
    this.#drawState();
  }

  #drawState(): void {
    const { phase, shown } = this.#query;
    this.#state.classList.toggle('failed', phase.type === 'failed');
    this.#state.textContent = this.#stateText();
    this.#retry.hidden = phase.type !== 'failed';
    const sql = phase.type === 'failed' || shown === undefined ? '' : shown.sql;
    this.#sql.textContent = sql;
    this.#sql.title = sql;
    for (const each of this.#buttons) each.disabled = sql === '';
  }

  #stateText(): string {
    const { phase, shown, all } = this.#query;
    if (phase.type === 'failed') return phase.message;
    if (phase.type === 'asking' && !phase.isFirst) return l10n.t('Filtering…');
    if (shown === undefined) return '';
    const rows = shown.matchCount.toLocaleString('en-US');
    const total = all.view.rowCount;
    const matched = counted(total, l10n.t('{0} row'), l10n.t('{0} rows'));
    const text = l10n.t('{0} of {1}', rows, matched);
    return phase.type === 'asking' ? l10n.t('{0}, the first are shown…', text) : text;
  }

  #clear(): void {
    this.#query.clear();
    this.#leave();
  }

  /** The bar goes; the focus would, too. */
  #leave(): void {
    const below = this.node.parentElement;
    const target = below?.querySelector<HTMLElement>('[role=grid], .summary-facet');
    (target ?? below?.querySelector<HTMLElement>('[role=tab][aria-selected=true]'))?.focus();
  }

  #giveSql(to: 'clipboard' | 'editor'): void {
    const { shown } = this.#query;
    if (shown !== undefined) this.#send({ type: 'selectionSql', id: shown.view.id, to });
  }
}

function chip({ text, remove }: { readonly text: string; readonly remove: () => void }): HTMLElement {
  return element('li', { class: 'chip' }, [
    element('span', { class: 'chip-text', text, attributes: { title: text } }),
    element('button', {
      class: 'bar-button',
      text: '✕',
      attributes: { type: 'button', 'aria-label': l10n.t('Remove {0}', text) },
      onClick: remove,
    }),
  ]);
}

function button(text: string, onClick: () => void): HTMLButtonElement {
  return element('button', { class: 'link', text, attributes: { type: 'button' }, onClick });
}
