import * as vscode from 'vscode';
import { CoreError } from '../../wasm-core/protocol/errors.ts';
import type { RunParams, RunResult } from '../../wasm-core/protocol/methods.ts';
import type { HostLink } from '../host/host-link.ts';
import type { Sessions } from '../host/sessions.ts';
import { readSettings } from '../settings.ts';
import type { RunDiagnostics } from './run-diagnostics.ts';
import { failedOutcome, type RunOutcome, type RunState } from './run-outcome.ts';

/** A piece of a document to run. */
export interface RunRequest {
  readonly document: vscode.TextDocument;
  /** UTF-16 code units in the document. */
  readonly start: number;
  readonly end: number;
  /** What the results page and the status item call it. */
  readonly title: string;
}

/** Where a run's course is shown. */
export interface RunView {
  running(request: RunRequest): void;
  progress(percent: number): void;
  ended(request: RunRequest, outcome: RunOutcome): Promise<void>;
}

export interface RunnerParts {
  readonly link: HostLink;
  readonly sessions: Sessions;
  /** Resolves when the plugins are as their sources are. */
  readonly settled: () => Promise<void>;
  readonly diagnostics: RunDiagnostics;
  readonly view: RunView;
  readonly log: vscode.LogOutputChannel;
}

/** Runs SQL, one run of the window at a time. */
export class Runner implements vscode.Disposable {
  readonly #parts: RunnerParts;
  readonly #stateChanged = new vscode.EventEmitter<RunState>();
  #state: RunState = { type: 'idle' };
  #abort: AbortController | undefined;
  #lastOutcome: RunOutcome | undefined;

  readonly onDidChangeState = this.#stateChanged.event;

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
   * Runs a piece of a document and shows how it ended. SQL that fails is an outcome, not an exception.
   *
   * @returns undefined when another run was under way and was left alone
   */
  async run(request: RunRequest): Promise<RunOutcome | undefined> {
    if (this.#abort !== undefined) {
      void this.#offerCancel();
      return undefined;
    }
    const abort = new AbortController();
    this.#abort = abort;
    this.#setState({ type: 'running', title: request.title, percent: -1 });
    this.#parts.diagnostics.clear(request.document);
    this.#parts.view.running(request);
    try {
      const outcome = await this.#outcome(request, abort.signal);
      this.#lastOutcome = outcome;
      this.#note(request, outcome);
      await this.#parts.view.ended(request, outcome);
      return outcome;
    } finally {
      this.#abort = undefined;
      this.#setState({ type: 'idle' });
    }
  }

  /** Ends the run that is under way, if any. */
  cancel(): void {
    this.#abort?.abort();
  }

  dispose(): void {
    this.cancel();
    this.#stateChanged.dispose();
  }

  async #outcome(request: RunRequest, signal: AbortSignal): Promise<RunOutcome> {
    const { document, start, end } = request;
    // The text as it is now: the user may edit on while the run waits.
    const sql = document.getText(rangeOf(document, start, end));
    const { version } = document;
    try {
      await this.#parts.settled();
      if (signal.aborted) return { type: 'cancelled' };
      return { type: 'results', result: await this.#send(document, sql, signal), sql };
    } catch (error) {
      const outcome = failedOutcome(error, start);
      const { details } = outcome.type === 'failed' ? outcome : {};
      // Only what points somewhere, and only while it still points there.
      if (error instanceof CoreError && details?.start !== undefined && document.version === version) {
        this.#parts.diagnostics.show(
          document,
          rangeOf(document, details.start, details.end ?? details.start),
          error,
        );
      }
      return outcome;
    }
  }

  async #send(document: vscode.TextDocument, sql: string, signal: AbortSignal): Promise<RunResult> {
    const { link, sessions } = this.#parts;
    const onProgress = (percent: number) => this.#progress(percent);
    try {
      return await link.request('sql/run', await this.#params(document, sql), { signal, onProgress });
    } catch (error) {
      // The host ended a session that lay idle: this is the one fault that asking again mends.
      if (!(error instanceof CoreError && error.kind === 'SESSION_UNKNOWN')) throw error;
      sessions.reset();
      return await link.request('sql/run', await this.#params(document, sql), { signal, onProgress });
    }
  }

  async #params(document: vscode.TextDocument, sql: string): Promise<RunParams> {
    const { maxRows, limits: given } = readSettings();
    // A statement's output is limited by its rows.
    const { maxOutputBytes: _, ...limits } = given;
    const { session, folder } = await this.#parts.sessions.open(document);
    return { session, sql, folder, maxRows, limits };
  }

  #progress(percent: number): void {
    if (this.#state.type !== 'running') return;
    this.#setState({ ...this.#state, percent });
    this.#parts.view.progress(percent);
  }

  #note(request: RunRequest, outcome: RunOutcome): void {
    const { log } = this.#parts;
    if (outcome.type === 'failed') log.warn(`${request.title}: ${outcome.kind}: ${outcome.message}`);
    else if (outcome.type === 'cancelled') log.info(`${request.title}: cancelled`);
    else {
      const rowCount = outcome.result.statements.reduce((sum, s) => sum + s.rowCount, 0);
      log.info(`${request.title}: ${rowCount} rows in ${(outcome.result.micros / 1000).toFixed(1)} ms`);
    }
  }

  async #offerCancel(): Promise<void> {
    const title = this.#state.type === 'running' ? this.#state.title : 'A statement';
    const cancel = 'Cancel It';
    const picked = await vscode.window.showInformationMessage(`Quern still runs: ${title}`, cancel);
    if (picked === cancel) this.cancel();
  }

  #setState(state: RunState): void {
    this.#state = state;
    this.#stateChanged.fire(state);
  }
}

function rangeOf(document: vscode.TextDocument, start: number, end: number): vscode.Range {
  return new vscode.Range(document.positionAt(start), document.positionAt(end));
}
