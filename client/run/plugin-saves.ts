import * as vscode from 'vscode';
import { sourceLanguage } from '../../wasm-core/protocol/plugins.ts';

/** A compilation that takes longer than this no longer holds back a run, milliseconds. */
const PATIENCE_MS = 5_000;

/**
 * Knows which saved plugin sources the language server has not compiled yet, so that a run right after a save calls the
 * new function.
 */
export class PluginSaves implements vscode.Disposable {
  /** Saves of each source that the server has not answered, by its address. */
  readonly #pending = new Map<string, number>();
  readonly #settled = new vscode.EventEmitter<void>();
  readonly #listener = vscode.workspace.onDidSaveTextDocument((document) => {
    if (isSoonCompiled(document)) this.#add(document.uri.toString(), 1);
  });

  /** The server has compiled a source, or said what is wrong with it. */
  compiled(uri: string): void {
    this.#add(vscode.Uri.parse(uri).toString(), -1);
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

  #add(uri: string, change: 1 | -1): void {
    const count = (this.#pending.get(uri) ?? 0) + change;
    if (count > 0) this.#pending.set(uri, count);
    else this.#pending.delete(uri);
  }
}

/** What tools of the user's compile may take long, or be a part of another plugin; the server is asked about those. */
function isSoonCompiled(document: vscode.TextDocument): boolean {
  return isPluginSource(document) && /\.(?:wat|ts)$/i.test(document.uri.path);
}

/** A document that the language server compiles on save; the same rule as its own. */
export function isPluginSource(document: vscode.TextDocument): boolean {
  const { uri } = document;
  return uri.scheme === 'file' && sourceLanguage(uri.path, document.getText()) !== undefined;
}
