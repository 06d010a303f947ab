import * as vscode from 'vscode';
import { CoreError } from '../../wasm-core/protocol/errors.ts';
import type { LiveRows } from '../../wasm-core/protocol/live-rows.ts';
import type { ParameterValue } from '../../wasm-core/protocol/parameters.ts';
import { CancelOffer } from '../cancel-offer.ts';
import type { RowsSoFar } from '../results/live-run.ts';
import type { Piece } from './pieces.ts';
import type { RunDiagnostics } from './run-diagnostics.ts';
import { failedOutcome, type RunOutcome, type RunResults, type RunState } from './run-outcome.ts';
import type { RunRecorder } from './run-recorder.ts';
import { withPhase } from './run-timeline.ts';
import type { SqlRequests } from './sql-requests.ts';
import type { TrapDiagnostics } from './trap-diagnostics.ts';

/** Statements of a document to run. */
export interface RunRequest {
  readonly document: vscode.TextDocument;
  /** At least one; a plan is of one. */
  readonly pieces: readonly Piece[];
  /** What the results page and the status item call it. */
  readonly title: string;
  /** `explain` runs nothing; `analyze` runs the statement and shows its plan. */
  readonly mode: 'run' | 'explain' | 'analyze' | 'profile';
  /** Whether rows of before will not do. */
  readonly isFresh?: boolean;
  /** Values of every parameter that the statements name. */
  readonly parameters: Readonly<Record<string, ParameterValue>>;
}

/** The title of a run. @param title of its statements */
export function runTitle(mode: RunRequest['mode'], title: string): string {
  return {
    run: title,
    explain: vscode.l10n.t('Plan of {0}', title),
    analyze: vscode.l10n.t('Plan of {0}', title),
    profile: vscode.l10n.t('Profile of {0}', title),
  }[mode];
}

/** Where a run's course is shown. */
export interface RunView {
  running(request: RunRequest): void;
  /** @param message what the run waits for */
  progress(percent: number, message?: string): void;
  /** Rows of the statement that runs. */
  rows?(told: RowsSoFar): void;
  ended(request: RunRequest, outcome: RunOutcome): Promise<void>;
}

export interface RunnerParts {
  readonly requests: SqlRequests;
  readonly recorder: RunRecorder;
  /** Resolves when the plugins are as their sources are. */
  readonly settled: (sql: string) => Promise<void>;
  readonly diagnostics: RunDiagnostics;
  readonly traps: TrapDiagnostics;
  readonly view: RunView;
  readonly log: vscode.LogOutputChannel;
}

/** A run under way: its text, as it was when it began, since the user may edit on. */
interface Course {
  readonly request: RunRequest;
  readonly text: string;
  readonly version: number;
  readonly signal: AbortSignal;
}

/** Runs SQL, one run of the window at a time. */
export class Runner implements vscode.Disposable {
  readonly #parts: RunnerParts;
  readonly #stateChanged = new vscode.EventEmitter<RunState>();
  readonly #ended = new vscode.EventEmitter<{ readonly request: RunRequest; readonly outcome: RunOutcome }>();
  #state: RunState = { type: 'idle' };
  #abort: AbortController | undefined;
  readonly #offer = new CancelOffer();
  #lastOutcome: RunOutcome | undefined;
  #last: { readonly request: RunRequest; readonly version: number } | undefined;

  readonly onDidChangeState = this.#stateChanged.event;
  /** Another run may begin then. */
  readonly onDidEnd = this.#ended.event;

  constructor(parts: RunnerParts) {
    this.#parts = parts;
  }

  get state(): RunState {
    return this.#state;
  }

  /** How the last run ended; undefined before the first. */
  get lastOutcome(): RunOutcome | undefined {
    return this.#lastOutcome;
  }

  /**
   * Runs statements of a document and shows how they ended. SQL that fails is an outcome, not an exception.
   *
   * @returns undefined when another run was under way and was left alone
   */
  async run(request: RunRequest): Promise<RunOutcome | undefined> {
    if (this.#abort !== undefined) {
      this.#offerCancel();
      return undefined;
    }
    const abort = new AbortController();
    this.#abort = abort;
    this.#last = { request, version: request.document.version };
    this.#setState({ type: 'running', title: request.title, percent: -1 });
    this.#parts.diagnostics.clear(request.document);
    this.#parts.view.running(request);
    const { document } = request;
    const course = { request, text: document.getText(), version: document.version, signal: abort.signal };
    let outcome: RunOutcome | undefined;
    try {
      outcome = await this.#outcome(course);
      this.#lastOutcome = outcome;
      this.#note(request, outcome);
      await this.#parts.view.ended(request, outcome);
      return outcome;
    } finally {
      this.#abort = undefined;
      this.#offer.close();
      this.#setState({ type: 'idle' });
      if (outcome !== undefined) this.#ended.fire({ request, outcome });
    }
  }

  /**
   * Runs what ran last once more, whatever rows are kept of it.
   *
   * @param last absent: what ran last
   * @throws CoreError REQUEST_INVALID when nothing ran, or its text has changed since
   */
  async runAgain(
    last: Pick<Course, 'request' | 'version'> | undefined = this.#last,
  ): Promise<RunOutcome | undefined> {
    if (last === undefined || last.request.document.version !== last.version) {
      const message = vscode.l10n.t('What ran last is not there as it was. Run the statement itself.');
      throw new CoreError('REQUEST_INVALID', message);
    }
    return await this.run({ ...last.request, isFresh: true });
  }

  /** Ends the run that is under way, if any. */
  cancel(): void {
    this.#abort?.abort();
  }

  dispose(): void {
    this.cancel();
    this.#ended.dispose();
    this.#stateChanged.dispose();
  }

  async #outcome(course: Course): Promise<RunOutcome> {
    const { request, text, signal } = course;
    const sql = request.pieces.map(({ start, end }) => text.slice(start, end)).join(';\n');
    const begun = performance.now();
    await Promise.race([this.#parts.settled(sql), aborted(signal)]);
    if (signal.aborted) return { type: 'cancelled' };
    const started = performance.now();
    let results: RunResults = { result: { statements: [], micros: 0 }, sql: text };
    // One by one, so that an error does not take away what came before it.
    for (const piece of request.pieces) {
      const spentMs = Math.floor(performance.now() - started);
      const outcome = await this.#piece(course, { piece, results, spentMs });
      if (outcome.type !== 'results') return outcome;
      results = outcome;
    }
    const result = withPhase(results.result, 'compile', (started - begun) * 1000);
    return { ...results, result, type: 'results', look: isPlan(request) ? 'plan' : 'rows' };
  }

  async #piece(
    course: Course,
    at: { readonly piece: Piece; readonly results: RunResults; readonly spentMs: number },
  ): Promise<RunOutcome> {
    const { request, text, signal, version } = course;
    const { recorder, requests, diagnostics, traps } = this.#parts;
    const { piece, results, spentMs } = at;
    const record = await recorder.begin({ ...request, piece, text, version });
    const onProgress = (percent: number, message?: string) => this.#progress(percent, message);
    const { start, end } = piece;
    const onRows = (rows: LiveRows): void =>
      this.#parts.view.rows?.({ before: results.result, start, end, sql: text, rows });
    const sending = { ...request, piece, text, spentMs, signal, onProgress, onRows };
    try {
      if (request.mode === 'profile') return { type: 'profile', result: await requests.profile(sending) };
      const { statements, micros, history } = await requests.run(sending);
      if (request.mode === 'run' && statements[0] !== undefined)
        await record({ type: 'done', result: statements[0] });
      for (const warning of statements.flatMap(({ warnings }) => warnings ?? [])) {
        void vscode.window.showWarningMessage(warning);
      }
      traps.succeeded(statements.flatMap(({ cost }) => cost.functions ?? []).map(({ name }) => name));
      const result = {
        statements: [...results.result.statements, ...statements],
        micros: results.result.micros + micros,
      };
      const ids = [...(results.history ?? []), ...statements.map(() => history)];
      return { type: 'results', look: 'rows', result, sql: text, history: ids };
    } catch (error) {
      const place = (offset: number) => requests.place(sending, offset);
      const outcome = failedOutcome(error, { place, before: results });
      if (outcome.type !== 'failed') return outcome;
      await record({ type: 'failed', message: outcome.message });
      const { start, end = start } = outcome.details;
      // Only what points somewhere, and only while it still points there.
      if (error instanceof CoreError && start !== undefined && request.document.version === version) {
        const range = rangeOf(request.document, start, end ?? start);
        diagnostics.show(request.document, range, error);
        await traps.failed(error, new vscode.Location(request.document.uri, range));
      }
      return outcome;
    }
  }

  #progress(percent: number, message: string | undefined): void {
    if (this.#state.type !== 'running') return;
    const { type, title } = this.#state;
    this.#setState({ type, title, percent, ...(message !== undefined && { message }) });
    this.#parts.view.progress(percent, message);
  }

  #note(request: RunRequest, outcome: RunOutcome): void {
    const { log } = this.#parts;
    if (outcome.type === 'failed') log.warn(`${request.title}: ${outcome.kind}: ${outcome.message}`);
    else if (outcome.type === 'cancelled') log.info(`${request.title}: cancelled`);
    else if (outcome.type === 'profile') log.info(`${request.title}: ${outcome.result.fuel} fuel`);
    else {
      const rowCount = outcome.result.statements.reduce((sum, s) => sum + s.rowCount, 0);
      log.info(`${request.title}: ${rowCount} rows in ${(outcome.result.micros / 1000).toFixed(1)} ms`);
    }
  }

  #offerCancel(): void {
    const running = this.#state.type === 'running' ? this.#state.title : vscode.l10n.t('A statement');
    this.#offer.show(vscode.l10n.t('Quern still runs: {0}', running), () => this.cancel());
  }

  #setState(state: RunState): void {
    this.#state = state;
    this.#stateChanged.fire(state);
  }
}

/** Whether a run shows a plan in place of rows. */
function isPlan({ mode }: Pick<RunRequest, 'mode'>): boolean {
  return mode === 'explain' || mode === 'analyze';
}

function rangeOf(document: vscode.TextDocument, start: number, end: number): vscode.Range {
  return new vscode.Range(document.positionAt(start), document.positionAt(end));
}

/** Resolves when a run is cancelled. */
function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
