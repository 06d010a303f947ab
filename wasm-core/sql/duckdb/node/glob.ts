import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';

/**
 * Paths that match a pattern as DuckDB's own file systems read it: `*` and `?` within a name, `[a-z]` and `[!a]`
 * classes, `**` for any number of folders (links not followed). A name that begins with a dot matches like any other.
 *
 * @param pattern absolute
 * A path that exists as it is written is meant itself, whatever characters it has.
 *
 * @returns existing files, and for a pattern without wildcards the path itself when it exists, sorted by code unit
 */
export function globPaths(pattern: string): string[] {
  // A folder is no file: the engine looks for files of the right ending in it then.
  if (exists(pattern)) return isFile(pattern) ? [pattern] : [];
  const { root } = path.parse(pattern);
  const parts = pattern
    .slice(root.length)
    .split(/[\\/]+/)
    .filter((part) => part !== '');
  return expand(root, parts).sort();
}

/** Whether a path holds a wildcard. */
export function isPattern(text: string): boolean {
  return /[*?[]/.test(text);
}

function expand(base: string, parts: readonly string[]): string[] {
  const [part, ...rest] = parts;
  if (part === undefined) return [base];
  if (part === '**') return expandDeep(base, rest);
  if (!isPattern(part)) {
    const next = path.join(base, part);
    return exists(next) ? expand(next, rest) : [];
  }
  const matches = segmentPattern(part);
  return entries(base)
    .filter((entry) => matches.test(entry.name))
    .filter((entry) => rest.length > 0 || isFile(path.join(base, entry.name)))
    .flatMap((entry) => expand(path.join(base, entry.name), rest));
}

function expandDeep(base: string, rest: readonly string[]): string[] {
  const here =
    rest.length > 0
      ? expand(base, rest)
      : entries(base)
          .map((e) => path.join(base, e.name))
          .filter(isFile);
  const below = entries(base)
    .filter((entry) => entry.isDirectory())
    .flatMap((entry) => expandDeep(path.join(base, entry.name), rest));
  return [...new Set([...here, ...below])];
}

function entries(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function exists(file: string): boolean {
  try {
    return statSync(file, { throwIfNoEntry: false }) !== undefined;
  } catch {
    // ENOTDIR: what should be a folder is a file.
    return false;
  }
}

function isFile(file: string): boolean {
  return exists(file) && statSync(file).isFile();
}

function segmentPattern(segment: string): RegExp {
  let source = '';
  for (let i = 0; i < segment.length; i++) {
    const c = segment[i] ?? '';
    const close = c === '[' ? segment.indexOf(']', i + 2) : -1;
    if (c === '*') source += '[^/]*';
    else if (c === '?') source += '[^/]';
    else if (close > 0) {
      source += `[${segment
        .slice(i + 1, close)
        .replace(/^!/, '^')
        .replaceAll('\\', '\\\\')}]`;
      i = close;
    } else source += c.replace(/[\\^$.|+(){}[\]]/g, '\\$&');
  }
  try {
    return new RegExp(`^${source}$`, 'su');
  } catch {
    // A class that no expression can hold, such as `[z-a]`, matches nothing, as in DuckDB.
    return /(?!)/;
  }
}
