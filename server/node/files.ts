import { closeSync, existsSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { matchesPatterns } from '../../wasm-core/protocol/path-patterns.ts';
import {
  belongsTo,
  PROJECT_FILE_NAMES,
  sourceLanguage,
  withoutMembers,
} from '../../wasm-core/protocol/plugins.ts';
import { isOwnLanguage } from '../compilers/compile-types.ts';
import { pluginLanguage, readPluginSource, textSource } from '../compilers/node/read-source.ts';
import type { PlatformFiles } from '../platform.ts';

/** Folders that hold no plugins of one's own. */
const PASSED_OVER = new Set([
  'node_modules',
  '.git',
  'dist',
  'out',
  'target',
  'zig-cache',
  '.zig-cache',
  'zig-out',
]);
/** How deep below a workspace folder plugins are looked for. */
const MAX_DEPTH = 6;
const MAX_SQL_FILES = 1_000;
const MAX_HEAD_BYTES = 64 * 1024;
const MAX_TEXT_BYTES = 4 * 1024 * 1024;

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
  withText: (given) => {
    try {
      return textSource(given);
    } catch {
      // A sidecar that cannot be read declares nothing.
      const { language, ...rest } = given;
      return isOwnLanguage(language) ? { language, ...rest } : { language, ...rest };
    }
  },
  projectOf: (file, root) => {
    for (let folder = path.dirname(file); isInside(folder, root); folder = path.dirname(folder)) {
      const project = PROJECT_FILE_NAMES.map((name) => path.join(folder, name)).find(
        (name) => belongsTo(file, name) && isPlugin(name, root),
      );
      if (project !== undefined) return project;
      if (folder === path.dirname(folder)) break;
    }
    return undefined;
  },
  findPlugins: async (folder) => {
    const found: string[] = [];
    await walk(folder, { depth: 0, inPlugins: path.basename(folder) === 'plugins', found });
    return withoutMembers(found.filter((file) => isPlugin(file, folder)).sort());
  },
  findPluginsBy: async (patterns, folder) => {
    const found: string[] = [];
    await walk(folder, { depth: 0, inPlugins: true, found });
    const named = found.filter((file) => matchesPatterns(relative(folder, file), patterns));
    return withoutMembers(named.filter((file) => isPlugin(file, folder)).sort());
  },
  relative,
  findSql: async (folder) => {
    const found: string[] = [];
    await walkSql(folder, { depth: 0, found });
    return found.sort();
  },
  readText: (file) => {
    try {
      return statSync(file).size > MAX_TEXT_BYTES ? undefined : readFileSync(file, 'utf8');
    } catch {
      return undefined;
    }
  },
  readHead: (file) => {
    try {
      const descriptor = openSync(file, 'r');
      try {
        const bytes = Buffer.alloc(MAX_HEAD_BYTES);
        return bytes.toString('utf8', 0, readSync(descriptor, bytes));
      } finally {
        closeSync(descriptor);
      }
    } catch {
      return undefined;
    }
  },
  sizeOf: (file) => {
    try {
      const stat = statSync(file);
      return stat.isFile() ? stat.size : undefined;
    } catch {
      return undefined;
    }
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

function relative(folder: string, file: string): string {
  return path.relative(folder, file).split(path.sep).join('/');
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

async function walkSql(
  folder: string,
  { depth, found }: { readonly depth: number; readonly found: string[] },
): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    const file = path.join(folder, entry.name);
    if (found.length >= MAX_SQL_FILES) return;
    if (entry.isFile() && /\.sql$/i.test(entry.name)) found.push(file);
    if (!entry.isDirectory() || depth >= MAX_DEPTH || PASSED_OVER.has(entry.name)) continue;
    await walkSql(file, { depth: depth + 1, found });
  }
}

function isPlugin(file: string, root: string): boolean {
  if (!existsSync(file)) return false;
  const source = nodeFiles.readPlugin(file, root);
  if (source === undefined) return false;
  return source.language === 'wasm' || sourceLanguage(source.path, source.text) !== undefined;
}
