import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * The files of the first rule of a makefile, which compilers write to tell what they read.
 *
 * @param file absolute; one that is not there has none
 * @param cwd absolute; names are relative to it
 * @returns absolute paths
 */
export function readDependencies(file: string, cwd: string): string[] {
  if (!existsSync(file)) return [];
  const [rule = ''] = readFileSync(file, 'utf8')
    .replace(/\\\r?\n/g, ' ')
    .split(/\r?\n/);
  const names = rule.slice(rule.search(/:\s/) + 1).match(/(?:\\ |[^\s])+/g) ?? [];
  return names
    .filter((name) => name !== '-' && name !== '<stdin>' && name !== '<anon>')
    .map((name) => path.resolve(cwd, name.replace(/\\ /g, ' ').replace(/\$\$/g, '$')));
}
