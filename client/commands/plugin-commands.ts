import * as vscode from 'vscode';
import { CoreError } from '../../wasm-core/protocol/errors.ts';
import type { PluginFunction } from '../../wasm-core/protocol/plugins.ts';
import type { HostLink } from '../host/host-link.ts';
import type { LanguageService } from '../language-client.ts';
import { isPluginSource } from '../run/plugin-saves.ts';
import { checkTrust } from '../trust.ts';
import { newPlugin, writeTypings } from './new-plugin.ts';
import { newQuery } from './new-query.ts';
import type { Commands } from './register.ts';
import type { WorldDocuments } from './show-world.ts';

/** What the commands about plugins work with. */
export interface PluginCommandOptions {
  readonly link: HostLink;
  readonly languages: LanguageService;
  /** The SDK's folder. */
  readonly sdk: vscode.Uri;
  readonly worlds: WorldDocuments;
}

/** Commands about plugins. */
export function pluginCommands({ link, languages, sdk, worlds }: PluginCommandOptions): Commands {
  let newest: vscode.Uri | undefined;
  return {
    'quern.loadModule': async (argument) => {
      if (await checkTrust()) await loadModule(link, argument);
    },
    'quern.compilePlugin': async (argument) => {
      if (await checkTrust()) await compilePlugin(languages, argument);
    },
    'quern.showWorld': async (argument) => {
      const uri = argument instanceof vscode.Uri ? argument : await pickModule();
      if (uri !== undefined) await worlds.show(uri);
    },
    'quern.newPlugin': async (argument) => {
      newest = (await newPlugin(sdk, argument)) ?? newest;
    },
    'quern.newQuery': async () => newQuery(await functionToCall(languages, newest)),
    'quern.setUpTypings': () => setUpTypings(sdk),
  };
}

/**
 * The function that a new query is about: of the plugin in the active editor, else of the newest.
 *
 * @returns undefined when there is none that compiles
 */
async function functionToCall(
  languages: LanguageService,
  newest: vscode.Uri | undefined,
): Promise<PluginFunction | undefined> {
  const active = vscode.window.activeTextEditor?.document;
  const uri = active !== undefined && isPluginSource(active) ? active.uri : newest;
  if (uri === undefined || !vscode.workspace.isTrusted) return undefined;
  return (await languages.compile({ uri: uri.toString() })).functions[0];
}

async function setUpTypings(sdk: vscode.Uri): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0];
  if (folder === undefined) {
    throw new CoreError(
      'REQUEST_INVALID',
      vscode.l10n.t('Open a folder first: the typings go into its folder plugins.'),
    );
  }
  const written = await writeTypings(sdk, vscode.Uri.joinPath(folder.uri, 'plugins'));
  void vscode.window.showInformationMessage(
    written
      ? vscode.l10n.t(
          'The editor now reads plugins/*.ts as AssemblyScript; a line @ts-nocheck in them is not needed any more.',
        )
      : vscode.l10n.t('plugins/tsconfig.json is there already and was left as it is.'),
  );
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
  const gives =
    module.functions.length > 0
      ? signatures(module.functions)
      : vscode.l10n.t('bytes in, bytes out (process)');
  void vscode.window.showInformationMessage(vscode.l10n.t('Loaded {0}: {1}.', module.name, gives));
}

async function pickModule(): Promise<vscode.Uri | undefined> {
  const picked = await vscode.window.showOpenDialog({
    title: vscode.l10n.t('Load a WebAssembly Module'),
    openLabel: vscode.l10n.t('Load'),
    filters: { WebAssembly: ['wasm'] },
  });
  return picked?.[0];
}

async function compilePlugin(languages: LanguageService, argument: unknown): Promise<void> {
  const uri = argument instanceof vscode.Uri ? argument : vscode.window.activeTextEditor?.document.uri;
  const document = uri === undefined ? undefined : await vscode.workspace.openTextDocument(uri);
  if (document === undefined || !isPluginSource(document)) {
    const what = vscode.l10n.t(
      'a .wat file, a .ts file with a function marked @udf, or a source in C, C++, Rust or Zig with a comment @udf',
    );
    throw new CoreError('REQUEST_INVALID', vscode.l10n.t("Open a plugin's source first: {0}.", what));
  }
  const result = await languages.compile({ uri: document.uri.toString() });
  if (result.state === 'failed') {
    throw new CoreError(
      'FORMAT_WASM',
      vscode.l10n.t('{0} did not compile: {1}', result.name, result.message ?? vscode.l10n.t('see Problems')),
    );
  }
  const functions = result.functions.length > 0 ? `: ${signatures(result.functions)}` : '';
  void vscode.window.showInformationMessage(
    vscode.l10n.t('Compiled and loaded {0}{1}.', result.name, functions),
  );
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
