import type { ColumnInfo } from '../../protocol/methods.ts';

/** A column of a result in a statement over it. */
export interface ColumnSql {
  /** What the statement calls it. */
  readonly name: string;
  /** Its value in the result's own type, which orders it; `name` where that is what the rows hold. */
  readonly value: string;
  /** In DuckDB's words. */
  readonly type: string;
}

/** The columns of a results file: `c0`, `c1` and so on, since names may be empty or occur twice. */
export function storedColumns(columns: readonly ColumnInfo[]): readonly ColumnSql[] {
  return columns.map(({ type }, index) => {
    const name = storedName(index);
    // ENUM values are stored as their texts, which are in another order.
    const value = /\bENUM\(/.test(type) && !/\bVARIANT\b/.test(type) ? `cast(${name} as ${type})` : name;
    return { name, value, type };
  });
}

/** What a column of a results file is called in statements over it. @param index from 0 */
export function storedName(index: number): string {
  return `c${index}`;
}

/** The columns of a result as its user writes them, and what has to stand between `from (…)` and the rest. */
export interface NamedColumns {
  readonly columns: readonly ColumnSql[];
  /** ` as t(…)` where names are empty or occur twice, with others in their place; else empty. */
  readonly alias: string;
}

/** The columns of a result by their own names. */
export function namedColumns(columns: readonly ColumnInfo[]): NamedColumns {
  const taken = new Set<string>();
  let isRenamed = false;
  const names = columns.map(({ name }, index) => {
    let free = name === '' ? `column${index}` : name;
    for (let i = 1; taken.has(free.toLowerCase()); i++) free = `${name}_${i}`;
    taken.add(free.toLowerCase());
    isRenamed ||= free !== name;
    return identifier(free);
  });
  return {
    columns: columns.map(({ type }, index) => ({
      name: names[index] ?? '',
      value: names[index] ?? '',
      type,
    })),
    alias: isRenamed ? ` as t(${names.join(', ')})` : '',
  };
}

/** Always in quotes: which words are keywords changes from one version of the engine to the next. */
function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
