import type { SqlType } from '../../../protocol/sql-types.ts';
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
  count: number;
}

/** Rows with a NULL argument; undefined when there are none, which takes no more than a look at each vector. */
export function nullRows(
  native: Native,
  options: { readonly vectors: readonly Pointer[]; readonly rowCount: number },
): NullRows | undefined {
  let found: NullRows | undefined;
  for (const vector of options.vectors) {
    const mask = native.api.duckdb_vector_get_validity(vector);
    if (mask !== 0) found = addNulls(native.words(), { mask, rowCount: options.rowCount, found });
  }
  return found;
}

/** Adds the rows that a mask says are NULL, 32 at a time where there are none. */
function addNulls(
  words: Uint32Array,
  options: { readonly mask: Pointer; readonly rowCount: number; readonly found: NullRows | undefined },
): NullRows | undefined {
  const { mask, rowCount } = options;
  let { found } = options;
  for (let first = 0; first < rowCount; first += 32) {
    const word = words[(mask + (first >>> 3)) >>> 2] ?? 0;
    if (word === 0xffff_ffff) continue;
    const end = Math.min(first + 32, rowCount);
    for (let row = first; row < end; row++) {
      if (((word >>> (row & 31)) & 1) === 1 || found?.rows[row] === 1) continue;
      found ??= { rows: new Uint8Array(rowCount), count: 0 };
      found.rows[row] = 1;
      found.count++;
    }
  }
  return found;
}

/** Makes one row of a vector NULL. */
export function setNull(native: Native, at: { readonly vector: Pointer; readonly row: number }): void {
  native.api.duckdb_vector_ensure_validity_writable(at.vector);
  const mask = native.api.duckdb_vector_get_validity(at.vector);
  const words = native.words();
  const index = (mask >>> 2) + (at.row >>> 5);
  words[index] = (words[index] ?? 0) & ~(1 << (at.row & 31));
}

/** Whether one row of a vector is NULL. */
export function isNullAt(native: Native, at: { readonly vector: Pointer; readonly row: number }): boolean {
  const mask = native.api.duckdb_vector_get_validity(at.vector);
  if (mask === 0) return false;
  return (((native.words()[(mask >>> 2) + (at.row >>> 5)] ?? 0) >>> (at.row & 31)) & 1) === 0;
}

/** Makes one row of a vector NULL, and what lies in it, too: the engine takes a field of a STRUCT without asking whether the STRUCT is NULL. */
export function setRowNull(
  native: Native,
  at: { readonly vector: Pointer; readonly row: number; readonly type: SqlType },
): void {
  const { vector, row, type } = at;
  setNull(native, { vector, row });
  if (type.kind === 'struct') {
    for (const [index, field] of type.fields.entries()) {
      const child = native.api.duckdb_struct_vector_get_child(vector, index, 0);
      setRowNull(native, { vector: child, row, type: field.type });
    }
  } else if (type.kind === 'array') {
    const child = native.api.duckdb_array_vector_get_child(vector);
    for (let i = 0; i < type.length; i++) {
      setRowNull(native, { vector: child, row: row * type.length + i, type: type.element });
    }
  } else if (type.kind === 'list' || type.kind === 'map') {
    // An entry that nobody set would point anywhere.
    const entry = (native.api.duckdb_vector_get_data(vector) >>> 2) + 4 * row;
    native.words().fill(0, entry, entry + 4);
  }
}
