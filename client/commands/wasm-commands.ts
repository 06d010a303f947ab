import * as vscode from 'vscode';
import { WASM_EDITOR } from '../wasm-editor/wasm-editors.ts';
import type { Commands } from './register.ts';

/** Commands about `.wasm` files. */
export function wasmCommands(): Commands {
  return { 'quern.showModule': showModule };
}

/** Shows the file that the command was given, that of the active tab, or one that is picked. */
async function showModule(argument: unknown): Promise<void> {
  const uri = argument instanceof vscode.Uri ? argument : (activeModule() ?? (await pickModule()));
  if (uri !== undefined) await vscode.commands.executeCommand('vscode.openWith', uri, WASM_EDITOR);
}

function activeModule(): vscode.Uri | undefined {
  const input: unknown = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  const isFile = input instanceof vscode.TabInputText || input instanceof vscode.TabInputCustom;
  return isFile && /\.wasm$/i.test(input.uri.path) ? input.uri : undefined;
}

async function pickModule(): Promise<vscode.Uri | undefined> {
  const picked = await vscode.window.showOpenDialog({
    title: vscode.l10n.t('Show a WebAssembly Module'),
    openLabel: vscode.l10n.t('Show'),
    filters: { WebAssembly: ['wasm'], [vscode.l10n.t('All Files')]: ['*'] },
  });
  return picked?.[0];
}
