import { type ChartColumn, type ChartSpec, type ColumnClass, columnClass } from './chart.ts';
import type { ColumnInfo } from './methods.ts';

/**
 * The chart to begin with, as the types of a result's columns suggest it; undefined when none of them can be drawn.
 *
 * A time and a number make a line, a text and a number bars, two numbers points, one number a histogram; without
 * numbers, rows are counted. Of several columns that fit the first is taken, and numbers that look like keys last.
 */
export function proposeChart(columns: readonly ColumnInfo[]): ChartSpec | undefined {
  const of = (wanted: ColumnClass): ChartColumn[] =>
    columns.flatMap(({ name, type }, index) => (columnClass(type) === wanted ? [{ index, name }] : []));
  const numbers = of('number').sort((a, b) => Number(isKey(a)) - Number(isKey(b)));
  const [number, second] = numbers;
  const [time] = of('time');
  const [category] = of('category');
  const series = category === undefined ? {} : { series: category };
  if (number === undefined) {
    if (time !== undefined) return { kind: 'histogram', x: time };
    return category && { kind: 'bar', x: category, aggregate: 'count' };
  }
  if (time !== undefined) return { kind: 'line', x: time, y: [number], ...series };
  if (category !== undefined) return { kind: 'bar', x: category, y: [number] };
  if (second === undefined) return { kind: 'histogram', x: number };
  // Along the bottom the one that comes first.
  const [x, y] = number.index < second.index ? [number, second] : [second, number];
  return { kind: 'scatter', x, y: [y] };
}

/** Whether a number names something and measures nothing. */
function isKey({ name }: ChartColumn): boolean {
  return /^(id|key|row|nr|no)$|(_id|_key|Id)$/i.test(name);
}
