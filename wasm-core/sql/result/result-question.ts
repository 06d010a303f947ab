import type { ResultChartParams, ResultChartResult } from '../../protocol/chart.ts';
import type { ExportedResult } from '../../protocol/export.ts';
import type {
  ResultFindParams,
  ResultFindResult,
  ResultRowsParams,
  ResultRowsResult,
  ResultSummaryParams,
  ResultSummaryResult,
} from '../../protocol/result-query.ts';

/** A question about the rows of a results file; its columns are known to be there. */
export type ResultQuestion =
  | ({ readonly type: 'rows' } & Question<ResultRowsParams>)
  | ({ readonly type: 'summary' } & Question<ResultSummaryParams>)
  | ({ readonly type: 'find' } & Question<ResultFindParams>)
  | ({ readonly type: 'chart' } & Question<ResultChartParams>);

/** The parameters of a method, without its session. */
type Question<P> = Omit<P, 'session'> & { readonly result: ExportedResult };

/** The answer to each question. */
export interface ResultAnswers {
  rows: ResultRowsResult;
  summary: ResultSummaryResult;
  find: ResultFindResult;
  chart: ResultChartResult;
}

/** Any answer. */
export type ResultAnswer = ResultAnswers[keyof ResultAnswers];
