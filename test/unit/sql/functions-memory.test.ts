import assert from 'node:assert/strict';
import type { PluginFunction } from '../../../wasm-core/protocol/plugins.ts';
import { throwsKind } from '../../support/core-error.ts';
import { openTestSession, startEngine, type TestSession, watPlugin } from '../../support/sql-session.ts';

/**
 * `count_rows` counts rows, and so does `loud`, which logs `none left` when all states are freed; a state freed twice
 * traps. `rows(n)` gives n rows, 1,000 at a time, and logs `open` and `close`. `same` and `sames` are their BIGINTs,
 * `echo` and `echoes` their texts, `lists` its list: row by row and in batches.
 */
const WAT = `(module
  (import "host" "log" (func $log (param i32 i32)))
  (memory (export "memory") 4)
  (global $top (mut i32) (i32.const 262144))
  (global $live (mut i32) (i32.const 0))
  (global $left (mut i64) (i64.const 0))
  (global (export "__heap_base") i32 (i32.const 131072))
  (data (i32.const 16) "open close none left")
  (func $init (result i32)
    (global.set $top (i32.add (global.get $top) (i32.const 16)))
    (if (i32.gt_u (global.get $top) (i32.mul (memory.size) (i32.const 65536)))
      (then (if (i32.eq (memory.grow (i32.const 4)) (i32.const -1)) (then unreachable))))
    (global.set $live (i32.add (global.get $live) (i32.const 1)))
    (i32.store offset=8 (i32.sub (global.get $top) (i32.const 16)) (i32.const 77))
    (i32.sub (global.get $top) (i32.const 16)))
  (func $update (param i32 i64) (i64.store (local.get 0) (i64.add (i64.load (local.get 0)) (i64.const 1))))
  (func $combine (param i32 i32)
    (i64.store (local.get 0) (i64.add (i64.load (local.get 0)) (i64.load (local.get 1)))))
  (func $finalize (param i32) (result i64) (i64.load (local.get 0)))
  (func $free (param i32)
    (if (i32.ne (i32.load offset=8 (local.get 0)) (i32.const 77)) (then unreachable))
    (i32.store offset=8 (local.get 0) (i32.const 0))
    (global.set $live (i32.sub (global.get $live) (i32.const 1))))
  (func $loud_free (param i32)
    (call $free (local.get 0))
    (if (i32.eqz (global.get $live)) (then (call $log (i32.const 27) (i32.const 9)))))
  (export "count_rows__init" (func $init)) (export "count_rows__update" (func $update))
  (export "count_rows__combine" (func $combine)) (export "count_rows__finalize" (func $finalize))
  (export "count_rows__free" (func $free))
  (export "loud__init" (func $init)) (export "loud__update" (func $update))
  (export "loud__combine" (func $combine)) (export "loud__finalize" (func $finalize))
  (export "loud__free" (func $loud_free))
  (func (export "rows__open") (param i64) (result i32)
    (call $log (i32.const 16) (i32.const 4)) (global.set $left (local.get 0)) (i32.const 5))
  (func (export "rows__next") (param i32 i32) (result i32)
    (local $n i32)
    (if (i32.ne (local.get 0) (i32.const 5)) (then unreachable))
    (if (i64.eqz (global.get $left)) (then (return (i32.const 0))))
    (if (i64.lt_s (global.get $left) (i64.const 0)) (then unreachable))
    (local.set $n (i32.const 1000))
    (if (i64.lt_s (global.get $left) (i64.const 1000)) (then (local.set $n (i32.wrap_i64 (global.get $left)))))
    (global.set $left (i64.sub (global.get $left) (i64.extend_i32_u (local.get $n))))
    (i32.store (i32.const 1024) (local.get $n)) (i32.store (i32.const 1028) (i32.const 1))
    (i32.store (i32.const 1040) (local.get $n)) (i32.store (i32.const 1056) (i32.const 8192))
    (i32.const 1024))
  (func (export "rows__close") (param i32)
    (if (i32.ne (local.get 0) (i32.const 5)) (then unreachable))
    (call $log (i32.const 21) (i32.const 5)))
  (func (export "same") (param i64) (result i64) (local.get 0))
  (func (export "sames__batch") (param i32 i32) (result i32) (i32.add (local.get 0) (i32.const 16)))
  (func (export "echo") (param i32 i32) (result i64)
    (i64.or (i64.shl (i64.extend_i32_u (local.get 1)) (i64.const 32)) (i64.extend_i32_u (local.get 0)))))`;

const BIGINTS = [{ name: 'x', type: 'BIGINT' }];
const TEXTS = [{ name: 's', type: 'VARCHAR' }];
const LISTS = [{ name: 'l', type: 'VARCHAR[]' }];
const FUNCTIONS: readonly Partial<PluginFunction>[] = [
  ...['count_rows', 'loud'].map((name) => ({
    name,
    kind: 'aggregate' as const,
    parameters: BIGINTS,
    returns: 'BIGINT',
  })),
  { name: 'rows', kind: 'table', parameters: [{ name: 'n', type: 'BIGINT' }], returns: 'TABLE(v BIGINT)' },
  { name: 'same', parameters: BIGINTS, returns: 'BIGINT' },
  { name: 'sames', parameters: BIGINTS, returns: 'BIGINT' },
  { name: 'echo', parameters: TEXTS, returns: 'VARCHAR' },
  { name: 'echoes', export: 'sames', parameters: TEXTS, returns: 'VARCHAR' },
  { name: 'lists', export: 'sames', parameters: LISTS, returns: 'VARCHAR[]' },
];

describe('the memory of functions', () => {
  const engine = startEngine();
  let test: TestSession;
  before(async () => {
    test = await openTestSession(engine);
    await test.session.setPlugins([await watPlugin(WAT, FUNCTIONS)]);
    await test.run('create table t as select i::BIGINT as i, (i % 50)::BIGINT as g from range(3000) r(i)');
  });
  after(async () => {
    await test.close();
    await engine.dispose();
  });

  async function logsOf(sql: string): Promise<readonly string[]> {
    const { statements } = await test.run(sql);
    return statements.flatMap(({ logs }) => (logs ?? []).map(({ text }) => text));
  }

  it('does not grow over a thousand statements of each kind', async () => {
    const text = "repeat('long text ', 20) || i";
    const statements = [
      'select max(same(i)) from t',
      'select max(sames(i)) from t',
      `select max(echo(${text})) from t`,
      `select max(echoes(${text})) from t`,
      `select count(lists([${text}, null])) from t where i < 500`,
      'select count(c) from (select count_rows(i) as c from t group by g)',
      'select count_rows(distinct g order by g desc) from t',
      'select count(c) from (select count_rows(i) over (order by i rows 3 preceding) as c from t where i < 300)',
      'select * from (select count_rows(i) as c from range(20000) r(i) group by i) limit 3',
      'select count(v) from rows(2500)',
      'select count(v) from (from rows(1000000) limit 10)',
    ];
    const round = async (): Promise<void> => {
      for (const sql of statements) await test.run(sql);
    };
    for (let i = 0; i < 20; i++) await round();
    const before = residentMb();
    const seen: number[] = [];
    for (let i = 0; i < 100; i++) {
      await round();
      if (i % 20 === 19) seen.push(residentMb() - before);
    }
    assert.ok((seen.at(-1) ?? 0) < 64, `grew by ${seen.join(', ')} MiB`);
  });

  it('does not grow over failing statements', async () => {
    const round = async (): Promise<void> => {
      await throwsKind('SQL_RUN', /./, () => test.run("select count_rows(i), error('x') from t group by g"));
    };
    for (let i = 0; i < 20; i++) await round();
    const before = residentMb();
    for (let i = 0; i < 100; i++) await round();
    assert.ok(residentMb() - before < 64, `grew by ${residentMb() - before} MiB`);
  });

  for (const [what, sql] of Object.entries({
    'without groups': 'select loud(i) from t',
    'of 100,000 groups': 'select count(c) from (select loud(i) as c from range(100000) r(i) group by i)',
    'of groups with distinct values':
      'select count(c) from (select loud(distinct i % 7) as c from t group by g)',
    'of sorted rows': 'select count(c) from (select loud(i order by i desc) as c from t group by g)',
    'of a sliding window':
      'select count(c) from (select loud(i) over (order by i rows 9 preceding) as c from t)',
    'of a window of all rows': 'select count(c) from (select loud(i) over (partition by g) as c from t)',
    'of distinct values in a window':
      'select count(c) from (select loud(distinct g) over (order by i rows 9 preceding) as c from t where i < 500)',
    'of sorted rows in a window':
      'select count(c) from (select loud(i order by g) over (order by i rows 9 preceding) as c from t where i < 500)',
  })) {
    it(`gives back the states of aggregates, each once: ${what}`, async () => {
      assert.equal((await logsOf(sql)).at(-1), 'none left');
    });
  }

  it('closes each scan of a table function once', async () => {
    const scan = ['open', 'close'];
    assert.deepEqual(await logsOf('select count(*) from rows(2500)'), scan);
    assert.deepEqual(await logsOf('from rows(1000000000) limit 10'), scan);
    assert.deepEqual(await logsOf('select 1 from (from rows(1000000000) limit 1500) limit 1'), scan);
    assert.deepEqual(await logsOf('from rows(0)'), scan);
    assert.deepEqual(await logsOf('select exists (from rows(1000000000))'), scan);
    assert.deepEqual(await logsOf('from rows(null)'), []);
    assert.deepEqual(
      (await logsOf('select count(*) from rows(20) union all select count(*) from rows(30)')).toSorted(),
      ['close', 'close', 'open', 'open'],
    );
  });
});

/** Of the whole process, with the engine's worker in it. */
function residentMb(): number {
  return Math.round(process.memoryUsage().rss / 2 ** 20);
}
