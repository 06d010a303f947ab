import type { SortKey } from '../../wasm-core/protocol/result-query.ts';

/** How a column is sorted: its direction, and its place among several. */
export interface ColumnSort {
  readonly direction: 'ascending' | 'descending';
  /** From 1; undefined when it is the only one. */
  readonly place?: number;
}

/**
 * The keys after a press of a column's sort button: ascending, descending, none.
 *
 * @param options.add keeps the other keys; else the column is the only one
 */
export function toggledSort(
  keys: readonly SortKey[],
  column: number,
  { add }: { readonly add: boolean },
): readonly SortKey[] {
  const current = keys.find((key) => key.column === column);
  const next: SortKey[] =
    current === undefined ? [{ column }] : current.descending === true ? [] : [{ column, descending: true }];
  if (!add) return next;
  if (current === undefined) return [...keys, ...next];
  return keys.flatMap((key) => (key === current ? next : [key]));
}

/** How a column is sorted by these keys; undefined when it is not. */
export function sortOf(keys: readonly SortKey[], column: number): ColumnSort | undefined {
  const index = keys.findIndex((key) => key.column === column);
  if (index < 0) return undefined;
  const direction = keys[index]?.descending === true ? 'descending' : 'ascending';
  return keys.length > 1 ? { direction, place: index + 1 } : { direction };
}
