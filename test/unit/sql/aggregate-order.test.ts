import assert from 'node:assert/strict';
import type { PluginFunction } from '../../../wasm-core/protocol/plugins.ts';
import { throwsKind } from '../../support/core-error.ts';
import { openTestSession, startEngine, type TestSession, watPlugin } from '../../support/sql-session.ts';

/**
 * `fold` (row by row) and `folds` (in batches) make `state * 31 + x`, modulo 1,000,003, of their BIGINTs: another order
 * gives another result. A state keeps 31 to the number of its rows, for `combine`; x = -13 traps. `glue` puts texts together.
 */
const WAT = `(module
  (memory (export "memory") 3)
  (global $top (mut i32) (i32.const 131072))
  (global (export "__heap_base") i32 (i32.const 1024))
  (func $room (param $size i32) (result i32)
    (global.set $top (i32.add (global.get $top) (local.get $size)))
    (if (i32.gt_u (global.get $top) (i32.mul (memory.size) (i32.const 65536)))
      (then (if (i32.eq (memory.grow (i32.const 4)) (i32.const -1)) (then unreachable))))
    (i32.sub (global.get $top) (local.get $size)))
  (func $init (result i32)
    (local $state i32)
    (local.set $state (call $room (i32.const 16)))
    (i64.store offset=8 (local.get $state) (i64.const 1))
    (local.get $state))
  (func $update (param i32 i64)
    (if (i64.eq (local.get 1) (i64.const -13)) (then unreachable))
    (call $append (local.get 0) (i64.const 31) (local.get 1)))
  (func $append (param $state i32) (param $power i64) (param $x i64)
    (i64.store (local.get $state) (i64.rem_s
      (i64.add (i64.mul (i64.load (local.get $state)) (local.get $power)) (local.get $x)) (i64.const 1000003)))
    (i64.store offset=8 (local.get $state) (i64.rem_s
      (i64.mul (i64.load offset=8 (local.get $state)) (local.get $power)) (i64.const 1000003))))
  (func $combine (param $to i32) (param $from i32)
    (call $append (local.get $to) (i64.load offset=8 (local.get $from)) (i64.load (local.get $from))))
  (func $finalize (param i32) (result i64) (i64.load (local.get 0)))
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
  (export "fold__init" (func $init)) (export "fold__update" (func $update))
  (export "fold__combine" (func $combine)) (export "fold__finalize" (func $finalize))
  (export "folds__init" (func $init)) (export "folds__update__batch" (func $update_batch))
  (export "folds__combine" (func $combine)) (export "folds__finalize" (func $finalize))
  (func (export "glue__init") (result i32) (call $room (i32.const 404)))
  (func $glue (export "glue__update") (param $state i32) (param $text i32) (param $size i32)
    (if (i32.gt_u (i32.add (i32.load (local.get $state)) (local.get $size)) (i32.const 400)) (then unreachable))
    (memory.copy (i32.add (i32.add (local.get $state) (i32.const 4)) (i32.load (local.get $state)))
      (local.get $text) (local.get $size))
    (i32.store (local.get $state) (i32.add (i32.load (local.get $state)) (local.get $size))))
  (func (export "glue__combine") (param $to i32) (param $from i32)
    (call $glue (local.get $to) (i32.add (local.get $from) (i32.const 4)) (i32.load (local.get $from))))
  (func (export "glue__finalize") (param $state i32) (result i64)
    (i64.or (i64.shl (i64.load32_u (local.get $state)) (i64.const 32))
      (i64.extend_i32_u (i32.add (local.get $state) (i32.const 4))))))`;

const FUNCTIONS: readonly Partial<PluginFunction>[] = [
  ...['fold', 'folds'].map((name) => ({
    name,
    kind: 'aggregate' as const,
    parameters: [{ name: 'x', type: 'BIGINT' }],
    returns: 'BIGINT',
  })),
  { name: 'glue', kind: 'aggregate', parameters: [{ name: 's', type: 'VARCHAR' }], returns: 'VARCHAR' },
];

/** Aggregates as they are called, and the rows and groups they are called for. */
const CALLS: readonly (readonly [call: string, rest: string])[] = [
  ['F(x order by i desc)', 'where i < 10'],
  ['F(x order by x, i)', ''],
  ['F(all x order by i desc)', 'where i < 5000'],
  ['F(x order by i desc)', 'where false'],
  ['F(x order by i desc)', 'where x is null'],
  ['F(x order by x desc nulls first, i)', 'group by g'],
  ['F(x order by x, i desc)', 'group by g % 3'],
  ['F(x order by i desc)', 'group by i % 9000'],
  ['F(x order by i)', 'group by rollup (g % 7, i % 3)'],
  ['F(distinct x order by x desc)', ''],
  ['F(distinct x order by x)', 'group by g'],
  ['F(x order by i desc) filter (where i % 3 = 0)', ''],
  ['F(distinct x order by x) filter (where i % 3 = 0)', 'group by g'],
  ['F(x order by i desc) over (order by i rows 5 preceding)', 'where i < 3000'],
  ['F(x order by i desc) over (order by i)', 'where i < 300'],
  ['F(x order by x, i) over (partition by g)', 'where i < 3000'],
  ['F(distinct x order by x) over (order by i rows between 9 preceding and 3 following)', 'where i < 1000'],
  ['F(x order by i desc) filter (where i % 3 = 0) over (order by i rows 5 preceding)', 'where i < 3000'],
];

describe('aggregates of plugins with ORDER BY inside', () => {
  const engine = startEngine();
  let test: TestSession;
  before(async () => {
    test = await openTestSession(engine);
    await test.session.setPlugins([await watPlugin(WAT, FUNCTIONS)]);
    await test.run(`
      create table t as select i, (i * 7919 % 100)::BIGINT as g,
        case when i % 10 = 3 then null else i * 31 % 10007 end as x from range(20000) r(i);
      create macro folded(xs) as list_reduce(
        list_prepend(0::BIGINT, coalesce(list_filter(xs, lambda v: v is not null), [])),
        lambda a, b: (a * 31 + b) % 1000003)`);
  });
  after(async () => {
    await test.close();
    await engine.dispose();
  });

  for (const name of ['fold', 'folds']) {
    for (const [call, rest] of CALLS) {
      it(`take the rows in their order: ${call.replace('F', name)} ${rest}`, async () => {
        const [ours, lists] = [call.replace('F(', `${name}(`), call.replace('F(', 'list(')];
        const [row] = await test.rows(
          `select count(*) > 0, count(*) filter (where a is distinct from folded(b))
            from (select ${ours} as a, ${lists} as b from t ${rest})`,
        );
        assert.deepEqual(row, ['true', '0']);
      });
    }
  }

  it('put texts together in their order, in groups', async () => {
    const [row] = await test.rows(
      `select count(*), count(*) filter (where a is distinct from b), any_value(a)
        from (select glue(i::VARCHAR order by i desc) as a, string_agg(i::VARCHAR, '' order by i desc) as b
          from t where i < 4000 group by i % 400)`,
    );
    assert.deepEqual([row?.[0], row?.[1]], ['400', '0']);
    assert.match(row?.[2] ?? '', /^3\d{3}3\d{3}/);
  });

  it('stand beside others that sort otherwise, and inside of functions', async () => {
    const rows = await test.rows(
      `select glue(s order by n), glue(s order by n desc), upper("glue"(s order by s)), glue(s)
        from (values ('b', 1), ('a', 2), ('c', 3)) v(s, n)`,
    );
    assert.deepEqual(rows, [['bac', 'cab', 'ABC', 'bac']]);
  });

  it('keep their public name in columns', async () => {
    const { statements } = await test.run('select glue(g::VARCHAR order by i) from t where i < 3');
    assert.match(statements[0]?.columns[0]?.name ?? '', /^glue\(CAST\(g AS VARCHAR\) ORDER BY i/);
  });

  it('fail the statement when they trap, and the engine lives', async () => {
    for (const name of ['fold', 'folds']) {
      await throwsKind('TRAP', new RegExp(`^${name}: `), () =>
        test.run(`select ${name}(case when i = 17 then -13 else i end order by i) from range(40) r(i)`),
      );
      assert.deepEqual(await test.rows(`select ${name}(i order by i) from range(3) r(i)`), [['33']]);
    }
  });

  it('are no business of other functions, which say so', async () => {
    await test.run('create macro twice(x) as x * 2');
    await throwsKind('SQL_BIND', /^twice is no aggregate, .* ORDER BY/, () =>
      test.run('select twice(i order by i) from t'),
    );
  });
});
