import type { ResultChartResult } from '../../../protocol/chart.ts';
import type { ColumnInfo, StatementResult } from '../../../protocol/methods.ts';
import { mendedSchema } from '../../../results/mended-schema.ts';
import { compileChart } from '../../chart/compile-chart.ts';
import { type ChartInput, compileProbe, readProbe, usedColumns } from '../../chart/probe-chart.ts';
import { filtersSql } from '../../result/filter-sql.ts';
import { storedColumns } from '../../result/result-columns.ts';
import type { ResultQuestion } from '../../result/result-question.ts';
import { countRows, readSchema, schemaColumns } from '../arrow-types.ts';
import { ResultsWriter } from '../node/results-writer.ts';
import { queryResult, queryTexts, RESULT_ROWS } from './query-result.ts';
import type { ResultQuestionParts } from './result-questions.ts';

type ChartQuestion = Extract<ResultQuestion, { type: 'chart' }>;

/**
 * `result/chart`: what a chart shows, by one query that finds out what there is to draw and one that gives it.
 *
 * @param question its spec has no fault
 * @throws CoreError as `queryResult`
 */
export async function answerChart(
  parts: ResultQuestionParts,
  question: ChartQuestion,
): Promise<ResultChartResult> {
  const started = performance.now();
  const { connection, slices } = parts;
  const { result, spec, filters } = question;
  const where = filtersSql(filters, storedColumns(result.columns));
  const rows = where === undefined ? RESULT_ROWS : `(select * from ${RESULT_ROWS} where ${where})`;
  const columns = [...usedColumns(spec), ...(filters ?? []).map(({ column }) => column)];
  const input: ChartInput = { spec, columns: result.columns, rows };
  const query = (sql: string) => ({ result, columns, sql, slices });
  const [found = []] = await queryTexts(connection, query(compileProbe(input)));
  const numbers = found.map((text) => (text === null ? undefined : Number(text)));
  const probe = readProbe(input, numbers);
  const { sql, seriesSql, ...told } = compileChart(input, probe);
  const names = seriesSql === undefined ? undefined : await queryTexts(connection, query(seriesSql));
  const statement = await writeRows(parts, query(sql));
  const micros = Math.round((performance.now() - started) * 1000);
  return {
    ...told,
    ...(names && { seriesNames: names.map(([name]) => name ?? 'NULL') }),
    rowCount: probe.rowCount,
    statement: { ...statement, cost: { ...statement.cost, micros } },
  };
}

/** Writes the answer to a query into a results file of its own. */
async function writeRows(
  { connection, newFile }: ResultQuestionParts,
  query: Parameters<typeof queryResult>[1],
): Promise<StatementResult> {
  const writer = new ResultsWriter(newFile(), Number.MAX_SAFE_INTEGER);
  let columns: readonly ColumnInfo[] = [];
  try {
    await queryResult(connection, query, (message, isSchema) => {
      if (isSchema) {
        columns = schemaColumns(readSchema(message));
        writer.schema(mendedSchema(message, columns));
      } else writer.batch(message, countRows(message));
    });
    const file = writer.finish();
    return {
      start: 0,
      end: 0,
      kind: 'SELECT',
      columns,
      rowCount: writer.rowCount,
      truncated: false,
      file,
      cost: { micros: 0, functionMicros: 0, transferMicros: 0, functionRows: 0, functionFuel: 0 },
    };
  } catch (error) {
    writer.discard();
    throw error;
  }
}
