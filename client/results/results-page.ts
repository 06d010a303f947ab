import * as vscode from 'vscode';
import type { FromResultsPage, ToResultsPage } from '../../wasm-core/protocol/webview.ts';
import { resultsHtml } from './page-html.ts';
import { parseFromPage } from './page-messages.ts';

/** What a page may ask once it listens. */
export type PageRequest = Exclude<FromResultsPage, { readonly type: 'ready' }>;

interface OpenPanel {
  readonly panel: vscode.WebviewPanel;
  /** What the page would lose before it listens. */
  readonly queue: ToResultsPage[];
  ready: boolean;
}

/** The webview panel of the results page: one for the window, beside the editor, made when it is first revealed. */
export class ResultsPage implements vscode.Disposable {
  readonly #folder: vscode.Uri;
  readonly #onRequest: (request: PageRequest) => Promise<void>;
  #open: OpenPanel | undefined;
  #state: ToResultsPage | undefined;

  /**
   * @param dist the extension's folder of built files
   * @param onRequest called for each request of the page that is one
   */
  constructor(dist: vscode.Uri, onRequest: (request: PageRequest) => Promise<void>) {
    this.#folder = vscode.Uri.joinPath(dist, 'webview');
    this.#onRequest = onRequest;
  }

  /** Makes the page visible and leaves the focus where it is. */
  reveal(): void {
    if (this.#open === undefined) this.#create();
    else if (!this.#open.panel.visible) this.#open.panel.reveal(undefined, true);
  }

  /** Sends what the page shows from now on; a page that is loaded again gets it again. */
  setState(state: ToResultsPage): void {
    this.#state = state;
    this.post(state);
  }

  /** Sends a message, once the page listens; without a page it is dropped. */
  post(message: ToResultsPage): void {
    if (this.#open === undefined) return;
    if (this.#open.ready) void this.#open.panel.webview.postMessage(message);
    else this.#open.queue.push(message);
  }

  dispose(): void {
    this.#open?.panel.dispose();
  }

  #create(): void {
    const panel = vscode.window.createWebviewPanel(
      'quern.results',
      'Quern Results',
      { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true },
      { enableScripts: true, retainContextWhenHidden: true, localResourceRoots: [this.#folder] },
    );
    const open: OpenPanel = { panel, queue: [], ready: false };
    this.#open = open;
    panel.onDidDispose(() => {
      if (this.#open === open) this.#open = undefined;
    });
    panel.webview.onDidReceiveMessage((message: unknown) => {
      const asked = parseFromPage(message);
      if (asked?.type === 'ready') this.#ready(open);
      else if (asked !== undefined) void this.#onRequest(asked);
    });
    panel.webview.html = resultsHtml(panel.webview, this.#folder);
  }

  #ready(open: OpenPanel): void {
    // A page that listens for the second time was loaded again and has lost everything.
    const lost = open.ready && this.#state !== undefined ? [this.#state] : [];
    open.ready = true;
    for (const message of [...lost, ...open.queue.splice(0)]) this.post(message);
  }
}
