import { binSql, categoryLimit, chartKey, isWhole, millisSql, partOf, placeSql } from './chart-keys.ts';
import { binsBetween } from './chart-scale.ts';
import type { CompiledChart } from './compile-chart.ts';
import { aggregateSql, compileGroups, requiredX, rowsTable } from './compile-groups.ts';
import { type ChartInput, type ChartProbe, columnSql } from './probe-chart.ts';

/** Bars of a histogram, about. */
const ABOUT_BARS = 30;

/** Times along the bottom of boxes and heat maps. */
const MAX_TIMES = 100;

/** Boxes in the order of their values, at most: of bins and spans that somebody asked for. */
const MAX_PLACES = 1000;

const NO_PROBE = { usable: 0, distinct: 0, low: 0, high: 0 };

/** A histogram: how many values fall into each of some bins. Times fall into spans of the calendar. */
export function compileBins(input: ChartInput, probe: ChartProbe): CompiledChart {
  const { spec, columns, rows } = input;
  const x = partOf(requiredX(spec), columns);
  if (x.class === 'time') {
    const { y: _, series: __, ...counted } = spec;
    return compileGroups({ ...input, spec: { ...counted, kind: 'bar', aggregate: 'count' } }, probe);
  }
  const place = placeSql(x, columnSql(x));
  const bins = binsBetween(probe.x ?? NO_PROBE, {
    wanted: spec.bins,
    about: ABOUT_BARS,
    isWhole: isWhole(x),
  });
  return {
    sql: `select ${binSql(place, bins)} as x, count(*) as n from ${rows} where ${place} is not null group by 1 order by 1`,
    shape: 'bins',
    x: { class: 'number', bins },
    y: { class: 'number' },
    aggregate: 'count',
    leftOut: leftOut(probe),
  };
}

/**
 * Boxes: quartiles, whiskers to the last value within one and a half times the distance of the quartiles (Tukey), and how
 * many values lie beyond, for each place along the bottom and each column y.
 */
export function compileBoxes(input: ChartInput, probe: ChartProbe): CompiledChart {
  const { spec, columns } = input;
  const x = spec.x && partOf(spec.x, columns);
  const limit = categoryLimit(spec);
  const most = x?.class === 'time' ? MAX_TIMES : limit;
  const key = x && chartKey(x, columnSql(x), { spec, probe: probe.x ?? NO_PROBE, most, isDiscrete: true });
  const values = (spec.y ?? []).map((column, k) => {
    const y = partOf(column, columns);
    const keys = `${key?.sql ?? 'null'} as x, ${key?.instant ?? 'cast(null as timestamp)'} as xt`;
    return `select ${keys}, o, ${k} as k, ${placeSql(y, columnSql(y))} as v from f`;
  });
  const isUsable = x === undefined || x.class === 'category' ? undefined : placeSql(x, columnSql(x));
  const within = 'v between q[1] - 1.5 * (q[3] - q[1]) and q[3] + 1.5 * (q[3] - q[1])';
  const sql = `with ${rowsTable(input, { place: isUsable, isReadOften: true })},
v as materialized (select * from (${values.join(' union all ')}) where v is not null),
q as (select x, xt, k, quantile_cont(v, [0.25, 0.5, 0.75]) as q, min(o) as o, count(*) as n from v group by 1, 2, 3),
kept as (select x, min(o) as o from q group by x order by ${key?.isOrdered ? 'x' : 'sum(n) desc, min(o)'} limit ${key?.isOrdered ? MAX_PLACES : limit})
select q.x as x, ${millisSql('any_value(q.xt)')} as x_at, q.k as k, min(v) filter (${within}) as low, any_value(q[1]) as q1,
  any_value(q[2]) as q2, any_value(q[3]) as q3, max(v) filter (${within}) as high,
  count(*) filter (not (${within})) as outliers, count(*) as n
from v join q on v.x is not distinct from q.x and v.k = q.k join kept on q.x is not distinct from kept.x
group by q.x, q.k order by ${key?.isOrdered ? 'q.x' : 'any_value(kept.o)'}, q.k`;
  const isCut = key !== undefined && !key.isOrdered;
  return {
    sql,
    shape: 'boxes',
    x: key?.axis ?? { class: 'category' },
    y: { class: 'number' },
    leftOut: {
      ...leftOut(probe),
      categories: isCut ? Math.max(0, (probe.x?.distinct ?? 0) - limit) : 0,
    },
  };
}

/** A heat map: an aggregate for each pair of places along the bottom and the side. */
export function compileCells(input: ChartInput, probe: ChartProbe): CompiledChart {
  const { spec, columns } = input;
  const limit = categoryLimit(spec);
  const sides = [requiredX(spec), ...(spec.y ?? [])].slice(0, 2).map((column, side) => {
    const part = partOf(column, columns);
    const ofSide = (side === 0 ? probe.x : probe.y) ?? NO_PROBE;
    const most = part.class === 'time' ? MAX_TIMES : limit;
    const key = chartKey(part, columnSql(part), { spec, probe: ofSide, most, isDiscrete: true });
    const place = part.class === 'category' ? undefined : placeSql(part, columnSql(part));
    return { key, place, cut: key.isOrdered ? 0 : Math.max(0, ofSide.distinct - limit) };
  });
  const [x, y] = sides;
  if (x === undefined || y === undefined) throw new Error('A heat map has two sides.');
  const aggregate = spec.value === undefined ? 'count' : (spec.aggregate ?? 'sum');
  const value =
    spec.value === undefined ? 'count(*)' : aggregateSql(aggregate, columnSql(partOf(spec.value, columns)));
  const places = sides.flatMap(({ place }) => (place === undefined ? [] : [`${place} is not null`]));
  const condition = places.length === 0 ? undefined : `nullif(${places.join(' and ')}, false)`;
  const kept = (side: 'x' | 'y', isOrdered: boolean) =>
    isOrdered
      ? `select ${side} as key, min(o) as o from k group by 1`
      : `select ${side} as key, min(o) as o from k group by 1 order by sum(n) desc, min(o) limit ${limit}`;
  const sql = `with ${rowsTable(input, { place: condition, isReadOften: false })},
k as materialized (select ${x.key.sql} as x, ${x.key.instant ?? 'cast(null as timestamp)'} as xt, ${y.key.sql} as y,
  ${y.key.instant ?? 'cast(null as timestamp)'} as yt, ${value} as v, count(*) as n, min(o) as o from f group by 1, 2, 3, 4),
kx as (${kept('x', x.key.isOrdered)}), ky as (${kept('y', y.key.isOrdered)})
select k.x as x, ${millisSql('k.xt')} as x_at, k.y as y, ${millisSql('k.yt')} as y_at, k.v as v
from k join kx on k.x is not distinct from kx.key join ky on k.y is not distinct from ky.key
order by ${x.key.isOrdered ? 'k.x' : 'kx.o'}, ${y.key.isOrdered ? 'k.y' : 'ky.o'}`;
  return {
    sql,
    shape: 'cells',
    x: x.key.axis,
    y: y.key.axis,
    aggregate,
    leftOut: { ...leftOut(probe), categories: x.cut + y.cut },
  };
}

function leftOut({ rowCount, usable }: ChartProbe): CompiledChart['leftOut'] {
  return { rows: rowCount - usable, categories: 0, series: 0 };
}
