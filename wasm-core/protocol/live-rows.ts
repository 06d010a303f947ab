import type { ColumnInfo, ResultPage } from './methods.ts';

/** How a run is watched. */
export interface WatchedRun {
  /** True: the client is sent `rows` while statements run. Absent: it gets the rows when all have ended. */
  readonly live?: boolean;
}

/** A results file that a statement is writing. */
export interface LiveFile {
  /** Absolute. */
  readonly path: string;
  /** Size of the schema message at the file's start, bytes: a reader puts it before any page. */
  readonly schemaByteLength: number;
  readonly columns: readonly ColumnInfo[];
}

/** What has come of a statement under way since it was told last. */
export interface LiveRows {
  /** The statement's index in the request's text. */
  readonly statement: number;
  /** Present with the first rows of a file. */
  readonly file?: LiveFile;
  /** Pages that were added; they can be read from the file. */
  readonly pages: readonly ResultPage[];
  /** All rows that can be read so far. */
  readonly rowCount: number;
  /** Since the statement began, microseconds. */
  readonly micros: number;
  /** True: the rows so far are no result, since a file changed while they were read. The statement runs once more. */
  readonly isGivenUp?: boolean;
}

/** `rows`: sent to the client whose `sql/run` with `live` is under way, at most ten times a second. */
export interface RowsParams extends LiveRows {
  readonly id: number | string;
}
