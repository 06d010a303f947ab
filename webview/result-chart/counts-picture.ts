import * as l10n from '@vscode/l10n';
import { axisOption, binBounds, binLabel, numberLabel } from './axis.ts';
import { DrawnRows, labelOf, NULL_TEXT } from './drawn-rows.ts';
import { cellsName, rowsName, valueNames } from './names.ts';
import type { PictureInput, PictureParts } from './picture.ts';

/** The parts of a custom series' own drawing that are used here (https://echarts.apache.org/en/option.html#series-custom). */
interface DrawApi {
  value(dimension: number): number;
  coord(point: readonly [number, number]): [number, number];
}

/** A histogram: bars without gaps, as wide as their bins. */
export function binsPicture({ spec, data, theme }: PictureInput): PictureParts {
  const rows = new DrawnRows(data);
  const bars = Array.from({ length: rows.count }, (_, row) => {
    const bin = rows.number(row, 'x') ?? 0;
    const [start, end] = binBounds(data.x, bin);
    return { bin, start, end, text: rows.text(row, 'n') ?? '0', n: rows.number(row, 'n') ?? 0 };
  });
  const name = spec.x?.name ?? '';
  const renderItem = (_: unknown, api: DrawApi) => {
    const [left, top] = api.coord([api.value(0), api.value(2)]);
    const [right, bottom] = api.coord([api.value(1), 0]);
    // A line of the background between two bars.
    const shape = { x: left, y: top, width: Math.max(1, right - left - 1), height: bottom - top };
    return { type: 'rect', shape, style: { fill: theme.series[0] } };
  };
  return {
    xAxis: { ...axisOption(data.x, { name: labelOf(name) }), scale: true },
    yAxis: axisOption(data.y, { name: rowsName() }),
    series: [
      {
        type: 'custom',
        name: rowsName(),
        renderItem,
        encode: { x: [0, 1], y: 2 },
        data: bars.map(({ start, end, n }) => [start, end, n]),
      },
    ],
    tip: ([item]) => {
      const bar = bars[item?.dataIndex ?? -1];
      return bar === undefined ? [] : [binLabel(data.x, bar.bin), `${rowsName()}: ${bar.text}`];
    },
    table: {
      columns: [name, rowsName()],
      rowCount: bars.length,
      row: (index) => {
        const { bin = 0, text = '' } = bars[index] ?? {};
        return [binLabel(data.x, bin), text];
      },
    },
  };
}

const BOX_COLUMNS = ['low', 'q1', 'q2', 'q3', 'high'] as const;
function boxWords(): readonly string[] {
  return [
    l10n.t('low whisker'),
    l10n.t('first quartile'),
    l10n.t('median'),
    l10n.t('third quartile'),
    l10n.t('high whisker'),
  ];
}

/** Boxes by place along the bottom, a series for each column. */
export function boxesPicture({ spec, data, theme }: PictureInput): PictureParts {
  const rows = new DrawnRows(data);
  const names = valueNames(spec, undefined);
  const words = boxWords();
  const isOfColumns = spec.x === undefined;
  const text = (row: number) => placeOf(rows, row, { column: 'x', axis: data.x });
  const places = isOfColumns ? names : unique(rows, text);
  const place = (row: number) => (isOfColumns ? (rows.number(row, 'k') ?? 0) : places.indexOf(text(row)));
  const found = new Map<string, number>();
  const seriesCount = isOfColumns ? 1 : names.length;
  for (let row = 0; row < rows.count; row++) {
    const k = isOfColumns ? 0 : (rows.number(row, 'k') ?? 0);
    found.set(`${k} ${place(row)}`, row);
  }
  const box = (row: number | undefined) =>
    row === undefined ? [] : BOX_COLUMNS.map((column) => rows.number(row, column) ?? null);
  return {
    xAxis: axisOption(
      { class: 'category' },
      { name: labelOf(spec.x?.name ?? ' ').trim(), categories: places },
    ),
    yAxis: {
      ...axisOption(data.y, { name: names.length === 1 && !isOfColumns ? (names[0] ?? '') : '' }),
      scale: true,
    },
    series: Array.from({ length: seriesCount }, (_, k) => ({
      type: 'boxplot',
      name: isOfColumns ? l10n.t('values') : names[k],
      data: places.map((_, at) => box(found.get(`${k} ${at}`))),
      itemStyle: { borderColor: theme.series[k % theme.series.length] },
    })),
    tip: ([item]) => {
      const row = found.get(`${item?.seriesIndex ?? 0} ${item?.dataIndex ?? -1}`);
      if (row === undefined) return [];
      const numbers = BOX_COLUMNS.map((column, i) => `${words[i]}: ${rows.text(row, column) ?? NULL_TEXT}`);
      return [
        isOfColumns ? (names[place(row)] ?? '') : text(row),
        ...numbers.reverse(),
        l10n.t(
          'beyond the whiskers: {0} of {1}',
          rows.text(row, 'outliers') ?? '',
          rows.text(row, 'n') ?? '',
        ),
      ];
    },
    table: {
      columns: [
        spec.x?.name ?? l10n.t('column'),
        ...(isOfColumns ? [] : [l10n.t('column')]),
        ...words,
        l10n.t('beyond the whiskers'),
        rowsName(),
      ],
      rowCount: rows.count,
      row: (row) => {
        const name = names[rows.number(row, 'k') ?? 0] ?? '';
        const numbers = [...BOX_COLUMNS, 'outliers', 'n'].map(
          (column) => rows.text(row, column) ?? NULL_TEXT,
        );
        return [...(isOfColumns ? [name] : [text(row), name]), ...numbers];
      },
    },
  };
}

/** A heat map: a cell for each pair of places, stronger for larger values. */
export function cellsPicture({ spec, data, theme }: PictureInput): PictureParts {
  const rows = new DrawnRows(data);
  const xText = (row: number) => placeOf(rows, row, { column: 'x', axis: data.x });
  const yText = (row: number) => placeOf(rows, row, { column: 'y', axis: data.y });
  const [across, down] = [unique(rows, xText), unique(rows, yText)];
  if (data.y.class !== 'category') down.sort((a, b) => orderOf(rows, yText, a) - orderOf(rows, yText, b));
  const cells = Array.from({ length: rows.count }, (_, row) => [
    across.indexOf(xText(row)),
    down.indexOf(yText(row)),
    rows.number(row, 'v') ?? Number.NaN,
  ]);
  const values = cells.map(([, , value = Number.NaN]) => value).filter((value) => !Number.isNaN(value));
  const [min, max] = [values, values].map((all, i) =>
    all.reduce((a, b) => (i === 0 ? Math.min(a, b) : Math.max(a, b)), all[0] ?? 0),
  );
  const value = cellsName(spec, data.aggregate);
  const [weak = '', strong = ''] = [theme.background, theme.series[0]];
  return {
    xAxis: axisOption({ class: 'category' }, { name: labelOf(spec.x?.name), categories: across }),
    yAxis: axisOption({ class: 'category' }, { name: labelOf(spec.y?.[0]?.name), categories: down }),
    series: [
      {
        type: 'heatmap',
        name: value,
        data: cells,
        itemStyle: { borderColor: theme.isHighContrast ? theme.line : theme.background, borderWidth: 1 },
      },
    ],
    visualMap: {
      type: 'continuous',
      min,
      max: max === min ? (min ?? 0) + 1 : max,
      right: 8,
      top: 'middle',
      itemHeight: 120,
      calculable: false,
      text: [numberLabel(max ?? 0), numberLabel(min ?? 0)],
      inRange: { color: [mixed(weak, strong), strong] },
    },
    tip: ([item]) => {
      const row = item?.dataIndex ?? -1;
      if (row < 0 || row >= rows.count) return [];
      return [`${xText(row)}, ${yText(row)}`, `${value}: ${rows.text(row, 'v') ?? NULL_TEXT}`];
    },
    table: {
      columns: [spec.x?.name ?? '', spec.y?.[0]?.name ?? '', value],
      rowCount: rows.count,
      row: (row) => [xText(row), yText(row), rows.text(row, 'v') ?? NULL_TEXT],
    },
  };
}

/** A place in words. */
function placeOf(
  rows: DrawnRows,
  row: number,
  { column, axis }: { readonly column: string; readonly axis: PictureInput['data']['x'] },
): string {
  const { bins } = axis;
  if (bins === undefined) return labelOf(rows.text(row, column));
  return binLabel(axis, Math.round(((rows.number(row, column) ?? bins.start) - bins.start) / bins.step));
}

/** Texts in the order in which they come, each once. */
function unique(rows: DrawnRows, text: (row: number) => string): string[] {
  return [...new Set(Array.from({ length: rows.count }, (_, row) => text(row)))];
}

/** What a place on the side is ordered by. */
function orderOf(rows: DrawnRows, text: (row: number) => string, place: string): number {
  for (let row = 0; row < rows.count; row++) {
    if (text(row) === place) return rows.number(row, 'y_at') ?? rows.number(row, 'y') ?? 0;
  }
  return 0;
}

/** The weakest colour of a scale: mostly the background's. */
function mixed(background: string, color: string): string {
  const [from, to] = [background, color].map((text) =>
    (/^#(..)(..)(..)/.exec(text) ?? []).slice(1).map((part) => Number.parseInt(part, 16)),
  );
  if (from?.length !== 3 || to?.length !== 3) return background;
  const parts = from.map((part, i) => Math.round(part * 0.85 + (to[i] ?? 0) * 0.15));
  return `rgb(${parts.join(', ')})`;
}
