import path from 'node:path';
import type { Command } from 'commander';
import type { ModuleInfo } from '../../../protocol/methods.ts';
import { sqlSignature } from '../../../protocol/sql-signature.ts';
import { shownPath } from '../check/check-text.ts';
import type { Cli } from '../cli.ts';
import { type FunctionUse, findFunctionUses } from '../functions/function-uses.ts';
import { capabilitiesText, exportText } from '../module-text.ts';
import { collect } from '../options.ts';
import { print } from '../output.ts';
import { UsageError } from '../report-error.ts';
import { loadWorkspacePlugins } from '../run/workspace-plugins.ts';
import { visible } from '../text-table.ts';

interface FunctionsOptions {
  readonly namespace?: string;
  readonly plugins?: readonly string[];
}

/** `quern functions [UUID|NAME]`. */
export function addFunctions(program: Command, cli: Cli): void {
  program
    .command('functions')
    .description('list the functions for SQL of the folder, and where its SQL calls them; or show a module')
    .argument('[module]', 'UUID, digest or name: what it exports, its functions for SQL, and what it may use')
    .option('--namespace <namespace>', 'whose name it is: a folder, or "default"')
    .option(
      '--plugins <dir>',
      'without a module: a folder with plugins (default: those that quern.json names, or plugins/); may be repeated',
      collect,
    )
    .action((module: string | undefined, options: FunctionsOptions) =>
      module === undefined ? showFolder(cli, options) : showModule(cli, module, options),
    );
}

async function showModule(cli: Cli, module: string, options: FunctionsOptions): Promise<void> {
  const { namespace, plugins } = options;
  if (plugins !== undefined) throw new UsageError('--plugins goes without a module');
  const connection = await cli.connect();
  const named = { module, ...(namespace !== undefined && { namespace }) };
  const found = await connection.request('module/functions', named);
  if (cli.json) return print(JSON.stringify(found));
  const functions = found.functions.map((fn) =>
    visible(`  ${sqlSignature(fn)}${fn.doc === '' ? '' : `  -- ${fn.doc}`}`),
  );
  const lines = [
    ...(functions.length > 0 ? ['Functions for SQL:', ...functions] : ['No functions for SQL.']),
    capabilitiesText(found.capabilities),
    'Exports:',
    ...found.exports.map((item) => visible(`  ${exportText(item)}`)),
  ];
  await print(lines.join('\n'));
}

/** What statements of the current folder may call: its own plugins, and what was loaded by hand. */
async function showFolder(cli: Cli, { namespace, plugins }: FunctionsOptions): Promise<void> {
  if (namespace !== undefined) throw new UsageError('--namespace goes with a module');
  const folder = process.cwd();
  const connection = await cli.connect();
  const namespaces = await loadWorkspacePlugins(cli, connection, { folder, plugins });
  const modules: ModuleInfo[] = [];
  for (const each of [...namespaces, 'default']) {
    modules.push(...(await connection.request('module/list', { namespace: each })).modules);
  }
  const names = modules.flatMap(({ functions }) => functions.map(({ name }) => name.toLowerCase()));
  const uses = findFunctionUses(folder, new Set(names));
  const usesOf = (name: string): readonly FunctionUse[] => uses.get(name.toLowerCase()) ?? [];
  if (cli.json) return print(folderJson(modules, usesOf));
  const lines = modules.flatMap((module) => moduleLines(module, usesOf));
  if (lines.length === 0) {
    return cli.say(
      'There are no functions for SQL here. Write one into plugins/, or load one with quern load FILE.',
    );
  }
  await print(lines.join('\n'));
}

function moduleLines(
  { name, source, functions }: ModuleInfo,
  usesOf: (name: string) => readonly FunctionUse[],
): string[] {
  if (functions.length === 0) return [];
  const from = source === undefined ? name : shownPath(source);
  return [
    `${visible(from)}:`,
    ...functions.flatMap((fn) => [
      visible(`  ${sqlSignature(fn)}${fn.doc === '' ? '' : `  -- ${fn.doc}`}`),
      ...usesOf(fn.name).map((use) => visible(`    ${placeText(use)}`)),
    ]),
  ];
}

function placeText({ path: file, line, column }: FunctionUse): string {
  return `${shownPath(file)}:${line}:${column}`;
}

function folderJson(
  modules: readonly ModuleInfo[],
  usesOf: (name: string) => readonly FunctionUse[],
): string {
  const functions = modules.flatMap(({ name: module, namespace, source, functions: own }) =>
    own.map((fn) => ({
      ...fn,
      module,
      namespace,
      ...(source !== undefined && { source }),
      uses: usesOf(fn.name).map((use) => ({ ...use, path: path.relative('', use.path) })),
    })),
  );
  return JSON.stringify({ functions });
}
