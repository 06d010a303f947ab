import { realpathSync } from 'node:fs';
import path from 'node:path';
import { CoreError } from '../../../protocol/errors.ts';

/**
 * Decides which paths SQL may reach. DuckDB 1.4.3 follows symbolic links out of its `allowed_directories`, so every
 * path, read or written, is resolved to its real place here, before anything opens it.
 */
export class FileGate {
  /** Real paths of the allowed folders. */
  readonly #roots: readonly string[];

  /**
   * @param folders absolute folders; one that is not there allows nothing
   */
  constructor(folders: readonly string[]) {
    this.#roots = folders.flatMap((folder) => {
      try {
        return [realpathSync(folder)];
      } catch {
        return [];
      }
    });
  }

  /**
   * The real path behind a path that may or may not exist yet.
   *
   * @param absolute an absolute path
   * @throws CoreError PATH_DENIED when it lies outside the allowed folders
   */
  admit(absolute: string): string {
    const real = realPath(absolute);
    if (this.#roots.some((root) => isInside(root, real))) return real;
    const folder = path.dirname(real);
    const where = real === path.normalize(absolute) ? '' : ` (it leads to '${real}')`;
    throw new CoreError(
      'PATH_DENIED',
      `'${absolute}'${where} is outside the folders that SQL may use. ` +
        `Allow it with --allow '${folder}' on the command line or the setting quern.allow in the editor.`,
      { path: absolute, folder },
    );
  }
}

function isInside(root: string, file: string): boolean {
  return file === root || file.startsWith(root.endsWith(path.sep) ? root : root + path.sep);
}

/** The real path of the longest part that exists, and the rest as it is written. */
export function realPath(absolute: string): string {
  let existing = path.normalize(absolute);
  const rest: string[] = [];
  for (;;) {
    try {
      return path.join(realpathSync(existing), ...rest);
    } catch {
      const parent = path.dirname(existing);
      if (parent === existing) return path.join(existing, ...rest);
      rest.unshift(path.basename(existing));
      existing = parent;
    }
  }
}
