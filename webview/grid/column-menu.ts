import * as l10n from '@vscode/l10n';
import type { ColumnInfo } from '../../wasm-core/protocol/methods.ts';
import type { RowFilter, SortKey } from '../../wasm-core/protocol/result-query.ts';
import type { MenuItem } from '../menu.ts';
import type { CellValue } from '../page-store.ts';
import { drawnText } from './cell-text.ts';
import {
  freeze,
  type GridLayout,
  hideColumn,
  moveColumn,
  plainLayout,
  showColumn,
  shownColumns,
} from './grid-layout.ts';
import { sortOf } from './sort-keys.ts';

/** A value that one filters by is at most so long as a menu shows it, characters. */
const SHOWN_CHARACTERS = 30;

/** What a menu is about, and what its lines do. */
export interface ColumnMenuContext {
  readonly columns: readonly ColumnInfo[];
  readonly column: number;
  readonly layout: GridLayout;
  readonly sort: readonly SortKey[];
  /** The value where the keyboard is. */
  readonly value: CellValue;
  arrange(layout: GridLayout): void;
  fit(): void;
  fitAll(): void;
  /** Opens a menu of the hidden columns. */
  listHidden(): void;
  /** Asks for a text that the column's values shall contain. */
  askText(): void;
  /** Absent: nobody sorts, or filters. */
  readonly setSort?: ((keys: readonly SortKey[]) => void) | undefined;
  readonly addFilter?: ((filter: RowFilter) => void) | undefined;
}

/** The menu of a column. */
export function columnMenu(context: ColumnMenuContext): MenuItem[] {
  return [
    ...sortItems(context),
    ...filterItems(context),
    ...placeItems(context),
    'separator',
    { label: l10n.t('Fit width'), run: () => context.fit() },
    { label: l10n.t('Fit all widths'), run: () => context.fitAll() },
    'separator',
    ...hiddenItems(context),
  ];
}

/** Filters by the value of a cell, for the menus of columns and cells. */
export function filterItems({ column, value, addFilter, askText }: ColumnMenuContext): MenuItem[] {
  if (addFilter === undefined) return [];
  const items: MenuItem[] = [];
  if (value.state === 'value' && !value.isNull) {
    const text = shortText(value.text);
    const filter = { column, test: 'in', values: [value.text] } as const;
    items.push(
      { label: l10n.t('Only {0}', text), run: () => addFilter(filter) },
      { label: l10n.t('Not {0}', text), run: () => addFilter({ ...filter, negated: true }) },
    );
  }
  items.push(
    { label: l10n.t('Containing…'), run: () => askText() },
    { label: l10n.t('Only NULL'), run: () => addFilter({ column, test: 'null' }) },
    { label: l10n.t('Not NULL'), run: () => addFilter({ column, test: 'null', negated: true }) },
    'separator',
  );
  return items;
}

/** The menu of hidden columns: each comes back. */
export function hiddenMenu({ columns, layout, arrange }: ColumnMenuContext): MenuItem[] {
  const names = layout.hidden.map((column) => ({
    label: drawnText(columns[column]?.name ?? '') || l10n.t('Column {0}', column + 1),
    run: () => arrange(showColumn(layout, column)),
  }));
  return [{ label: l10n.t('All'), run: () => arrange({ ...layout, hidden: [] }) }, ...names];
}

function sortItems({ column, sort, setSort }: ColumnMenuContext): MenuItem[] {
  if (setSort === undefined) return [];
  const direction = sortOf(sort, column)?.direction;
  const others = sort.filter((key) => key.column !== column);
  return [
    {
      label: l10n.t('Sort ascending'),
      isChecked: direction === 'ascending',
      run: () => setSort([{ column }]),
    },
    {
      label: l10n.t('Sort descending'),
      isChecked: direction === 'descending',
      run: () => setSort([{ column, descending: true }]),
    },
    ...(others.length === 0
      ? []
      : [{ label: l10n.t('Then by this'), run: () => setSort([...others, { column }]) } satisfies MenuItem]),
    ...(direction === undefined
      ? []
      : [{ label: l10n.t('Do not sort by this'), run: () => setSort(others) } satisfies MenuItem]),
    'separator',
  ];
}

function placeItems({ column, layout, arrange }: ColumnMenuContext): MenuItem[] {
  const shown = shownColumns(layout);
  const position = shown.indexOf(column);
  return [
    {
      label: l10n.t('Freeze up to here'),
      isDisabled: layout.frozen === position + 1,
      run: () => arrange(freeze(layout, position + 1)),
    },
    { label: l10n.t('Unfreeze'), isDisabled: layout.frozen === 0, run: () => arrange(freeze(layout, 0)) },
    'separator',
    {
      label: l10n.t('Move left'),
      keys: 'Alt+Shift+←',
      isDisabled: position === 0,
      run: () => arrange(moveColumn(layout, column, position - 1)),
    },
    {
      label: l10n.t('Move right'),
      keys: 'Alt+Shift+→',
      isDisabled: position === shown.length - 1,
      run: () => arrange(moveColumn(layout, column, position + 1)),
    },
  ];
}

function hiddenItems(context: ColumnMenuContext): MenuItem[] {
  const { column, columns, layout, arrange, listHidden } = context;
  const isLast = shownColumns(layout).length === 1;
  return [
    { label: l10n.t('Hide'), isDisabled: isLast, run: () => arrange(hideColumn(layout, column)) },
    {
      label: l10n.t('Show hidden ({0})…', layout.hidden.length),
      isDisabled: layout.hidden.length === 0,
      run: () => listHidden(),
    },
    { label: l10n.t('Reset columns'), run: () => arrange(plainLayout(columns.length)) },
  ];
}

function shortText(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length <= SHOWN_CHARACTERS ? `“${line}”` : `“${line.slice(0, SHOWN_CHARACTERS)}…”`;
}
