import * as vscode from 'vscode';
import { assertNever } from '../../wasm-core/protocol/assert-never.ts';
import type { FromResultsPage, RunLabel, ToResultsPage } from '../../wasm-core/protocol/webview.ts';
import type { RunOutcome } from '../run/run-outcome.ts';
import type { RunRecorder } from '../run/run-recorder.ts';
import type { RunRequest, RunView } from '../run/runner.ts';
import type { HostParts } from './ask-host.ts';
import { exportChart, saveChart } from './chart-actions.ts';
import type { GoneRun } from './gone-run.ts';
import { keptContent, unopenedContent } from './kept-content.ts';
import { LiveRun, type RowsSoFar } from './live-run.ts';
import { outcomeContent, outcomeText } from './outcome-content.ts';
import { parseFromPage } from './page-messages.ts';
import { answerMessage, WAITING } from './result-answers.ts';
import { pageMessage } from './result-views.ts';
import {
  type ComparedRows,
  comparisonContent,
  failedContent,
  type GivenRows,
  type RanRequest,
  type RunContent,
} from './run-content.ts';
import { comparisonMemo, type StatementsMemo } from './run-memo.ts';
import { RunMemory } from './run-memory.ts';
import { RunQuestions } from './run-questions.ts';
import { RunShelf } from './run-shelf.ts';
import { showSelectionSql } from './selected-runs.ts';
import { showFailurePlace } from './show-failure-place.ts';
import { WebviewPage } from './webview-page.ts';
import { chartsFor, type NamedCharts } from './workspace-charts.ts';

/** A run that ends sooner is not announced, for the page would flicker. Milliseconds. */
const ANNOUNCE_AFTER_MS = 150;

/** A run under way. */
interface Current extends RanRequest {
  readonly runId: number;
  readonly live: LiveRun;
  readonly charts: Promise<NamedCharts>;
  /** What the page shows of it; undefined until it is announced. */
  state: ToResultsPage | undefined;
  /** Whether the user looks at another run meanwhile. */
  isAside: boolean;
}

/** Shows runs in the results page: what runs, how it ended, the rows that the page asks for, and the runs before it. */
export class ResultsPanel implements RunView, vscode.Disposable {
  readonly #page: WebviewPage<ToResultsPage, FromResultsPage>;
  readonly #cancelAsked = new vscode.EventEmitter<void>();
  readonly #runAgainAsked = new vscode.EventEmitter<void>();
  readonly #host: HostParts;
  readonly #questions: RunQuestions;
  readonly #shelf = new RunShelf<RunContent>((content) => {
    this.#questions.drop(content);
    void content.shown?.files.close();
  });
  readonly #memory: RunMemory;
  /** Runs of before whose rows are looked for. */
  readonly #opening = new Set<string>();
  readonly #serializer: vscode.Disposable;
  readonly #trust: vscode.Disposable;
  #announcement: NodeJS.Timeout | undefined;
  #current: Current | undefined;
  #changesOf: RunRecorder['changesOf'] = () => [];
  /** Numbers are not used again, not even by another window: the page remembers things by them. */
  #runCount = Date.now();

  readonly onDidAskCancel = this.#cancelAsked.event;
  readonly onDidAskRunAgain = this.#runAgainAsked.event;

  /**
   * @param dist the extension's folder of built files
   * @param host answers what the page asks about its rows
   * @param memory outlives the window
   */
  constructor(dist: vscode.Uri, host: HostParts, memory: vscode.Memento) {
    this.#host = host;
    this.#memory = new RunMemory(memory);
    const { runs, chosen } = this.#memory.read();
    this.#shelf.restore(
      runs.map(({ memo, ...run }) => ({ ...run, content: unopenedContent(memo) })),
      chosen,
    );
    this.#questions = new RunQuestions(host);
    this.#page = new WebviewPage({
      dist,
      name: 'results',
      title: 'Quern Results',
      parse: parseFromPage,
      onRequest: (asked) => this.#answer(asked),
      states: () => {
        void this.#openChosen();
        return this.states;
      },
    });
    this.#serializer = this.#page.restored();
    this.#trust = vscode.workspace.onDidGrantWorkspaceTrust(() => this.#showChosen());
  }

  /**
   * Says so when the shown rows are of before.
   *
   * @param changesOf what has changed since some statements of a document ran, as its text was then
   */
  showChanges(changesOf: RunRecorder['changesOf']): void {
    this.#changesOf = changesOf;
    for (const message of this.#changes()) this.#page.post(message);
  }

  /** What gave the rows that are looked at; undefined when no run did. */
  get lookedAt(): RanRequest | undefined {
    return this.#shelf.chosen?.content.run;
  }

  /** What is looked at, where it ran before this window. */
  get gone(): GoneRun | undefined {
    const { run, memo } = this.#shelf.chosen?.content ?? {};
    return run === undefined ? memo?.gone : undefined;
  }

  /** What a page has to be told that knows nothing. */
  get states(): readonly ToResultsPage[] {
    const runs = this.#runs();
    const under = this.#underWay();
    const { chosen } = this.#shelf;
    if (under !== undefined) return [runs, under.live.state ?? under.state];
    if (chosen === undefined) return [runs, { type: 'empty' }];
    return [runs, stateOf(chosen.content), ...this.#changes()];
  }

  /** Has no later window know of the runs that there are. */
  async forget(): Promise<void> {
    await this.#memory.forget(this.#shelf);
  }

  /** Shows a run of the history, with its rows where they are kept. @param detail when it was, and what came of it */
  showOfHistory(memo: StatementsMemo, detail: string): void {
    this.#page.reveal();
    if (this.#current !== undefined) this.#current.isAside = true;
    const { title } = memo.gone;
    this.#shelf.add({ id: String(++this.#runCount), title, detail, content: unopenedContent(memo) });
    this.#showChosen();
  }

  /** Results that can be written to files: of the run that is looked at first, the last one in front. */
  exportable(): readonly GivenRows[] {
    return this.#given().filter(({ isCut }) => !isCut);
  }

  running(request: RunRequest): void {
    this.#page.reveal();
    const runId = ++this.#runCount;
    const charts = chartsFor(request.document.uri);
    const live = new LiveRun(runId, { post: (message) => this.#showNow(message), charts });
    const text = request.document.getText();
    const { version } = request.document;
    this.#current = { request, text, version, runId, live, charts, state: undefined, isAside: false };
    this.#announcement = setTimeout(
      () => this.#showNow({ type: 'running', title: request.title }),
      ANNOUNCE_AFTER_MS,
    );
  }

  rows(told: RowsSoFar): void {
    void this.#current?.live.take(told);
  }

  progress(percent: number, message?: string): void {
    if (this.#current?.isAside === true) return;
    this.#page.post({ type: 'progress', percent, ...(message !== undefined && { message }) });
  }

  async ended(request: RunRequest, outcome: RunOutcome): Promise<void> {
    clearTimeout(this.#announcement);
    const current = this.#current;
    if (current === undefined || outcome.type === 'profile') return;
    const content = await outcomeContent(this.#host, current, outcome).catch(failedContent);
    await current.live.close();
    this.#current = undefined;
    this.#shelve(current.runId, { title: request.title, detail: outcomeText(content, outcome), content });
  }

  /** Shows the rows of a comparison. */
  async showComparison(compared: ComparedRows): Promise<void> {
    this.#page.reveal();
    const runId = ++this.#runCount;
    const { title, sql, document, statement } = compared;
    const memo = comparisonMemo({ title, sql, uri: document.uri.toString(), kept: statement.kept });
    const content = await comparisonContent(compared, runId).catch(failedContent);
    const detail = vscode.l10n.t('comparison');
    this.#shelve(runId, { title, detail, content: { ...content, ...(memo && { memo }) } });
  }

  dispose(): void {
    clearTimeout(this.#announcement);
    this.#serializer.dispose();
    this.#trust.dispose();
    this.#page.dispose();
    this.#cancelAsked.dispose();
    this.#runAgainAsked.dispose();
    this.#shelf.clear();
    void this.#current?.live.close();
  }

  /** Rows that can be looked at: of the run that is looked at first, the last result in front. */
  #given(): readonly GivenRows[] {
    const { chosen, runs } = this.#shelf;
    const others = runs.filter((run) => run !== chosen).flatMap(({ content }) => content.given);
    return [...(chosen === undefined ? [] : this.#questions.given(chosen.content)), ...others];
  }

  /** Shows what comes of the run under way, unless another one is looked at. */
  #showNow(message: ToResultsPage): void {
    clearTimeout(this.#announcement);
    const current = this.#current;
    if (current === undefined) return;
    const isFirst = current.state === undefined;
    if (message.type !== 'grown') current.state = message;
    if (current.isAside) return;
    if (isFirst) this.#page.post(this.#runs());
    this.#page.post(message);
  }

  #shelve(
    runId: number,
    run: { readonly title: string; readonly detail: string; readonly content: RunContent },
  ): void {
    const time = new Date().toLocaleTimeString();
    this.#shelf.add({ id: String(runId), ...run, detail: `${run.detail}, ${time}` });
    this.#showChosen();
  }

  #showChosen(): void {
    for (const message of this.states) this.#page.post(message);
    void this.#openChosen();
    this.#remember();
  }

  #remember(): void {
    void this.#memory.write(this.#shelf);
  }

  /** Opens the rows of the run that is looked at, where nobody has yet. */
  async #openChosen(): Promise<void> {
    const { chosen } = this.#shelf;
    const { memo, shown, run } = chosen?.content ?? {};
    if (chosen === undefined || memo === undefined || memo.plans !== undefined) return;
    if (shown !== undefined || run !== undefined || !vscode.workspace.isTrusted) return;
    const { id } = chosen;
    if (this.#opening.has(id)) return;
    this.#opening.add(id);
    const content = await keptContent(this.#host, memo, id);
    this.#opening.delete(id);
    if (!this.#shelf.put(id, content)) return await content.shown?.files.close();
    if (this.#shelf.chosen?.id !== id || this.#underWay() !== undefined) return;
    for (const message of this.states) this.#page.post(message);
  }

  /** The run under way, once it is announced and while it is looked at. */
  #underWay(): (Current & { readonly state: ToResultsPage }) | undefined {
    const current = this.#current;
    if (current?.state === undefined || current.isAside) return undefined;
    return { ...current, state: current.state };
  }

  /** The runs that can be looked at, the one under way in front. */
  #runs(): ToResultsPage & { readonly type: 'runs' } {
    const { labels, chosen } = this.#shelf;
    const current = this.#current;
    const shown = this.#underWay() === undefined ? chosen?.id : String(current?.runId);
    const running = current?.state === undefined ? [] : [runningLabel(current)];
    return { type: 'runs', runs: [...running, ...labels], ...(shown !== undefined && { chosen: shown }) };
  }

  /** What has changed since the run that is looked at. */
  #changes(): readonly ToResultsPage[] {
    const { run } = this.#shelf.chosen?.content ?? {};
    if (run === undefined || this.#underWay() !== undefined) return [];
    const changes = this.#changesOf(run.request.document.uri, run.text, run.request.pieces);
    return changes.length > 0 ? [{ type: 'outdated', changes }] : [];
  }

  async #answer(asked: Exclude<FromResultsPage, { type: 'ready' }>): Promise<void> {
    switch (asked.type) {
      case 'pull':
        return await this.#sendPage(asked.id, asked.page);
      case 'ask':
        return this.#page.post(await this.#answerTo(asked));
      case 'more':
        // Runs show what their limit leaves; only editors of data files offer more.
        return;
      case 'cancel':
        return this.#cancelAsked.fire();
      case 'run':
        return await this.#act(asked);
      case 'runAgain':
        return this.#runAgainAsked.fire();
      case 'revealError':
        return await showFailurePlace(this.#shelf.chosen?.content);
      case 'export':
        await vscode.commands.executeCommand('quern.exportResult', asked.id);
        return;
      case 'selectionSql':
        return await showSelectionSql(this.#given(), asked);
      case 'saveChart':
        return await saveChart(
          this.#given().find(({ id }) => id === asked.id),
          asked,
        );
      case 'exportChart':
        return await exportChart(asked, this.#folder());
      case 'copy':
        return await vscode.env.clipboard.writeText(asked.text);
      default:
        assertNever(asked);
    }
  }

  async #answerTo(asked: Extract<FromResultsPage, { readonly type: 'ask' }>): Promise<ToResultsPage> {
    const comes = this.#current?.live.shown?.views.some(({ id }) => id === asked.question.id);
    if (comes) return await answerMessage(asked, WAITING);
    return await this.#questions.answer(
      asked,
      this.#shelf.runs.map(({ content }) => content),
    );
  }

  /** Looks at a run: at the one under way, or one of before. */
  #choose(id: string): void {
    const current = this.#current;
    if (current !== undefined) current.isAside = id !== String(current.runId);
    this.#shelf.choose(id);
    this.#showChosen();
  }

  async #act({ action, run: id }: Extract<FromResultsPage, { readonly type: 'run' }>): Promise<void> {
    if (action === 'choose') return this.#choose(id);
    const run = this.#shelf.get(id);
    if (run === undefined) return;
    const { title, content } = run;
    switch (action) {
      case 'pin':
      case 'unpin':
        this.#shelf.pin(id, action === 'pin');
        break;
      case 'rename': {
        const name = await vscode.window.showInputBox({
          title: vscode.l10n.t('Name of the Run'),
          value: title,
        });
        this.#shelf.rename(id, name ?? '');
        break;
      }
      case 'compare':
        await vscode.commands.executeCommand('quern.compareResults', resultOf(content)?.id ?? '');
        return;
      case 'close':
        this.#shelf.close(id);
        return this.#showChosen();
      default:
        assertNever(action);
    }
    this.#page.post(this.#runs());
    this.#remember();
  }

  async #sendPage(id: string, page: number): Promise<void> {
    const selected = await this.#questions.page(id, page);
    if (selected !== undefined) return this.#page.post(selected);
    const all = [this.#current?.live.shown, ...this.#shelf.runs.map(({ content }) => content.shown)];
    const shown = all.find((each) => each?.views.some((view) => view.id === id));
    if (shown !== undefined) this.#page.post(await pageMessage(shown, id, page));
  }

  /** The folder of the document whose run is shown. */
  #folder(): vscode.Uri | undefined {
    const uri = this.lookedAt?.request.document.uri;
    return uri?.scheme === 'file'
      ? vscode.Uri.joinPath(uri, '..')
      : vscode.workspace.workspaceFolders?.[0]?.uri;
  }
}

/** Nothing is asked for in Restricted Mode. */
function stateOf({ state }: RunContent): ToResultsPage {
  const isOfBefore = state.type === 'opening' || state.type === 'gone';
  if (!isOfBefore || vscode.workspace.isTrusted) return state;
  return { type: 'gone', title: state.title, isRestricted: true };
}

function runningLabel({ runId, request }: Current): RunLabel {
  const detail = vscode.l10n.t('running');
  return { id: String(runId), title: request.title, detail, isPinned: false, isRunning: true };
}

/** What a run is compared by: its last result. */
function resultOf({ given }: RunContent): GivenRows | undefined {
  return given.find(({ isCut, isComparison }) => !isCut && !isComparison);
}
