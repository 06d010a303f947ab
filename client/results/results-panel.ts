import * as vscode from 'vscode';
import { assertNever } from '../../wasm-core/protocol/assert-never.ts';
import type { FromResultsPage, ToResultsPage } from '../../wasm-core/protocol/webview.ts';
import type { RunOutcome } from '../run/run-outcome.ts';
import type { RunRequest, RunView } from '../run/runner.ts';
import { openResults, readPage, type ShownResults } from './result-views.ts';
import { ResultsPage } from './results-page.ts';

/** A run that ends sooner is not announced, for the page would flicker. Milliseconds. */
const ANNOUNCE_AFTER_MS = 150;

/** Shows runs in the results page: what runs, how it ended, and the rows that the page asks for. */
export class ResultsPanel implements RunView, vscode.Disposable {
  readonly #page: ResultsPage;
  readonly #cancelAsked = new vscode.EventEmitter<void>();
  #shown: ShownResults | undefined;
  #failure: { readonly request: RunRequest; readonly start: number; readonly end: number } | undefined;
  #announcement: NodeJS.Timeout | undefined;
  #runCount = 0;

  readonly onDidAskCancel = this.#cancelAsked.event;

  /** @param dist the extension's folder of built files */
  constructor(dist: vscode.Uri) {
    this.#page = new ResultsPage(dist, (asked) => this.#answer(asked));
  }

  running(request: RunRequest): void {
    this.#failure = undefined;
    this.#page.reveal();
    const announce = () => this.#page.setState({ type: 'running', title: request.title });
    this.#announcement = setTimeout(announce, ANNOUNCE_AFTER_MS);
  }

  progress(percent: number): void {
    this.#page.post({ type: 'progress', percent });
  }

  async ended(request: RunRequest, outcome: RunOutcome): Promise<void> {
    clearTimeout(this.#announcement);
    switch (outcome.type) {
      case 'results':
        return await this.#showResults(outcome);
      case 'failed': {
        const { start = request.start, end = start } = outcome.details;
        this.#failure = { request, start, end };
        return this.#page.setState({ type: 'failed', message: outcome.message, details: outcome.details });
      }
      case 'cancelled':
        return this.#page.setState({ type: 'cancelled' });
      default:
        assertNever(outcome);
    }
  }

  dispose(): void {
    clearTimeout(this.#announcement);
    this.#page.dispose();
    this.#cancelAsked.dispose();
    void this.#shown?.files.close();
  }

  async #showResults({ result, sql }: RunOutcome & { type: 'results' }): Promise<void> {
    const before = this.#shown;
    try {
      const shown = await openResults(result, sql, ++this.#runCount);
      this.#shown = shown;
      const { views: results, schemas } = shown;
      this.#page.setState({ type: 'results', results, schemas, micros: result.micros });
    } catch (error) {
      this.#page.setState({ type: 'failed', message: messageOf(error), details: {} });
    }
    if (before !== this.#shown) await before?.files.close();
  }

  async #answer(asked: Exclude<FromResultsPage, { type: 'ready' }>): Promise<void> {
    switch (asked.type) {
      case 'pull':
        return await this.#sendPage(asked.id, asked.page);
      case 'cancel':
        return this.#cancelAsked.fire();
      case 'revealError':
        return await this.#revealError();
      case 'copy':
        return await vscode.env.clipboard.writeText(asked.text);
      default:
        assertNever(asked);
    }
  }

  async #sendPage(id: string, page: number): Promise<void> {
    if (this.#shown === undefined) return;
    this.#page.post(await pageMessage(this.#shown, id, page));
  }

  async #revealError(): Promise<void> {
    if (this.#failure === undefined) return;
    const { document } = this.#failure.request;
    const start = document.positionAt(this.#failure.start);
    const selection = new vscode.Range(start, document.positionAt(this.#failure.end));
    const visible = vscode.window.visibleTextEditors.find((editor) => editor.document === document);
    await vscode.window.showTextDocument(document, {
      selection,
      viewColumn: visible?.viewColumn ?? vscode.ViewColumn.One,
    });
  }
}

async function pageMessage(shown: ShownResults, id: string, page: number): Promise<ToResultsPage> {
  try {
    return { type: 'page', id, page, bytes: await readPage(shown, id, page) };
  } catch (error) {
    return { type: 'pageFailed', id, page, message: messageOf(error) };
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
