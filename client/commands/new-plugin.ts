import * as vscode from 'vscode';
import { CoreError } from '../../wasm-core/protocol/errors.ts';
import { forFunction, PLUGIN_TEMPLATES, type PluginTemplate, TYPINGS } from './plugin-templates.ts';

/** What a new plugin is to be; what is left out is asked for. */
export interface NewPluginChoice {
  /** As in `PLUGIN_TEMPLATES`. */
  readonly language?: string;
  /** The function's name in SQL. */
  readonly name?: string;
}

/**
 * Asks for a language and a name, writes a plugin from a template into the folder `plugins`, and opens it.
 *
 * @param sdk the SDK's folder
 * @param choice unchecked: what a command was called with
 * @returns its file; undefined when the user gave up
 * @throws CoreError REQUEST_INVALID without a folder or with a name that is none, FILE_IO when the file is there already
 */
export async function newPlugin(sdk: vscode.Uri, choice: unknown): Promise<vscode.Uri | undefined> {
  const folder = vscode.workspace.workspaceFolders?.[0];
  if (folder === undefined) {
    throw new CoreError(
      'REQUEST_INVALID',
      vscode.l10n.t('Open a folder first: plugins are kept in its folder plugins.'),
    );
  }
  const { language, name: given } = parseChoice(choice);
  const template = PLUGIN_TEMPLATES.find((known) => known.language === language) ?? (await pickTemplate());
  const name = template && (given ?? (await askName(template)));
  if (template === undefined || name === undefined) return undefined;
  const plugins = vscode.Uri.joinPath(folder.uri, 'plugins');
  const first = await writeTemplate({ sdk, plugins, template, name });
  if (template.language === 'assemblyscript') await writeTypings(sdk, plugins);
  await vscode.window.showTextDocument(first);
  return first;
}

/**
 * Lets the editor's TypeScript understand the AssemblyScript in a folder `plugins`: writes a `tsconfig.json` and the
 * declarations that it names. A `tsconfig.json` that is there is somebody's own, and stays.
 *
 * @param sdk the SDK's folder
 * @returns whether they were written
 */
export async function writeTypings(sdk: vscode.Uri, plugins: vscode.Uri): Promise<boolean> {
  if (await exists(vscode.Uri.joinPath(plugins, 'tsconfig.json'))) return false;
  for (const { from, to } of TYPINGS) {
    const bytes = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(sdk, 'assemblyscript', from));
    await vscode.workspace.fs.writeFile(vscode.Uri.joinPath(plugins, to), bytes);
  }
  return true;
}

function parseChoice(choice: unknown): NewPluginChoice {
  if (typeof choice !== 'object' || choice === null) return {};
  const language = 'language' in choice && typeof choice.language === 'string' ? choice.language : undefined;
  const name = 'name' in choice && typeof choice.name === 'string' ? choice.name : undefined;
  const problem = name === undefined ? undefined : problemOfName(name);
  if (problem !== undefined)
    throw new CoreError('REQUEST_INVALID', vscode.l10n.t('{0} is no name: {1}', name ?? '', problem));
  return { ...(language !== undefined && { language }), ...(name !== undefined && { name }) };
}

interface NewFiles {
  readonly sdk: vscode.Uri;
  readonly plugins: vscode.Uri;
  readonly template: PluginTemplate;
  readonly name: string;
}

/** @returns the file to be opened */
async function writeTemplate({ sdk, plugins, template, name }: NewFiles): Promise<vscode.Uri> {
  const files = template.files.map((path) => ({
    from: vscode.Uri.joinPath(sdk, 'templates', template.language, path),
    to: vscode.Uri.joinPath(plugins, forFunction(path, name)),
    path: forFunction(path, name),
  }));
  for (const { to, path } of files) {
    if (!(await exists(to))) continue;
    throw new CoreError('FILE_IO', vscode.l10n.t('plugins/{0} is there already; choose another name.', path));
  }
  for (const { from, to } of files) {
    const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(from));
    await vscode.workspace.fs.writeFile(to, new TextEncoder().encode(forFunction(text, name)));
  }
  return vscode.Uri.joinPath(plugins, forFunction(template.files[0], name));
}

async function pickTemplate(): Promise<PluginTemplate | undefined> {
  const items = PLUGIN_TEMPLATES.map((template) => ({
    label: template.label,
    detail: template.detail(),
    template,
  }));
  const picked = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('New Plugin'),
    placeHolder: vscode.l10n.t('Language'),
  });
  return picked?.template;
}

async function askName(template: PluginTemplate): Promise<string | undefined> {
  return vscode.window.showInputBox({
    title: vscode.l10n.t('New Plugin'),
    prompt: vscode.l10n.t('Name of its function in SQL'),
    value: template.example,
    validateInput: problemOfName,
  });
}

function problemOfName(name: string): string | undefined {
  if (/^[a-z_][a-z0-9_]{0,62}$/.test(name)) return undefined;
  return vscode.l10n.t('Lower-case letters, digits and underscores, not a digit first, at most 63 of them.');
}

async function exists(file: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(file);
    return true;
  } catch {
    return false;
  }
}
