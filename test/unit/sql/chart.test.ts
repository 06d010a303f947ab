import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  CHART_AGGREGATES,
  CHART_KINDS,
  CHART_ROLES,
  type ColumnClass,
  chartFault,
  columnClass,
  TIME_BUCKETS,
} from '../../../wasm-core/protocol/chart.ts';
import { type NamedChart, placed, runChart } from '../../support/chart-query.ts';
import { openTestSession, startEngine, type TestSession } from '../../support/sql-session.ts';

describe('the query of a chart', function () {
  this.timeout(120_000);
  const engine = startEngine();
  let test: TestSession;
  before(async () => {
    test = await openTestSession(engine);
  });
  after(async () => {
    await test.close();
    await engine.dispose();
  });

  const rowsOf = async (query: string, chart: NamedChart) => (await runChart(test, query, chart)).rows;

  it('sums up by category, in the order in which the categories come', async () => {
    const query = "select * from (values ('b', 1.50), ('a', 2), (null, 4), ('b', 0.25)) t(name, n)";
    assert.deepEqual(await rowsOf(query, { kind: 'bar', x: 'name', y: ['n'] }), [
      ['b', null, null, '1.75'],
      ['a', null, null, '2.00'],
      [null, null, null, '4.00'],
    ]);
    assert.deepEqual(await rowsOf(query, { kind: 'bar', x: 'name' }), [
      ['b', null, null, '2'],
      ['a', null, null, '1'],
      [null, null, null, '1'],
    ]);
  });

  it('keeps the largest categories and says how many it leaves out', async () => {
    const query = 'select i::varchar as name, i as n from range(100) r(i)';
    const { rows, leftOut } = await runChart(test, query, { kind: 'bar', x: 'name', y: ['n'], limit: 3 });
    assert.deepEqual(
      rows.map(([x]) => x),
      ['97', '98', '99'],
    );
    assert.deepEqual(leftOut, { rows: 0, categories: 97, series: 0 });
  });

  it('puts many times together in spans that fit', async () => {
    const query = "select timestamp '2024-01-01' + to_minutes(i) as d, 1 as n from range(100000) r(i)";
    const { rows, x } = await runChart(test, query, { kind: 'line', x: 'd', y: ['n'] });
    assert.deepEqual(x, { class: 'time', bucket: 'hour' });
    assert.equal(rows.length, 1667);
    assert.equal(rows[0]?.[3], '60');
    const asked = await runChart(test, query, { kind: 'line', x: 'd', y: ['n'], bucket: 'month' });
    assert.deepEqual(
      asked.rows.map((row) => [row[1], row[3]]),
      [
        [`${Date.UTC(2024, 0)}.0`, String(31 * 24 * 60)],
        [`${Date.UTC(2024, 1)}.0`, String(29 * 24 * 60)],
        [`${Date.UTC(2024, 2)}.0`, String(100_000 - 60 * 24 * 60)],
      ],
    );
  });

  it('leaves out what has no place on an axis, and counts it', async () => {
    const query = "select * from (values (timestamp '2024-01-01', 1), (null, 2), ('infinity', 3)) t(d, n)";
    const { rows, leftOut } = await runChart(test, query, { kind: 'line', x: 'd', y: ['n'] });
    assert.equal(rows.length, 1);
    assert.equal(leftOut.rows, 2);
    const points = "select * from (values (1.5::double, 1), ('nan', 2), ('-inf', 3), (2, null)) t(x, y)";
    const drawn = await runChart(test, points, { kind: 'scatter', x: 'x', y: ['y'] });
    assert.deepEqual(drawn.rows, [['1.5', null, null, '1']]);
    assert.equal(drawn.leftOut.rows, 3);
  });

  it('counts numbers in bins that people would choose', async () => {
    const { rows, x } = await runChart(test, 'select i as n from range(95) r(i)', {
      kind: 'histogram',
      x: 'n',
    });
    assert.deepEqual(x.bins, { start: 0, step: 5, count: 19 });
    assert.deepEqual(new Set(rows.map((row) => row[1])), new Set(['5']));
    const exact = await runChart(test, 'select i / 10 as n from range(101) r(i)', {
      kind: 'histogram',
      x: 'n',
      bins: 4,
    });
    assert.deepEqual(
      exact.rows.map((row) => row[1]),
      ['25', '25', '25', '26'],
    );
  });

  it('draws boxes with whiskers and what lies beyond', async () => {
    const query = "select 'g' as g, i as n from range(1, 101) r(i) union all select 'g', 1000";
    const [row] = await rowsOf(query, { kind: 'box', x: 'g', y: ['n'] });
    assert.deepEqual(row, ['g', null, '0', '1.0', '26.0', '51.0', '76.0', '100.0', '1', '101']);
  });

  it('fills the cells of a heat map', async () => {
    const query = 'select i % 2 as a, i % 3 as b, i as n from range(12) r(i)';
    const rows = await rowsOf(query, { kind: 'heatmap', x: 'a', y: ['b'], value: 'n' });
    assert.deepEqual(
      rows.map(([x, , y, , v]) => [x, y, v]),
      [
        ['0', '0', '6'],
        ['0', '1', '14'],
        ['0', '2', '10'],
        ['1', '0', '12'],
        ['1', '1', '8'],
        ['1', '2', '16'],
      ],
    );
  });

  it('keeps the series with the most rows', async () => {
    const query = 'select i % 4 as x, least(i % 20, 15)::varchar as s, 1 as y from range(2000) r(i)';
    const { rows, leftOut } = await runChart(test, query, { kind: 'line', x: 'x', y: ['y'], series: 's' });
    assert.equal(new Set(rows.map((row) => row[2])).size, 12);
    assert.ok(rows.some((row) => row[2] === '15'));
    assert.equal(leftOut.series, 4);
  });

  it('packs many points, and counts a great many in a grid', async () => {
    const many = 'select i / 7 as x, i % 100 as y, (i % 3)::varchar as s from range(30000) r(i)';
    const points = await runChart(test, many, { kind: 'scatter', x: 'x', y: ['y'], series: 's' });
    assert.equal(points.shape, 'points');
    assert.equal(points.rows.length, 30_000);
    assert.deepEqual(points.seriesNames, ['0', '1', '2']);
    const great = 'select i as x, case when i > 5 then i % 100 end as y from range(1000007) r(i)';
    const cells = await runChart(test, great, { kind: 'scatter', x: 'x', y: ['y'] });
    assert.equal(cells.shape, 'density');
    const total = cells.rows.reduce((sum, row) => sum + Number(row[2]), 0);
    assert.equal(total, 1_000_001);
    assert.equal(cells.y.bins?.count, 100);
  });

  it('runs for every chart that has no fault, whatever the types and values', async () => {
    const values: Readonly<Record<string, readonly string[]>> = {
      UTINYINT: ["'0'", "'255'"],
      BIGINT: ["'-9223372036854775808'", "'9223372036854775807'", "'0'"],
      HUGEINT: [
        "'-170141183460469231731687303715884105728'",
        "'170141183460469231731687303715884105727'",
        "'5'",
      ],
      UHUGEINT: ["'340282366920938463463374607431768211455'", "'1'"],
      'DECIMAL(38,10)': ["'1234567890123456789012345678.0123456789'", "'-1'"],
      FLOAT: ["'nan'", "'inf'", "'1e38'", "'-0.0'"],
      DOUBLE: ["'nan'", "'-inf'", "'1.7e308'", "'-1.7e308'", "'4.9e-324'"],
      DATE: ["'infinity'", "'5877642-06-25 (BC)'", "'5881580-07-10'", "'2024-02-29'"],
      TIMESTAMP: ["'-infinity'", "'290309-12-22 (BC) 00:00:00'", "'2024-02-29 12:00:00'"],
      TIMESTAMP_NS: ["'2024-02-29 12:00:00.123456789'", "'1677-09-22 00:00:00'"],
      'TIMESTAMP WITH TIME ZONE': ["'infinity'", "'2024-02-29 12:00:00+02'"],
      VARCHAR: ["''", "'<script>'", "'\u0001{a|b}'"],
      BOOLEAN: ["'true'", "'false'"],
      "ENUM('a', 'b')": ["'a'", "'b'"],
      TIME: ["'24:00:00'", "'00:00:00'"],
    };
    const column = fc
      .constantFrom(...Object.keys(values))
      .chain((type) =>
        fc.tuple(
          fc.constant(type),
          fc.array(fc.constantFrom(...(values[type] ?? []), 'null'), { minLength: 6, maxLength: 6 }),
        ),
      );
    const chart = fc.record({
      kind: fc.constantFrom(...CHART_KINDS),
      aggregate: fc.option(fc.constantFrom(...CHART_AGGREGATES), { nil: undefined }),
      bins: fc.option(fc.integer({ min: 1, max: 500 }), { nil: undefined }),
      bucket: fc.option(fc.constantFrom(...TIME_BUCKETS), { nil: undefined }),
      limit: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
      pick: fc.array(fc.nat(), { minLength: 5, maxLength: 5 }),
    });
    let drawn = 0;
    const property = fc.asyncProperty(
      fc.array(column, { minLength: 2, maxLength: 5 }),
      chart,
      async (made, { pick, ...options }) => {
        const columns = made.map(([type], i) => ({ name: `n${i}`, type }));
        const rows = [0, 1, 2, 3, 4, 5].map((r) => `(${made.map(([, v]) => v[r]).join(', ')})`);
        const casts = made.map(([type], i) => `n${i}::varchar::${type} as n${i}`).join(', ');
        const query = `select ${casts} from (values ${rows.join(', ')}) t(${columns.map((c) => c.name).join(', ')})`;
        const roles = CHART_ROLES[options.kind];
        const choose = (classes: readonly ColumnClass[], at: number): string | undefined => {
          const fit = columns.filter(({ type }) => classes.includes(columnClass(type)));
          return fit[(pick[at] ?? 0) % Math.max(1, fit.length)]?.name;
        };
        const x = choose(roles.x, 0);
        const y = [choose(roles.y, 1), choose(roles.y, 2)].filter((name) => name !== undefined);
        const series = roles.hasSeries && (pick[3] ?? 0) % 2 === 0 ? choose(roles.x, 3) : undefined;
        const value = roles.hasValue && (pick[4] ?? 0) % 2 === 0 ? choose(['number'], 4) : undefined;
        const named: NamedChart = JSON.parse(
          JSON.stringify({ ...options, x, y: y.slice(0, roles.maxY), series, value }),
        );
        if (chartFault(placed(named, columns), columns) !== undefined) return;
        drawn++;
        try {
          await runChart(test, query, named);
        } catch (error) {
          // What the engine says of sums that no type holds is told as it is.
          if (/overflow|out of range/i.test(String(error))) return;
          throw new Error(`${JSON.stringify(named)} over ${query}: ${String(error)}`);
        }
      },
    );
    await fc.assert(property, { numRuns: 100 });
    assert.ok(drawn > 30, `${drawn} charts`);
  });
});
