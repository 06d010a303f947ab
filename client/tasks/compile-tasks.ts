import * as vscode from 'vscode';
import { languageOfName, PRESETS, sourceLanguage, withoutMembers } from '../../wasm-core/protocol/plugins.ts';
import { readSettings } from '../settings.ts';
import { type CompileTaskDefinition, compileArguments } from './compile-arguments.ts';

/** The type of the tasks, in `tasks.json` and in the manifest. */
const TYPE = 'quern';
const SOURCES = '**/plugins/**/*.{wat,ts,js,mjs,c,cc,cpp,cxx,rs,zig,toml,mod,txt}';
const PASSED_OVER = '**/{node_modules,target,zig-cache,zig-out}/**';
const MAX_FILES = 1_000;

/**
 * Offers a task for each plugin source in the workspace's folders named `plugins`, and one for all of a folder.
 *
 * @param cliPath absolute path of dist/quern.js
 */
export function registerCompileTasks(cliPath: string): vscode.Disposable {
  return vscode.tasks.registerTaskProvider(TYPE, {
    provideTasks: async () => {
      // In Restricted Mode nothing compiles.
      if (!vscode.workspace.isTrusted) return [];
      const folders = vscode.workspace.workspaceFolders ?? [];
      return (await Promise.all(folders.map((folder) => tasksOf(folder, cliPath)))).flat();
    },
    resolveTask: async (task) => {
      const folder = typeof task.scope === 'object' ? task.scope : vscode.workspace.workspaceFolders?.[0];
      if (folder === undefined) return undefined;
      const definition = readDefinition(task.definition);
      const files = definition.file === undefined ? await sourcesOf(folder) : [definition.file];
      return createTask({ folder, definition: { ...task.definition, ...definition }, files, cliPath });
    },
  });
}

async function tasksOf(folder: vscode.WorkspaceFolder, cliPath: string): Promise<vscode.Task[]> {
  const files = await sourcesOf(folder);
  if (files.length === 0) return [];
  const single = files.map((file) =>
    createTask({ folder, definition: { type: TYPE, file }, files: [file], cliPath }),
  );
  return [createTask({ folder, definition: { type: TYPE }, files, cliPath }), ...single];
}

function createTask(given: {
  readonly folder: vscode.WorkspaceFolder;
  readonly definition: vscode.TaskDefinition & CompileTaskDefinition;
  readonly files: readonly string[];
  readonly cliPath: string;
}): vscode.Task {
  const { folder, definition, files, cliPath } = given;
  const { tools, preset, home } = readSettings();
  const args = compileArguments(files, { tools, preset: definition.preset ?? preset });
  // The editor's own Node, so that none has to be installed.
  const env = { ELECTRON_RUN_AS_NODE: '1', ...(home !== undefined && { QUERN_HOME: home }) };
  const execution = new vscode.ProcessExecution(process.execPath, [cliPath, ...args], {
    cwd: folder.uri.fsPath,
    env,
  });
  const name = definition.file === undefined ? 'compile all' : `compile ${definition.file}`;
  const task = new vscode.Task(definition, folder, name, TYPE, execution, '$quern');
  task.group = vscode.TaskGroup.Build;
  return task;
}

/** Paths of a folder's plugin sources from it, with `/`. */
async function sourcesOf(folder: vscode.WorkspaceFolder): Promise<string[]> {
  const found = await vscode.workspace.findFiles(
    new vscode.RelativePattern(folder, SOURCES),
    PASSED_OVER,
    MAX_FILES,
  );
  const sources = await Promise.all(found.map(async (uri) => ((await isSource(uri)) ? [uri.path] : [])));
  return withoutMembers(sources.flat().sort()).map((path) => path.slice(folder.uri.path.length + 1));
}

async function isSource(uri: vscode.Uri): Promise<boolean> {
  if (languageOfName(uri.path) === undefined) return false;
  try {
    const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
    return sourceLanguage(uri.path, text) !== undefined;
  } catch {
    // Gone since it was found.
    return false;
  }
}

function readDefinition({ file, preset }: vscode.TaskDefinition): CompileTaskDefinition {
  const known = PRESETS.find((name) => name === preset);
  return { ...(typeof file === 'string' && { file }), ...(known && { preset: known }) };
}
