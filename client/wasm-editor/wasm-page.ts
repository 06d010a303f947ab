import * as vscode from 'vscode';
import { assertNever } from '../../wasm-core/protocol/assert-never.ts';
import { counted } from '../../wasm-core/protocol/figures.ts';
import type {
  FromWasmPage,
  ToWasmPage,
  WasmAnswers,
  WasmComparison,
} from '../../wasm-core/protocol/wasm-viewer.ts';
import { pageHtml } from '../results/page-html.ts';
import { parseFromWasmPage } from './page-messages.ts';
import { baseName, type WasmDocument } from './wasm-document.ts';

/** The longest text that goes to the clipboard, UTF-16 code units. */
const MAX_COPY = 32_000_000;

/** Shows a `.wasm` file in an editor's page: passes its questions on, and does the few things that it may ask for. */
export class WasmPage implements vscode.Disposable {
  readonly #document: WasmDocument;
  readonly #panel: vscode.WebviewPanel;
  readonly #parts: vscode.Disposable;

  /** @param folder of the built pages */
  constructor(document: WasmDocument, panel: vscode.WebviewPanel, folder: vscode.Uri) {
    this.#document = document;
    this.#panel = panel;
    const { webview } = panel;
    webview.options = { enableScripts: true, localResourceRoots: [folder] };
    this.#parts = vscode.Disposable.from(
      webview.onDidReceiveMessage((message: unknown) => {
        const asked = parseFromWasmPage(message);
        if (asked !== undefined) void this.#answer(asked);
      }),
      document.onDidChange(() => this.#post({ type: 'opened', name: document.name })),
    );
    webview.html = pageHtml(webview, folder, {
      bundle: 'wasm-viewer',
      title: vscode.l10n.t('WebAssembly Module'),
    });
  }

  dispose(): void {
    this.#parts.dispose();
  }

  async #answer(asked: FromWasmPage): Promise<void> {
    switch (asked.type) {
      case 'ready':
        return this.#post({ type: 'opened', name: this.#document.name });
      case 'ask':
        return this.#post(await this.#reply(asked));
      case 'copyWat':
        return await this.#telling(() => this.#copy(asked.function));
      case 'compare':
        return await this.#telling(() => this.#compare());
      default:
        assertNever(asked);
    }
  }

  async #reply({ id, question }: FromWasmPage & { readonly type: 'ask' }): Promise<ToWasmPage> {
    try {
      // The thread is a program of ours, and the page checks what it gets.
      const answer = (await this.#document.request({
        type: 'ask',
        question,
      })) as WasmAnswers[keyof WasmAnswers];
      return { type: 'answer', id, answer };
    } catch (error) {
      return { type: 'refused', id, message: messageOf(error) };
    }
  }

  /** @returns what to tell */
  async #copy(index: number | undefined): Promise<string> {
    const wanted = index === undefined ? {} : { function: index };
    const text = String(await this.#document.request({ type: 'text', maxLength: MAX_COPY, ...wanted }));
    await vscode.env.clipboard.writeText(text);
    const lineCount = text.split('\n').length - 1;
    return counted(
      lineCount,
      vscode.l10n.t('Copied {0} line of text.'),
      vscode.l10n.t('Copied {0} lines of text.'),
    );
  }

  /** @returns undefined when nothing was chosen, or the page shows it */
  async #compare(): Promise<undefined> {
    const [other] =
      (await vscode.window.showOpenDialog({
        title: vscode.l10n.t('Compare {0} With', this.#document.name),
        openLabel: vscode.l10n.t('Compare'),
        defaultUri: vscode.Uri.joinPath(this.#document.uri, '..'),
        filters: { WebAssembly: ['wasm'], [vscode.l10n.t('All Files')]: ['*'] },
      })) ?? [];
    if (other === undefined) return;
    const comparison = (await this.#document.compare(other)) as WasmComparison;
    this.#post({
      type: 'compared',
      comparison: { ...comparison, other: comparison.other || baseName(other) },
    });
  }

  async #telling(work: () => Promise<string | undefined>): Promise<void> {
    try {
      const message = await work();
      if (message !== undefined) this.#post({ type: 'notice', message, isError: false });
    } catch (error) {
      this.#post({ type: 'notice', message: messageOf(error), isError: true });
    }
  }

  #post(message: ToWasmPage): void {
    void this.#panel.webview.postMessage(message);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
