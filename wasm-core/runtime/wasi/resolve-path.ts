import type { DirectoryNode, FsNode } from './directory-node.ts';
import { Refusal } from './errno.ts';

/** The longest path and the longest name that a program may give, in bytes. */
export const MAX_PATH_BYTES = 4096;
const MAX_NAME_BYTES = 255;

/** Where a path leads. */
export type Resolved =
  /** To a name in a directory, which may not be there. */
  | {
      readonly type: 'name';
      readonly directory: DirectoryNode;
      readonly name: string;
      readonly node: FsNode | undefined;
      /** Whether it ended with a slash. */
      readonly mustBeDirectory: boolean;
    }
  /** To a directory that it does not name, by `.` or `..`. */
  | { readonly type: 'directory'; readonly node: DirectoryNode };

/**
 * Follows a path from a directory. There are no links, so a path leads to one place only.
 *
 * @throws Refusal NOTCAPABLE when it is absolute or leads above the directory, NOENT, NOTDIR, NAMETOOLONG, INVAL for a
 *   NUL inside
 */
export function resolvePath(from: DirectoryNode, path: string): Resolved {
  if (path === '') throw new Refusal('NOENT');
  if (path.includes('\0')) throw new Refusal('INVAL');
  if (path.startsWith('/')) throw new Refusal('NOTCAPABLE');
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  const last = parts.at(-1);
  if (last === undefined || last === '..') return { type: 'directory', node: walk(from, parts) };
  checkName(last);
  const directory = walk(from, parts.slice(0, -1));
  const node = directory.get(last);
  const mustBeDirectory = /\/\.?$/.test(path);
  if (mustBeDirectory && node?.type === 'file') throw new Refusal('NOTDIR');
  return { type: 'name', directory, name: last, node, mustBeDirectory };
}

function walk(from: DirectoryNode, parts: readonly string[]): DirectoryNode {
  const above: DirectoryNode[] = [];
  let at = from;
  for (const part of parts) {
    if (part === '..') {
      const parent = above.pop();
      if (parent === undefined) throw new Refusal('NOTCAPABLE');
      at = parent;
      continue;
    }
    checkName(part);
    const next = at.get(part);
    if (next === undefined) throw new Refusal('NOENT');
    if (next.type === 'file') throw new Refusal('NOTDIR');
    above.push(at);
    at = next;
  }
  return at;
}

function checkName(name: string): void {
  // A UTF-16 unit is at most three bytes, so that most names need no counting.
  if (name.length * 3 <= MAX_NAME_BYTES) return;
  if (new TextEncoder().encode(name).byteLength > MAX_NAME_BYTES) throw new Refusal('NAMETOOLONG');
}
