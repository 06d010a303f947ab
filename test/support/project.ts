import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * The project's folder, from wherever the test bundle lies in it; else the current folder.
 *
 * @returns an absolute path
 */
export function projectRoot(): string {
  for (let folder = __dirname; folder !== path.dirname(folder); folder = path.dirname(folder)) {
    if (existsSync(path.join(folder, 'package.json')) && existsSync(path.join(folder, 'wasm-core')))
      return folder;
  }
  return process.cwd();
}

/** The text of a file of the project, named by its path from the root, with `/`. */
export function readProjectFile(name: string): string {
  return readFileSync(path.join(projectRoot(), name), 'utf8');
}
