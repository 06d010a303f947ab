import * as vscode from 'vscode';
import type { PluginFunction } from '../../wasm-core/protocol/plugins.ts';
import { queryFor } from '../run/query-for.ts';

/**
 * Opens a SQL file that calls a function, in the first folder; it is written when it is not there.
 *
 * @param fn absent: no plugin is compiled yet, and the file shows what a query over a file looks like
 */
export async function newQuery(fn: PluginFunction | undefined): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0];
  const text = queryFor(fn);
  if (folder === undefined) {
    const document = await vscode.workspace.openTextDocument({ language: 'sql', content: text });
    await vscode.window.showTextDocument(document);
    return;
  }
  const file = vscode.Uri.joinPath(folder.uri, `${fn?.name ?? 'query'}.sql`);
  const isThere = await vscode.workspace.fs.stat(file).then(
    () => true,
    () => false,
  );
  if (!isThere) await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(text));
  const editor = await vscode.window.showTextDocument(file);
  const end = editor.document.positionAt(editor.document.getText().lastIndexOf('select'));
  editor.selection = new vscode.Selection(end, end);
}
