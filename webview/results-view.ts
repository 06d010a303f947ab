import * as l10n from '@vscode/l10n';
import type { FailureView, ResultView, RunUnderWay } from '../wasm-core/protocol/webview.ts';
import { element } from './dom.ts';
import type { PageMemory } from './page-memory.ts';
import { PageStore } from './page-store.ts';
import { type ResultAsker, ResultPanel } from './result-panel.ts';
import { failureTab, moreButton, resultTab, runAgainButton, type Send, type Tab } from './result-tabs.ts';
import { RunningStrip } from './running-strip.ts';
import { TabBar } from './tab-bar.ts';

/** What a run gave, or has given so far. */
export interface RunResults {
  readonly results: readonly ResultView[];
  /** Schema bytes of each result, by index. */
  readonly schemas: readonly ArrayBuffer[];
  readonly micros: number;
  /** While the last result gets more rows. */
  readonly running?: RunUnderWay;
  /** The statement that failed behind them. */
  readonly failure?: FailureView;
  /** The text of a button that asks for more rows. */
  readonly more?: string;
  /** `file`: of a data file, which need not be written to one. */
  readonly origin?: 'file';
}

/** What a view of results needs around it. */
export interface ResultsViewContext {
  readonly send: Send;
  readonly asker: ResultAsker;
  readonly memory: PageMemory;
}

/** All results of a run: a line that sums up, tabs when there are several, and the one that is chosen. */
export class ResultsView {
  readonly node: HTMLElement;
  readonly #context: ResultsViewContext;
  readonly #head = element('header', { class: 'toolbar' });
  readonly #summary = element('div', { class: 'summary', attributes: { role: 'status' } });
  readonly #actions = element('div', { class: 'actions' });
  readonly #outdated = element('div', { class: 'outdated', attributes: { role: 'status' } });
  readonly #running = element('div');
  readonly #body = element('div', { class: 'body' });
  #panels: readonly ResultPanel[] = [];
  #shown: readonly Tab[] = [];
  #tabs: TabBar | undefined;
  #chosen = 0;
  #strip: RunningStrip | undefined;

  constructor(run: RunResults, context: ResultsViewContext) {
    this.#context = context;
    this.node = element('div', { class: 'results' }, [this.#head, this.#running, this.#outdated, this.#body]);
    this.#setRun(run);
    this.#choose(this.#kept(run) ?? this.#first(run));
    if (run.results.length === 0 && run.failure === undefined && run.running === undefined) {
      this.#body.append(element('p', { class: 'sentence', text: l10n.t('Nothing was run.') }));
    }
  }

  /** Whether it shows a run that is under way, of which this is what has come of it. */
  isOf({ results }: RunResults): boolean {
    if (this.#strip === undefined || results.length < this.#panels.length) return false;
    return this.#panels.every(({ store }, index) => store.view.id === results[index]?.id);
  }

  /** Takes what has come of the run that it shows; what the user looks at stays where it is. */
  become(run: RunResults): void {
    const wasLast = this.#chosen === this.#shown.length - 1;
    const focused = document.activeElement;
    const hadFocus = this.#head.contains(focused) || this.#running.contains(focused);
    this.#setRun(run);
    // Whoever looks at what comes last is shown what comes next.
    this.#choose(wasLast ? this.#first(run) : this.#chosen);
    if (hadFocus && !this.node.contains(document.activeElement)) this.#panels[this.#chosen]?.focus();
  }

  /** Says how far the run is. */
  progress(percent: number, message?: string): void {
    this.#strip?.progress(percent, message);
  }

  /** Takes rows that were added to a result. */
  grow(id: string, grown: Pick<ResultView, 'pages' | 'rowCount'>): void {
    const panel = this.#panelOf(id);
    if (panel === undefined) return;
    panel.store.grow(grown);
    panel.refresh();
    this.#strip?.rows(panel.store.view.rowCount);
  }

  /** Says that what the rows depend on was changed, and offers to run again. @param changes what, for people */
  outdated(changes: readonly string[]): void {
    const text = l10n.t('Changed since: {0}.', changes.join(', '));
    this.#outdated.replaceChildren(element('span', { text }), runAgainButton(this.#context.send));
  }

  /** Takes a page of rows that was pulled; one of an earlier run is dropped. */
  take(id: string, page: number, bytes: ArrayBuffer): void {
    const panel = this.#panelOf(id);
    panel?.rowsOf(id)?.take(page, bytes);
    panel?.refresh();
  }

  /** Notes that a page cannot be had. */
  fail(id: string, page: number, message: string): void {
    const panel = this.#panelOf(id);
    panel?.rowsOf(id)?.fail(page, message);
    panel?.refresh();
  }

  dispose(): void {
    this.#strip?.dispose();
    for (const panel of this.#panels) panel.dispose();
  }

  #setRun(run: RunResults): void {
    const { send } = this.#context;
    this.#panels = run.results.map((view, index) => {
      const known = this.#panels[index];
      known?.become(view);
      return known ?? this.#createPanel(view, run.schemas[index] ?? new ArrayBuffer(0));
    });
    const hasExport = run.origin !== 'file' && run.running === undefined;
    this.#shown = [
      ...this.#panels.map((panel) => resultTab(panel, { send, hasExport })),
      ...(run.failure === undefined ? [] : [failureTab(run.failure, send)]),
    ];
    this.#setStrip(run);
    this.#tabs = this.#shown.length > 1 ? this.#createTabs() : undefined;
    this.#head.replaceChildren(
      ...this.#title(run),
      this.#summary,
      this.#actions,
      ...(run.more === undefined ? [] : [moreButton(run.more, send)]),
    );
  }

  #createPanel(view: ResultView, schema: ArrayBuffer): ResultPanel {
    const { send, asker, memory } = this.#context;
    const store = new PageStore(view, schema, (page) => send({ type: 'pull', id: view.id, page }));
    return new ResultPanel({ store, asker, send, memory });
  }

  #setStrip({ running, results }: RunResults): void {
    if (running === undefined) {
      this.#strip?.dispose();
      this.#strip = undefined;
      this.#running.replaceChildren();
      return;
    }
    this.#strip ??= new RunningStrip(running, () => this.#context.send({ type: 'cancel' }));
    this.#strip.rows(results.at(-1)?.rowCount ?? 0);
    if (this.#running.firstChild === null) this.#running.append(this.#strip.node);
  }

  /** The tab that a run shows first. */
  #first({ failure }: RunResults): number {
    if (failure !== undefined) return this.#shown.length - 1;
    return Math.max(
      0,
      this.#panels.findLastIndex(({ store }) => store.view.columns.length > 0),
    );
  }

  /** The tab that was chosen when the run was looked at before. */
  #kept({ results }: RunResults): number | undefined {
    const kept = this.#context.memory.get(tabName(results));
    return typeof kept === 'number' && kept in this.#shown ? kept : undefined;
  }

  #panelOf(id: string): ResultPanel | undefined {
    return this.#panels.find((panel) => panel.rowsOf(id) !== undefined);
  }

  /** The statement, or the tabs of all of them. */
  #title({ results }: RunResults): readonly HTMLElement[] {
    if (this.#tabs === undefined) {
      const title = results[0]?.title ?? '';
      return [element('h1', { class: 'title', text: title, attributes: { title } })];
    }
    return [element('h1', { class: 'unseen', text: l10n.t('Results') }), this.#tabs.node];
  }

  #createTabs(): TabBar {
    return new TabBar({
      label: l10n.t('Statements'),
      tabs: this.#shown.map(({ title, hasFailed }, index) => ({ id: `tab-${index}`, title, hasFailed })),
      panel: this.#body,
      chosen: (index) => {
        this.#choose(index);
        this.#context.memory.set(tabName(this.#panels.map(({ store }) => store.view)), index);
      },
    });
  }

  #choose(index: number): void {
    const chosen = this.#shown[index];
    if (chosen === undefined) return;
    this.#chosen = index;
    this.#tabs?.mark(index);
    // What is there already keeps its focus and its place.
    if (this.#body.firstChild !== chosen.node) {
      this.#body.replaceChildren(chosen.node);
      chosen.shown();
    }
    this.#summary.replaceChildren(...chosen.summary);
    this.#actions.replaceChildren(...chosen.actions);
  }
}

/** Under which the chosen tab of a run is remembered. */
function tabName(results: readonly ResultView[]): string {
  return `tab ${results[0]?.id ?? ''}`;
}
