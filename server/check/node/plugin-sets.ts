import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { parseWorkspaceFile, WORKSPACE_FILE } from '../../../wasm-core/protocol/workspace-file.ts';
import { findFolderPlugins, findPluginsBy, isFolder, type NamedPlugin } from './find-files.ts';

/** Where the plugins of a file's SQL are: a folder with plugins, or a `quern.json` that names some. */
export interface PluginSet {
  /** Absolute path of either, which is the namespace that `quern run` loads them into. */
  readonly namespace: string;
  /** Of the `quern.json`; absent: all plugins of the folder. */
  readonly patterns?: readonly string[];
}

/**
 * The plugins of a file's SQL: as for `quern run`, those that the `quern.json` beside it names, else those of `plugins/`
 * beside it; else those of the nearest `quern.json` above, as in the editor, whose folder is the workspace's.
 *
 * @param folder absolute, of the file
 * @param top absolute, the last folder that is looked at, when the file lies in it
 * @throws CoreError FORMAT_WORKSPACE
 */
export function pluginSetsOf(folder: string, top: string): readonly PluginSet[] {
  const own = namedIn(folder);
  if (own !== undefined) return [own];
  const beside = path.join(folder, 'plugins');
  if (isFolder(beside)) return [{ namespace: beside }];
  const isBelow = folder.startsWith(top.endsWith(path.sep) ? top : top + path.sep);
  for (let above = folder; isBelow && above !== top; ) {
    above = path.dirname(above);
    const named = namedIn(above);
    if (named !== undefined) return [named];
  }
  return [];
}

/** The files of a set. */
export function pluginsOf({ namespace, patterns }: PluginSet): NamedPlugin[] {
  return patterns === undefined
    ? findFolderPlugins(namespace)
    : findPluginsBy(patterns, path.dirname(namespace));
}

function namedIn(folder: string): PluginSet | undefined {
  const file = path.join(folder, WORKSPACE_FILE);
  if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true) return undefined;
  const { plugins } = parseWorkspaceFile(readFileSync(file, 'utf8'), { source: file });
  return plugins && { namespace: file, patterns: plugins };
}
