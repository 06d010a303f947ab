import type { SqlType } from '../../../protocol/sql-types.ts';
import type { Guest } from '../../../runtime/guest.ts';
import type { Pointer } from '../c-api.ts';
import type { Native } from '../native.ts';
import { BatchSource, type ResultColumn } from './result-column.ts';
import { resultColumn } from './result-columns.ts';

/** Where a result goes. */
export interface ResultRows {
  readonly vector: Pointer;
  /** Rows of the vector to fill, from `firstRow` on. */
  readonly rowCount: number;
  /** The first row to fill; absent: 0. */
  readonly firstRow?: number | undefined;
  /** For each row of the result the row that it fills, counted from `firstRow`; others become NULL. Absent: in order. */
  readonly rows?: Int32Array | undefined;
  /** In place of `rows`: for each row that is filled the row of the result that it takes, -1 for NULL. */
  readonly sources?: { readonly of: Int32Array; readonly rowCount: number } | undefined;
}

/** Takes result columns out of guests, checked, into vectors of the engine; docs/plugin-abi.md has their layout. */
export class BatchResult {
  readonly #column: ResultColumn;
  readonly #source = new BatchSource();

  constructor(native: Native, type: SqlType) {
    this.#column = resultColumn(native, type);
  }

  /**
   * @param column its address, as the guest gave it
   * @throws CoreError MEMORY_BOUNDS, RESULT_INVALID; rows of the vector may then be written, and it must not be used
   */
  read(guest: Guest, column: number, to: ResultRows): void {
    this.#source.guest.refresh(guest.view());
    const rows = to.sources?.rowCount ?? to.rows?.length ?? to.rowCount;
    this.#column.read(
      this.#source,
      column >>> 0,
      { rows, exactly: true },
      { vector: to.vector, rowCount: to.rowCount, firstRow: to.firstRow ?? 0, sources: sourcesOf(to) },
    );
  }
}

function sourcesOf({ rows, rowCount, sources: given }: ResultRows): Int32Array | undefined {
  if (rows === undefined) return given?.of;
  const sources = new Int32Array(rowCount).fill(-1);
  for (let i = 0; i < rows.length; i++) sources[rows[i] ?? 0] = i;
  return sources;
}
