import type { RowFilter, RowSelection, SortKey } from '../../wasm-core/protocol/result-query.ts';
import type { SelectedRows } from '../../wasm-core/protocol/result-questions.ts';
import { PageStore } from '../page-store.ts';
import type { ResultAsker } from '../result-panel.ts';

/** Of a longer result the first rows are asked for alone, since they are there at once. */
const FIRST_ROWS = 5_000;
const LONG_RESULT = 50_000;

/** How far the rows are that somebody asked for. */
export type QueryPhase =
  /** The shown rows are what was asked for. */
  | { readonly type: 'settled' }
  /** Others are shown until these come; `isFirst`: the first of them are shown, and the rest is to come. */
  | { readonly type: 'asking'; readonly isFirst: boolean }
  | { readonly type: 'failed'; readonly message: string };

/** What a query over the rows of a result is made from. */
export interface RowQueryOptions {
  /** All rows, as the statement gave them. */
  readonly store: PageStore;
  readonly asker: ResultAsker;
  /** Asks for a page of rows by the id of their view. */
  readonly pull: (id: string, page: number) => void;
  /** Takes each selection, for the page to make it again when it is loaded again; undefined: all rows. */
  readonly remember: (selection: RowSelection | undefined) => void;
}

/** Which rows of a result are shown, and in which order: the engine selects them anew with each change. */
export class RowQuery {
  readonly #options: RowQueryOptions;
  readonly #listeners = new Set<() => void>();
  #selection: Required<RowSelection> = { filters: [], sort: [] };
  #store: PageStore;
  #shown: SelectedRows | undefined;
  #phase: QueryPhase = { type: 'settled' };
  /** Of the last change: answers to those before are dropped. */
  #number = 0;

  constructor(options: RowQueryOptions) {
    this.#options = options;
    this.#store = options.store;
  }

  /** What was asked for last. */
  get selection(): Required<RowSelection> {
    return this.#selection;
  }

  /** The rows that are shown. */
  get store(): PageStore {
    return this.#store;
  }

  /** All rows of the result. */
  get all(): PageStore {
    return this.#options.store;
  }

  get phase(): QueryPhase {
    return this.#phase;
  }

  /** What is shown in place of all rows; undefined when these are shown. */
  get shown(): SelectedRows | undefined {
    return this.#shown;
  }

  /** Calls back after each change of any of this. @returns what ends it */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Selects what was selected before the page was loaded. */
  restore(selection: Required<RowSelection>): void {
    void this.#select(selection);
  }

  /** Sorts by these columns in place of others. */
  sortBy(sort: readonly SortKey[]): void {
    void this.#select({ ...this.#selection, sort });
  }

  /** Leaves those of the rows that pass one more condition; one that holds already is not added again. */
  addFilter(filter: RowFilter): void {
    const { filters } = this.#selection;
    const text = JSON.stringify(filter);
    if (filters.some((each) => JSON.stringify(each) === text)) return;
    void this.#select({ ...this.#selection, filters: [...filters, filter] });
  }

  /** Takes a condition away. @param index from 0 */
  removeFilter(index: number): void {
    void this.#select({ ...this.#selection, filters: this.#selection.filters.toSpliced(index, 1) });
  }

  /** Shows all rows as the statement gave them. */
  clear(): void {
    void this.#select({ filters: [], sort: [] });
  }

  /** Asks again, after a failure. */
  retry(): void {
    void this.#select(this.#selection);
  }

  async #select(selection: Required<RowSelection>): Promise<void> {
    const number = ++this.#number;
    this.#selection = selection;
    const isAll = selection.filters.length === 0 && selection.sort.length === 0;
    this.#options.remember(isAll ? undefined : selection);
    if (isAll) return this.#show(undefined);
    this.#setPhase({ type: 'asking', isFirst: false });
    try {
      const { rowCount } = this.all.view;
      const first = await this.#ask(selection, rowCount > LONG_RESULT ? FIRST_ROWS : undefined);
      if (number !== this.#number) return;
      const isWhole = first.matchCount <= first.view.rowCount;
      this.#show(first, isWhole ? { type: 'settled' } : { type: 'asking', isFirst: true });
      if (isWhole) return;
      const whole = await this.#ask(selection, undefined);
      if (number === this.#number) this.#show(whole);
    } catch (error) {
      if (number !== this.#number) return;
      this.#setPhase({ type: 'failed', message: error instanceof Error ? error.message : String(error) });
    }
  }

  #ask(select: RowSelection, maxRows: number | undefined): Promise<SelectedRows> {
    const { id } = this.all.view;
    return this.#options.asker.ask({
      kind: 'rows',
      id,
      select,
      ...(maxRows !== undefined && { maxRows }),
    });
  }

  #show(rows: SelectedRows | undefined, phase: QueryPhase = { type: 'settled' }): void {
    this.#shown = rows;
    const pull = (page: number): void => this.#options.pull(rows?.view.id ?? '', page);
    this.#store = rows === undefined ? this.all : new PageStore(rows.view, rows.schema, pull);
    this.#setPhase(phase);
  }

  #setPhase(phase: QueryPhase): void {
    this.#phase = phase;
    for (const listener of this.#listeners) listener();
  }
}
