import * as l10n from '@vscode/l10n';
import type { ChartAggregate, ChartKind, ChartSpec } from '../../wasm-core/protocol/chart.ts';
import { counted } from '../../wasm-core/protocol/figures.ts';
import type { ChartData } from '../../wasm-core/protocol/result-questions.ts';
import { labelOf } from './drawn-rows.ts';

/** What a kind of chart is called. */
export function kindName(kind: ChartKind): string {
  const names: Readonly<Record<ChartKind, string>> = {
    line: l10n.t('Line'),
    area: l10n.t('Area'),
    bar: l10n.t('Bars'),
    scatter: l10n.t('Scatter'),
    histogram: l10n.t('Histogram'),
    box: l10n.t('Boxes'),
    heatmap: l10n.t('Heat map'),
  };
  return names[kind];
}

/** What a chart's values are called, by their columns. @param aggregate absent: rows as they are */
export function valueNames({ y = [] }: ChartSpec, aggregate: ChartAggregate | undefined): string[] {
  if (y.length === 0) return [rowsName()];
  return y.map(({ name }) => (aggregate === undefined ? labelOf(name) : `${aggregate}(${labelOf(name)})`));
}

/** What values are called that are numbers of rows. */
export function rowsName(): string {
  return l10n.t('rows');
}

/** What the cells of a heat map are called. */
export function cellsName({ value }: ChartSpec, aggregate: ChartAggregate | undefined): string {
  return value === undefined ? rowsName() : `${aggregate}(${labelOf(value.name)})`;
}

/** What a chart shows, in a line. */
export function titleOf(spec: ChartSpec, { aggregate, x, shape }: ChartData): string {
  const bottom = labelOf(spec.x?.name ?? '');
  const per = x.bucket === undefined ? bottom : `${bottom} (${x.bucket})`;
  const series = spec.series === undefined || shape === 'density' ? undefined : labelOf(spec.series.name);
  const columns = valueNames(spec, undefined).join(', ');
  switch (spec.kind) {
    case 'histogram':
      return l10n.t('{0} by {1}', rowsName(), per);
    case 'scatter':
      return series === undefined
        ? l10n.t('{0} against {1}', columns, bottom)
        : l10n.t('{0} against {1}, by {2}', columns, bottom, series);
    case 'box':
      return spec.x === undefined
        ? l10n.t('Distribution of {0}', columns)
        : l10n.t('Distribution of {0} by {1}', columns, per);
    case 'heatmap': {
      const side = labelOf(spec.y?.[0]?.name ?? '');
      return l10n.t('{0} by {1} and {2}', cellsName(spec, aggregate), per, side);
    }
    default: {
      const values = valueNames(spec, aggregate).join(', ');
      return series === undefined
        ? l10n.t('{0} by {1}', values, per)
        : l10n.t('{0} by {1} and {2}', values, per, series);
    }
  }
}

/** Sentences about what is drawn and what is not. */
export function notesOf(spec: ChartSpec, { shape, drawnCount, rowCount, leftOut, x }: ChartData): string[] {
  const notes: string[] = [];
  if (shape === 'density') {
    notes.push(
      counted(
        rowCount - leftOut.rows,
        l10n.t('{0} point: the stronger a cell, the more points lie in it.'),
        l10n.t('{0} points, too many to draw one by one: the stronger a cell, the more points lie in it.'),
      ),
    );
    if (spec.series !== undefined) notes.push(l10n.t('Series are not told apart here.'));
  }
  if (shape === 'points') {
    notes.push(
      counted(
        drawnCount,
        l10n.t('{0} point: the stronger a spot, the more points lie in it.'),
        l10n.t('{0} points: the stronger a spot, the more points lie in it.'),
      ),
    );
  }
  if (x.bins !== undefined && shape === 'values') {
    notes.push(l10n.t('The values along the bottom are put together in bins.'));
  }
  const { categories, series, rows } = leftOut;
  if (categories > 0) {
    notes.push(
      counted(categories, l10n.t('{0} more category left out.'), l10n.t('{0} more categories left out.')),
    );
  }
  // One and many are the same word.
  if (series > 0) notes.push(l10n.t('{0} more series left out.', series.toLocaleString('en-US')));
  if (rows > 0) {
    notes.push(
      counted(rows, l10n.t('{0} row without a value to draw.'), l10n.t('{0} rows without a value to draw.')),
    );
  }
  return notes;
}
