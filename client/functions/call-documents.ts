import * as vscode from 'vscode';
import type { FunctionTarget } from '../../wasm-core/protocol/lsp.ts';

/** The scheme of documents that hold one call of a plugin's function. Their path is where their statement runs. */
export const CALL_SCHEME = 'quern-call';

/** So many calls can be looked at again. */
const MAX_TEXTS = 50;

/** Statements that call functions, as documents that nobody has to save. */
export class CallDocuments implements vscode.Disposable, vscode.TextDocumentContentProvider {
  readonly #texts = new Map<string, string>();
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly #registration = vscode.workspace.registerTextDocumentContentProvider(CALL_SCHEME, this);
  readonly onDidChange = this.#changed.event;

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.#texts.get(uri.toString()) ?? vscode.l10n.t('-- This call is no longer kept.\n');
  }

  /** The document of a statement that calls a function. */
  async open({ uri, function: fn }: FunctionTarget, sql: string): Promise<vscode.TextDocument> {
    return await this.at(namespaceFolder(vscode.Uri.parse(uri)), fn.name, sql);
  }

  /** The document of a statement that runs in a folder. @param name what it is called */
  async at(folder: vscode.Uri, name: string, sql: string): Promise<vscode.TextDocument> {
    // Another text is another document: a document that is open does not change at once.
    const query = hashOf(sql);
    const call = vscode.Uri.joinPath(folder, `${name}.sql`).with({ scheme: CALL_SCHEME, query });
    this.#texts.delete(call.toString());
    this.#texts.set(call.toString(), sql);
    for (const old of this.#texts.keys()) {
      if (this.#texts.size <= MAX_TEXTS) break;
      this.#texts.delete(old);
    }
    return await vscode.workspace.openTextDocument(call);
  }

  dispose(): void {
    this.#registration.dispose();
    this.#changed.dispose();
  }
}

/** The folder whose SQL has a plugin's functions; the language server follows the same rule. */
function namespaceFolder(source: vscode.Uri): vscode.Uri {
  const workspace = vscode.workspace.getWorkspaceFolder(source);
  if (workspace !== undefined) return workspace.uri;
  const own = vscode.Uri.joinPath(source, '..');
  return own.path.endsWith('/plugins') ? vscode.Uri.joinPath(own, '..') : own;
}

/** FNV-1a, 32 bits: tells texts apart, and need not be hard to forge. */
function hashOf(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(16);
}
