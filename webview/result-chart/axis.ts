import type { ChartAxis } from '../../wasm-core/protocol/chart.ts';

/** A number as an axis shows it: short, in English digits. */
export function numberLabel(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e15 || size < 1e-4)) return value.toExponential(2).replace(/\.?0+e/, 'e');
  if (size >= 1e5) return value.toLocaleString('en-US', { notation: 'compact', maximumFractionDigits: 2 });
  return value.toLocaleString('en-US', { maximumSignificantDigits: 6 });
}

/** A time as the grid writes it, UTC, without what is zero at its end. @param millis since 1970 */
export function timeLabel(millis: number): string {
  const text = new Date(millis).toISOString().replace('T', ' ').replace('Z', '');
  return text.replace(/(:00)?\.000$/, '').replace(/ 00:00$/, '');
}

/** An axis of ECharts for what lies along a chart's side. @param categories of a category axis, in order */
export function axisOption(
  axis: ChartAxis,
  { name, categories }: { readonly name: string; readonly categories?: readonly string[] },
): Record<string, unknown> {
  const common = { name, nameLocation: 'middle' };
  if (categories !== undefined) {
    return {
      ...common,
      type: 'category',
      data: [...categories],
      axisLabel: { hideOverlap: true, overflow: 'truncate', width: 120 },
      axisTick: { alignWithLabel: true },
    };
  }
  if (axis.class === 'time') return { ...common, type: 'time', axisLabel: { hideOverlap: true } };
  return {
    ...common,
    type: 'value',
    axisLabel: { formatter: numberLabel, hideOverlap: true },
  };
}

/** Where a bin begins and ends. */
export function binBounds({ bins }: ChartAxis, bin: number): readonly [start: number, end: number] {
  const { start = 0, step = 1 } = bins ?? {};
  return [start + bin * step, start + (bin + 1) * step];
}

/** A bin in words, such as `10 – 15`. */
export function binLabel(axis: ChartAxis, bin: number): string {
  const write = axis.class === 'time' ? timeLabel : numberLabel;
  return binBounds(axis, bin).map(write).join(' – ');
}
