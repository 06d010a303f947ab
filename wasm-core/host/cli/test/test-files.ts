import { statSync } from 'node:fs';
import path from 'node:path';
import { CoreError } from '../../../protocol/errors.ts';
import { isFolder } from '../run/plugin-files.ts';
import { walkFolder } from '../walk-folder.ts';

/**
 * The files of tests that are named, or lie in the folders that are named and in those within.
 *
 * @param paths absolute
 * @param options.slow whether `.test_slow` files are among them
 * @returns absolute, each once, in the order of their names within a folder
 * @throws CoreError FILE_NOT_FOUND
 */
export function findTestFiles(paths: readonly string[], options: { readonly slow: boolean }): string[] {
  const ending = options.slow ? /\.test(\.sql|_slow)?$/ : /\.test(\.sql)?$/;
  const files = paths.flatMap((named) => {
    if (isFolder(named)) return walkFolder(named, ending);
    if (statSync(named, { throwIfNoEntry: false }) !== undefined) return [named];
    throw new CoreError('FILE_NOT_FOUND', `There is no file or folder ${named}.`, { path: named });
  });
  return [...new Set(files)];
}

/**
 * The folder whose plugins a file of tests has: `plugins` beside it, else the one named so that it lies in.
 *
 * @param file absolute
 */
export function pluginFolderOf(file: string): string | undefined {
  const folder = path.dirname(file);
  const beside = path.join(folder, 'plugins');
  if (isFolder(beside)) return beside;
  for (let at = folder; at !== path.dirname(at); at = path.dirname(at)) {
    if (path.basename(at) === 'plugins') return at;
  }
  return undefined;
}
