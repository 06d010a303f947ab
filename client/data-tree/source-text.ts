/*
 * What a statement writes to read something: a file's name in quotes, a table's name, quoted where it must be.
 */

/** A text as a SQL literal. */
export function textLiteral(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A name as SQL takes it: as it is where it is plain, else in quotes. @param reserved lower-case words that are no names */
export function nameText(name: string, reserved: ReadonlySet<string> = new Set()): string {
  const isPlain = /^[a-z_][a-z0-9_]*$/i.test(name) && !reserved.has(name.toLowerCase());
  return isPlain ? name : `"${name.replaceAll('"', '""')}"`;
}

/**
 * A file's path as statements of a folder write it: from there where it lies below, else whole; with `/` on every system.
 *
 * @param file,folder absolute
 */
export function pathFrom(file: string, folder: string): string {
  const [path, base] = [slashed(file), slashed(folder).replace(/\/$/, '')];
  return path.startsWith(`${base}/`) ? path.slice(base.length + 1) : path;
}

function slashed(path: string): string {
  return /^[a-z]:[\\/]|^\\\\/i.test(path) ? path.replaceAll('\\', '/') : path;
}
