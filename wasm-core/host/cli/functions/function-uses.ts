import { readFileSync } from 'node:fs';
import { functionCalls } from '../../../protocol/function-calls.ts';
import { walkFolder } from '../walk-folder.ts';

/** Where SQL calls a function. */
export interface FunctionUse {
  /** Absolute. */
  readonly path: string;
  /** Both count from 1; columns in UTF-16 code units. */
  readonly line: number;
  readonly column: number;
}

/**
 * Where the `.sql` files of a folder, and of those within, call functions.
 *
 * @param folder absolute
 * @param names of functions, lower case
 * @returns by name; without those that nothing calls
 */
export function findFunctionUses(
  folder: string,
  names: ReadonlySet<string>,
): ReadonlyMap<string, readonly FunctionUse[]> {
  const found = new Map<string, FunctionUse[]>();
  for (const file of walkFolder(folder, /\.sql$/i)) {
    const text = readText(file);
    for (const { name, offset } of functionCalls(text)) {
      if (!names.has(name)) continue;
      const uses = found.get(name) ?? [];
      found.set(name, uses);
      uses.push({ path: file, ...placeOf(text, offset) });
    }
  }
  return found;
}

/** Empty for a file that is gone or may not be read: others still tell what they call. */
function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function placeOf(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf('\n') + 1;
  return { line: before.split('\n').length, column: offset - lineStart + 1 };
}
