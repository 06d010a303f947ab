import type { SimpleType } from '../../../protocol/sql-types.ts';
import { leafLayout } from '../../../runtime/values/sql-type-of.ts';

/*
 * The layout of batches in guest memory, docs/plugin-abi.md, and where the engine's own vectors differ from it.
 */

/** Bytes of a batch's header and of a column's. */
export const BATCH_BYTES = 16;
export const COLUMN_BYTES = 32;

/** The words of a column's header. */
export const COLUMN = {
  rows: 0,
  nulls: 1,
  validity: 2,
  offsets: 3,
  data: 4,
  children: 5,
  childCount: 6,
  constant: 7,
} as const;

/** The next address that buffers may begin at; not `&`, for addresses above 2^31. */
export function align(address: number): number {
  return Math.ceil(address / 16) * 16;
}

/** Bytes of one value, the same in the engine as in a batch; undefined for types that differ or have other buffers. */
export function fixedBytes(name: SimpleType): 1 | 2 | 4 | 8 | 16 | undefined {
  const layout = leafLayout({ kind: 'simple', name });
  return name === 'UUID' || typeof layout !== 'number' ? undefined : layout;
}

/** Bytes of one DECIMAL in the engine, by its width. */
export function decimalBytes(width: number): 2 | 4 | 8 | 16 {
  if (width <= 4) return 2;
  if (width <= 9) return 4;
  return width <= 18 ? 8 : 16;
}
