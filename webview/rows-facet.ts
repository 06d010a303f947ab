import * as l10n from '@vscode/l10n';
import { counted } from '../wasm-core/protocol/figures.ts';
import type { SortKey } from '../wasm-core/protocol/result-query.ts';
import { askText } from './ask-text.ts';
import { DetailStrip } from './detail-strip.ts';
import { element } from './dom.ts';
import type { Facet, FacetContext } from './facet.ts';
import { FindBar } from './find-bar.ts';
import type { CopyFormat } from './grid/copy-formats.ts';
import { copyText } from './grid/copy-text.ts';
import { Grid } from './grid/grid.ts';
import type { GridEvents } from './grid/grid-events.ts';
import { type GridLayout, parseLayout } from './grid/grid-layout.ts';
import { parsePlace } from './grid/grid-place.ts';
import type { PageStore } from './page-store.ts';
import { ValueViewer, type ViewedValue } from './value/value-viewer.ts';

/** What the rows need besides what all facets have. */
export interface RowsOptions extends Pick<GridEvents, 'sort' | 'filter'> {
  /** How the columns were arranged before. */
  readonly layout?: GridLayout;
  /** Sent when they were arranged anew. */
  readonly arranged?: (layout: GridLayout) => void;
}

/** The rows of a result: its grid, beside it a value in full, and below it the strip with what is selected. */
export class RowsFacet implements Facet {
  readonly node = element('div', { class: 'result rows-facet' });
  readonly #context: FacetContext;
  readonly #detail: DetailStrip;
  readonly #find: FindBar;
  readonly #viewer: ValueViewer;
  readonly #grid: Grid;
  readonly #none = element('p', { class: 'sentence', text: l10n.t('No rows.') });
  readonly #end: () => void;
  #store: PageStore;

  constructor(context: FacetContext, options: RowsOptions = {}) {
    this.#context = context;
    this.#store = context.query.store;
    this.#end = context.query.onChange(() => this.#selected());
    const { asker } = context;
    const focus = () => this.#grid.node.focus({ preventScroll: true });
    this.#detail = new DetailStrip({
      open: () => this.#open(),
      copy: (place) => this.#grid.openCopyMenu(place),
      find: () => this.#find.open(),
    });
    this.#find = new FindBar({
      from: () => ({ ...this.#grid.active, columns: this.#grid.shownColumns }),
      find: (params) => asker.ask({ kind: 'find', id: this.#store.view.id, ...params }),
      goTo: ({ row, column }) => this.#grid.goTo(row, column),
      closed: focus,
    });
    this.#viewer = new ValueViewer({
      copy: (text) => context.send({ type: 'copy', text }),
      closed: focus,
    });
    const kept = context.memory.get(this.#name) as
      | { readonly layout?: unknown; readonly place?: unknown }
      | undefined;
    this.#grid = new Grid(this.#store, {
      id: `cell-${this.#store.view.id}`,
      layout: options.layout ?? parseLayout(kept?.layout, this.#store.view.columns.length),
      events: {
        changed: () => this.#changed(),
        arranged: (layout) => {
          options.arranged?.(layout);
          this.#remember();
        },
        copy: (format) => void this.#copy(format),
        find: () => this.#find.open(),
        findNext: (way) => this.#find.next(way),
        goToRow: () => this.#askRow(),
        open: () => this.#open(),
        sort: options.sort,
        filter: options.filter,
      },
    });
    // The style sheet shows these where there is nothing to show.
    this.node.style.setProperty('--text-empty', JSON.stringify(l10n.t('empty')));
    this.node.style.setProperty('--text-unnamed', JSON.stringify(l10n.t('no name')));
    this.node.append(
      this.#find.node,
      element('div', { class: 'rows-area' }, [this.#grid.node, this.#viewer.node]),
      this.#none,
      this.#detail.node,
    );
    if (context.query.shown !== undefined) this.setRows(this.#store, context.query.selection.sort);
    const place = parsePlace(kept?.place);
    if (place !== undefined) this.#grid.restore(place);
    this.#grid.node.addEventListener('scroll', () => this.#remember(), { passive: true });
    this.#changed();
  }

  /** How the columns are arranged, for the page to keep. */
  get layout(): GridLayout {
    return this.#grid.layout;
  }

  /** Shows other rows with the same columns. @param sort how they are sorted */
  setRows(store: PageStore, sort: readonly SortKey[]): void {
    this.#store = store;
    this.#grid.setRows(store, sort);
  }

  shown(): void {
    this.#grid.shown();
  }

  refresh(): void {
    this.#grid.refresh();
  }

  dispose(): void {
    this.#end();
    this.#detail.dispose();
    this.#grid.dispose();
    this.node.remove();
  }

  /** Shows the rows that were selected, once they are there; the header shows at once how they will be sorted. */
  #selected(): void {
    const { store, selection } = this.#context.query;
    this.setRows(store, selection.sort);
  }

  #changed(): void {
    const { rowCount } = this.#store.view;
    this.#none.hidden = rowCount > 0;
    this.#detail.node.hidden = rowCount === 0;
    // The grid tells of its first selection while it is made.
    if (rowCount === 0) return;
    this.#detail.show(this.#store, this.#grid.active, this.#grid.range);
    this.#remember();
    const value = this.#viewer.isOpen ? this.#value() : undefined;
    if (value !== undefined) this.#viewer.show(value);
  }

  /** Under which the place in the rows is remembered. */
  get #name(): string {
    return `${this.#context.store.view.id} rows`;
  }

  /** Has the page remember where the rows are looked at, unless they are a part of them. */
  #remember(): void {
    if (this.#store !== this.#context.store) return;
    const { layout, place } = this.#grid;
    this.#context.memory.set(this.#name, { layout, place });
  }

  #open(): void {
    const value = this.#value();
    if (value !== undefined) this.#viewer.open(value);
  }

  /** The value where the keyboard is; undefined while it is not here. */
  #value(): ViewedValue | undefined {
    const { row, column } = this.#grid.active;
    const { name = '', type = '' } = this.#store.view.columns[column] ?? {};
    const value = this.#store.value(row, column);
    if (value.state !== 'value') return undefined;
    const { text, isNull } = value;
    return { name, type, text, isNull, json: () => this.#store.json(row, column) };
  }

  #askRow(): void {
    const { rowCount } = this.#store.view;
    const { left, top } = this.#grid.node.getBoundingClientRect();
    askText({
      label: l10n.t('Row, 1 to {0}', rowCount.toLocaleString('en-US')),
      button: l10n.t('Go'),
      x: left + 8,
      y: top + 4,
      opener: this.#grid.node,
      answered: (text) => {
        const row = Number(text.replaceAll(/[\s,.\u202f]/g, ''));
        if (Number.isSafeInteger(row) && row > 0) this.#grid.goTo(Math.min(row, rowCount) - 1);
      },
    });
  }

  async #copy(format: CopyFormat): Promise<void> {
    if (this.#store.view.rowCount === 0) return;
    const { text, rows, cutBecause } = await copyText(this.#store, this.#grid.range, format);
    this.#context.send({ type: 'copy', text });
    const copied =
      cutBecause === undefined
        ? counted(rows, l10n.t('Copied {0} row'), l10n.t('Copied {0} rows'))
        : `${counted(rows, l10n.t('Copied only {0} row.'), l10n.t('Copied only {0} rows.'))} ${cutBecause}`;
    this.#detail.note(copied);
  }
}
