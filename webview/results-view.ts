import type { FromResultsPage, ResultView } from '../wasm-core/protocol/webview.ts';
import { element } from './dom.ts';
import { PageStore } from './page-store.ts';
import { ResultPanel } from './result-panel.ts';
import { durationText, functionsText, rowsText } from './summary-text.ts';

/** What a run gave. */
export interface RunResults {
  readonly results: readonly ResultView[];
  /** Schema bytes of each result, by index. */
  readonly schemas: readonly ArrayBuffer[];
  readonly micros: number;
}

/** All results of a run: a line that sums up, tabs when there are several, and the one that is chosen. */
export class ResultsView {
  readonly node: HTMLElement;
  readonly #panels: readonly ResultPanel[];
  readonly #summary = element('div', { class: 'summary', attributes: { role: 'status' } });
  readonly #body = element('div', { class: 'body' });
  readonly #tabs: readonly HTMLElement[];

  constructor(run: RunResults, send: (message: FromResultsPage) => void) {
    this.#panels = run.results.map((view, index) => {
      const pull = (page: number) => send({ type: 'pull', id: view.id, page });
      const store = new PageStore(view, run.schemas[index] ?? new ArrayBuffer(0), pull);
      return new ResultPanel(store, (text) => send({ type: 'copy', text }));
    });
    this.#tabs = run.results.length > 1 ? run.results.map((view, index) => this.#createTab(view, index)) : [];
    const head = element('header', { class: 'toolbar' }, [...this.#title(run), this.#summary]);
    this.node = element('div', { class: 'results' }, [head, this.#body]);
    if (this.#tabs.length > 0) {
      this.#body.id = 'chosen';
      this.#body.setAttribute('role', 'tabpanel');
    }
    this.#choose(
      Math.max(
        0,
        this.#panels.findLastIndex(({ store }) => store.view.columns.length > 0),
      ),
    );
  }

  /** Takes a page of rows that was pulled; one of an earlier run is dropped. */
  take(id: string, page: number, bytes: ArrayBuffer): void {
    const panel = this.#panels.find(({ store }) => store.view.id === id);
    panel?.store.take(page, bytes);
    panel?.refresh();
  }

  /** Notes that a page cannot be had. */
  fail(id: string, page: number, message: string): void {
    const panel = this.#panels.find(({ store }) => store.view.id === id);
    panel?.store.fail(page, message);
    panel?.refresh();
  }

  dispose(): void {
    for (const panel of this.#panels) panel.dispose();
  }

  /** The statement, or the tabs of all of them. */
  #title({ results }: RunResults): readonly HTMLElement[] {
    if (this.#tabs.length === 0) {
      const title = results[0]?.title ?? '';
      return [element('h1', { class: 'title', text: title, attributes: { title } })];
    }
    const attributes = { role: 'tablist', 'aria-label': 'Statements' };
    return [
      element('h1', { class: 'unseen', text: 'Results' }),
      element('div', { class: 'tabs', attributes }, this.#tabs),
    ];
  }

  #createTab(view: ResultView, index: number): HTMLElement {
    const tab = element('button', {
      class: 'tab',
      text: view.title,
      attributes: {
        type: 'button',
        role: 'tab',
        id: `tab-${index}`,
        'aria-controls': 'chosen',
        title: view.title,
      },
      onClick: () => this.#choose(index),
    });
    tab.addEventListener('keydown', (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (step === undefined) return;
      // The key would scroll the tabs too, away from the one that is chosen.
      event.preventDefault();
      const next = (index + step + this.#panels.length) % this.#panels.length;
      this.#choose(next);
      this.#tabs[next]?.focus();
    });
    return tab;
  }

  #choose(index: number): void {
    const panel = this.#panels[index];
    if (panel === undefined) return;
    this.#tabs.forEach((tab, at) => {
      tab.setAttribute('aria-selected', String(at === index));
      tab.tabIndex = at === index ? 0 : -1;
    });
    if (this.#tabs.length > 0) this.#body.setAttribute('aria-labelledby', `tab-${index}`);
    this.#body.replaceChildren(panel.node);
    panel.shown();
    this.#summary.replaceChildren(...summaryParts(panel.store.view));
    // In the next frame, for at first the tabs are not in the page yet.
    requestAnimationFrame(() => this.#tabs[index]?.scrollIntoView({ block: 'nearest', inline: 'nearest' }));
  }
}

function summaryParts(view: ResultView): HTMLElement[] {
  const texts = [rowsText(view), durationText(view.cost.micros), functionsText(view)];
  return texts.filter((text) => text !== '').map((text) => element('span', { text }));
}
