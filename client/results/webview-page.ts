import * as vscode from 'vscode';
import { pageHtml } from './page-html.ts';

/** What a page may ask once it listens. */
export type PageRequest<From extends { readonly type: string }> = Exclude<From, { readonly type: 'ready' }>;

/** What a page is made of. */
export interface WebviewPageOptions<To, From extends { readonly type: string }> {
  /** The extension's folder of built files. */
  readonly dist: vscode.Uri;
  /** Of its script and its style sheet, and of the panel's type, behind `quern.`. */
  readonly name: string;
  readonly title: string;
  /** Checks a message of the page; undefined when it is none that it may send. */
  readonly parse: (value: unknown) => From | undefined;
  /** Called for each request of the page that is one. */
  readonly onRequest: (request: PageRequest<From>) => Promise<void>;
  /**
   * What a page that was loaded again has to be told. It is loaded again when it is shown after it was hidden; what it
   * shows it remembers itself. Absent: the page stays loaded, and gets `setState` again.
   */
  readonly states?: () => readonly To[];
}

interface OpenPanel<To> {
  readonly panel: vscode.WebviewPanel;
  /** What the page would lose before it listens. */
  readonly queue: To[];
  ready: boolean;
}

/** The webview panel of a page: one for the window, beside the editor, made when it is first revealed. */
export class WebviewPage<To, From extends { readonly type: string }> implements vscode.Disposable {
  readonly #options: WebviewPageOptions<To, From>;
  #open: OpenPanel<To> | undefined;
  #state: To | undefined;

  constructor(options: WebviewPageOptions<To, From>) {
    this.#options = options;
  }

  /** Takes the panel of the window before, when VS Code brings it back; pages with `states` alone can. */
  restored(): vscode.Disposable {
    return vscode.window.registerWebviewPanelSerializer(`quern.${this.#options.name}`, {
      deserializeWebviewPanel: (panel) => {
        // A run may have made a panel before this one is looked at.
        if (this.#open === undefined) this.#fill(panel);
        else panel.dispose();
        return Promise.resolve();
      },
    });
  }

  /** Makes the page visible and leaves the focus where it is. */
  reveal(): void {
    if (this.#open === undefined) this.#create();
    else if (!this.#open.panel.visible) this.#open.panel.reveal(undefined, true);
  }

  /** Sends what the page shows from now on; a page that is loaded again gets it again. */
  setState(state: To): void {
    this.#state = state;
    this.post(state);
  }

  /** Sends a message, once the page listens; without a page it is dropped. */
  post(message: To): void {
    if (this.#open === undefined) return;
    if (this.#open.ready) void this.#open.panel.webview.postMessage(message);
    else this.#open.queue.push(message);
  }

  dispose(): void {
    this.#open?.panel.dispose();
  }

  #create(): void {
    const { name, title, states } = this.#options;
    const panel = vscode.window.createWebviewPanel(
      `quern.${name}`,
      title,
      { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true },
      { retainContextWhenHidden: states === undefined },
    );
    this.#fill(panel);
  }

  #fill(panel: vscode.WebviewPanel): void {
    const { dist, name, title, parse, onRequest } = this.#options;
    const folder = vscode.Uri.joinPath(dist, 'webview');
    panel.webview.options = { enableScripts: true, localResourceRoots: [folder] };
    const open: OpenPanel<To> = { panel, queue: [], ready: false };
    this.#open = open;
    panel.onDidDispose(() => {
      if (this.#open === open) this.#open = undefined;
    });
    panel.webview.onDidReceiveMessage((message: unknown) => {
      const asked = parse(message);
      if (asked?.type === 'ready') this.#ready(open);
      else if (asked !== undefined) void onRequest(asked as PageRequest<From>);
    });
    panel.webview.html = pageHtml(panel.webview, folder, { bundle: name, title });
  }

  #ready(open: OpenPanel<To>): void {
    // A page that listens for the second time was loaded again and has lost everything.
    const { states } = this.#options;
    if (states !== undefined) open.queue.splice(0);
    const lost = states?.() ?? (open.ready && this.#state !== undefined ? [this.#state] : []);
    open.ready = true;
    for (const message of [...lost, ...open.queue.splice(0)]) this.post(message);
  }
}
