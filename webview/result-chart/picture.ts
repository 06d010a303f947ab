import type { ChartSpec } from '../../wasm-core/protocol/chart.ts';
import type { ChartData } from '../../wasm-core/protocol/result-questions.ts';
import type { ChartTheme } from '../chart/chart-theme.ts';
import type { ChartPicture, ChartSeries } from '../chart/draw-chart.ts';
import { binsPicture, boxesPicture, cellsPicture } from './counts-picture.ts';
import { pointsPicture } from './points-picture.ts';
import { valuesPicture } from './values-picture.ts';

/** What a picture is made of. */
export interface PictureInput {
  readonly spec: ChartSpec;
  readonly data: ChartData;
  readonly theme: ChartTheme;
}

/** A picture without what all of them have. */
export interface PictureParts extends Pick<ChartPicture, 'tip' | 'tipOf'> {
  readonly xAxis: Record<string, unknown>;
  readonly yAxis: Record<string, unknown>;
  readonly series: readonly ChartSeries[];
  readonly visualMap?: Record<string, unknown>;
  /** The same in rows and columns, for readers. */
  readonly table: ChartTable;
}

/** The rows of a chart as texts. */
export interface ChartTable {
  readonly columns: readonly string[];
  readonly rowCount: number;
  row(index: number): readonly string[];
}

/** A picture and its table. */
export interface TablePicture {
  readonly picture: ChartPicture;
  readonly table: ChartTable;
}

/**
 * What a chart looks like.
 *
 * @param words.title what it shows, in a line
 * @param words.description what a reader is told
 * @throws Error when the rows are not what they should be
 */
export function chartPicture(
  input: PictureInput,
  { title, description }: { readonly title: string; readonly description: string },
): TablePicture {
  const { xAxis, yAxis, series, visualMap, tip, tipOf, table } = partsOf(input);
  const hasLegend = series.length > 1;
  const grid = { left: 12, right: visualMap === undefined ? 24 : 90, top: hasLegend ? 40 : 16, bottom: 12 };
  const picture: ChartPicture = {
    title,
    description,
    option: {
      useUTC: true,
      grid: { ...grid, outerBoundsMode: 'same', outerBoundsContain: 'all' },
      xAxis: { nameGap: 28, ...xAxis },
      yAxis: { nameGap: 40, ...yAxis },
      series,
      ...(hasLegend && { legend: { type: 'scroll', top: 6, left: 12, right: 12 } }),
      ...(visualMap && { visualMap }),
    },
    ...(tip && { tip }),
    ...(tipOf && { tipOf }),
  };
  return { picture, table };
}

function partsOf(input: PictureInput): PictureParts {
  switch (input.data.shape) {
    case 'values':
      return valuesPicture(input);
    case 'points':
    case 'density':
      return pointsPicture(input);
    case 'bins':
      return binsPicture(input);
    case 'boxes':
      return boxesPicture(input);
    case 'cells':
      return cellsPicture(input);
  }
}
