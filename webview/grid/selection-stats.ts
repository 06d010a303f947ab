import { isNumeric } from '../../wasm-core/results/type-text.ts';
import type { PageStore } from '../page-store.ts';
import { pageOf } from '../page-store.ts';
import type { CellRange } from './copy-text.ts';
import { ExactNumbers } from './exact-numbers.ts';

/** Cells beyond this are not added up in the page: the engine does it in a moment. */
export const MAX_CELLS = 1_000_000;

/** How long the page may be kept from answering, milliseconds. */
const SLICE_MS = 8;
const CHECKED_ROWS = 256;

/** Figures of selected cells, as texts. */
export interface SelectionStats {
  /** Cells that are not NULL. */
  readonly values: number;
  readonly nulls: number;
  /** Of the cells whose columns are of numbers; absent where there is none. */
  readonly numbers?: {
    readonly count: number;
    readonly sum: string;
    readonly average: string;
    readonly min: string;
    readonly max: string;
  };
}

/** How many cells a range has. */
export function cellsOf({ top, bottom, columns }: CellRange): number {
  return (bottom - top + 1) * columns.length;
}

/**
 * Adds selected cells up: whole and decimal numbers exactly, whatever their size, others as 64-bit numbers. Rows that
 * are not here are pulled.
 *
 * @param signal ends it early
 * @returns undefined when it was ended, or when rows are gone
 */
export async function selectionStats(
  store: PageStore,
  range: CellRange,
  signal: AbortSignal,
): Promise<SelectionStats | undefined> {
  const columns = range.columns.map((column) => {
    const type = store.view.columns[column]?.type ?? '';
    return { column, isNumber: isNumeric(type), isExact: !/^(FLOAT|DOUBLE)$/.test(type) };
  });
  const exact = new ExactNumbers();
  const real = new RealNumbers();
  let values = 0;
  let nulls = 0;
  let until = performance.now() + SLICE_MS;
  for (let row = range.top; row <= range.bottom; ) {
    const index = pageOf(store.view.pages, row);
    const page = await store.page(index);
    const place = store.view.pages[index];
    if (page === undefined || place === undefined || signal.aborted) return undefined;
    const end = Math.min(range.bottom + 1, place.firstRow + place.rowCount);
    for (; row < end; row++) {
      const at = row - place.firstRow;
      for (const { column, isNumber, isExact } of columns) {
        if (page.isNull(at, column)) nulls++;
        else {
          values++;
          if (isNumber) (isExact ? exact : real).add(page.text(at, column));
        }
      }
      if (row % CHECKED_ROWS === 0 && performance.now() > until) {
        await new Promise((resolve) => setTimeout(resolve));
        if (signal.aborted) return undefined;
        until = performance.now() + SLICE_MS;
      }
    }
  }
  const numbers = real.count > 0 ? real.figures(exact) : exact.figures();
  return { values, nulls, ...(numbers && { numbers }) };
}

/** 64-bit numbers, added with Neumaier's compensation, which keeps what a plain sum loses. */
class RealNumbers {
  count = 0;
  #sum = 0;
  #lost = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = Number.NEGATIVE_INFINITY;
  #hasNan = false;

  add(text: string): void {
    const value = Number(text === 'inf' ? 'Infinity' : text === '-inf' ? '-Infinity' : text);
    this.count++;
    if (Number.isNaN(value)) {
      this.#hasNan = true;
      return;
    }
    const sum = this.#sum + value;
    this.#lost += Math.abs(this.#sum) >= Math.abs(value) ? this.#sum - sum + value : value - sum + this.#sum;
    this.#sum = sum;
    this.#min = Math.min(this.#min, value);
    this.#max = Math.max(this.#max, value);
  }

  /** @param others go in too, rounded */
  figures(others: ExactNumbers): SelectionStats['numbers'] {
    const more = others.figures();
    const count = this.count + others.count;
    const own = Number.isFinite(this.#sum) ? this.#sum + this.#lost : this.#sum;
    const sum = this.#hasNan ? Number.NaN : own + Number(more?.sum ?? 0);
    return {
      count,
      sum: realText(sum),
      average: realText(sum / count),
      min: realText(Math.min(this.#min, Number(more?.min ?? Number.POSITIVE_INFINITY))),
      max: realText(Math.max(this.#max, Number(more?.max ?? Number.NEGATIVE_INFINITY))),
    };
  }
}

/** A number with the digits that a sum of 64-bit numbers can have right. */
function realText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  return String(Number(value.toPrecision(15)));
}
