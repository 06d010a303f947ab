import { rmSync } from 'node:fs';
import type { LiveRows } from '../../../protocol/live-rows.ts';
import type { ColumnInfo, ResultFile } from '../../../protocol/methods.ts';
import type { RowSink } from '../row-sink.ts';
import type { ResultsWriter } from './results-writer.ts';

/** Rows of a statement that ends sooner are not told of: its result is as good as there. Milliseconds. */
const FIRST_AFTER_MS = 20;

/** Between two tellings, milliseconds. */
const EVERY_MS = 100;

/** Told of the rows of a statement while they come; its index is known to whoever asked. */
export type RowsListener = (rows: Omit<LiveRows, 'statement'>) => void;

/** One statement whose rows are read while it runs. It may be run again: then it begins another file. */
export class LiveStatement {
  readonly #tell: RowsListener;
  readonly #started = performance.now();
  #files = 0;
  #sink: LiveSink | undefined;

  constructor(tell: RowsListener) {
    this.#tell = tell;
  }

  /** The name of its next file: never one that a reader may have opened. @param name ends with `.arrow` */
  fileName(name: string): string {
    const before = this.#files++;
    return before === 0 ? name : name.replace(/\.arrow$/, `.${before}.arrow`);
  }

  /**
   * What takes its rows, and tells of them.
   *
   * @param isAnswer whether rows of these columns are the statement's answer
   */
  sink(writer: ResultsWriter, isAnswer: (columns: readonly ColumnInfo[]) => boolean): RowSink {
    this.#sink = new LiveSink(writer, { tell: this.#tell, started: this.#started, isAnswer });
    return this.#sink;
  }

  /** Takes back what was told, and deletes its file. Idempotent. */
  giveUp(): void {
    if (this.#sink?.isTold) {
      this.#sink.delete();
      const micros = Math.round((performance.now() - this.#started) * 1000);
      this.#tell({ pages: [], rowCount: 0, micros, isGivenUp: true });
    }
    this.#sink = undefined;
  }
}

interface LiveSinkOptions {
  readonly tell: RowsListener;
  /** When the statement began, by `performance.now()`. */
  readonly started: number;
  readonly isAnswer: (columns: readonly ColumnInfo[]) => boolean;
}

/** Writes rows to a file, and tells of pages that can be read. */
class LiveSink implements RowSink {
  readonly #writer: ResultsWriter;
  readonly #options: LiveSinkOptions;
  #columns: readonly ColumnInfo[] = [];
  #isAnswer = false;
  #isDone = false;
  #toldPages = 0;
  #toldRows = 0;
  #toldAt = Number.NEGATIVE_INFINITY;

  constructor(writer: ResultsWriter, options: LiveSinkOptions) {
    this.#writer = writer;
    this.#options = options;
  }

  get rowCount(): number {
    return this.#writer.rowCount;
  }

  get truncated(): boolean {
    return this.#writer.truncated;
  }

  /** Whether anybody may be reading the file. */
  get isTold(): boolean {
    return this.#toldPages > 0;
  }

  schema(bytes: Uint8Array, columns: readonly ColumnInfo[]): void {
    this.#writer.schema(bytes);
    this.#columns = columns;
    this.#isAnswer = this.#options.isAnswer(columns);
  }

  batch(bytes: Uint8Array, rowCount: number): void {
    this.#writer.batch(bytes, rowCount);
    this.turned();
  }

  turned(): void {
    if (!this.#isAnswer || this.#writer.rowCount === this.#toldRows) return;
    const now = performance.now();
    const isEarly = now - this.#options.started < FIRST_AFTER_MS || now - this.#toldAt < EVERY_MS;
    if (!isEarly) this.#tellRest(now);
  }

  finish(): ResultFile {
    this.#isDone = true;
    return this.#writer.finish();
  }

  /** Rows that were told of stay: whoever looks at them may look on, and ask for more of them. */
  discard(): void {
    if (this.#isDone) return;
    this.#isDone = true;
    if (this.isTold) {
      this.#tellRest(performance.now());
      this.#writer.finish();
    } else {
      this.#writer.discard();
    }
  }

  delete(): void {
    rmSync(this.#writer.path, { force: true });
  }

  #tellRest(now: number): void {
    const { tell, started } = this.#options;
    const { path, schemaByteLength, rowCount } = this.#writer;
    const pages = this.#writer.pagesSoFar().slice(this.#toldPages);
    if (pages.length === 0) return;
    const file = this.isTold ? {} : { file: { path, schemaByteLength, columns: this.#columns } };
    this.#toldPages += pages.length;
    this.#toldRows = rowCount;
    this.#toldAt = now;
    tell({ ...file, pages, rowCount, micros: Math.round((now - started) * 1000) });
  }
}
