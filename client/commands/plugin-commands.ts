import * as vscode from 'vscode';
import { CoreError } from '../../wasm-core/protocol/errors.ts';
import type { PluginFunction } from '../../wasm-core/protocol/plugins.ts';
import type { HostLink } from '../host/host-link.ts';
import type { LanguageService } from '../language-client.ts';
import { isPluginSource } from '../run/plugin-saves.ts';
import { checkTrust } from '../trust.ts';
import { newPlugin } from './new-plugin.ts';
import type { Commands } from './register.ts';

/** Commands about plugins. */
export function pluginCommands(link: HostLink, languages: LanguageService): Commands {
  return {
    'quern.loadModule': async (argument) => {
      if (await checkTrust()) await loadModule(link, argument);
    },
    'quern.compilePlugin': async (argument) => {
      if (await checkTrust()) await compilePlugin(languages, argument);
    },
    'quern.newPlugin': () => newPlugin(),
  };
}

async function loadModule(link: HostLink, argument: unknown): Promise<void> {
  const uri = argument instanceof vscode.Uri ? argument : await pickModule();
  if (uri === undefined) return;
  const name = uri.path.slice(uri.path.lastIndexOf('/') + 1).replace(/\.wasm$/i, '');
  const manifest = await readSidecar(vscode.Uri.joinPath(uri, '..', `${name}.quern.json`));
  const module = await link.request('module/load', {
    path: uri.fsPath,
    name,
    namespace: namespaceOf(uri),
    source: uri.fsPath,
    ...(manifest === undefined ? {} : { manifest }),
  });
  const gives = module.functions.length > 0 ? signatures(module.functions) : 'bytes in, bytes out (process)';
  void vscode.window.showInformationMessage(`Loaded ${module.name}: ${gives}.`);
}

async function pickModule(): Promise<vscode.Uri | undefined> {
  const picked = await vscode.window.showOpenDialog({
    title: 'Load a WebAssembly Module',
    openLabel: 'Load',
    filters: { WebAssembly: ['wasm'] },
  });
  return picked?.[0];
}

async function compilePlugin(languages: LanguageService, argument: unknown): Promise<void> {
  const uri = argument instanceof vscode.Uri ? argument : vscode.window.activeTextEditor?.document.uri;
  const document = uri === undefined ? undefined : await vscode.workspace.openTextDocument(uri);
  if (document === undefined || !isPluginSource(document)) {
    const what = 'a .wat file, or a .ts file with a function marked @udf';
    throw new CoreError('REQUEST_INVALID', `Open a plugin's source first: ${what}.`);
  }
  const result = await languages.compile({ uri: document.uri.toString() });
  if (result.state === 'failed') {
    throw new CoreError('FORMAT_WASM', `${result.name} did not compile: ${result.message ?? 'see Problems'}`);
  }
  const functions = result.functions.length > 0 ? `: ${signatures(result.functions)}` : '';
  void vscode.window.showInformationMessage(`Compiled and loaded ${result.name}${functions}.`);
}

/** A module's manifest from the file beside it; undefined when there is none. */
async function readSidecar(uri: vscode.Uri): Promise<string | undefined> {
  try {
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
  } catch (error) {
    if (error instanceof vscode.FileSystemError && error.code === 'FileNotFound') return undefined;
    throw error;
  }
}

/** Names belong to a workspace folder; a module from elsewhere is for the first. */
function namespaceOf(uri: vscode.Uri): string {
  const folder = vscode.workspace.getWorkspaceFolder(uri) ?? vscode.workspace.workspaceFolders?.[0];
  return folder?.uri.fsPath ?? 'default';
}

function signatures(functions: readonly PluginFunction[]): string {
  return functions.map((f) => `${f.name}(${f.parameters.map((p) => p.type).join(', ')})`).join(', ');
}
