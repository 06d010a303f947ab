import type { ChartAggregate, ResultChartResult } from '../../protocol/chart.ts';
import { compileBins, compileBoxes, compileCells } from './compile-counts.ts';
import { compileGroups } from './compile-groups.ts';
import { compilePoints } from './compile-points.ts';
import type { ChartInput, ChartProbe } from './probe-chart.ts';

/** A chart as SQL. */
export interface CompiledChart extends Pick<ResultChartResult, 'shape' | 'x' | 'y'> {
  readonly sql: string;
  /** One column of the names of series, for `points`. */
  readonly seriesSql?: string;
  readonly aggregate?: ChartAggregate;
  readonly leftOut: ResultChartResult['leftOut'];
}

/**
 * Compiles a chart into one query over the rows of a result, whose answer has the columns of its `ChartShape`.
 *
 * @param probe what the query of `compileProbe` found
 */
export function compileChart(input: ChartInput, probe: ChartProbe): CompiledChart {
  const { spec } = input;
  switch (spec.kind) {
    case 'line':
    case 'area':
    case 'bar':
      return compileGroups(input, probe);
    case 'scatter':
      return compilePoints(input, probe);
    case 'histogram':
      return compileBins(input, probe);
    case 'box':
      return compileBoxes(input, probe);
    case 'heatmap':
      return compileCells(input, probe);
  }
}
