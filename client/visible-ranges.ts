import * as vscode from 'vscode';
import type { VisibleParams } from '../wasm-core/protocol/lsp.ts';

/** How long scrolling must pause, milliseconds. */
const PAUSE_MS = 100;

/** Tells which lines of SQL documents are on the screen, so that these are checked before the others. */
export class VisibleRanges implements vscode.Disposable {
  readonly #tell: (visible: VisibleParams) => void;
  readonly #listeners: vscode.Disposable;
  #timer: NodeJS.Timeout | undefined;

  constructor(tell: (visible: VisibleParams) => void) {
    this.#tell = tell;
    this.#listeners = vscode.Disposable.from(
      vscode.window.onDidChangeTextEditorVisibleRanges(() => this.#soon()),
      vscode.window.onDidChangeVisibleTextEditors(() => this.#soon()),
    );
    this.#soon();
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#listeners.dispose();
  }

  #soon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#look(), PAUSE_MS);
  }

  #look(): void {
    const editors = vscode.window.visibleTextEditors.filter(({ document }) => document.languageId === 'sql');
    const documents = editors.map(({ document, visibleRanges }) => ({
      uri: document.uri.toString(),
      lines: visibleRanges.map(({ start, end }) => ({ first: start.line, last: end.line })),
    }));
    this.#tell({ documents });
  }
}
