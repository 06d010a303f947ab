import type { ColumnInfo, ResultFile } from '../../protocol/methods.ts';

/** Takes one statement's rows as they come, as messages of Arrow's streaming format. */
export interface RowSink {
  /** Rows kept so far. */
  readonly rowCount: number;
  /** Whether rows were left out; nothing more has to be written then. */
  readonly truncated: boolean;
  /** Takes the schema message, and dictionaries that come before the first rows. */
  schema(bytes: Uint8Array, columns: readonly ColumnInfo[]): void;
  /** Takes the messages of one or more record batches; they are valid until it resolves. */
  batch(bytes: Uint8Array, rowCount: number): void | Promise<void>;
  /** Called now and then while the engine computes. */
  turned?(): void;
  /** Ends it. @returns the results file that it wrote, if that is what it wrote */
  finish(): ResultFile | undefined | Promise<ResultFile | undefined>;
  /** The statement has failed: gives up what was written. Idempotent, and without effect once it is finished. */
  discard(): void;
}
