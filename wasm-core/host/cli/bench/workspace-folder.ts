import { existsSync } from 'node:fs';
import path from 'node:path';
import { WORKSPACE_FILE } from '../../../protocol/workspace-file.ts';

/** The folder around a file whose `quern.json` applies: the nearest with one, else the file's own. @param file absolute */
export function workspaceFolderOf(file: string): string {
  return folderAround(path.dirname(file), WORKSPACE_FILE) ?? path.dirname(file);
}

/** The nearest folder, from one on outwards, that has a file of some name. @param folder absolute */
export function folderAround(folder: string, name: string): string | undefined {
  for (let at = folder; ; at = path.dirname(at)) {
    if (existsSync(path.join(at, name))) return at;
    if (at === path.dirname(at)) return undefined;
  }
}
