import * as l10n from '@vscode/l10n';
import type { RowFilter } from '../../wasm-core/protocol/result-query.ts';
import { element } from '../dom.ts';
import type { Facet, FacetContext } from '../facet.ts';
import { ColumnCard } from './column-card.ts';

/** What the columns of a result hold: a card for each, filled when it is looked at. */
export class SummaryFacet implements Facet {
  readonly node = element('div', { class: 'summary-facet' });
  readonly #context: FacetContext;
  readonly #cards: readonly ColumnCard[];
  readonly #observer: IntersectionObserver;
  readonly #end: () => void;
  /** Cards in view that wait for an answer, in the order in which they came. */
  readonly #wanted = new Set<ColumnCard>();
  #isAsking = false;
  /** The one that had the focus before it was asked for anew. */
  #focused: ColumnCard | undefined;
  /** What the cards tell of; they are asked for anew when it changes. */
  #filters: readonly RowFilter[] = [];

  constructor(context: FacetContext) {
    this.#context = context;
    const { query, store } = context;
    this.node.tabIndex = -1;
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', l10n.t('Columns in summary'));
    this.#cards = store.view.columns.map(
      (column, index) => new ColumnCard({ column, index, addFilter: (filter) => query.addFilter(filter) }),
    );
    this.node.append(...this.#cards.map(({ node }) => node));
    this.#observer = new IntersectionObserver((entries) => this.#seen(entries), {
      root: this.node,
      rootMargin: '200px',
    });
    for (const { node } of this.#cards) this.#observer.observe(node);
    this.#end = query.onChange(() => this.#changed());
    this.#filters = query.selection.filters;
  }

  shown(): void {
    // What is asked for is what is in view, which the observer tells.
  }

  refresh(): void {
    // Rows that arrive change nothing here.
  }

  dispose(): void {
    this.#end();
    this.#observer.disconnect();
    this.#wanted.clear();
    this.node.remove();
  }

  /** Of other rows all cards tell something else; those in view are asked for at once. */
  #changed(): void {
    const { filters } = this.#context.query.selection;
    if (filters === this.#filters) return;
    this.#filters = filters;
    this.#wanted.clear();
    this.#focused = this.#cards.find(({ node }) => node.contains(document.activeElement));
    // What it is on goes, and comes again with the answer.
    if (this.#focused !== undefined) this.node.focus({ preventScroll: true });
    for (const card of this.#cards) {
      card.forget();
      this.#observer.unobserve(card.node);
      this.#observer.observe(card.node);
    }
  }

  #seen(entries: readonly IntersectionObserverEntry[]): void {
    for (const { target, isIntersecting } of entries) {
      const card = this.#cards.find(({ node }) => node === target);
      if (card === undefined || card.isFilled) continue;
      if (isIntersecting) this.#wanted.add(card);
      else this.#wanted.delete(card);
    }
    void this.#askNext();
  }

  /** One after the other, so that those that are scrolled away are not computed. */
  async #askNext(): Promise<void> {
    if (this.#isAsking) return;
    this.#isAsking = true;
    for (let [card] = this.#wanted; card !== undefined; [card] = this.#wanted) {
      this.#wanted.delete(card);
      await this.#fill(card, this.#filters);
    }
    this.#isAsking = false;
  }

  async #fill(card: ColumnCard, filters: readonly RowFilter[]): Promise<void> {
    const { asker, store } = this.#context;
    const { id } = store.view;
    try {
      const question = { kind: 'summary', id, columns: [card.index], filters } as const;
      const { columns, rowCount } = await asker.ask(question);
      const [summary] = columns;
      if (filters !== this.#filters || summary === undefined) return;
      card.fill(summary, rowCount);
      if (card === this.#focused && document.activeElement === this.node) card.focus();
    } catch (error) {
      if (filters === this.#filters) card.fail(error instanceof Error ? error.message : String(error));
    }
  }
}
