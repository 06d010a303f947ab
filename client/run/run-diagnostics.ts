import * as vscode from 'vscode';
import type { CoreError } from '../../wasm-core/protocol/errors.ts';
import type { TrapSource } from '../../wasm-core/protocol/replays.ts';

/** What the language server says already, from the same engine. */
const SERVER_KINDS: readonly string[] = ['SQL_PARSE', 'SQL_BIND'];

const SOURCE = 'quern run';

/** Errors of runs at their place in the document, until its next edit or run. */
export class RunDiagnostics implements vscode.Disposable {
  /** Ids of the failed calls behind the errors, by the documents' URIs. */
  readonly #replays = new Map<string, string>();
  readonly #collection = vscode.languages.createDiagnosticCollection('quern run');
  readonly #listener = vscode.workspace.onDidChangeTextDocument((e) => {
    if (e.contentChanges.length > 0) this.clear(e.document);
  });

  /** Shows an error that the language server cannot know. */
  show(document: vscode.TextDocument, range: vscode.Range, error: CoreError): void {
    if (SERVER_KINDS.includes(error.kind)) return;
    const diagnostic = new vscode.Diagnostic(range, error.message, vscode.DiagnosticSeverity.Error);
    diagnostic.source = SOURCE;
    diagnostic.code = error.kind;
    diagnostic.relatedInformation = pluginPlace(error);
    const { replay } = error.details;
    if (typeof replay === 'string') this.#replays.set(document.uri.toString(), replay);
    this.#collection.set(document.uri, [diagnostic]);
  }

  /** The id of the failed call behind a document's error, if a call of a plugin is behind it. */
  replayOf(document: vscode.TextDocument): string | undefined {
    return this.#replays.get(document.uri.toString());
  }

  /** Whether a diagnostic is one of these. */
  isOwn(diagnostic: vscode.Diagnostic): boolean {
    return diagnostic.source === SOURCE;
  }

  clear(document: vscode.TextDocument): void {
    this.#replays.delete(document.uri.toString());
    this.#collection.delete(document.uri);
  }

  dispose(): void {
    this.#listener.dispose();
    this.#collection.dispose();
  }
}

/** The line of the plugin's source that an error names, as something to click. */
function pluginPlace({ details }: CoreError): vscode.DiagnosticRelatedInformation[] {
  const source = details.source as TrapSource | undefined;
  if (source?.path === undefined) return [];
  const at = new vscode.Position(source.line - 1, source.column - 1);
  const location = new vscode.Location(vscode.Uri.file(source.path), at);
  return [new vscode.DiagnosticRelatedInformation(location, vscode.l10n.t('here in the plugin'))];
}
