import * as vscode from 'vscode';
import { assertNever } from '../../wasm-core/protocol/assert-never.ts';
import { CoreError } from '../../wasm-core/protocol/errors.ts';
import type { FromResultsPage, ToResultsPage } from '../../wasm-core/protocol/webview.ts';
import { rowsText } from '../counts.ts';
import { exportChart } from '../results/chart-actions.ts';
import { pageHtml } from '../results/page-html.ts';
import { parseFromPage } from '../results/page-messages.ts';
import { openResults } from '../results/result-views.ts';
import { showSql } from '../results/selected-runs.ts';
import type { DataDocument } from './data-document.ts';
import { ShownRows } from './shown-rows.ts';

/** Rows that are read at first, so that they are there at once however large the file is. */
const FIRST_ROWS = 1_000;
/** Each time one asks for more, it is so many times as many. */
const STEP = 100;
/** What a run may give. */
const MOST_ROWS = 100_000_000;
/** Reading that ends sooner is not announced. Milliseconds. */
const ANNOUNCE_AFTER_MS = 150;

/** What a page shows of its file. */
export interface ShownData {
  readonly rowCount: number;
  readonly truncated: boolean;
  readonly columns: readonly string[];
}

/** Shows the rows of a data file in an editor's page, the page of results. */
export class DataPage implements vscode.Disposable {
  readonly #document: DataDocument;
  readonly #panel: vscode.WebviewPanel;
  readonly #parts: vscode.Disposable;
  #reading: AbortController | undefined;
  #shown: ShownRows | undefined;
  #maxRows = FIRST_ROWS;
  #readCount = 0;
  #isClosed = false;

  /** @param folder of the built pages */
  constructor(document: DataDocument, panel: vscode.WebviewPanel, folder: vscode.Uri) {
    this.#document = document;
    this.#panel = panel;
    const { webview } = panel;
    webview.options = { enableScripts: true, localResourceRoots: [folder] };
    this.#parts = vscode.Disposable.from(
      webview.onDidReceiveMessage((message: unknown) => {
        const asked = parseFromPage(message);
        if (asked !== undefined) void this.#answer(asked);
      }),
      document.onDidChange(() => void this.#read()),
    );
    webview.html = pageHtml(webview, folder, { bundle: 'results', title: vscode.l10n.t('Data') });
  }

  /** What is shown now; undefined before the first rows, and after a failure. */
  get shown(): ShownData | undefined {
    const [view] = this.#shown?.shown.views ?? [];
    if (view === undefined) return undefined;
    const { rowCount, truncated, columns } = view;
    return { rowCount, truncated, columns: columns.map(({ name }) => name) };
  }

  dispose(): void {
    this.#isClosed = true;
    this.#reading?.abort();
    this.#parts.dispose();
    void this.#shown?.dispose();
  }

  async #answer(asked: FromResultsPage): Promise<void> {
    switch (asked.type) {
      case 'ready':
        return await this.#read();
      case 'more':
        this.#maxRows = Math.min(this.#maxRows * STEP, MOST_ROWS);
        return await this.#read();
      case 'pull':
        if (this.#shown === undefined) return;
        return this.#post(await this.#shown.page(asked.id, asked.page));
      case 'cancel':
        return this.#reading?.abort();
      case 'copy':
        return await vscode.env.clipboard.writeText(asked.text);
      case 'ask':
        if (this.#shown === undefined) return;
        return this.#post(await this.#shown.answer(asked));
      case 'selectionSql':
        return await showSql(this.#shown?.selectionSql(asked.id), asked.to);
      case 'exportChart':
        return await exportChart(asked, vscode.Uri.joinPath(this.#document.uri, '..'));
      case 'run':
      case 'runAgain':
      case 'export':
      case 'revealError':
      case 'saveChart':
        // The statement is ours: it stands nowhere, and its rows are always of now and of a file.
        return;
      default:
        assertNever(asked);
    }
  }

  /** Reads the file in place of what was read before; the last of several that overlap is shown. */
  async #read(): Promise<void> {
    this.#reading?.abort();
    const reading = new AbortController();
    this.#reading = reading;
    const title = vscode.l10n.t('Reading {0}', this.#document.uri.path.split('/').at(-1) ?? '');
    const announce = () => this.#post({ type: 'running', title });
    const announcement = setTimeout(announce, ANNOUNCE_AFTER_MS);
    try {
      const { sql, result } = await this.#document.rows(this.#maxRows, reading.signal);
      const shown = await openResults(result, sql, { runId: ++this.#readCount });
      if (this.#reading !== reading || this.#isClosed) return await shown.files.close();
      const rows = new ShownRows(shown, { sql, result }, this.#document.ask);
      await this.#show(rows, result.micros);
    } catch (error) {
      if (this.#reading === reading) this.#fail(error);
    } finally {
      clearTimeout(announcement);
    }
  }

  async #show(rows: ShownRows, micros: number): Promise<void> {
    const before = this.#shown;
    this.#shown = rows;
    const { views: results, schemas } = rows.shown;
    const next = Math.min(this.#maxRows * STEP, MOST_ROWS);
    const isCut = results[0]?.truncated === true && next > this.#maxRows;
    const more = isCut ? { more: vscode.l10n.t('Load {0}', rowsText(next)) } : {};
    this.#post({ type: 'results', origin: 'file', results, schemas, micros, ...more });
    await before?.dispose();
  }

  #fail(error: unknown): void {
    const before = this.#shown;
    this.#shown = undefined;
    void before?.dispose();
    const isCancelled = error instanceof CoreError && error.kind === 'CANCELLED';
    const message = error instanceof Error ? error.message : String(error);
    this.#post(
      isCancelled
        ? { type: 'cancelled' }
        : { type: 'failed', title: vscode.l10n.t('The file cannot be read'), message, details: {} },
    );
  }

  #post(message: ToResultsPage): void {
    if (!this.#isClosed) void this.#panel.webview.postMessage(message);
  }
}
