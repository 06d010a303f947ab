import {
  MAX_WASM_ROWS,
  type WasmColumn,
  type WasmQuestion,
  type WasmRow,
  type WasmRows,
} from '../../protocol/wasm-viewer.ts';

/** Where the rows of a list come from; each is made when it is asked for. */
export interface RowSource {
  readonly count: number;
  readonly columns: readonly WasmColumn[];
  row(index: number): WasmRow;
}

/** Which rows are wanted, and in which order. */
export type RowWish = Omit<WasmQuestion & { readonly kind: 'rows' }, 'kind' | 'list'>;

/** A list that is searched and sorted; its last order is kept, so that scrolling asks for nothing new. */
export class RowList {
  readonly #source: RowSource;
  #key = '';
  #order: Uint32Array | undefined;

  constructor(source: RowSource) {
    this.#source = source;
  }

  /** The rows that are asked for, at most `MAX_WASM_ROWS`. */
  rows(wish: RowWish): WasmRows {
    const key = JSON.stringify([wish.search, wish.sort, wish.descending]);
    if (key !== this.#key) {
      this.#order = this.#orderOf(wish);
      this.#key = key;
    }
    const total = this.#order?.length ?? this.#source.count;
    const first = Math.min(wish.first, total);
    const count = Math.min(wish.count, MAX_WASM_ROWS, total - first);
    const rows = Array.from({ length: count }, (_, i) =>
      this.#source.row(this.#order?.[first + i] ?? first + i),
    );
    return { total, first, rows };
  }

  /** The numbers of the rows in their order; undefined for all rows as they come. */
  #orderOf({ search, sort, descending }: RowWish): Uint32Array | undefined {
    if (search === '' && sort === undefined) return undefined;
    const found = this.#found(search);
    if (sort === undefined) return found;
    const keys = this.#keys(found, sort);
    const places = Uint32Array.from(found.keys());
    const sign = descending ? -1 : 1;
    places.sort((a, b) => sign * compare(keys[a], keys[b]) || a - b);
    return places.map((place) => found[place] ?? 0);
  }

  #found(search: string): Uint32Array {
    const all = Uint32Array.from({ length: this.#source.count }, (_, index) => index);
    const wanted = search.toLowerCase();
    if (wanted === '') return all;
    return all.filter((index) => this.#source.row(index).cells.some((c) => c.toLowerCase().includes(wanted)));
  }

  #keys(found: Uint32Array, column: number): readonly (string | number)[] {
    const isNumber = this.#source.columns[column]?.isNumber === true;
    return Array.from(found, (index) => {
      const cell = this.#source.row(index).cells[column] ?? '';
      return isNumber ? Number.parseInt(cell, 10) || 0 : cell.toLowerCase();
    });
  }
}

function compare(a: string | number = 0, b: string | number = 0): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
