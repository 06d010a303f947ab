import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { HostConnection } from '../../../connect/host-connection.ts';
import {
  parseWorkspaceFile,
  WORKSPACE_FILE,
  type WorkspaceSettings,
} from '../../../protocol/workspace-file.ts';
import type { Cli } from '../cli.ts';
import { loadPlugins } from './load-plugins.ts';
import { findPlugins, findPluginsBy, isFolder, type PluginFile } from './plugin-files.ts';

/**
 * Loads the plugins for SQL in a folder: those of the folders that are named, else those that the folder's `quern.json`
 * names, else those of `plugins/`.
 *
 * Each plugin folder is a namespace of its own, so that a run neither sees another run's plugins nor changes an editor's;
 * what `quern.json` names is the namespace of that file.
 *
 * @param options.folder absolute
 * @param options.plugins folders; any paths
 * @returns the namespaces
 * @throws ReportedFailure when a plugin does not compile; CoreError FORMAT_WORKSPACE, FILE_NOT_FOUND, FILE_IO
 */
export async function loadWorkspacePlugins(
  cli: Cli,
  connection: HostConnection,
  { folder, plugins }: { readonly folder: string; readonly plugins?: readonly string[] | undefined },
): Promise<string[]> {
  const sets =
    plugins === undefined ? pluginSetsOf(folder) : plugins.map((named) => pluginSet(path.resolve(named)));
  for (const set of sets) await loadPlugins(cli, connection, set);
  return sets.map(({ namespace }) => namespace);
}

/** Plugins that are loaded into one namespace. */
export interface PluginSet {
  readonly namespace: string;
  readonly files: readonly PluginFile[];
}

/**
 * The plugins of a folder: those that its `quern.json` names, else those of `plugins/` in it; none without both.
 *
 * @param folder absolute
 * @throws CoreError FORMAT_WORKSPACE, FILE_NOT_FOUND, FILE_IO
 */
export function pluginSetsOf(folder: string): readonly PluginSet[] {
  const patterns = workspaceSettingsOf(folder)?.plugins;
  if (patterns !== undefined) {
    return [{ namespace: path.join(folder, WORKSPACE_FILE), files: findPluginsBy(patterns, folder) }];
  }
  const own = path.join(folder, 'plugins');
  return isFolder(own) ? [pluginSet(own)] : [];
}

function pluginSet(folder: string): PluginSet {
  return { namespace: folder, files: findPlugins(folder) };
}

/**
 * What the `quern.json` of a folder says; undefined without one.
 *
 * @throws CoreError FORMAT_WORKSPACE
 */
export function workspaceSettingsOf(folder: string): WorkspaceSettings | undefined {
  const file = path.join(folder, WORKSPACE_FILE);
  return existsSync(file) ? parseWorkspaceFile(readFileSync(file, 'utf8'), { source: file }) : undefined;
}
