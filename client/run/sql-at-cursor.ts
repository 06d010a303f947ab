import * as vscode from 'vscode';
import { mayEmbedSql } from '../../wasm-core/protocol/embedded-sql.ts';
import type { StatementsResult } from '../../wasm-core/protocol/lsp.ts';
import { isInSql } from './embedded-choice.ts';

/** How long the cursor must rest, milliseconds. */
const PAUSE_MS = 100;

/** Keeps the context key `quern.sqlAtCursor`: whether the cursor is in SQL inside a document of another language. */
export class SqlAtCursor implements vscode.Disposable {
  readonly #statements: (uri: string) => Promise<StatementsResult>;
  readonly #listeners: vscode.Disposable;
  #timer: NodeJS.Timeout | undefined;
  #isIn = false;

  constructor(statements: (uri: string) => Promise<StatementsResult>) {
    this.#statements = statements;
    this.#listeners = vscode.Disposable.from(
      vscode.window.onDidChangeTextEditorSelection(() => this.#soon()),
      vscode.window.onDidChangeActiveTextEditor(() => this.#soon()),
    );
    this.#soon();
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#listeners.dispose();
  }

  #soon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#look(), PAUSE_MS);
  }

  async #look(): Promise<void> {
    const editor = vscode.window.activeTextEditor;
    const isIn = editor !== undefined && (await this.#isInSql(editor).catch(() => false));
    // The cursor has moved on in the meantime: that look will tell.
    if (isIn === this.#isIn || editor !== vscode.window.activeTextEditor) return;
    this.#isIn = isIn;
    await vscode.commands.executeCommand('setContext', 'quern.sqlAtCursor', isIn);
  }

  async #isInSql({ document, selection }: vscode.TextEditor): Promise<boolean> {
    if (!mayEmbedSql(document.languageId, document.getText())) return false;
    const { texts } = await this.#statements(document.uri.toString());
    return isInSql(texts, document.offsetAt(selection.active));
  }
}
