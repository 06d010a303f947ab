import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { CoreError } from '../../../protocol/errors.ts';
import { sourceLanguage } from '../../../protocol/plugins.ts';

/** A plugin in a folder: a source, or a module. */
export interface PluginFile {
  /** Absolute. */
  readonly path: string;
  /** Its path in the folder without the ending, with `/`. */
  readonly name: string;
  readonly kind: 'source' | 'wasm';
}

/**
 * The plugins of a folder and of the folders in it: `.wat`, AssemblyScript that marks a function with `@udf`, and `.wasm`
 * that no source of the same name stands beside.
 *
 * @param folder absolute
 * @throws CoreError FILE_NOT_FOUND, FILE_IO
 */
export function findPlugins(folder: string): PluginFile[] {
  const files = listFiles(folder).flatMap((file) => classify(folder, file));
  const sources = new Set(files.filter((f) => f.kind === 'source').map((f) => f.name));
  return files.filter((f) => f.kind === 'source' || !sources.has(f.name));
}

/** Whether a folder is there. */
export function isFolder(folder: string): boolean {
  return statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true;
}

function listFiles(folder: string): string[] {
  if (!isFolder(folder)) {
    throw new CoreError('FILE_NOT_FOUND', `There is no folder ${folder} with plugins.`, { path: folder });
  }
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const file = path.join(folder, entry.name);
      if (entry.name.startsWith('.') || entry.name === 'node_modules') return [];
      if (entry.isDirectory()) return listFiles(file);
      return entry.isFile() || statSync(file, { throwIfNoEntry: false })?.isFile() ? [file] : [];
    });
}

function classify(folder: string, file: string): PluginFile[] {
  const ending = path.extname(file);
  const kind = ending === '.wasm' ? 'wasm' : isPluginSource(file, ending) ? 'source' : undefined;
  if (kind === undefined) return [];
  const relative = path.relative(folder, file).slice(0, -ending.length);
  return [{ path: file, name: relative.split(path.sep).join('/'), kind }];
}

function isPluginSource(file: string, ending: string): boolean {
  const text = ending === '.ts' ? readFileSync(file, 'utf8') : '';
  return sourceLanguage(file, text) !== undefined;
}
