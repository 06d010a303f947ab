import * as l10n from '@vscode/l10n';
import { counted } from '../../wasm-core/protocol/figures.ts';
import type { ColumnInfo } from '../../wasm-core/protocol/methods.ts';
import type { ColumnSummary, RowFilter, SummaryBar } from '../../wasm-core/protocol/result-query.ts';
import { element } from '../dom.ts';
import { valueText } from '../filter/filter-text.ts';
import { drawnText } from '../grid/cell-text.ts';

/** What a card is made from. */
export interface ColumnCardOptions {
  readonly column: ColumnInfo;
  /** Of the column, from 0. */
  readonly index: number;
  readonly addFilter: (filter: RowFilter) => void;
}

/** What one column holds: figures, and bars that filter when they are pressed. */
export class ColumnCard {
  readonly node: HTMLElement;
  readonly index: number;
  readonly #options: ColumnCardOptions;
  readonly #body = element('div', { class: 'card-body' });
  /** Whether it shows an answer, or why there is none. */
  isFilled = false;

  constructor(options: ColumnCardOptions) {
    this.#options = options;
    this.index = options.index;
    const { name, type } = options.column;
    const title = drawnText(name) || l10n.t('column {0}', options.index + 1);
    this.node = element('section', { class: 'column-card', attributes: { 'aria-label': title } }, [
      element('h2', { class: 'card-title' }, [
        element('span', { class: 'name', text: title, attributes: { title } }),
        element('span', { class: 'type', text: type, attributes: { title: type } }),
      ]),
      this.#body,
    ]);
    this.forget();
  }

  /** Shows that its figures are still to come. */
  forget(): void {
    this.isFilled = false;
    this.#body.replaceChildren(element('p', { class: 'card-note', text: l10n.t('Summarizing…') }));
    this.node.setAttribute('aria-busy', 'true');
  }

  /** Puts the focus on its first bar, if it has one. */
  focus(): void {
    this.#body.querySelector('button')?.focus({ preventScroll: true });
  }

  /** Shows why there is nothing to show. */
  fail(message: string): void {
    this.isFilled = true;
    this.#body.replaceChildren(element('p', { class: 'card-note failed', text: message }));
    this.node.removeAttribute('aria-busy');
  }

  /** Shows what the column holds. @param rowCount of the rows that it is about */
  fill(summary: ColumnSummary, rowCount: number): void {
    this.isFilled = true;
    this.node.removeAttribute('aria-busy');
    this.#body.replaceChildren(
      figures(summary, rowCount),
      this.#bars(summary, rowCount),
      ...this.#nulls(summary, rowCount),
    );
  }

  #bars({ look, bars, distinct }: ColumnSummary, rowCount: number): HTMLElement {
    if (bars.length === 0) {
      const text = distinct === 0 ? l10n.t('No values.') : l10n.t('Most values occur once.');
      return element('p', { class: 'card-note', text });
    }
    const most = Math.max(...bars.map((bar) => bar.rowCount), 1);
    const list = element('ol', { class: look === 'histogram' ? 'spread histogram' : 'spread top' });
    list.setAttribute(
      'aria-label',
      look === 'histogram' ? l10n.t('How values are spread') : l10n.t('Most frequent values'),
    );
    list.append(...bars.map((bar) => this.#bar(bar, { look, most, rowCount })));
    return list;
  }

  #bar(
    { text, rowCount, filter }: SummaryBar,
    options: { readonly look: ColumnSummary['look']; readonly most: number; readonly rowCount: number },
  ): HTMLElement {
    const { look, most } = options;
    const value = look === 'top' ? valueText(text) : text;
    const rows = counted(rowCount, l10n.t('{0} row'), l10n.t('{0} rows'));
    const label = `${value}: ${rows}${shareText(rowCount, options.rowCount)}`;
    const fill = element('span', { class: 'spread-fill' });
    fill.style.setProperty('--share', String(rowCount / most));
    const button = element('button', {
      class: 'spread-bar',
      attributes: { type: 'button', title: label },
      onClick: () => this.#options.addFilter(filter),
    });
    button.append(fill);
    const name = l10n.t('{0}. Show only these', label);
    // A name of its own would have to begin with what is seen.
    if (look === 'histogram') button.setAttribute('aria-label', name);
    if (look === 'top') {
      button.append(
        element('span', { class: 'spread-value', text: value }),
        element('span', { class: 'spread-count', text: rowCount.toLocaleString('en-US') }),
        element('span', { class: 'unseen', text: name }),
      );
    }
    return element('li', {}, [button]);
  }

  /** A way to the rows without a value, and to those with one. */
  #nulls({ nulls }: ColumnSummary, rowCount: number): HTMLElement[] {
    if (nulls === 0 || nulls === rowCount) return [];
    const { addFilter, index: column } = this.#options;
    const link = (text: string, negated: boolean): HTMLElement =>
      element('button', {
        class: 'link',
        text,
        attributes: { type: 'button' },
        onClick: () => addFilter({ column, test: 'null', ...(negated && { negated }) }),
      });
    return [
      element('div', { class: 'card-links' }, [
        link(l10n.t('Only NULL'), false),
        link(l10n.t('Not NULL'), true),
      ]),
    ];
  }
}

function figures(summary: ColumnSummary, rowCount: number): HTMLElement {
  const { nulls, distinct, isDistinctExact, min, max, mean, quartiles } = summary;
  const different = distinct.toLocaleString('en-US');
  const lines: readonly (readonly [string, string | undefined])[] = [
    ['NULL', `${nulls.toLocaleString('en-US')}${shareText(nulls, rowCount)}`],
    [l10n.t('Different'), isDistinctExact ? different : `≈ ${different}`],
    [l10n.t('Least'), min && valueText(min)],
    [l10n.t('Quarter'), quartiles?.[0]],
    [l10n.t('Median'), quartiles?.[1]],
    [l10n.t('Three quarters'), quartiles?.[2]],
    [l10n.t('Greatest'), max && valueText(max)],
    [l10n.t('Mean'), mean],
  ];
  const list = element('dl', { class: 'column-figures' });
  for (const [name, value] of lines) {
    if (value === undefined) continue;
    list.append(
      element('div', {}, [
        element('dt', { text: name }),
        element('dd', { text: value, attributes: { title: value } }),
      ]),
    );
  }
  return list;
}

/** Such as ` (12.5 %)`; empty where there is nothing to have a share of. */
function shareText(count: number, of: number): string {
  if (of === 0) return '';
  const percent = (100 * count) / of;
  const digits = percent > 0 && percent < 10 ? 1 : 0;
  return ` (${percent.toFixed(digits)} %)`;
}
