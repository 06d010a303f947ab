import * as vscode from 'vscode';
import { EMBEDDING_LANGUAGES } from '../../wasm-core/protocol/embedded-sql.ts';
import type { RunDiagnostics } from './run-diagnostics.ts';

/** Offers to make the call that failed once more, on the error of a run. */
export class ReplayActions implements vscode.CodeActionProvider, vscode.Disposable {
  readonly #diagnostics: RunDiagnostics;
  readonly #registration: vscode.Disposable;

  constructor(diagnostics: RunDiagnostics) {
    this.#diagnostics = diagnostics;
    const languages = ['sql', ...EMBEDDING_LANGUAGES].map((language) => ({ language }));
    this.#registration = vscode.languages.registerCodeActionsProvider(languages, this, {
      providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
    });
  }

  provideCodeActions(
    document: vscode.TextDocument,
    _: vscode.Range,
    { diagnostics }: vscode.CodeActionContext,
  ): vscode.CodeAction[] {
    const replay = this.#diagnostics.replayOf(document);
    const shown = diagnostics.filter((diagnostic) => this.#diagnostics.isOwn(diagnostic));
    if (replay === undefined || shown.length === 0) return [];
    return [
      replayAction(vscode.l10n.t('Quern: Replay this call'), 'quern.replayCall', { replay, shown }),
      replayAction(vscode.l10n.t('Quern: Save this call as a test'), 'quern.saveReplayTest', {
        replay,
        shown,
      }),
    ];
  }

  dispose(): void {
    this.#registration.dispose();
  }
}

function replayAction(
  title: string,
  command: string,
  { replay, shown }: { readonly replay: string; readonly shown: vscode.Diagnostic[] },
): vscode.CodeAction {
  const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
  action.diagnostics = shown;
  action.command = { title, command, arguments: [replay] };
  return action;
}
