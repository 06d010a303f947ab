import { readdirSync } from 'node:fs';
import path from 'node:path';

/**
 * The files of a folder and of those within, in the order of their names; hidden ones and installed packages left out.
 *
 * @param ending of the names of files
 */
export function walkFolder(folder: string, ending: RegExp): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const file = path.join(folder, entry.name);
      if (entry.name.startsWith('.') || entry.name === 'node_modules') return [];
      if (entry.isDirectory()) return walkFolder(file, ending);
      return ending.test(entry.name) ? [file] : [];
    });
}
