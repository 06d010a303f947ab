import { findNodeAtLocation, parseTree } from 'jsonc-parser/lib/esm/main.js';
import type { SourceRange } from '../compilers/compile-types.ts';
import { LineMap } from '../compilers/text-positions.ts';

/**
 * Where the text of a `quern.json` names a table; undefined when it does not.
 *
 * @param name in any case
 */
export function tableEntry(text: string, name: string): SourceRange | undefined {
  const root = parseTree(text);
  const tables = root && findNodeAtLocation(root, ['tables']);
  const keys = (tables?.children ?? []).flatMap(({ children }) => children?.[0] ?? []);
  const key = keys.find(({ value }) => String(value).toLowerCase() === name.toLowerCase());
  return key && new LineMap(text).range(key.offset, key.offset + key.length);
}
