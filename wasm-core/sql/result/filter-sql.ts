import type { RowFilter, RowSelection, SortKey } from '../../protocol/result-query.ts';
import { exactLiteral, textLiteral, valueLiteral } from './literals.ts';
import type { ColumnSql } from './result-columns.ts';

/**
 * A filter as a condition of SQL, which is true for exactly those rows whose shown value passes.
 *
 * @param columns of the result; the filter's must be one of them
 */
export function filterSql(filter: RowFilter, columns: readonly ColumnSql[]): string {
  const column = columns[filter.column];
  if (column === undefined) throw new Error(`no column ${filter.column}`);
  const negated = filter.negated === true;
  switch (filter.test) {
    case 'in':
      return isInSql(column, filter.values, negated);
    case 'null':
      return nullSql(column, negated);
    case 'contains': {
      const condition = `contains(lower(${textOf(column)}), lower(${textLiteral(filter.text)}))`;
      return negated ? `(not ${condition} or ${nullSql(column)})` : condition;
    }
    case 'range':
      return rangeSql(column, filter, negated);
  }
}

/** All filters in one condition; undefined without any. */
export function filtersSql(
  filters: readonly RowFilter[] | undefined,
  columns: readonly ColumnSql[],
): string | undefined {
  if (filters === undefined || filters.length === 0) return undefined;
  return filters.map((filter) => filterSql(filter, columns)).join(' and ');
}

/** The keys of an ORDER BY; empty without any. */
export function sortSql(sort: readonly SortKey[] | undefined, columns: readonly ColumnSql[]): string[] {
  return (sort ?? []).map(
    ({ column, descending }) => `${columns[column]?.value}${descending ? ' desc' : ''} nulls last`,
  );
}

/** A selection as the clauses that stand behind `from (…)`; empty when it selects all rows as they are. */
export function selectionSql(
  { filters, sort }: RowSelection,
  named: { readonly columns: readonly ColumnSql[]; readonly alias: string },
): string {
  const where = filtersSql(filters, named.columns);
  const keys = sortSql(sort, named.columns);
  const clauses = [
    ...(where === undefined ? [] : [`where ${where}`]),
    ...(keys.length === 0 ? [] : [`order by ${keys.join(', ')}`]),
  ];
  return clauses.length === 0 ? '' : `${named.alias} ${clauses.join(' ')}`.trimStart();
}

/** The text as which a value is shown; NULL for NULL. */
export function textOf({ name, type }: ColumnSql): string {
  return type === 'VARCHAR' ? name : `cast(${name} as varchar)`;
}

/** Whether a value is shown as NULL: also the member of a UNION may be it. */
export function nullSql(column: ColumnSql, negated = false): string {
  const value = column.type.startsWith('UNION(') ? textOf(column) : column.name;
  return `${value} is ${negated ? 'not ' : ''}null`;
}

function isInSql(column: ColumnSql, values: readonly (string | null)[], negated: boolean): string {
  const exact: string[] = [];
  const asText: string[] = [];
  for (const value of new Set(values)) {
    if (value === null) continue;
    const literal = exactLiteral(column.type, value);
    if (literal === undefined) asText.push(textLiteral(value));
    else exact.push(literal);
  }
  const terms = [...listSql(column.name, exact, negated), ...listSql(textOf(column), asText, negated)];
  const hasNull = values.includes(null);
  if (!negated) return anyOf(hasNull ? [...terms, nullSql(column)] : terms);
  // No comparison with NULL is true.
  if (hasNull) return terms.length === 0 ? nullSql(column, true) : `(${terms.join(' and ')})`;
  return terms.length === 0 ? 'true' : `(${terms.join(' and ')} or ${nullSql(column)})`;
}

function listSql(value: string, literals: readonly string[], negated: boolean): string[] {
  if (literals.length === 0) return [];
  const [only] = literals;
  if (literals.length === 1) return [`${value} ${negated ? '<>' : '='} ${only}`];
  return [`${value} ${negated ? 'not in' : 'in'} (${literals.join(', ')})`];
}

function anyOf(terms: readonly string[]): string {
  const [only = 'false'] = terms;
  return terms.length < 2 ? only : `(${terms.join(' or ')})`;
}

function rangeSql(
  column: ColumnSql,
  { from, to, isOpen }: { readonly from?: string; readonly to?: string; readonly isOpen?: boolean },
  negated: boolean,
): string {
  const { value, type } = column;
  const bounds = [
    ...(from === undefined ? [] : [`${value} >= ${valueLiteral(type, from)}`]),
    ...(to === undefined ? [] : [`${value} ${isOpen ? '<' : '<='} ${valueLiteral(type, to)}`]),
  ];
  if (bounds.length === 0) return nullSql(column, !negated);
  if (!negated) return bounds.length === 1 ? (bounds[0] ?? '') : `(${bounds.join(' and ')})`;
  return `(not (${bounds.join(' and ')}) or ${nullSql(column)})`;
}
