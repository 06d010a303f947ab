import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { sourceLanguage } from '../../wasm-core/protocol/plugins.ts';
import { pluginLanguage, readPluginSource } from '../compilers/node/read-source.ts';
import type { PlatformFiles } from '../platform.ts';

/** Folders that hold no plugins of one's own. */
const PASSED_OVER = new Set(['node_modules', '.git', 'dist', 'out', 'target']);
/** How deep below a workspace folder plugins are looked for. */
const MAX_DEPTH = 6;

export const nodeFiles: PlatformFiles = {
  toPath: (uri) => {
    try {
      return uri.startsWith('file:') ? fileURLToPath(uri) : undefined;
    } catch {
      // A file URI that names another machine, or no path at all.
      return undefined;
    }
  },
  toUri: (file) => pathToFileURL(file).href,
  folderOf: (file) => path.dirname(file),
  isInside,
  readPlugin: (file, root) => {
    try {
      return readPluginSource(file, root);
    } catch {
      // Gone, a folder, or not ours to read: there is nothing to compile.
      return undefined;
    }
  },
  findPlugins: async (folder) => {
    const found: string[] = [];
    await walk(folder, { depth: 0, inPlugins: path.basename(folder) === 'plugins', found });
    return found.filter((file) => isPlugin(file, folder)).sort();
  },
  list: async (folder) => {
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    return entries.map((e) => (e.isDirectory() ? `${e.name}/` : e.name)).sort();
  },
  exists: existsSync,
  join: (folder, name) => path.resolve(folder, name),
};

function isInside(file: string, folder: string): boolean {
  const relative = path.relative(folder, file);
  return relative === '' || !(relative.startsWith('..') || path.isAbsolute(relative));
}

interface Walk {
  readonly depth: number;
  readonly inPlugins: boolean;
  readonly found: string[];
}

async function walk(folder: string, { depth, inPlugins, found }: Walk): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    const file = path.join(folder, entry.name);
    if (entry.isFile() && inPlugins && pluginLanguage(file) !== undefined) found.push(file);
    if (!entry.isDirectory() || depth >= MAX_DEPTH || PASSED_OVER.has(entry.name)) continue;
    await walk(file, { depth: depth + 1, inPlugins: inPlugins || entry.name === 'plugins', found });
  }
}

function isPlugin(file: string, root: string): boolean {
  const source = nodeFiles.readPlugin(file, root);
  if (source === undefined) return false;
  return source.language !== 'assemblyscript' || sourceLanguage(source.path, source.text) !== undefined;
}
