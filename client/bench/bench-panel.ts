import * as vscode from 'vscode';
import { assertNever } from '../../wasm-core/protocol/assert-never.ts';
import type { FromBenchPage, ToBenchPage } from '../../wasm-core/protocol/bench-page.ts';
import { CoreError } from '../../wasm-core/protocol/errors.ts';
import { type PageRequest, WebviewPage } from '../results/webview-page.ts';
import { parseFromBenchPage } from './page-messages.ts';

/** What the page asks for that is not the panel's own. */
export type BenchPageAsk = Exclude<PageRequest<FromBenchPage>, { readonly type: 'copy' | 'exportSvg' }>;

/** The page of benchmarks. */
export class BenchPanel implements vscode.Disposable {
  readonly #page: WebviewPage<ToBenchPage, FromBenchPage>;
  readonly #asked = new vscode.EventEmitter<BenchPageAsk>();

  /** Fires when the page asks for something that is not the panel's own. */
  readonly onDidAsk = this.#asked.event;

  /** @param dist the extension's folder of built files */
  constructor(dist: vscode.Uri) {
    this.#page = new WebviewPage({
      dist,
      name: 'bench',
      title: vscode.l10n.t('Quern Benchmarks'),
      parse: parseFromBenchPage,
      onRequest: (asked) => this.guarded(() => this.#act(asked)),
    });
  }

  reveal(): void {
    this.#page.reveal();
  }

  /** Shows something, and again when the page is loaded again. */
  show(state: Exclude<ToBenchPage, { readonly type: 'samples' | 'notice' }>): void {
    this.#page.setState(state);
  }

  /** Tells the page something that passes. */
  post(message: Extract<ToBenchPage, { readonly type: 'samples' | 'notice' }>): void {
    this.#page.post(message);
  }

  /** Does something that the page asked for; an error that is the user's to know is shown in the page. */
  async guarded(act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      if (!(error instanceof CoreError)) throw error;
      this.post({ type: 'notice', message: error.message, isError: true });
    }
  }

  dispose(): void {
    this.#page.dispose();
    this.#asked.dispose();
  }

  async #act(asked: PageRequest<FromBenchPage>): Promise<void> {
    switch (asked.type) {
      case 'copy':
        await vscode.env.clipboard.writeText(asked.text);
        return this.post({
          type: 'notice',
          message: vscode.l10n.t('The report is in the clipboard, as Markdown.'),
          isError: false,
        });
      case 'exportSvg':
        return await this.#save(asked.svg);
      case 'cancel':
      case 'runAgain':
      case 'saveBaseline':
      case 'compare':
      case 'scale':
      case 'reveal':
        return this.#asked.fire(asked);
      default:
        assertNever(asked);
    }
  }

  async #save(svg: string): Promise<void> {
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
    const file = await vscode.window.showSaveDialog({
      ...(folder && { defaultUri: vscode.Uri.joinPath(folder, 'benchmarks.svg') }),
      filters: { SVG: ['svg'] },
      title: vscode.l10n.t('Export Pictures'),
    });
    if (file === undefined) return;
    await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(svg));
    const message = vscode.l10n.t('{0} is written.', vscode.workspace.asRelativePath(file));
    this.post({ type: 'notice', message, isError: false });
  }
}
