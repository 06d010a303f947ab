import type { ResultChartParams, ResultChartResult } from './chart.ts';
import type { ExportedResult } from './export.ts';
import type { ResultPage, StatementResult } from './methods.ts';

/*
 * `result/rows`, `result/summary` and `result/find`: questions about the rows of an earlier run, which the engine
 * answers over all of them, whatever of them is shown. Columns are named by their index, since names may be empty or
 * occur twice; values are texts, as the page shows them.
 */

/** Rows of an earlier run, and the session whose run gave them. */
export interface ResultRef {
  readonly session: string;
  /** As for `sql/export`. */
  readonly result: ExportedResult;
}

/** A column to sort by; NULL comes last either way. */
export interface SortKey {
  readonly column: number;
  /** Absent: ascending. */
  readonly descending?: boolean;
}

/** What a row must be to stay. `negated`: what it must not be. */
export type RowFilter = {
  readonly column: number;
  readonly negated?: boolean;
} & (
  | /** One of these values, as the page shows them; null is NULL. */ {
      readonly test: 'in';
      readonly values: readonly (string | null)[];
    }
  | /** From `from` to `to`, each as text; absent: open. `isOpen`: `to` itself is out. */ {
      readonly test: 'range';
      readonly from?: string;
      readonly to?: string;
      readonly isOpen?: boolean;
    }
  | /** Its text has this in it, whatever the case of letters. */ {
      readonly test: 'contains';
      readonly text: string;
    }
  | { readonly test: 'null' }
);

/** Which rows, in which order. */
export interface RowSelection {
  /** All must hold; absent: all rows. */
  readonly filters?: readonly RowFilter[];
  /** The first one counts most; absent: the order of the result. */
  readonly sort?: readonly SortKey[];
}

/** `result/rows`: the rows of a result that are selected, as a result of its own. */
export interface ResultRowsParams extends ResultRef {
  readonly select: RowSelection;
  /** Rows kept, 1 to 100,000,000, the first of their order; absent: all. */
  readonly maxRows?: number;
}
export interface ResultRowsResult {
  /** Its file is the client's to delete, and deleted with the session. */
  readonly statement: StatementResult;
  /** Rows that the filters leave, whatever `maxRows` keeps. */
  readonly matchCount: number;
  /** The selection as SQL, to be put behind `from (…)`: a WHERE and an ORDER BY clause, or empty. */
  readonly sql: string;
}

/** `result/summary`: what the columns of a result hold. */
export interface ResultSummaryParams extends ResultRef {
  /** Absent: all columns. */
  readonly columns?: readonly number[];
  readonly filters?: readonly RowFilter[];
}
export interface ResultSummaryResult {
  /** Rows that the filters leave. */
  readonly rowCount: number;
  /** In the order that was asked for. */
  readonly columns: readonly ColumnSummary[];
}

/** What one column holds; values are texts, as the page shows them. */
export interface ColumnSummary {
  readonly column: number;
  readonly nulls: number;
  /** How many different values there are, NULL aside. */
  readonly distinct: number;
  /** Whether that is exact; else an estimate. */
  readonly isDistinctExact: boolean;
  /** Absent where there is no value, and for types with parts; cut behind 1000 characters, with `…` in place of the rest. */
  readonly min?: string;
  readonly max?: string;
  /** Of numbers alone. */
  readonly mean?: string;
  /** Of numbers and times: at a quarter, a half, and three quarters. */
  readonly quartiles?: readonly [string, string, string];
  /**
   * `histogram`: ranges in the order of values, of equal width but for the first and the last, months and years.
   * `top`: the most frequent values, the first most; none where most values of many occur once.
   */
  readonly look: 'histogram' | 'top';
  readonly bars: readonly SummaryBar[];
}

/** Rows of a column that are alike. */
export interface SummaryBar {
  /** The value, or the range. */
  readonly text: string;
  readonly rowCount: number;
  /** What leaves these rows alone. */
  readonly filter: RowFilter;
}

/** `result/find`: the next cell whose text has another in it. */
export interface ResultFindParams extends ResultRef {
  readonly text: string;
  /** Whether capitals matter; absent: they do not. */
  readonly matchCase?: boolean;
  /** The search begins behind this cell (before it when `backwards`) and goes around. */
  readonly from: { readonly row: number; readonly column: number };
  readonly backwards?: boolean;
  /** The columns to look in, in the order in which they are shown; absent: all. */
  readonly columns?: readonly number[];
}
export interface ResultFindResult {
  /** Absent: no cell has it. */
  readonly cell?: { readonly row: number; readonly column: number };
  /** Cells that have it, counted up to 10,000. */
  readonly count: number;
  /** Which of them the cell is, from 0, in the order of rows; absent where it was not counted. */
  readonly index?: number;
}

/**
 * `result/keep`: keeps rows beyond their session of which no run's result tells, such as those that came before it was
 * cancelled. Nobody writes to their file any longer.
 */
export interface ResultKeepParams {
  readonly session: string;
  /** As `rows` told of them. */
  readonly result: ExportedResult;
  /** Size of the schema message at the file's start, bytes. */
  readonly schemaByteLength: number;
  readonly pages: readonly ResultPage[];
  /** How long the statement ran, microseconds. */
  readonly micros: number;
}
export interface ResultKeepResult {
  /** Under which name `result/kept` opens them; null where they are too many, or nothing is kept. */
  readonly kept: string | null;
}

/** `result/kept`: the rows of a result that is kept beyond its session, without running anything. */
export interface ResultKeptParams {
  /** Whose results folder they are put into. */
  readonly session: string;
  /** As a statement's `kept` said. */
  readonly kept: string;
}
export interface ResultKeptResult {
  /** Null where it is kept no longer. */
  readonly statement: Omit<StatementResult, 'start' | 'end'> | null;
}

/** Requests about results; the host answers them beside those of `HostRequests`. */
export interface ResultRequests {
  'result/rows': { params: ResultRowsParams; result: ResultRowsResult };
  'result/summary': { params: ResultSummaryParams; result: ResultSummaryResult };
  'result/find': { params: ResultFindParams; result: ResultFindResult };
  'result/keep': { params: ResultKeepParams; result: ResultKeepResult };
  'result/kept': { params: ResultKeptParams; result: ResultKeptResult };
  'result/chart': { params: ResultChartParams; result: ResultChartResult };
}
