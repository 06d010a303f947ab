import type { ResultPage } from '../wasm-core/protocol/methods.ts';
import type { ResultView } from '../wasm-core/protocol/webview.ts';
import { type PageReader, readPage } from '../wasm-core/results/pages.ts';

/** Bytes of pages that one result keeps; what was looked at longest ago goes first. */
const KEPT_BYTES = 48 * 1024 * 1024;

/** Pulls under way at once: a drag of the scroll bar must not ask for all that it passes. */
const MAX_PULLS = 3;

/** A value of a cell, or why there is none yet. */
export type CellValue =
  | { readonly state: 'value'; readonly text: string; readonly isNull: boolean }
  | { readonly state: 'pending' }
  | { readonly state: 'failed'; readonly message: string };

/** A place in a page. */
interface Found {
  readonly page: number;
  readonly row: number;
}

/** The rows of one result: asks for pages as they are looked at and keeps the last ones. */
export class PageStore {
  #view: ResultView;
  readonly #schema: Uint8Array;
  readonly #pull: (page: number) => void;
  /** In order of use, the latest last. */
  readonly #readers = new Map<number, PageReader>();
  readonly #pulling = new Set<number>();
  readonly #failed = new Map<number, string>();
  #lastPage = -1;
  /** The page that was used last. */
  #latest: number | undefined;
  readonly #waiting = new Map<number, ((reader: PageReader | undefined) => void)[]>();

  /** @param pull asks for a page by its index; answered through `take` or `fail` */
  constructor(view: ResultView, schema: ArrayBuffer, pull: (page: number) => void) {
    this.#view = view;
    this.#schema = new Uint8Array(schema);
    this.#pull = pull;
  }

  get view(): ResultView {
    return this.#view;
  }

  /** Takes what is known of the same rows by now. */
  become(view: ResultView): void {
    this.#view = view;
  }

  /** Takes rows that were added behind the others. @param grown.pages those that were added */
  grow({ pages, rowCount }: Pick<ResultView, 'pages' | 'rowCount'>): void {
    this.#view = { ...this.#view, pages: [...this.#view.pages, ...pages], rowCount };
  }

  /** The value of a cell if its page is here; else the page is asked for. */
  value(row: number, column: number): CellValue {
    const found = this.#find(row);
    if (found === undefined) return { state: 'pending' };
    const message = this.#failed.get(found.page);
    if (message !== undefined) return { state: 'failed', message };
    const reader = this.#use(found.page);
    if (reader === undefined) {
      if (this.#pulling.size < MAX_PULLS) this.#ask(found.page);
      return { state: 'pending' };
    }
    return cellOf(reader, found.row, column);
  }

  /** The value of a cell as JSON text, as `PageReader.json` writes it; undefined while its page is not here. */
  json(row: number, column: number): string | undefined {
    const found = this.#find(row);
    return found && this.#use(found.page)?.json(found.row, column);
  }

  /** Asks for the page of a row that is looked at soon, while none is being asked for. */
  expect(row: number): void {
    const found = this.#find(row);
    if (found === undefined || this.#pulling.size > 0) return;
    if (!this.#readers.has(found.page) && !this.#failed.has(found.page)) this.#ask(found.page);
  }

  /** A page for as long as the caller needs it; undefined when it cannot be had. */
  page(index: number): Promise<PageReader | undefined> {
    const reader = this.#use(index);
    if (reader !== undefined || this.#failed.has(index)) return Promise.resolve(reader);
    return new Promise((resolve) => {
      this.#waiting.set(index, [...(this.#waiting.get(index) ?? []), resolve]);
      this.#ask(index);
    });
  }

  /** Takes the bytes of a page that was asked for. */
  take(index: number, bytes: ArrayBuffer): void {
    this.#pulling.delete(index);
    const range = this.view.pages[index];
    if (range === undefined) return;
    try {
      const reader = readPage(this.#schema, new Uint8Array(bytes), this.view.columns, range.rowCount);
      this.#readers.set(index, reader);
      this.#latest = index;
      this.#forgetOldest();
      this.#answer(index, reader);
    } catch (error) {
      this.fail(index, error instanceof Error ? error.message : String(error));
    }
  }

  /** Notes that a page cannot be had. */
  fail(index: number, message: string): void {
    this.#pulling.delete(index);
    this.#failed.set(index, message);
    this.#answer(index, undefined);
  }

  #answer(index: number, reader: PageReader | undefined): void {
    const waiting = this.#waiting.get(index) ?? [];
    this.#waiting.delete(index);
    for (const resolve of waiting) resolve(reader);
  }

  #ask(index: number): void {
    if (this.#pulling.has(index)) return;
    this.#pulling.add(index);
    this.#pull(index);
  }

  #use(index: number): PageReader | undefined {
    const reader = this.#readers.get(index);
    if (reader === undefined || index === this.#latest) return reader;
    this.#latest = index;
    this.#readers.delete(index);
    this.#readers.set(index, reader);
    return reader;
  }

  #forgetOldest(): void {
    let bytes = 0;
    for (const index of this.#readers.keys()) bytes += this.view.pages[index]?.byteLength ?? 0;
    for (const index of this.#readers.keys()) {
      // The newest stays, however large it is.
      if (bytes <= KEPT_BYTES || this.#readers.size === 1) return;
      this.#readers.delete(index);
      bytes -= this.view.pages[index]?.byteLength ?? 0;
    }
  }

  #find(row: number): Found | undefined {
    // Most questions are about the page of the one before: all cells of a screen are.
    const last = this.view.pages[this.#lastPage];
    if (last === undefined || row < last.firstRow || row >= last.firstRow + last.rowCount)
      this.#lastPage = pageOf(this.view.pages, row);
    const range = this.view.pages[this.#lastPage];
    return range === undefined || row >= range.firstRow + range.rowCount
      ? undefined
      : { page: this.#lastPage, row: row - range.firstRow };
  }
}

/** What a reader has of a cell; of a damaged page it may be no value. */
function cellOf(reader: PageReader, row: number, column: number): CellValue {
  try {
    return { state: 'value', text: reader.text(row, column), isNull: reader.isNull(row, column) };
  } catch (error) {
    return { state: 'failed', message: error instanceof Error ? error.message : String(error) };
  }
}

/** The index of the page that a row is on; -1 when there are no pages. */
export function pageOf(pages: readonly ResultPage[], row: number): number {
  let low = 0;
  let high = pages.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((pages[middle]?.firstRow ?? 0) <= row) low = middle;
    else high = middle - 1;
  }
  return high < 0 ? -1 : low;
}
