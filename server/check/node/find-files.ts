import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { mayEmbedSql } from '../../../wasm-core/protocol/embedded-sql.ts';
import { matchesPatterns } from '../../../wasm-core/protocol/path-patterns.ts';
import { shortNames } from '../../../wasm-core/protocol/plugin-names.ts';
import {
  isProjectFile,
  languageOfName,
  sourceLanguage,
  withoutMembers,
} from '../../../wasm-core/protocol/plugins.ts';
import { languageOfFile } from '../../embedded/embedded-languages.ts';
import { isInPluginsFolder, sourcesOf } from '../../plugins/plugin-files.ts';

/** What a file is checked as; `embedded`: for the SQL in it; `unknown`: it was named, and is nothing that Quern reads. */
export type FileKind = 'sql' | 'plugin' | 'embedded' | 'unknown';

/** A file to check. */
export interface FoundFile {
  /** Absolute. */
  readonly path: string;
  readonly kind: FileKind;
}

/** Folders that hold nothing of one's own. */
const PASSED_OVER = new Set(['node_modules', 'dist', 'out', 'target', 'zig-cache', 'zig-out']);

/**
 * The files that paths name, each once, in the order of their names in folders. Of a folder's files those are taken that
 * the language server would look at: SQL, plugins' sources, documents with SQL in them, and in folders
 * named `plugins` modules that no source of the same name stands beside.
 *
 * @param paths absolute, of files and folders; what is not there, or cannot be read, is a file of its kind by name
 */
export function findFiles(paths: readonly string[]): FoundFile[] {
  const found = new Map<string, FoundFile>();
  for (const named of paths) {
    const files = isFolder(named) ? wantedOf(named) : [{ path: named, kind: kindOf(named) }];
    for (const file of files) found.set(file.path, file);
  }
  return [...found.values()];
}

/** The file of a plugin, with the name that `quern run` gives its module. */
export interface NamedPlugin {
  /** Absolute. */
  readonly path: string;
  readonly name: string;
}

/** Plugins that patterns of a `quern.json` name. @param folder absolute, of the `quern.json` */
export function findPluginsBy(patterns: readonly string[], folder: string): NamedPlugin[] {
  const isNamed = (file: string): boolean =>
    matchesPatterns(path.relative(folder, file).split(path.sep).join('/'), patterns);
  const plugins = findFolderPlugins(folder).filter((plugin) => isNamed(plugin.path));
  const names = shortNames(plugins.map(({ name }) => name));
  return plugins.map((plugin, index) => ({ ...plugin, name: names[index] ?? plugin.name }));
}

/** The plugins of a folder and of those in it. */
export function findFolderPlugins(folder: string): NamedPlugin[] {
  const files = withoutMembers(walk(folder).filter((file) => kindOf(file) === 'plugin'));
  return files.filter(isNotCompiled).map((file) => {
    const own = path.relative(folder, file);
    const relative = isProjectFile(file)
      ? path.dirname(own).replace(/^\.$/, path.basename(folder))
      : own.slice(0, -path.extname(file).length);
    return { path: file, name: relative.split(path.sep).join('/') };
  });
}

/** Whether a folder is there. */
export function isFolder(folder: string): boolean {
  return statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true;
}

function walk(folder: string): string[] {
  return entriesOf(folder).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    if (entry.name.startsWith('.')) return [];
    // A link to a folder may lead back to where we are.
    if (entry.isDirectory()) return PASSED_OVER.has(entry.name) ? [] : walk(file);
    return entry.isFile() || (entry.isSymbolicLink() && !isFolder(file)) ? [file] : [];
  });
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    // A folder that we may not read holds nothing for us, as for the language server.
    return [];
  }
}

/** The files of a folder that are looked at without being named. */
function wantedOf(folder: string): FoundFile[] {
  const found = walk(folder).flatMap(wanted);
  const whole = new Set(
    withoutMembers(found.filter(({ kind }) => kind === 'plugin').map(({ path }) => path)),
  );
  return found.filter(({ path, kind }) => kind !== 'plugin' || whole.has(path));
}

/** A file of a folder, when it is one of those that are looked at without being named. */
function wanted(file: string): FoundFile[] {
  const kind = kindOf(file);
  if (kind === 'unknown' || (kind === 'embedded' && !hasSql(file))) return [];
  if (/\.wasm$/i.test(file) && !(isInPluginsFolder(file) && isNotCompiled(file))) return [];
  return [{ path: file, kind }];
}

function kindOf(file: string): FileKind {
  // Tests hold SQL between lines that are none; `quern test` reads them.
  if (/(?<!\.test)\.sql$/i.test(file)) return 'sql';
  if (/\.(wat|wasm)$/i.test(file)) return 'plugin';
  if (languageOfName(file) !== undefined && sourceLanguage(file, textOf(file)) !== undefined) return 'plugin';
  return languageOfFile(file) === undefined ? 'unknown' : 'embedded';
}

function hasSql(file: string): boolean {
  return mayEmbedSql(languageOfFile(file) ?? '', textOf(file));
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** Whether a file is a source, or a module without one. */
function isNotCompiled(file: string): boolean {
  return (
    !/\.wasm$/i.test(file) ||
    sourcesOf(file).every((source) => kindOf(source) !== 'plugin' || !exists(source))
  );
}

function exists(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false }) !== undefined;
}
