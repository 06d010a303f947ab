import * as vscode from 'vscode';
import { CoreError } from '../../wasm-core/protocol/errors.ts';
import { PLUGIN_TEMPLATES, type PluginTemplate } from './plugin-templates.ts';

/**
 * Asks for a language and a name, writes `plugins/<name>.<ending>` from a template and opens it.
 *
 * @throws CoreError REQUEST_INVALID without a folder, FILE_IO when the file is there already
 */
export async function newPlugin(): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0];
  if (folder === undefined) {
    throw new CoreError('REQUEST_INVALID', 'Open a folder first: plugins are kept in its folder plugins.');
  }
  const template = await pickTemplate();
  if (template === undefined) return;
  const name = await vscode.window.showInputBox({
    title: 'New Plugin',
    prompt: 'Name of its function in SQL',
    value: template.example,
    validateInput: problemOfName,
  });
  if (name === undefined) return;
  const file = vscode.Uri.joinPath(folder.uri, 'plugins', `${name}${template.ending}`);
  if (await exists(file)) {
    throw new CoreError(
      'FILE_IO',
      `plugins/${name}${template.ending} is there already; choose another name.`,
    );
  }
  await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(template.source(name)));
  await vscode.window.showTextDocument(file);
}

async function pickTemplate(): Promise<PluginTemplate | undefined> {
  const items = PLUGIN_TEMPLATES.map((template) => ({
    label: template.label,
    detail: template.detail,
    template,
  }));
  const picked = await vscode.window.showQuickPick(items, { title: 'New Plugin', placeHolder: 'Language' });
  return picked?.template;
}

function problemOfName(name: string): string | undefined {
  if (/^[a-z_][a-z0-9_]{0,62}$/.test(name)) return undefined;
  return 'Lower-case letters, digits and underscores, not a digit first, at most 63 of them.';
}

async function exists(file: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(file);
    return true;
  } catch {
    return false;
  }
}
