import * as vscode from 'vscode';

/** A compilation that takes longer than this no longer holds back a run, milliseconds. */
const PATIENCE_MS = 5_000;

/**
 * Knows which saved plugin sources the language server has not compiled yet, so that a run right after a save calls the
 * new function.
 */
export class PluginSaves implements vscode.Disposable {
  readonly #pending = new Set<string>();
  readonly #settled = new vscode.EventEmitter<void>();
  readonly #listener = vscode.workspace.onDidSaveTextDocument((document) => {
    if (isPluginSource(document)) this.#pending.add(document.uri.toString());
  });

  /** The server has compiled a source, or said what is wrong with it. */
  compiled(uri: string): void {
    this.#pending.delete(vscode.Uri.parse(uri).toString());
    if (this.#pending.size === 0) this.#settled.fire();
  }

  /** Resolves when every saved source has been compiled, at the latest after five seconds. */
  async settled(): Promise<void> {
    if (this.#pending.size === 0) return;
    await new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(timer);
        listener.dispose();
        this.#pending.clear();
        resolve();
      };
      const timer = setTimeout(done, PATIENCE_MS);
      const listener = this.#settled.event(done);
    });
  }

  dispose(): void {
    this.#listener.dispose();
    this.#settled.dispose();
  }
}

/** A document that the language server compiles on save. */
export function isPluginSource(document: vscode.TextDocument): boolean {
  if (document.uri.scheme !== 'file') return false;
  if (document.languageId === 'wat') return true;
  return document.languageId === 'typescript' && /^\s*@udf\b/m.test(document.getText());
}
