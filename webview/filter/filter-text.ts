import * as l10n from '@vscode/l10n';
import type { ColumnInfo } from '../../wasm-core/protocol/methods.ts';
import type { RowFilter, SortKey } from '../../wasm-core/protocol/result-query.ts';
import { drawnText } from '../grid/cell-text.ts';

/** Characters of a value, and values, that a line shows. */
const MAX_VALUE = 40;
const MAX_VALUES = 3;

/** A condition in a line, such as `carrier = AA`. */
export function filterText(filter: RowFilter, columns: readonly ColumnInfo[]): string {
  const name = columnName(columns, filter.column);
  const negated = filter.negated === true;
  switch (filter.test) {
    case 'in': {
      const values = filter.values.slice(0, MAX_VALUES).map(valueText);
      const more = filter.values.length > MAX_VALUES ? ', …' : '';
      if (filter.values.length === 1) return `${name} ${negated ? '≠' : '='} ${values[0]}`;
      return `${name} ${negated ? '∉' : '∈'} ${values.join(', ')}${more}`;
    }
    case 'null':
      return `${name} ${negated ? '≠' : '='} NULL`;
    case 'contains':
      return negated
        ? l10n.t('{0} without “{1}”', name, valueText(filter.text))
        : l10n.t('{0} with “{1}”', name, valueText(filter.text));
    case 'range':
      return `${negated ? '¬ ' : ''}${rangeText(name, filter)}`;
  }
}

/** A key in a line, such as `carrier ↓`. */
export function sortText({ column, descending }: SortKey, columns: readonly ColumnInfo[]): string {
  return `${columnName(columns, column)} ${descending ? '↓' : '↑'}`;
}

/** What a column is called where its name may be empty, or millions of characters long. */
export function columnName(columns: readonly ColumnInfo[], column: number): string {
  return drawnText(columns[column]?.name ?? '') || l10n.t('column {0}', column + 1);
}

/** A value in a line; spaces and nothing at all can be told. */
export function valueText(value: string | null): string {
  if (value === null) return 'NULL';
  const line = value.replace(/\s/g, ' ');
  const cut = line.length > MAX_VALUE ? `${line.slice(0, MAX_VALUE)}…` : line;
  return cut === '' || cut !== cut.trim() || cut === 'NULL' ? `“${cut}”` : cut;
}

function rangeText(
  name: string,
  { from, to, isOpen }: { readonly from?: string; readonly to?: string; readonly isOpen?: boolean },
): string {
  const below = isOpen ? '<' : '≤';
  if (from === undefined) return `${name} ${below} ${valueText(to ?? '')}`;
  if (to === undefined) return `${name} ≥ ${valueText(from)}`;
  return `${valueText(from)} ≤ ${name} ${below} ${valueText(to)}`;
}
