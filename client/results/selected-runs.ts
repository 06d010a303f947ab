import * as vscode from 'vscode';
import type { FromResultsPage } from '../../wasm-core/protocol/webview.ts';
import type { ResultQuestions } from './result-questions.ts';
import type { GivenRows } from './run-content.ts';
import { selectionQuery } from './selection-query.ts';

/** Rows of runs that were selected, as runs of the statements that select them. */
export function selectedRuns(
  runs: readonly GivenRows[],
  questions: Pick<ResultQuestions, 'selectedOf'> | undefined,
): readonly GivenRows[] {
  return runs.flatMap((run) => {
    const selected = questions?.selectedOf(run.id);
    if (selected === undefined) return [];
    const text = selectionQuery(run, selected.sql) ?? '';
    return [
      {
        ...run,
        id: selected.id,
        title: vscode.l10n.t('{0} (selected rows)', run.title),
        text,
        piece: { from: 0, start: 0, end: text.length },
        // They are all that were selected, though the run may have kept the first of its rows alone.
        statement: { ...selected.statement, truncated: false },
      },
    ];
  });
}

/** Gives the statement that selects the rows with an id to the clipboard, or shows it in an untitled document. */
export async function showSelectionSql(
  runs: readonly GivenRows[],
  { id, to }: Extract<FromResultsPage, { type: 'selectionSql' }>,
): Promise<void> {
  await showSql(runs.find((run) => run.id === id)?.text, to);
}

/** @param sql nothing is done when it is absent; when it is empty, it is said why there is none */
export async function showSql(
  sql: string | undefined,
  to: Extract<FromResultsPage, { type: 'selectionSql' }>['to'],
): Promise<void> {
  if (sql === undefined) return;
  if (sql === '') {
    const message = vscode.l10n.t('This statement changes something, and cannot stand inside of a query.');
    await vscode.window.showInformationMessage(message);
    return;
  }
  if (to === 'clipboard') return await vscode.env.clipboard.writeText(sql);
  const document = await vscode.workspace.openTextDocument({ language: 'sql', content: sql });
  await vscode.window.showTextDocument(document, { preview: false, viewColumn: vscode.ViewColumn.One });
}
