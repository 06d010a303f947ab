import { type ChartAggregate, type ChartSpec, MAX_CHART_SERIES } from '../../protocol/chart.ts';
import { categoryLimit, chartKey, millisSql, partOf, placeSql } from './chart-keys.ts';
import type { CompiledChart } from './compile-chart.ts';
import { type ChartInput, type ChartProbe, columnSql, usedColumns } from './probe-chart.ts';

/** Places along a line. A screen has no more. */
const MAX_LINE_PLACES = 2000;

/** Bars of a time axis, those of all series together, and of one series at least. */
const MAX_TIME_BARS = 120;
const LEAST_TIME_BARS = 24;

/** Lines, areas and bars: an aggregate for each place along the bottom and each series. */
export function compileGroups(input: ChartInput, probe: ChartProbe): CompiledChart {
  const { spec, columns } = input;
  const xPart = partOf(requiredX(spec), columns);
  const x = columnSql(xPart);
  const xProbe = probe.x ?? { usable: 0, distinct: 0, low: 0, high: 0 };
  const isBar = spec.kind === 'bar';
  const shown = Math.min(Math.max(1, probe.seriesCount), MAX_CHART_SERIES) * Math.max(1, spec.y?.length ?? 1);
  const timePlaces = Math.max(LEAST_TIME_BARS, Math.floor(MAX_TIME_BARS / shown));
  const barPlaces = xPart.class === 'time' ? timePlaces : categoryLimit(spec);
  const key = chartKey(xPart, x, {
    spec,
    probe: xProbe,
    most: isBar ? barPlaces : MAX_LINE_PLACES,
    isDiscrete: isBar,
  });
  const aggregate = spec.aggregate ?? (spec.y?.length ? 'sum' : 'count');
  const values = (spec.y ?? []).map((column) => aggregateSql(aggregate, columnSql(partOf(column, columns))));
  const named = (values.length === 0 ? ['count(*)'] : values).map((sql, i) => `${sql} as y${i}`);
  const series = spec.series && columnSql(partOf(spec.series, columns));
  const source = series === undefined ? 'f' : `f join top on f.${series} is not distinct from top.s`;
  const limit = categoryLimit(spec);
  const kept = key.isOrdered
    ? 'select x, min(o) as o from k group by x'
    : `select x, min(o) as o from k group by x order by max(abs(y0)) desc nulls last, min(o) limit ${limit}`;
  const place = xPart.class === 'category' ? undefined : placeSql(xPart, x);
  const sql = `with ${rowsTable(input, { place, isReadOften: series !== undefined })},
${series === undefined ? '' : `top as (${topSeries(series)}),`}
k as materialized (select ${key.sql} as x, ${key.instant ?? 'null'} as xt, ${series === undefined ? 'null' : `cast(${series} as varchar)`} as series, min(o) as o,
  ${named.join(', ')} from ${source} group by 1, 2, 3),
kept as (${kept})
select k.x as x, ${millisSql('k.xt::timestamp')} as x_at, k.series::varchar as series, ${named.map((_, i) => `k.y${i} as y${i}`).join(', ')}
from k join kept on k.x is not distinct from kept.x
order by ${key.isOrdered ? 'k.x' : 'kept.o'}, k.o`;
  return {
    sql,
    shape: 'values',
    x: key.axis,
    y: { class: 'number' },
    aggregate,
    leftOut: {
      rows: probe.rowCount - probe.usable,
      categories: key.isOrdered ? 0 : Math.max(0, xProbe.distinct - limit),
      series: Math.max(0, probe.seriesCount - MAX_CHART_SERIES),
    },
  };
}

/**
 * The rows of a chart as a common table `f`: the columns that it names, and the rows' numbers as `o`. Rows without a place
 * on the axes are left out.
 *
 * @param options.place absent: all rows stay
 * @param options.isReadOften whether the chart reads them more than once, which the rows themselves do not allow
 */
export function rowsTable(
  { spec, rows }: ChartInput,
  { place, isReadOften }: { readonly place: string | undefined; readonly isReadOften: boolean },
): string {
  const columns = usedColumns(spec).map((index) => `c${index}`);
  const condition = place === undefined ? '' : ` where ${place} is not null`;
  const kept = isReadOften ? 'materialized' : 'not materialized';
  return `f as ${kept} (select ${[...columns, 'r as o'].join(', ')} from ${rows}${condition})`;
}

/** The series with the most rows, in the order in which they are drawn. */
export function topSeries(series: string): string {
  return `select s, row_number() over (order by count desc, first) - 1 as i from (
  select ${series} as s, count(*) as count, min(o) as first from f group by 1 order by 2 desc, 3 limit ${MAX_CHART_SERIES})`;
}

/** What becomes of the values that fall together. */
export function aggregateSql(aggregate: ChartAggregate, sql: string): string {
  return `${aggregate}(${sql})`;
}

/** The column that the kind of chart cannot do without. @throws Error for a chart with a fault */
export function requiredX({ x, kind }: ChartSpec): NonNullable<ChartSpec['x']> {
  if (x === undefined) throw new Error(`A ${kind} chart has no x.`);
  return x;
}
