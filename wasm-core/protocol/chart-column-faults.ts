import { placeOf } from './chart-columns.ts';
import { placeChart, readChartDirective, unknownColumn } from './chart-directive.ts';
import { chartName, chartWords, namesIn, type PlacedText } from './chart-words.ts';
import { type DirectiveFault, unknownWord } from './directive-fault.ts';
import type { ColumnInfo } from './methods.ts';

/** The members of a directive that name columns. */
export const COLUMN_MEMBERS: readonly string[] = ['x', 'y', 'series', 'value'];

/**
 * What is wrong with the columns that a chart names: those that its statement lacks, else one that the chart cannot take.
 *
 * @param text what stands behind `@chart`; one that cannot be read has no faults here
 * @param columns the statement's; without any nothing is told, since its rows are not known before it runs
 */
export function chartColumnFaults(text: string, columns: readonly ColumnInfo[]): readonly DirectiveFault[] {
  const directive = readChartDirective(text);
  if ('message' in directive || columns.length === 0) return [];
  const named = namedColumns(text);
  const names = columns.map(({ name }) => name);
  const unknown = named.filter(({ text: name }) => placeOf(name, columns) === undefined);
  if (unknown.length > 0) {
    return unknown.map((at) => {
      const fault = unknownWord(unknownColumn(at.text, columns), at, names);
      const { candidates } = fault;
      return { ...fault, ...(candidates && { candidates: candidates.map(chartName) }) };
    });
  }
  const chart = placeChart(directive, columns);
  if (chart.type !== 'fault') return [];
  const { message, role, column } = chart;
  const at = named.find(
    (each) =>
      each.role === role && column !== undefined && placeOf(each.text, columns)?.index === column.index,
  );
  return [{ message, start: at?.start ?? 0, end: at?.end ?? text.length }];
}

function namedColumns(text: string): readonly (PlacedText & { readonly role: string })[] {
  return chartWords(text).flatMap(({ key, value }) =>
    key !== undefined && COLUMN_MEMBERS.includes(key.text)
      ? namesIn(value).map((name) => ({ ...name, role: key.text }))
      : [],
  );
}
