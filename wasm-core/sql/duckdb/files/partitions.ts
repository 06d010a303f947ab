/*
 * Partitions as Hive writes them: folders named `year=2024`, whose values are columns of the files in them. Types are
 * found as DuckDB finds them.
 */

/** A column whose value is in the path of each file. */
export interface Partition {
  readonly name: string;
  readonly type: 'BIGINT' | 'DATE' | 'TIMESTAMP' | 'VARCHAR';
}

/** The value that stands for NULL. */
const NULL_VALUE = '__HIVE_DEFAULT_PARTITION__';

/** The columns that all of some paths have, in their order; none where a path lacks one. */
export function partitionsOf(paths: readonly string[]): Partition[] {
  const all = paths.map(valuesOf);
  const [first] = all;
  if (first === undefined) return [];
  const names = [...first.keys()];
  if (all.some((values) => values.size !== names.length || names.some((name) => !values.has(name))))
    return [];
  return names.map((name) => ({ name, type: typeOf(all.map((values) => values.get(name) ?? null)) }));
}

/** The value of a path's partition; null for NULL. */
export function partitionValue(path: string, { name }: Partition): string | null {
  return valuesOf(path).get(name) ?? null;
}

function valuesOf(path: string): Map<string, string | null> {
  const folders = path.split(/[\\/]/).slice(0, -1);
  return new Map(
    folders.flatMap((folder) => {
      const parts = /^([^=?]+)=([^=?]*)$/.exec(folder);
      if (parts === null) return [];
      const [, name = '', value = ''] = parts;
      return [[unescaped(name), value === NULL_VALUE ? null : unescaped(value)] as const];
    }),
  );
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function typeOf(values: readonly (string | null)[]): Partition['type'] {
  const told = values.filter((value) => value !== null);
  if (told.length === 0) return 'VARCHAR';
  if (told.every((value) => /^-?\d{1,18}$/.test(value))) return 'BIGINT';
  if (told.every((value) => isDate(value))) return 'DATE';
  const isTimestamp = (value: string) =>
    /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?$/.test(value) && isDate(value.slice(0, 10));
  return told.every(isTimestamp) ? 'TIMESTAMP' : 'VARCHAR';
}

function isDate(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}
