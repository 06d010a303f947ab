import * as l10n from '@vscode/l10n';
import type { SortKey } from '../../wasm-core/protocol/result-query.ts';
import { askText } from '../ask-text.ts';
import { type MenuItem, openMenu } from '../menu.ts';
import type { PageStore } from '../page-store.ts';
import { drawnText } from './cell-text.ts';
import { type ColumnMenuContext, columnMenu, filterItems, hiddenMenu } from './column-menu.ts';
import type { ColumnSet } from './column-set.ts';
import { copyFormats } from './copy-formats.ts';
import type { GridEvents } from './grid-events.ts';
import type { GridLayout } from './grid-layout.ts';

/** A place of the window, pixels. */
interface Place {
  readonly x: number;
  readonly y: number;
}

/** What the menus of a grid act on. */
export interface MenuTarget {
  /** Gets the focus back. */
  readonly node: HTMLElement;
  readonly events: GridEvents;
  readonly columns: ColumnSet;
  readonly store: () => PageStore;
  readonly sort: () => readonly SortKey[];
  readonly arrange: (layout: GridLayout) => void;
  readonly fitColumn: (position: number) => void;
}

/** The menus of a grid's columns and cells. */
export class GridMenus {
  readonly #target: MenuTarget;

  constructor(target: MenuTarget) {
    this.#target = target;
  }

  /** Of a column; filters are about its value in a row. */
  openColumn(position: number, row: number, place: Place): void {
    const context = this.#context(position, row, place);
    const name = drawnText(context.columns[context.column]?.name ?? '');
    this.#open(columnMenu(context), l10n.t('Column {0}', name), place);
  }

  /** Of the selected cells. */
  openCell(position: number, row: number, place: Place): void {
    const { events } = this.#target;
    const items: MenuItem[] = [
      { label: l10n.t('Open value'), keys: 'Enter', run: () => events.open() },
      'separator',
      ...this.#copyItems(),
      'separator',
      ...filterItems(this.#context(position, row, place)),
      { label: l10n.t('Find…'), keys: 'Ctrl+F', run: () => events.find() },
      { label: l10n.t('Go to row…'), keys: 'Ctrl+G', run: () => events.goToRow() },
    ];
    this.#open(items, l10n.t('Cells'), place);
  }

  /** Of the ways to copy. */
  openCopy(place: Place): void {
    this.#open(this.#copyItems(), l10n.t('Copy'), place);
  }

  #copyItems(): MenuItem[] {
    const { events } = this.#target;
    return copyFormats().map(({ format, ...item }) => ({ ...item, run: () => events.copy(format) }));
  }

  #open(items: readonly MenuItem[], label: string, place: Place): void {
    openMenu(items, { label, opener: this.#target.node, ...place });
  }

  #context(position: number, row: number, place: Place): ColumnMenuContext {
    const { columns: set, store, sort, arrange, events, node } = this.#target;
    const column = set.columnAt(position);
    const { columns } = store().view;
    const context: ColumnMenuContext = {
      columns,
      column,
      layout: set.layout,
      sort: sort(),
      value: store().value(row, column),
      arrange,
      fit: () => this.#target.fitColumn(position),
      fitAll: () => {
        set.fitAll(store());
        arrange(set.layout);
      },
      listHidden: () => this.#open(hiddenMenu(context), l10n.t('Hidden columns'), place),
      askText: () =>
        askText({
          label: l10n.t('Text in {0}', drawnText(columns[column]?.name ?? '')),
          button: l10n.t('Filter'),
          opener: node,
          ...place,
          answered: (text) => events.filter?.({ column, test: 'contains', text }),
        }),
      setSort: events.sort,
      addFilter: events.filter,
    };
    return context;
  }
}
