import type { ColumnInfo } from '../../../protocol/methods.ts';
import { type PageReader, readPage } from '../../../results/pages.ts';
import type { RowSink } from '../row-sink.ts';

/** What writes the rows of pages somewhere. */
export interface PageWriter {
  begin(columns: readonly ColumnInfo[]): void;
  rows(page: PageReader): void | Promise<void>;
  end(): void | Promise<void>;
  /** Gives up. Idempotent. */
  discard(): void;
}

/** Reads the rows that come, and hands them to a writer of values. */
export class PageSink implements RowSink {
  readonly #writer: PageWriter;
  readonly #maxRows: number;
  #schema = new Uint8Array();
  #columns: readonly ColumnInfo[] = [];
  #rowCount = 0;
  #truncated = false;

  constructor(writer: PageWriter, maxRows: number) {
    this.#writer = writer;
    this.#maxRows = maxRows;
  }

  get rowCount(): number {
    return this.#rowCount;
  }

  get truncated(): boolean {
    return this.#truncated;
  }

  schema(bytes: Uint8Array, columns: readonly ColumnInfo[]): void {
    this.#schema = bytes.slice();
    this.#columns = columns;
    this.#writer.begin(columns);
  }

  async batch(bytes: Uint8Array, rowCount: number): Promise<void> {
    const room = this.#maxRows - this.#rowCount;
    if (rowCount > room) this.#truncated = true;
    const kept = Math.min(rowCount, room);
    if (kept <= 0) return;
    this.#rowCount += kept;
    await this.#writer.rows(readPage(this.#schema, bytes, this.#columns, kept));
  }

  async finish(): Promise<undefined> {
    await this.#writer.end();
  }

  discard(): void {
    this.#writer.discard();
  }
}
