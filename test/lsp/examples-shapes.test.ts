import assert from 'node:assert/strict';
import { compileExamples } from '../support/example-plugins.ts';
import { openTestSession, startEngine, type TestSession } from '../support/sql-session.ts';

const FILES = [
  'quantiles.ts',
  'top-values.ts',
  'ewma.ts',
  'tokens.ts',
  'test-rows.ts',
  'urls.ts',
  'identifiers.ts',
];

describe('the lists, structs, aggregates and tables of the pack', () => {
  const engine = startEngine();
  let test: TestSession;
  before(async () => {
    test = await openTestSession(engine);
    await test.session.setPlugins(await compileExamples(FILES));
  });
  after(async () => {
    await test.close();
    await engine.dispose();
  });

  const values: Readonly<Record<string, string | null>> = {
    "tokenise('Don''t panic – 42!')": "['don\\'t', panic, 42]",
    "ngrams('abcd', 3)": '[abc, bcd]',
    "ngrams('ab', 3)": '[]',
    "url_parse('https://A.org:80/x?q').host": 'a.org',
    "url_parse('nothing').scheme": null,
    "uuid_parse('017f22e2-79b0-7cc3-98c4-dc0c0c07398f').version": '7',
    "uuid_parse('none')": null,
    "ulid_parse('01ARZ3NDEKTSV4RRFFQ69G5FAV').time": '2016-07-30 23:54:10.259',
  };
  for (const [expression, expected] of Object.entries(values)) {
    it(`${expression} is ${expected}`, async () => {
      assert.deepEqual(await test.rows(`select (${expression})::VARCHAR`), [[expected]]);
    });
  }

  it('sketch_quantile lies within 1 % of the true quantile, in groups, too', async () => {
    const [row] = await test.rows(`select max(abs(a - b) / b) < 0.0101 from (
      select sketch_quantile(x, 0.9) as a, quantile_disc(x, 0.9) as b
      from (select i % 7 as g, (i * 7919 % 100003 + 1)::DOUBLE as x from range(50000) r(i)) group by g)`);
    assert.deepEqual(row, ['true']);
    assert.deepEqual(
      await test.rows('select sketch_quantile(x, 0.5) from (select 1.0::DOUBLE as x) where x > 1'),
      [[null]],
    );
  });

  it('top_values finds the most frequent ones', async () => {
    assert.deepEqual(
      await test.rows(`select top_values(v, 2)::VARCHAR from (
        select case when i % 3 = 0 then 'a' when i % 4 = 0 then 'b' else 'r' || i end as v from range(5000) r(i))`),
      [['[a, b]']],
    );
  });

  it('ewma follows its recursion over a window', async () => {
    const [row] =
      await test.rows(`with recursive x as (select i, (i * 37 % 11)::DOUBLE as v from range(200) r(i)),
      y as (select i, v as e from x where i = 0 union all
        select x.i, 0.3 * x.v + 0.7 * y.e from y join x on x.i = y.i + 1)
      select max(abs(y.e - w.e)) < 1e-9, count(*) from y
        join (select i, ewma(v, 0.3) over (order by i) as e from x) w on w.i = y.i`);
    assert.deepEqual(row, ['true', '200']);
  });

  it('test_rows gives the same rows for a seed, whatever is asked of them', async () => {
    const [row] =
      await test.rows(`select count(*), count(distinct id), min(day) >= '2015-01-01', max(day) < '2025-01-01'
      from test_rows(5000, 1)`);
    assert.deepEqual(row, ['5000', '5000', 'true', 'true']);
    assert.deepEqual(
      await test.rows('select count(*) from (from test_rows(500, 2) except from test_rows(1000, 2))'),
      [['0']],
    );
  });
});
