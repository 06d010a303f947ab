import { type ChartAxis, MAX_CHART_SERIES } from '../../protocol/chart.ts';
import { binSql, type ChartPart, instantSql, isWhole, millisSql, partOf, placeSql } from './chart-keys.ts';
import { binsBetween } from './chart-scale.ts';
import type { CompiledChart } from './compile-chart.ts';
import { requiredX, rowsTable, topSeries } from './compile-groups.ts';
import { type ChartInput, type ChartProbe, columnSql } from './probe-chart.ts';

/** Points that come with the exact texts of their rows. */
export const MAX_EXACT_POINTS = 20_000;

/** Points that come as numbers alone; more are counted in a grid. */
export const MAX_POINTS = 1_000_000;

/** Cells of that grid, across and down. */
const GRID = { across: 400, down: 240 } as const;

/** Points: each row as it is, or, of a great many, how many there are in each cell of a fine grid. */
export function compilePoints(input: ChartInput, probe: ChartProbe): CompiledChart {
  const { spec, columns } = input;
  const x = partOf(requiredX(spec), columns);
  const y = (spec.y ?? []).map((column) => partOf(column, columns));
  const series = spec.series && columnSql(partOf(spec.series, columns));
  const places = y.map((part) => placeSql(part, columnSql(part)));
  const isUsable = `case when coalesce(${places.join(', ')}) is not null then ${placeSql(x, columnSql(x))} end`;
  const { usable } = probe;
  const with_ = `with ${rowsTable(input, { place: isUsable, isReadOften: series !== undefined })}${series === undefined ? '' : `, top as (${topSeries(series)})`}`;
  const source = series === undefined ? 'f' : `f join top on f.${series} is not distinct from top.s`;
  const leftOut = {
    rows: probe.rowCount - usable,
    categories: 0,
    series: Math.max(0, probe.seriesCount - MAX_CHART_SERIES),
  };
  const axes: { x: ChartAxis; y: ChartAxis } = {
    x: { class: x.class === 'time' ? 'time' : 'number' },
    y: { class: 'number' },
  };
  if (usable > MAX_POINTS) return density(input, { x, y, probe, leftOut: { ...leftOut, series: 0 } });
  if (usable > MAX_EXACT_POINTS) {
    const columnsSql = places.map((place, i) => `${place} as y${i}`).join(', ');
    const index = series === undefined ? '' : ', cast(top.i as utinyint) as series';
    return {
      sql: `${with_} select ${placeSql(x, columnSql(x))} as x, ${columnsSql}${index} from ${source}`,
      ...(series !== undefined && {
        seriesSql: `${with_} select cast(s as varchar) as name from top order by i`,
      }),
      shape: 'points',
      ...axes,
      leftOut,
    };
  }
  const at = x.class === 'time' ? millisSql(instantSql(x, columnSql(x))) : 'cast(null as double)';
  const name = series === undefined ? 'cast(null as varchar)' : `cast(${series} as varchar)`;
  const values = y.map((part, i) => `${columnSql(part)} as y${i}`).join(', ');
  return {
    sql: `${with_} select ${columnSql(x)} as x, ${at} as x_at, ${name} as series, ${values} from ${source} order by o`,
    shape: 'values',
    ...axes,
    leftOut,
  };
}

function density(
  { rows }: ChartInput,
  options: {
    readonly x: ChartPart;
    readonly y: readonly ChartPart[];
    readonly probe: ChartProbe;
    readonly leftOut: CompiledChart['leftOut'];
  },
): CompiledChart {
  const { x, y, probe, leftOut } = options;
  const bins = (of: ChartProbe['x'], count: number, part: ChartPart | undefined) => {
    const { low = 0, high = 0 } = of ?? {};
    // Whole numbers in fewer steps than cells have a cell each, else some cells would stay empty.
    const isCountable = part !== undefined && isWhole(part) && high - low < count;
    return binsBetween(
      { low, high: isCountable ? high + 1 : high },
      { wanted: isCountable ? high - low + 1 : count, about: count, isWhole: false },
    );
  };
  const [across, down] = [bins(probe.x, GRID.across, x), bins(probe.y, GRID.down, y[0])];
  const cells = y.map((part) => {
    const place = placeSql(part, columnSql(part));
    return `case when ${place} is not null then ${binSql(place, down)} end`;
  });
  const place = placeSql(x, columnSql(x));
  return {
    sql: `select x, y, count(*) as n from (
  select ${binSql(place, across)} as x, unnest([${cells.join(', ')}]) as y from ${rows} where ${place} is not null)
where y is not null group by 1, 2`,
    shape: 'density',
    x: { class: x.class === 'time' ? 'time' : 'number', bins: across },
    y: { class: 'number', bins: down },
    leftOut,
  };
}
