import { chartData as toPage } from '../../client/results/chart-answer.ts';
import {
  type ChartColumn,
  type ChartSpec,
  chartFault,
  type ResultChartResult,
} from '../../wasm-core/protocol/chart.ts';
import type { ColumnInfo, StatementResult } from '../../wasm-core/protocol/methods.ts';
import type { ChartData } from '../../wasm-core/protocol/result-questions.ts';
import type { TextRows } from './native-duckdb.ts';
import { resultRows } from './result-rows.ts';
import type { TestSession } from './sql-session.ts';

/** A chart with its columns by name. */
export type NamedChart = Pick<ChartSpec, 'kind' | 'aggregate' | 'bins' | 'bucket' | 'limit'> & {
  readonly x?: string;
  readonly y?: readonly string[];
  readonly series?: string;
  readonly value?: string;
};

/** A spec with the places of its columns. */
export function placed(chart: NamedChart, columns: readonly ColumnInfo[]): ChartSpec {
  const { x, y, series, value, ...rest } = chart;
  const at = (name: string): ChartColumn => ({ name, index: columns.findIndex((c) => c.name === name) });
  return {
    ...rest,
    ...(x !== undefined && { x: at(x) }),
    ...(y !== undefined && { y: y.map(at) }),
    ...(series !== undefined && { series: at(series) }),
    ...(value !== undefined && { value: at(value) }),
  };
}

/** A chart of a query, and the rows that it is drawn from. */
export interface RanChart extends ResultChartResult {
  readonly rows: TextRows;
}

/** What a chart of a query's rows shows. */
export async function runChart(test: TestSession, query: string, chart: NamedChart): Promise<RanChart> {
  const result = await last(test, query);
  const told = await askChart(test, result, placed(chart, result.columns));
  return { ...told, rows: resultRows(told.statement) };
}

/** What the results page gets for a chart of a query. */
export async function chartData(test: TestSession, query: string, spec: ChartSpec): Promise<ChartData> {
  return await toPage(await askChart(test, await last(test, query), spec));
}

function askChart(
  { session }: TestSession,
  { file, columns, rowCount }: StatementResult,
  spec: ChartSpec,
): Promise<ResultChartResult> {
  const fault = chartFault(spec, columns);
  if (fault !== undefined || file === undefined) throw new Error(fault ?? 'the statement gave no rows');
  const question = { type: 'chart', result: { path: file.path, columns, rowCount }, spec } as const;
  return session.askResult({ question, signal: new AbortController().signal });
}

async function last(test: TestSession, sql: string): Promise<StatementResult> {
  const statement = (await test.run(sql)).statements.at(-1);
  if (statement === undefined) throw new Error('no statement ran');
  return statement;
}
