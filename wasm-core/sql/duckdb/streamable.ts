import type { ColumnInfo } from '../../protocol/methods.ts';
import { quoteName } from './logical-type.ts';

/*
 * What the engine does not stream whole: ENUM values come as indexes without their dictionary, so such columns are asked
 * for as text. VARIANT it does not stream at all.
 */

/**
 * The query that streams whole, with the same columns; the query itself when it does already.
 *
 * @param columns the query's own columns, with their true types
 */
export function streamableQuery(sql: string, columns: readonly ColumnInfo[]): string {
  const types = columns.map(({ type }) => streamableType(type));
  if (types.every((type, index) => type === columns[index]?.type)) return sql;
  const inner = columns.map((_, index) => `c${index}`).join(', ');
  const outer = columns.map(({ name, type }, index) => {
    const value = types[index] === type ? `c${index}` : `cast(c${index} as ${types[index]})`;
    return `${value} as ${quoteName(name)}`;
  });
  return `select ${outer.join(', ')} from (\n${sql}\n) as t(${inner})`;
}

/** The type as which a column is asked for: its own, with VARCHAR for ENUM and VARIANT at any depth. */
export function streamableType(type: string): string {
  // Neither what is inside a VARIANT nor a struct without names can be named in a cast.
  if (/\bVARIANT\b/.test(type) || (/\bENUM\(/.test(type) && /[(,] ?"" /.test(type))) return 'VARCHAR';
  return type.replace(/ENUM\((?:'(?:[^']|'')*'(?:, )?)*\)|\bVARIANT\b/g, 'VARCHAR');
}
