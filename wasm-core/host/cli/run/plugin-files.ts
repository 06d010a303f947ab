import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { CoreError } from '../../../protocol/errors.ts';
import { matchesPatterns } from '../../../protocol/path-patterns.ts';
import { shortNames } from '../../../protocol/plugin-names.ts';
import { isProjectFile, languageOfName, sourceLanguage, withoutMembers } from '../../../protocol/plugins.ts';
import { isComponentFile } from '../component-file.ts';

/** A plugin in a folder: what is compiled first, a source or a component, or a module. */
export interface PluginFile {
  /** Absolute. */
  readonly path: string;
  /** Its path in the folder without the ending, with `/`. */
  readonly name: string;
  readonly kind: 'source' | 'wasm';
}

/**
 * The plugins of a folder and of the folders in it: sources, as `sourceLanguage` tells them, without the parts of projects,
 * and `.wasm` that no source of the same name stands beside.
 *
 * @param folder absolute
 * @throws CoreError FILE_NOT_FOUND, FILE_IO
 */
export function findPlugins(folder: string): PluginFile[] {
  return withoutCompiled(listFiles(folder).flatMap((file) => classify(folder, file)));
}

/**
 * The plugins that patterns of a `quern.json` name. They are called by their file, and where two files have one name by
 * their path.
 *
 * @param folder absolute, of the `quern.json`
 * @throws CoreError FILE_NOT_FOUND, FILE_IO
 */
export function findPluginsBy(patterns: readonly string[], folder: string): PluginFile[] {
  const named = listFiles(folder).filter((file) =>
    matchesPatterns(path.relative(folder, file).split(path.sep).join('/'), patterns),
  );
  const files = withoutCompiled(named.flatMap((file) => classify(folder, file)));
  const names = shortNames(files.map(({ name }) => name));
  return files.map((file, index) => ({ ...file, name: names[index] ?? file.name }));
}

/** Parts of projects, and modules beside their sources, are left out. */
function withoutCompiled(files: readonly PluginFile[]): PluginFile[] {
  const whole = new Set(withoutMembers(files.map((f) => f.path)));
  const isBinary = (file: PluginFile): boolean => file.path.endsWith('.wasm');
  const sources = new Set(files.filter((f) => !isBinary(f)).map((f) => f.name));
  return files.filter((f) => whole.has(f.path) && !(isBinary(f) && sources.has(f.name)));
}

/** Folders of installed packages, and those in which tools put what they make. */
const PASSED_OVER = new Set(['node_modules', 'target', 'zig-cache', 'zig-out']);

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
      if (entry.name.startsWith('.') || PASSED_OVER.has(entry.name)) return [];
      if (entry.isDirectory()) return listFiles(file);
      return entry.isFile() || statSync(file, { throwIfNoEntry: false })?.isFile() ? [file] : [];
    });
}

function classify(folder: string, file: string): PluginFile[] {
  const ending = path.extname(file);
  const kind = kindOf(file, ending);
  if (kind === undefined) return [];
  const own = path.relative(folder, file);
  const relative = isProjectFile(file)
    ? path.dirname(own).replace(/^\.$/, path.basename(folder))
    : own.slice(0, -ending.length);
  return [{ path: file, name: relative.split(path.sep).join('/'), kind }];
}

function kindOf(file: string, ending: string): PluginFile['kind'] | undefined {
  if (ending === '.wasm') return isComponentFile(file) ? 'source' : 'wasm';
  return isPluginSource(file) ? 'source' : undefined;
}

function isPluginSource(file: string): boolean {
  return languageOfName(file) !== undefined && sourceLanguage(file, readFileSync(file, 'utf8')) !== undefined;
}
