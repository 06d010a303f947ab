import assert from 'node:assert/strict';
import type { PluginFunction } from '../../../wasm-core/protocol/plugins.ts';
import type { SessionPlugin } from '../../../wasm-core/sql/engine.ts';
import { throwsKind } from '../../support/core-error.ts';
import { openTestSession, startEngine, type TestSession, watPlugin } from '../../support/sql-session.ts';

/** `total` sums BIGINTs row by row, `totals` in batches; a state is 8 bytes, taken from a bump allocator. */
const WAT = `(module
  (memory (export "memory") 2)
  (global $top (mut i32) (i32.const 65536))
  (global (export "__heap_base") i32 (i32.const 1024))
  (global $live (mut i32) (i32.const 0))
  (func $init (result i32)
    (global.set $top (i32.add (global.get $top) (i32.const 8)))
    (if (i32.gt_u (global.get $top) (i32.mul (memory.size) (i32.const 65536)))
      (then (if (i32.eq (memory.grow (i32.const 1)) (i32.const -1)) (then unreachable))))
    (i64.store (i32.sub (global.get $top) (i32.const 8)) (i64.const 0))
    (global.set $live (i32.add (global.get $live) (i32.const 1)))
    (i32.sub (global.get $top) (i32.const 8)))
  (func $update (param i32 i64)
    (if (i64.eq (local.get 1) (i64.const -13)) (then unreachable))
    (i64.store (local.get 0) (i64.add (i64.load (local.get 0)) (local.get 1))))
  (func $combine (param i32 i32)
    (i64.store (local.get 0) (i64.add (i64.load (local.get 0)) (i64.load (local.get 1)))))
  (func $finalize (param i32) (result i64) (i64.load (local.get 0)))
  (func $free (param i32) (global.set $live (i32.sub (global.get $live) (i32.const 1))))
  (func $update_batch (param $p i32) (param i32)
    (local $i i32) (local $n i32) (local $data i32) (local $states i32) (local $step i32)
    (local.set $n (i32.load (local.get $p)))
    (local.set $states (i32.load offset=8 (local.get $p)))
    (local.set $data (i32.load offset=32 (local.get $p)))
    (local.set $step (i32.shl (i32.sub (i32.const 1) (i32.load offset=44 (local.get $p))) (i32.const 3)))
    (loop $next
      (call $update
        (if (result i32) (local.get $states)
          (then (i32.load (i32.add (local.get $states) (i32.shl (local.get $i) (i32.const 2)))))
          (else (i32.load offset=12 (local.get $p))))
        (i64.load (local.get $data)))
      (local.set $data (i32.add (local.get $data) (local.get $step)))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get $i) (local.get $n)))))
  (func $finalize_batch (param $p i32) (param i32) (result i32)
    (local $i i32) (local $n i32)
    (local.set $n (i32.load (local.get $p)))
    (i64.store (i32.const 512) (i64.extend_i32_u (local.get $n)))
    (i64.store (i32.const 520) (i64.const 0))
    (i64.store (i32.const 528) (i64.const 32768))
    (i64.store (i32.const 536) (i64.const 0))
    (loop $next
      (i64.store (i32.add (i32.const 32768) (i32.shl (local.get $i) (i32.const 3)))
        (i64.load (i32.load (i32.add (i32.load offset=8 (local.get $p)) (i32.shl (local.get $i) (i32.const 2))))))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get $i) (local.get $n))))
    (i32.const 512))
  (func (export "even") (param i64) (result i64)
    (if (i32.wrap_i64 (i64.and (local.get 0) (i64.const 1))) (then unreachable)) (local.get 0))
  (export "total__init" (func $init)) (export "total__update" (func $update))
  (export "total__combine" (func $combine)) (export "total__finalize" (func $finalize)) (export "total__free" (func $free))
  (export "totals__init" (func $init)) (export "totals__update__batch" (func $update_batch))
  (export "totals__combine" (func $combine)) (export "totals__finalize__batch" (func $finalize_batch)))`;

const BIGINTS = [{ name: 'x', type: 'BIGINT' }];
const FUNCTIONS: readonly Partial<PluginFunction>[] = [
  ...['total', 'totals'].map((name) => ({
    name,
    kind: 'aggregate' as const,
    parameters: BIGINTS,
    returns: 'BIGINT',
  })),
  { name: 'even_or_null', export: 'even', parameters: BIGINTS, returns: 'BIGINT', onError: 'null' },
];

describe('aggregates of plugins', () => {
  const engine = startEngine();
  let test: TestSession;
  let plugin: SessionPlugin;
  before(async () => {
    plugin = await watPlugin(WAT, FUNCTIONS);
    test = await openTestSession(engine);
    await test.session.setPlugins([plugin]);
    await test.run(
      'create table t as select i, (i * 7919 % 1000)::BIGINT as g, case when i % 10 = 3 then null else i * 31 % 10007 end as x from range(20000) r(i)',
    );
  });
  after(async () => {
    await test.close();
    await engine.dispose();
  });

  const queries: Readonly<Record<string, string>> = {
    'all rows': 'select F(x) as a, coalesce(sum(x), 0)::BIGINT as b from t',
    'no rows': 'select F(x) as a, 0::BIGINT as b from t where i < 0',
    'a thousand groups': 'select F(x) as a, coalesce(sum(x), 0)::BIGINT as b from t group by g',
    'grouping sets': 'select F(x) as a, sum(x)::BIGINT as b from t group by rollup (g % 7, i % 3)',
    'a growing window':
      'select F(x) over (order by i) as a, coalesce(sum(x) over (order by i), 0)::BIGINT as b from t where i < 3000',
    'a sliding window':
      'select F(x) over w as a, coalesce(sum(x) over w, 0)::BIGINT as b from t where i < 5000 window w as (partition by g % 5 order by i rows between 20 preceding and 3 following)',
    'a join': 'select F(t.x + u.x) as a, sum(t.x + u.x)::BIGINT as b from t join t u on t.i = u.g',
    'a subquery and a CTE':
      'with c as (select g, F(x) as s from t group by g) select F(s) as a, sum(s)::BIGINT as b from c',
    'distinct values': 'select F(distinct x) as a, sum(distinct x)::BIGINT as b from t',
    'distinct values of few rows, in groups':
      'select F(distinct x % 3) as a, sum(distinct x % 3)::BIGINT as b from t where i < 400 and x is not null group by g % 97',
    'distinct values of many rows': 'select F(distinct i) as a, sum(distinct i)::BIGINT as b from t',
    'distinct values of windows':
      'select F(distinct x % 7) over w as a, sum(distinct x % 7) over w::BIGINT as b from t where i < 3000 window w as (order by i rows 9 preceding)',
    'distinct values of parts':
      'select F(distinct x % 50) over (partition by g) as a, coalesce(sum(distinct x % 50) over (partition by g), 0)::BIGINT as b from t where i < 3000',
    'frames of one and of all rows':
      'select F(x) over (order by i rows between unbounded preceding and unbounded following) as a, sum(x) over ()::BIGINT as b from t where i < 4000',
    'filtered rows':
      'select F(x) filter (where i % 2 = 0) as a, sum(x) filter (where i % 2 = 0)::BIGINT as b from t',
  };
  for (const name of ['total', 'totals']) {
    for (const [what, query] of Object.entries(queries)) {
      it(`sum up ${what}: ${name}`, async () => {
        const sql = query.replaceAll('F(', `${name}(`);
        const [row] = await test.rows(
          `select count(*) > 0, count(*) filter (where a is distinct from b) from (${sql})`,
        );
        assert.deepEqual(row, ['true', '0']);
      });
    }
  }

  it('keep their public name in columns', async () => {
    const { statements } = await test.run('select total(distinct x) from t');
    assert.match(statements[0]?.columns[0]?.name ?? '', /^total\(DISTINCT x\)$/);
  });

  it('keep their states while calls of other functions of the module fail', async () => {
    assert.deepEqual(await test.rows('select total(even_or_null(i))::VARCHAR from range(5000) r(i)'), [
      ['6247500'],
    ]);
  });

  it('keep their states while other statements are checked', async () => {
    const running = test.rows('select totals(r.i)::VARCHAR from range(2000000) r(i), range(3)');
    let ended = false;
    const end = running.finally(() => {
      ended = true;
    });
    let checks = 0;
    for (; !ended; checks++)
      await test.session.check({ sql: 'select even_or_null(2), total(2), totals(even_or_null(4))' });
    assert.deepEqual(await end, [['5999997000000']]);
    assert(checks > 1);
  });

  it('fail the statement when they trap, and the engine lives', async () => {
    const error = await throwsKind('TRAP', /^total: /, () => test.run('select total(-13)'));
    assert.equal(error.details.function, 'total');
    assert.deepEqual(await test.rows('select total(5::BIGINT)'), [['5']]);
  });

  it('hold their states under the cap of memory', async () => {
    await throwsKind('TRAP', /^total: /, () =>
      test.run('select count(a) from (select total(i) as a from range(300000) r(i) group by i)', {
        memoryMb: 1,
      }),
    );
    assert.deepEqual(
      await test.rows('select count(a) from (select total(i) as a from range(300000) r(i) group by i)'),
      [['300000']],
    );
  });
});
