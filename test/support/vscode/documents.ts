import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { eventually } from '../eventually.ts';

/** A file of the workspace, which is a copy of the examples. */
export function workspaceFile(name: string): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder, 'a folder is open');
  return vscode.Uri.joinPath(folder.uri, name);
}

/**
 * Shows a file in an editor with a text that it did not have before, typed and saved.
 *
 * @param name from the workspace's folder; made when it is not there
 */
export async function openFile(name: string, text: string): Promise<vscode.TextEditor> {
  const uri = workspaceFile(name);
  const found = await vscode.workspace.findFiles(new vscode.RelativePattern(workspaceFile('.'), name));
  if (found.length === 0) await vscode.workspace.fs.writeFile(uri, new Uint8Array());
  const editor = await vscode.window.showTextDocument(uri, { viewColumn: vscode.ViewColumn.One });
  if (editor.document.getText() !== text) await replaceText(editor.document, text);
  if (editor.document.isDirty) assert.ok(await editor.document.save(), `${name} is saved`);
  return editor;
}

/** Replaces a document's text as typing would, without saving. */
export async function replaceText(document: vscode.TextDocument, text: string): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  const all = new vscode.Range(document.positionAt(0), document.positionAt(document.getText().length));
  edit.replace(document.uri, all, text);
  assert.ok(await vscode.workspace.applyEdit(edit));
}

/** The `Run` lenses of a document, once there are `count` of them. */
export function runLenses(document: vscode.TextDocument, count: number): Promise<vscode.CodeLens[]> {
  return eventually(`${count} lenses`, async () => {
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
      'vscode.executeCodeLensProvider',
      document.uri,
    );
    const run = lenses.filter((lens) => lens.command?.command === 'quern.runStatement');
    return run.length === count ? run : undefined;
  });
}

/** Presses a lens. */
export async function press(lens: vscode.CodeLens | undefined): Promise<void> {
  assert.ok(lens?.command, 'the lens has a command');
  await vscode.commands.executeCommand(lens.command.command, ...(lens.command.arguments ?? []));
}

/** A document's diagnostics, once there is one that `wanted` takes. */
export function diagnostic(
  uri: vscode.Uri,
  wanted: (diagnostic: vscode.Diagnostic) => boolean,
): Promise<vscode.Diagnostic> {
  return eventually(`a diagnostic of ${uri.path}`, () => {
    const all = vscode.languages.getDiagnostics(uri);
    const found = all.find(wanted);
    if (found === undefined && all.length > 0)
      throw new Error(`only ${all.map((d) => d.message).join('; ')}`);
    return found;
  });
}

/** Waits until a document has no diagnostics. */
export async function noDiagnostics(uri: vscode.Uri): Promise<void> {
  await eventually(`no diagnostics of ${uri.path}`, () => {
    const all = vscode.languages.getDiagnostics(uri);
    if (all.length > 0) throw new Error(all.map((d) => d.message).join('; '));
    return true;
  });
}
