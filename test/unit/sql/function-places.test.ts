import assert from 'node:assert/strict';
import type { PluginFunction } from '../../../wasm-core/protocol/plugins.ts';
import { throwsKind } from '../../support/core-error.ts';
import { openTestSession, startEngine, type TestSession, watPlugin } from '../../support/sql-session.ts';

/** `twice` (row by row) and `twices` (in batches) double a BIGINT and trap at -1; `echo` gives its text. */
const WAT = `(module
  (memory (export "memory") 4)
  (global (export "__heap_base") i32 (i32.const 1024))
  (func $twice (export "twice") (param i64) (result i64)
    (if (i64.eq (local.get 0) (i64.const -1)) (then unreachable))
    (i64.shl (local.get 0) (i64.const 1)))
  (func (export "twices__batch") (param $p i32) (param i32) (result i32)
    (local $i i32) (local $n i32) (local $data i32)
    (local.set $n (select (i32.const 1) (i32.load (local.get $p)) (i32.load offset=44 (local.get $p))))
    (local.set $data (i32.load offset=32 (local.get $p)))
    (loop $next
      (i64.store (local.get $data) (call $twice (i64.load (local.get $data))))
      (local.set $data (i32.add (local.get $data) (i32.const 8)))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get $i) (local.get $n))))
    (i32.add (local.get $p) (i32.const 16)))
  (func (export "echo") (param i32 i32) (result i64)
    (i64.or (i64.shl (i64.extend_i32_u (local.get 1)) (i64.const 32)) (i64.extend_i32_u (local.get 0))))
  (func (export "echoes__batch") (param i32 i32) (result i32) (i32.add (local.get 0) (i32.const 16))))`;

const FUNCTIONS: readonly Partial<PluginFunction>[] = [
  ...['twice', 'twices'].map((name) => ({
    name,
    parameters: [{ name: 'n', type: 'BIGINT' }],
    returns: 'BIGINT',
  })),
  ...['echo', 'echoes'].map((name) => ({
    name,
    parameters: [{ name: 's', type: 'VARCHAR' }],
    returns: 'VARCHAR',
  })),
];

/** Statements with the functions F(n), of numbers, and G(s), of texts. */
const PLACES: Readonly<Record<string, string>> = {
  where: "select i from t where F(i) % 6 = 0 and G(s) like '%1%' order by i",
  'order by': 'select i from t order by F(i) desc, G(s) limit 20 offset 7',
  'group by and having':
    'select F(i) % 10 as k, count(*), min(G(s)) from t group by F(i) % 10 having F(count(*)) > 5 order by k',
  'distinct on': 'select distinct on (F(i) % 7) F(i) % 7 as k, i from t order by k, F(i)',
  qualify: 'select i from t qualify row_number() over (partition by F(i) % 3 order by G(s)) = 2 order by i',
  'joins by hash': 'select a.i, b.s from t a join t b on F(a.i) = b.i and G(a.s) < G(b.s) order by a.i, b.s',
  'joins by loops': 'select a.i, b.i from t a join t b on F(a.i) < b.i and F(b.i) < 30 order by all',
  'outer joins': 'select a.i, b.i from t a left join t b on F(a.i) = F(b.i) + 100 order by all',
  'semi joins':
    'select i from t where F(i) in (select i from t) and exists (select 1 from t u where u.i = F(t.i) + 2) order by i',
  'correlated subqueries': 'select i, (select max(F(u.i)) from t u where u.i < F(t.i)) from t order by i',
  'lateral joins': 'select i, y from t, lateral (select F(t.i) + 1 as y) order by i',
  CTEs: 'with a as materialized (select F(i) as x, G(s) as s from t), b as (select F(x) as y, s from a) select * from b order by all',
  'recursive CTEs':
    "with recursive r(n, s) as (select 1::BIGINT, 'x' union all select F(n), G(s || s) from r where F(n) < 200) select * from r order by n",
  windows:
    'select i, sum(F(i)) over (order by F(i) rows 3 preceding), lag(G(s)) over (partition by F(i) % 4 order by i) from t order by i',
  unions: 'select F(i) as x from t union select F(i) + 2 from t except select F(F(i)) from t order by x',
  'lists and lambdas':
    "select list_transform([i, i + 1], lambda x: F(x)), [G(s), G(s)], {'a': F(i)} from t order by i",
  'a pivot':
    'select * from (pivot (select F(i) % 3 as k, F(i) % 5 as g from t) on k using count(*) group by g) order by all',
  'functions of functions':
    'select F(F(F(i))), G(upper(G(reverse(G(s))))), F(length(G(s))) from t order by i',
  'filters of aggregates':
    "select sum(F(i)) filter (where F(i) % 4 = 0)::BIGINT, string_agg(G(s), ',' order by F(i) desc) from t",
  'values and limits': "values (F(3), G('a')), (F(null), G(null))",
  sampling: 'select count(*) from (from t limit (select F(5)))',
};

describe('functions of plugins', () => {
  const engine = startEngine();
  let test: TestSession;
  before(async () => {
    test = await openTestSession(engine);
    await test.session.setPlugins([await watPlugin(WAT, FUNCTIONS)]);
    await test.run(`create table t as select i::BIGINT as i,
      case when i % 9 = 4 then null else 'text number ' || i || repeat('é', (i % 4)::INTEGER) end as s from range(100) r(i)`);
  });
  after(async () => {
    await test.close();
    await engine.dispose();
  });

  const FORMS = { 'row by row': ['twice', 'echo'], 'in batches': ['twices', 'echoes'] } as const;
  const ours = (sql: string, [f, g]: readonly [string, string]) =>
    sql.replaceAll('F(', `${f}(`).replaceAll('G(', `${g}(`);
  /** The same in the engine's own words. */
  const theirs = (sql: string) => sql.replaceAll('F(', '(2 * ').replaceAll('G(', '(');

  for (const [form, names] of Object.entries(FORMS)) {
    for (const [place, sql] of Object.entries(PLACES)) {
      it(`stand in ${place}, ${form}`, async () => {
        const expected = await test.rows(theirs(sql));
        assert.ok(expected.length > 0);
        assert.deepEqual(await test.rows(ours(sql, names)), expected);
      });
    }

    it(`stand in statements that write, ${form}`, async () => {
      const [f, g] = names;
      await test.run(`create or replace table made as select ${f}(i) as x, ${g}(s) as s from t`);
      await test.run(`insert into made select ${f}(x), ${g}(s) from made where ${f}(x) > 300`);
      await test.run(`update made set x = ${f}(x), s = ${g}(s || '!') where ${f}(x) % 3 = 0`);
      await test.run(`delete from made where ${f}(x) = 8`);
      assert.deepEqual(
        await test.rows(
          "select count(*), sum(x)::BIGINT, count(s), md5(string_agg(s, ',' order by s)) from made",
        ),
        await test.rows(`with a as (select 2 * i as x, s from t),
            b as (from a union all select 2 * x, s from a where 2 * x > 300),
            c as (select case when x % 3 = 0 then 2 * x else x end as x, case when x % 3 = 0 then s || '!' else s end as s from b)
          select count(*), sum(x)::BIGINT, count(s), md5(string_agg(s, ',' order by s)) from c where x <> 4`),
      );
    });

    it(`stand in COPY, to Parquet, CSV and JSON, ${form}`, async () => {
      const [f, g] = names;
      for (const [format, read] of [
        ['parquet', 'read_parquet'],
        ['csv', 'read_csv'],
        ['json', 'read_json'],
      ] as const) {
        const file = `${f}.${format}`;
        await test.run(`copy (select ${f}(i) as x, ${g}(s) as s from t) to '${file}' (format ${format})`);
        assert.deepEqual(
          await test.rows(
            `select count(*) from (select * from ${read}('${file}') except select 2 * i, s from t)`,
          ),
          [['0']],
        );
        assert.deepEqual(
          await test.rows(`select count(*), count(s) from ${read}('${file}') where ${f}(x) >= 0`),
          [['100', '89']],
        );
      }
    });

    it(`stand in views, macros and prepared parameters, ${form}`, async () => {
      const [f, g] = names;
      await test.run(`create or replace view seen as select ${f}(i) as x, ${g}(s) as s from t;
        create or replace macro quad(n) as ${f}(${f}(n));
        create or replace macro few(n) as table select ${f}(i) as x from t where ${f}(i) < n`);
      assert.deepEqual(await test.rows('select sum(quad(x))::BIGINT from seen where quad(x) > 40'), [
        ['39480'],
      ]);
      assert.deepEqual(await test.rows('select x from few(6) order by x'), [['0'], ['2'], ['4']]);
      const parameters = { n: 21, s: 'é🙂' };
      assert.deepEqual(
        await test.rows(`select ${f}($n), ${g}($s), count(*) from t where ${f}(i) < $n and ${g}($s) = $s`, {
          parameters,
        }),
        [['42', 'é🙂', '11']],
      );
    });

    it(`are not called for the rows of another branch, ${form}`, async () => {
      const [f] = names;
      const sql = `select sum(case when i = 50 then 0 else ${f}(case when i = 50 then -1 else i end) end)::BIGINT from t`;
      assert.deepEqual(await test.rows(sql), [['9800']]);
      assert.deepEqual(
        await test.rows(`select sum(if(x >= 0, ${f}(x), 1))::BIGINT from (select i - 1 as x from t)`),
        [['9703']],
      );
      assert.deepEqual(await test.rows(`select count(*) from t where i > 0 and ${f}(i - 1) >= 0`), [['99']]);
      assert.deepEqual(await test.rows(`select coalesce(i, ${f}(-1 + i * 0)) from t where i = 3`), [['3']]);
      await throwsKind('TRAP', /row 1: /, () => test.run(`select ${f}(i - 1) from t`));
    });
  }
});
