import type { Pointer } from '../c-api.ts';
import type { Native } from '../native.ts';

/*
 * DuckDB's validity masks: 64-bit words, least significant bit first, 0 for NULL; as little-endian 32-bit words they
 * are the same bits. A vector without a mask has no NULL.
 */

/** Rows of a chunk that are NULL because an argument is. */
export interface NullRows {
  /** 1 for each NULL row. */
  readonly rows: Uint8Array;
  readonly count: number;
}

/**
 * Makes each row of the output NULL that has a NULL argument.
 *
 * @returns those rows, or undefined when there are none
 */
export function markNulls(
  native: Native,
  options: { readonly vectors: readonly Pointer[]; readonly output: Pointer; readonly rowCount: number },
): NullRows | undefined {
  const masks = options.vectors
    .map((vector) => native.api.duckdb_vector_get_validity(vector))
    .filter((mask) => mask !== 0);
  if (masks.length === 0) return undefined;
  const rows = new Uint8Array(options.rowCount);
  let count = 0;
  const words = native.words();
  for (let row = 0; row < options.rowCount; row++) {
    if (masks.every((mask) => (((words[(mask >>> 2) + (row >>> 5)] ?? 0) >>> (row & 31)) & 1) === 1))
      continue;
    rows[row] = 1;
    count++;
  }
  if (count === 0) return undefined;
  rows.forEach((isNull, row) => {
    if (isNull === 1) setNull(native, { vector: options.output, row });
  });
  return { rows, count };
}

/** Makes one row of a vector NULL. */
export function setNull(native: Native, at: { readonly vector: Pointer; readonly row: number }): void {
  native.api.duckdb_vector_ensure_validity_writable(at.vector);
  const mask = native.api.duckdb_vector_get_validity(at.vector);
  const words = native.words();
  const index = (mask >>> 2) + (at.row >>> 5);
  words[index] = (words[index] ?? 0) & ~(1 << (at.row & 31));
}
