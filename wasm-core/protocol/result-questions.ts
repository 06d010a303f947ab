import type { ResultChartParams, ResultChartResult } from './chart.ts';
import type { ColumnInfo } from './methods.ts';
import type {
  ResultFindParams,
  ResultFindResult,
  ResultRowsParams,
  ResultSummaryParams,
  ResultSummaryResult,
} from './result-query.ts';
import type { ResultView } from './webview.ts';

/*
 * What the results page asks about the rows that it shows. The extension sends it to the host as `result/rows` and the
 * like, with the session and the file that the page does not know.
 */

type Asked<Kind extends string, Params> = { readonly kind: Kind; readonly id: string } & Omit<
  Params,
  'session' | 'result'
>;

/** A question about the result with the `id`. */
export type ResultQuestion =
  | Asked<'rows', ResultRowsParams>
  | Asked<'summary', ResultSummaryParams>
  | Asked<'find', ResultFindParams>
  | Asked<'chart', ResultChartParams>;

/** What answers a question, by its kind. */
export interface ResultAnswers {
  /** Rows that the page pulls as it pulls those of a run. Those of the answer before may be gone. */
  readonly rows: SelectedRows;
  readonly summary: ResultSummaryResult;
  readonly find: ResultFindResult;
  readonly chart: ChartData;
}

/** Rows of a result that were selected. */
export interface SelectedRows {
  readonly view: ResultView;
  /** The Arrow schema message of its pages. */
  readonly schema: ArrayBuffer;
  /** Rows that the filters leave; the view may have the first of them alone. */
  readonly matchCount: number;
  /** The selection as SQL, as `result/rows` tells it. */
  readonly sql: string;
}

/** What a chart shows, with the rows that it is drawn from. */
export interface ChartData extends Omit<ResultChartResult, 'statement'> {
  /** Of the rows, as `ChartShape` tells. */
  readonly columns: readonly ColumnInfo[];
  /** Rows to draw. */
  readonly drawnCount: number;
  /** The rows: a whole stream of Arrow, schema first. */
  readonly bytes: ArrayBuffer;
}
