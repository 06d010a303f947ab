import type { DatabaseToRead } from './catalog.ts';

/*
 * `sql/summary`; `methods.ts` has the other requests.
 */

/** `sql/summary`: what is known of a relation without reading its rows; for hover. */
export interface SummaryParams extends DatabaseToRead {
  readonly session: string;
  /** As a statement writes it: `'data/x.parquet'`, `t`, `schema.t`; `f()` for a plugin's function. */
  readonly source: string;
}

/** Empty for what is not known, as of CSV files. */
export interface SummaryResult {
  readonly rowCount?: number;
  /** True when the engine's count is an estimate, as after deletions. */
  readonly isEstimate?: boolean;
  readonly columns: readonly ColumnSummary[];
  /** What a plugin's function did in the session so far, all of its name together; absent when it was not called. */
  readonly use?: FunctionUseSummary;
  /** What it did in the last statement that called it, and in the last benchmark. */
  readonly lastRun?: RunFigures;
  readonly benchmark?: BenchmarkFigures;
}

export interface FunctionUseSummary {
  /** Rows that it was called with. */
  readonly rows: number;
  readonly micros: number;
  /** Instructions; 0 for an unmetered module. */
  readonly fuel: number;
}

export interface RunFigures extends FunctionUseSummary {
  /** When it ended, milliseconds since 1970. */
  readonly atMs: number;
}

/** All measured runs together. */
export interface BenchmarkFigures extends RunFigures {
  readonly runs: number;
}

/** Values as text, as the file's own statistics tell them. */
export interface ColumnSummary {
  readonly name: string;
  readonly min?: string;
  readonly max?: string;
  readonly nullCount?: number;
  /** True when the table takes no NULL in it. */
  readonly notNull?: boolean;
}
