import type { ResultRowsResult } from '../../../protocol/result-query.ts';
import { selectionSql } from '../../result/filter-sql.ts';
import { namedColumns } from '../../result/result-columns.ts';
import type { ResultQuestion } from '../../result/result-question.ts';
import { gatherRows } from '../node/result/gather-rows.ts';
import type { ResultQuestionParts } from './result-questions.ts';
import { selectRows } from './select-rows.ts';

/** `result/rows`: finds the rows that are selected, and writes them as they are. @throws CoreError as `queryResult` */
export async function answerRows(
  { connection, slices, newFile }: ResultQuestionParts,
  question: Extract<ResultQuestion, { type: 'rows' }>,
): Promise<ResultRowsResult> {
  const started = performance.now();
  const { result, select, maxRows = result.rowCount } = question;
  const { rows, matchCount } = await selectRows(connection, { result, select, maxRows, slices });
  const { path, rowCount, columns } = result;
  const file = await gatherRows({ path, rowCount, rows, into: newFile(), slices });
  const micros = Math.round((performance.now() - started) * 1000);
  return {
    statement: {
      start: 0,
      end: 0,
      kind: 'SELECT',
      columns,
      rowCount: rows.length,
      truncated: matchCount > rows.length,
      file,
      cost: { micros, functionMicros: 0, transferMicros: 0, functionRows: 0, functionFuel: 0 },
    },
    matchCount,
    sql: selectionSql(select, namedColumns(columns)),
  };
}
