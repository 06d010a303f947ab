import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { belongsTo, isProjectFile } from '../../../../wasm-core/protocol/plugins.ts';
import type { ToolSource } from '../../compile-types.ts';
import type { MemberText } from '../finish-tool.ts';

const MAX_FILES = 200;
const MAX_DEPTH = 4;
/** Folders in which tools put what they make. */
const PASSED_OVER = new Set(['target', 'zig-cache', 'zig-out', 'vendor', 'node_modules']);

/** The texts of the files that a project's plugin is made of, whose comments declare its functions; none for a single file. */
export function memberFiles(source: ToolSource): MemberText[] {
  if (!isProjectFile(source.path)) return [];
  const found: string[] = [];
  walk(path.dirname(source.path), MAX_DEPTH, (file) => {
    if (belongsTo(file, source.path) && !isProjectFile(file)) found.push(file);
    return found.length < MAX_FILES;
  });
  return found.flatMap((file) => {
    try {
      return [{ path: file, text: readFileSync(file, 'utf8') }];
    } catch {
      // Gone since it was listed.
      return [];
    }
  });
}

/** Visits files in the order of their names until `visit` says false. */
function walk(folder: string, depth: number, visit: (file: string) => boolean): boolean {
  for (const entry of entriesOf(folder)) {
    const file = path.join(folder, entry.name);
    if (entry.isFile() && !visit(file)) return false;
    const isOwn = entry.isDirectory() && !entry.name.startsWith('.') && !PASSED_OVER.has(entry.name);
    if (isOwn && depth > 0 && !walk(file, depth - 1, visit)) return false;
  }
  return true;
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return [];
  }
}
