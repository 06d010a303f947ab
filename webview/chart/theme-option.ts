import type { ChartTheme } from './chart-theme.ts';

/** Symbols of points, in the order of series. */
const SYMBOLS = ['circle', 'rect', 'triangle', 'diamond', 'roundRect', 'pin'];
const DASHES = ['solid', 'dashed', 'dotted'];

/** A theme as ECharts takes one: what every chart has where its option says nothing else. */
export function themeOption(theme: ChartTheme): Record<string, unknown> {
  const { text, quietText, line, faintLine, background, fontFamily, fontSize } = theme;
  const axis = {
    axisLine: { lineStyle: { color: line } },
    axisTick: { lineStyle: { color: line } },
    axisLabel: { color: quietText },
    splitLine: { lineStyle: { color: faintLine } },
    splitArea: { show: false },
    nameTextStyle: { color: quietText },
  };
  const legendText = { color: text };
  return {
    color: [...theme.series],
    backgroundColor: 'transparent',
    textStyle: { color: text, fontFamily, fontSize },
    title: { textStyle: { color: text, fontFamily, fontSize: fontSize + 2, fontWeight: 'normal' } },
    legend: {
      textStyle: legendText,
      inactiveColor: quietText,
      pageIconColor: text,
      pageIconInactiveColor: faintLine,
      pageTextStyle: legendText,
    },
    visualMap: { textStyle: { color: quietText } },
    tooltip: {
      backgroundColor: background,
      borderColor: text,
      borderWidth: 1,
      textStyle: { color: text, fontFamily, fontSize },
    },
    line: { symbol: 'circle', symbolSize: 4, lineStyle: { width: 1.6 } },
    bar: { barMaxWidth: 48 },
    boxplot: { itemStyle: { color: background, borderWidth: 1.4 }, boxWidth: [8, 48] },
    categoryAxis: { ...axis, splitLine: { show: false } },
    valueAxis: axis,
    logAxis: axis,
    timeAxis: axis,
  };
}

/**
 * What tells a series from the others beside its colour: its symbol and its dashes. The colours of a theme begin again
 * behind the last one, and high contrast has them for decoration alone.
 */
export function distinction(theme: ChartTheme, index: number): Record<string, unknown> {
  const turn = Math.floor(index / theme.series.length);
  const step = theme.isHighContrast ? index : turn;
  if (step === 0) return {};
  return {
    symbol: SYMBOLS[step % SYMBOLS.length],
    lineStyle: { type: DASHES[step % DASHES.length] },
  };
}
