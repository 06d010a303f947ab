import * as vscode from 'vscode';
import type { RunContent } from './run-content.ts';

/** Shows the place of a run's failure in its document; does nothing for a run without one. */
export async function showFailurePlace(content: RunContent | undefined): Promise<void> {
  const { failure, run } = content ?? {};
  if (failure === undefined || run === undefined) return;
  const { document } = run.request;
  const selection = new vscode.Range(document.positionAt(failure.start), document.positionAt(failure.end));
  const visible = vscode.window.visibleTextEditors.find((editor) => editor.document === document);
  await vscode.window.showTextDocument(document, {
    selection,
    viewColumn: visible?.viewColumn ?? vscode.ViewColumn.One,
  });
}
