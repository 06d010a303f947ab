import * as l10n from '@vscode/l10n';
import type { ResultAnswers, ResultQuestion } from '../wasm-core/protocol/result-questions.ts';
import type { ResultView } from '../wasm-core/protocol/webview.ts';
import type { Asker } from './asker.ts';
import { element } from './dom.ts';
import type { Facet, FacetChoice, FacetContext } from './facet.ts';
import { FACETS, isSelectable } from './facets.ts';
import { FilterBar } from './filter/filter-bar.ts';
import { parseSelection } from './filter/parse-selection.ts';
import { RowQuery } from './filter/row-query.ts';
import type { PageStore } from './page-store.ts';
import { rowsText } from './summary-text.ts';
import { TabBar } from './tab-bar.ts';
import { RenderClock } from './timeline/render-clock.ts';
import { TimelineStrip } from './timeline/timeline-strip.ts';

/** Asks the extension about results. */
export type ResultAsker = Asker<ResultQuestion, ResultAnswers>;

/** One result in the ways of looking at it that fit, or a sentence when the statement gives no rows. */
export class ResultPanel {
  readonly node = element('div', { class: 'result' });
  readonly store: PageStore;
  #time: TimelineStrip;
  readonly #context: FacetContext;
  readonly #query: RowQuery;
  readonly #filters: FilterBar;
  #choices: readonly FacetChoice[] = [];
  readonly #facets = new Map<FacetChoice, Facet>();
  readonly #body = element('div', { class: 'result' });
  #chosen: FacetChoice | undefined;
  /** Whether the user chose it. */
  #isPicked = false;
  #render: RenderClock | undefined;
  #wasShown = false;

  constructor(context: Omit<FacetContext, 'query'>) {
    const { store, asker, send, memory } = context;
    this.store = store;
    this.#query = new RowQuery({
      store,
      asker,
      pull: (id, page) => send({ type: 'pull', id, page }),
      remember: (selection) => memory.set(this.#selectionName, selection),
    });
    this.#context = { ...context, query: this.#query };
    this.#filters = new FilterBar(this.#query, send);
    const { view } = context.store;
    this.#time = timeStrip(view);
    this.#render = view.timeline && new RenderClock((micros) => this.#time.rendered(micros));
    this.node.append(this.#time.node);
    if (view.columns.length === 0 && view.plan === undefined) {
      this.node.append(element('p', { class: 'sentence', text: `${rowsText(view)}.` }));
      return;
    }
    this.#offer();
  }

  /** Where the statement's time went. */
  get time(): TimelineStrip {
    return this.#time;
  }

  /** The rows that are shown: all of them, or those that were selected. */
  get shownRows(): PageStore {
    return this.#query.store;
  }

  /** The rows with this id, if they are of this result. */
  rowsOf(id: string): PageStore | undefined {
    return [this.store, this.#query.store].find((store) => store.view.id === id);
  }

  /** Takes what is known of the same rows by now. */
  become(view: ResultView): void {
    const wasGrowing = this.store.view.isGrowing;
    this.store.become(view);
    const time = timeStrip(view);
    this.#time.node.replaceWith(time.node);
    this.#time = time;
    this.#render ??= view.timeline && new RenderClock((micros) => this.#time.rendered(micros));
    if (this.node.isConnected) this.#render?.begin();
    if (wasGrowing && !view.isGrowing) {
      this.#offer();
      if (this.node.isConnected) this.shown();
    }
    this.refresh();
  }

  focus(): void {
    this.node.querySelector<HTMLElement>('[role="grid"], [tabindex="0"]')?.focus({ preventScroll: true });
  }

  /** Draws, after the panel was put into the page. */
  shown(): void {
    this.#render?.begin();
    const choice = this.#chosen;
    if (choice === undefined) return;
    if (!this.#wasShown) this.#restoreSelection();
    this.#wasShown = true;
    const facet = this.#facets.get(choice) ?? choice.create(this.#context);
    this.#facets.set(choice, facet);
    if (this.#body.firstChild !== facet.node) this.#body.replaceChildren(facet.node);
    facet.shown();
    // Rows are drawn once their page is here.
    if (this.#choices.some(({ id }) => id === 'rows') && this.store.view.rowCount > 0) return;
    this.#render?.drawn();
  }

  /** Draws again, after rows have arrived. */
  refresh(): void {
    if (this.#chosen !== undefined) this.#facets.get(this.#chosen)?.refresh();
    this.#render?.drawn();
  }

  /** Idempotent. */
  dispose(): void {
    this.#filters.dispose();
    for (const facet of this.#facets.values()) facet.dispose();
    this.#facets.clear();
    this.node.remove();
  }

  /** Under which it is remembered what selects the rows. */
  get #selectionName(): string {
    return `${this.store.view.id} selection`;
  }

  /** Selects the rows as they were before the page was loaded; a result of which nobody looks at anything asks nothing. */
  #restoreSelection(): void {
    const { view } = this.store;
    const kept = parseSelection(this.#context.memory.get(this.#selectionName), view.columns.length);
    if (kept !== undefined && isSelectable(view)) this.#query.restore(kept);
  }

  /** Offers the ways that fit; of rows that still come, the rows alone. */
  #offer(): void {
    const { isGrowing } = this.store.view;
    this.#choices = FACETS.filter((choice) =>
      isGrowing ? choice.id === 'rows' : choice.fits(this.#context),
    );
    const kept = this.#context.memory.get(`${this.store.view.id} facet`);
    const known = this.#choices.find(({ id }) => id === kept);
    if (known !== undefined) this.#chosen = known;
    else if (!this.#isPicked) {
      this.#chosen = this.#choices.find((choice) => choice.leads?.(this.#context)) ?? this.#choices[0];
    }
    if (this.#body.parentElement === null) this.node.append(this.#filters.node, this.#body);
    if (this.#choices.length < 2) return;
    const bar = this.#createTabs();
    bar.mark(
      Math.max(
        0,
        this.#choices.findIndex(({ id }) => id === this.#chosen?.id),
      ),
    );
    bar.node.classList.add('facets');
    this.#filters.node.before(bar.node);
  }

  #createTabs(): TabBar {
    return new TabBar({
      label: l10n.t('Views of the result'),
      tabs: this.#choices.map(({ id, label }) => ({
        id: `facet-${this.store.view.id}-${id}`,
        title: label(),
      })),
      panel: this.#body,
      chosen: (index) => {
        this.#chosen = this.#choices[index];
        this.#isPicked = true;
        this.#context.memory.set(`${this.store.view.id} facet`, this.#chosen?.id);
        this.shown();
      },
    });
  }
}

function timeStrip({ id, cost, timeline = {} }: ResultView): TimelineStrip {
  return new TimelineStrip(`time-${id}`, { micros: cost.micros, timeline });
}
