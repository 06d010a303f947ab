import type { ResultChartResult } from '../../wasm-core/protocol/chart.ts';
import type { ChartData } from '../../wasm-core/protocol/result-questions.ts';
import { takeFile } from '../node/take-file.ts';

/** What the page draws a chart from: the answer of the host, with the bytes of its rows, whose file is deleted. */
export async function chartData({ statement, ...told }: ResultChartResult): Promise<ChartData> {
  const { file, columns, rowCount } = statement;
  const bytes = file === undefined ? new ArrayBuffer(0) : await takeFile(file.path);
  return { ...told, columns, drawnCount: rowCount, bytes };
}
