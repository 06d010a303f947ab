import type { FromResultsPage } from '../wasm-core/protocol/webview.ts';
import type { RowQuery } from './filter/row-query.ts';
import type { PageMemory } from './page-memory.ts';
import type { PageStore } from './page-store.ts';
import type { ResultAsker } from './result-panel.ts';

/** What a facet of a result is made from. */
export interface FacetContext {
  /** All rows of the result. */
  readonly store: PageStore;
  /** Which of them are shown, and in which order. */
  readonly query: RowQuery;
  /** Asks about the result with `store.view.id`. */
  readonly asker: ResultAsker;
  /** Remembers how the result is looked at, under names that begin with `store.view.id`. */
  readonly memory: PageMemory;
  /** Takes messages for the extension. */
  readonly send: (message: FromResultsPage) => void;
}

/** One way of looking at a result: its rows, its columns' summaries, a chart, its plan. */
export interface Facet {
  readonly node: HTMLElement;
  /** Draws, after the node was put into the page. */
  shown(): void;
  /** Draws again, after rows have arrived. */
  refresh(): void;
  /** Idempotent. */
  dispose(): void;
}

/** A facet that may be chosen; it is made when it is chosen first. */
export interface FacetChoice {
  /** Names it in ids and in the page's state. */
  readonly id: string;
  /** Names it for people. */
  label(): string;
  /** Whether it can show this result at all. */
  fits(context: FacetContext): boolean;
  /** Whether it is what the user wants to see of this result first; absent: never. */
  leads?(context: FacetContext): boolean;
  create(context: FacetContext): Facet;
}
