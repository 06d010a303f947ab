import type { RowFilter, SortKey } from '../../wasm-core/protocol/result-query.ts';
import type { CopyFormat } from './copy-formats.ts';
import type { GridLayout } from './grid-layout.ts';

/** What a grid tells. */
export interface GridEvents {
  /** The selection, or what is known of it, changed. */
  changed(): void;
  /** The columns were arranged anew, or one has another width. */
  arranged(layout: GridLayout): void;
  /** Somebody wants the selected cells on the clipboard. */
  copy(format: CopyFormat): void;
  /** Somebody wants to find a text; the next one that was found; a row by its number. */
  find(): void;
  findNext(options: { readonly backwards: boolean }): void;
  goToRow(): void;
  /** Somebody wants the value where the keyboard is in full. */
  open(): void;
  /** Somebody wants other rows, or another order. Absent: nobody can give them, and nothing offers it. */
  readonly sort?: ((keys: readonly SortKey[]) => void) | undefined;
  readonly filter?: ((filter: RowFilter) => void) | undefined;
}

/** How a grid begins. */
export interface GridOptions {
  /** Begins the ids of its cells, different for each grid of the page. */
  readonly id: string;
  readonly events: GridEvents;
  /** How its columns were arranged before. */
  readonly layout?: GridLayout | undefined;
}
