import * as vscode from 'vscode';
import type { CoreError } from '../../wasm-core/protocol/errors.ts';

/** What the language server says already, from the same engine. */
const SERVER_KINDS: readonly string[] = ['SQL_PARSE', 'SQL_BIND'];

/** Errors of runs at their place in the document, until its next edit or run. */
export class RunDiagnostics implements vscode.Disposable {
  readonly #collection = vscode.languages.createDiagnosticCollection('quern run');
  readonly #listener = vscode.workspace.onDidChangeTextDocument((e) => {
    if (e.contentChanges.length > 0) this.clear(e.document);
  });

  /** Shows an error that the language server cannot know. */
  show(document: vscode.TextDocument, range: vscode.Range, error: CoreError): void {
    if (SERVER_KINDS.includes(error.kind)) return;
    const diagnostic = new vscode.Diagnostic(range, error.message, vscode.DiagnosticSeverity.Error);
    diagnostic.source = 'quern run';
    diagnostic.code = error.kind;
    this.#collection.set(document.uri, [diagnostic]);
  }

  clear(document: vscode.TextDocument): void {
    this.#collection.delete(document.uri);
  }

  dispose(): void {
    this.#listener.dispose();
    this.#collection.dispose();
  }
}
