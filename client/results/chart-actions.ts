import * as vscode from 'vscode';
import type { ChartSpec } from '../../wasm-core/protocol/chart.ts';
import { writeChartDirective } from '../../wasm-core/protocol/chart-directive.ts';
import { readDirectives } from '../../wasm-core/protocol/directives.ts';
import { CoreError } from '../../wasm-core/protocol/errors.ts';
import type { FromResultsPage } from '../../wasm-core/protocol/webview.ts';
import { writeWorkspaceChart } from '../../wasm-core/protocol/workspace-charts.ts';
import { fileName } from '../export/export-place.ts';
import type { ExportedRun } from '../export/export-source.ts';
import { openedDocument } from '../run/opened-document.ts';
import { commentEdit, pieceNow } from './chart-comment.ts';
import { keepChart } from './workspace-charts.ts';

/** Writes a chart where the page asks for it to be. */
export async function saveChart(
  run: ExportedRun | undefined,
  { spec, to }: Pick<Extract<FromResultsPage, { readonly type: 'saveChart' }>, 'spec' | 'to'>,
): Promise<void> {
  if (run === undefined) return refuse(vscode.l10n.t('Run the statement again to save its chart.'));
  return to === 'document' ? await saveInDocument(run, spec) : await saveInWorkspace(run, spec);
}

/** Writes a chart into the workspace file, by its statement's name. */
async function saveInWorkspace({ document, text, piece, statement }: ExportedRun, spec: ChartSpec) {
  const { name } = readDirectives(text, piece.from, piece.start);
  if (name === undefined) {
    return refuse(vscode.l10n.t('Give the statement a name first, by a comment above it: -- name: Sales'));
  }
  const entry = writeWorkspaceChart(spec, statement.columns);
  if (entry === undefined) {
    return refuse(
      vscode.l10n.t(
        'quern.json cannot name the columns of this chart: give them names of their own in the statement.',
      ),
    );
  }
  try {
    const file = await keepChart(document.uri, { name, entry });
    const shown = vscode.workspace.asRelativePath(file);
    vscode.window.setStatusBarMessage(vscode.l10n.t('The chart of {0} is kept in {1}.', name, shown), 5_000);
  } catch (error) {
    if (!(error instanceof CoreError)) throw error;
    return refuse(error.message);
  }
}

function refuse(text: string): void {
  void vscode.window.showWarningMessage(text);
}

/** Writes a chart as a comment above its statement, which the editor can undo. */
async function saveInDocument(run: ExportedRun, spec: ChartSpec): Promise<void> {
  const { statement } = run;
  const comment = writeChartDirective(spec, statement.columns);
  if (comment === undefined) {
    return refuse(
      vscode.l10n.t(
        'A comment cannot name the columns of this chart: give them names of their own in the statement.',
      ),
    );
  }
  const document = await openedDocument(run.document.uri);
  if (document?.languageId !== 'sql') {
    await vscode.env.clipboard.writeText(comment);
    void vscode.window.showInformationMessage(
      vscode.l10n.t('Copied. Paste it above the statement, inside of its text: {0}', comment),
    );
    return;
  }
  const text = document.getText();
  const piece = pieceNow(text, run);
  if (piece === undefined) {
    return refuse(vscode.l10n.t('The statement has changed since it ran; run it again to save its chart.'));
  }
  const edit = commentEdit(text, piece, comment);
  const change = new vscode.WorkspaceEdit();
  const range = new vscode.Range(document.positionAt(edit.start), document.positionAt(edit.end));
  change.replace(document.uri, range, edit.text);
  await vscode.workspace.applyEdit(change);
}

/** Writes the picture of a chart to a file that the user chooses. */
export async function exportChart(
  { format, title, bytes }: Extract<FromResultsPage, { readonly type: 'exportChart' }>,
  folder: vscode.Uri | undefined,
): Promise<void> {
  const name = `${fileName(title)}.${format}`;
  const file = await vscode.window.showSaveDialog({
    ...(folder && { defaultUri: vscode.Uri.joinPath(folder, name) }),
    filters: format === 'svg' ? { SVG: ['svg'] } : { PNG: ['png'] },
    saveLabel: vscode.l10n.t('Export'),
    title: vscode.l10n.t('Export Chart'),
  });
  if (file === undefined) return;
  try {
    await vscode.workspace.fs.writeFile(file, new Uint8Array(bytes));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    void vscode.window.showErrorMessage(vscode.l10n.t('The chart could not be written: {0}', reason));
  }
}
