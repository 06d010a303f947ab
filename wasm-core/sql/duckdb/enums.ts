import type { ColumnInfo } from '../../protocol/methods.ts';
import { quoteName } from './logical-type.ts';

/**
 * The same query with ENUM values, at any depth, as text: the engine streams an ENUM's indexes but not its dictionary.
 *
 * @param columns the query's own columns, with their types
 */
export function textInsteadOfEnums(sql: string, columns: readonly ColumnInfo[]): string {
  const inner = columns.map((_, index) => `c${index}`).join(', ');
  const outer = columns.map(({ name, type }, index) => {
    const plain = withoutEnums(type);
    const value = plain === type ? `c${index}` : `cast(c${index} as ${plain})`;
    return `${value} as ${quoteName(name)}`;
  });
  return `select ${outer.join(', ')} from (\n${sql}\n) as t(${inner})`;
}

/** A type with every `ENUM(…)` in it replaced by `VARCHAR`. */
export function withoutEnums(type: string): string {
  return type.replace(/ENUM\((?:'(?:[^']|'')*'(?:, )?)*\)/g, 'VARCHAR');
}
