import type { ColumnInfo } from '../../protocol/methods.ts';
import type { PageReader } from '../pages.ts';

/** A way to write rows as text. One writer is for one result. */
export interface RowWriter {
  /** What goes before the rows. */
  begin(): string;
  /** The rows of the next page. */
  rows(page: PageReader): string;
  /** What goes behind them. */
  end(): string;
}

/** What a writer is made for. */
export interface WriterOptions {
  readonly columns: readonly ColumnInfo[];
}

/**
 * Names of which no two are alike: those that came before get `_1`, `_2`.
 *
 * @param keyOf what must differ; absent: the names as they are
 */
export function uniqueNames(
  names: readonly string[],
  keyOf: (name: string) => string = (name) => name,
): string[] {
  const taken = new Set(names.map(keyOf));
  const seen = new Set<string>();
  return names.map((name) => {
    let unique = name;
    for (let n = 1; seen.has(keyOf(unique)) || (unique !== name && taken.has(keyOf(unique))); n++) {
      unique = `${name}_${n}`;
    }
    seen.add(keyOf(unique));
    return unique;
  });
}
