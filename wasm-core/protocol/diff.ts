import type { CachedRun } from './kept-results.ts';
import type { Limits } from './limits.ts';
import type { RunParams, StatementResult } from './methods.ts';

/*
 * `sql/diff`; `methods.ts` has the other requests.
 */

/** Rows to compare: those of a data file or pattern, as SQL would name it, or those of one statement. */
export type DiffSide = { readonly file: string } | { readonly sql: string };

/**
 * `sql/diff`: compares two sets of rows, as one statement. What is not of its own is as in `sql/run`; `kept` in the
 * answer's statement is what `result/kept` opens again.
 */
export interface DiffParams extends CachedRun {
  readonly session: string;
  readonly before: DiffSide;
  readonly after: DiffSide;
  /** Columns that tell rows apart, at most 100; absent or empty: rows are compared whole, as multisets. */
  readonly key?: readonly string[];
  readonly folder?: string;
  readonly parameters?: RunParams['parameters'];
  readonly limits?: Pick<Limits, 'timeoutMs' | 'memoryMb' | 'fuel'>;
}

/** A column that has another type on each side; its values are compared all the same. */
export interface DiffType {
  readonly name: string;
  readonly before: string;
  readonly after: string;
}

/** How many rows differ, and how. */
export interface DiffCounts {
  /** On the right side alone. */
  readonly added: number;
  /** On the left side alone. */
  readonly removed: number;
  /** On both sides under one key, with other values; 0 without a key. */
  readonly changed: number;
  /** Keys that several rows of a side have, which therefore cannot be compared; 0 without a key. */
  readonly duplicate: number;
  /** Of the differing rows, those with NULL in a column of the key; 0 without a key. */
  readonly nullKeys: number;
}

export interface DiffResult {
  /** Whether there is no difference: no row, and no column that one side alone has. */
  readonly equal: boolean;
  readonly counts: DiffCounts;
  /** Columns of the right side alone, and of the left side alone. */
  readonly addedColumns: readonly string[];
  readonly removedColumns: readonly string[];
  readonly types: readonly DiffType[];
  /**
   * The rows that differ, ordered by the key. With a key: `status` (`added`, `removed`, `changed`, `duplicate`), the
   * key, `changed` (names of the columns that differ), then each other column twice, as it is and as `name (before)`.
   * Without one: `status` (`added`, `removed`), `rows` (how many), and the columns.
   */
  readonly statement: StatementResult;
  /** The statement that the comparison became. */
  readonly sql: string;
  readonly micros: number;
}
