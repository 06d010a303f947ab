import * as vscode from 'vscode';

/**
 * The document with an address, opened where it is not.
 *
 * @returns undefined for one that is not there any longer, such as an untitled one that was not saved
 */
export async function openedDocument(uri: vscode.Uri): Promise<vscode.TextDocument | undefined> {
  const address = uri.toString();
  const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === address);
  if (open !== undefined || uri.scheme === 'untitled') return open;
  try {
    return await vscode.workspace.openTextDocument(uri);
  } catch {
    return undefined;
  }
}
