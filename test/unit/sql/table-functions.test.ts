import assert from 'node:assert/strict';
import type { PluginFunction } from '../../../wasm-core/protocol/plugins.ts';
import { throwsKind } from '../../support/core-error.ts';
import { openTestSession, startEngine, type TestSession, watPlugin } from '../../support/sql-session.ts';

/**
 * `numbers(n, step)` gives the multiples of step, as BIGINT and as INTEGER modulo 100, 1,000 rows a time; `endless` does
 * not end; `broken` traps at its second batch; `liar` gives too many rows.
 */
const WAT = `(module
  (memory (export "memory") 3)
  (global (export "__heap_base") i32 (i32.const 131072))
  (global $n (mut i64) (i64.const 0)) (global $at (mut i64) (i64.const 0)) (global $step (mut i64) (i64.const 1))
  (global $calls (mut i32) (i32.const 0))
  (func $open (param i64 i64) (result i32)
    (global.set $n (local.get 0)) (global.set $at (i64.const 0)) (global.set $step (local.get 1)) (i32.const 1))
  (func $next (param i32 i32) (result i32)
    (local $i i32) (local $count i32)
    (local.set $count (i32.const 1000))
    (if (i64.lt_s (i64.sub (global.get $n) (global.get $at)) (i64.const 1000))
      (then (local.set $count (i32.wrap_i64 (i64.sub (global.get $n) (global.get $at))))))
    (if (i32.eqz (local.get $count)) (then (return (i32.const 0))))
    (i32.store (i32.const 64) (local.get $count)) (i32.store (i32.const 68) (i32.const 2))
    (i32.store (i32.const 80) (local.get $count)) (i32.store (i32.const 96) (i32.const 1024))
    (i32.store (i32.const 112) (local.get $count)) (i32.store (i32.const 128) (i32.const 32768))
    (loop $row
      (i64.store (i32.add (i32.const 1024) (i32.shl (local.get $i) (i32.const 3))) (i64.mul (global.get $at) (global.get $step)))
      (i32.store (i32.add (i32.const 32768) (i32.shl (local.get $i) (i32.const 2)))
        (i32.wrap_i64 (i64.rem_s (i64.mul (global.get $at) (global.get $step)) (i64.const 100))))
      (global.set $at (i64.add (global.get $at) (i64.const 1)))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $row (i32.lt_u (local.get $i) (local.get $count))))
    (i32.const 64))
  (func (export "endless__open") (result i32) (call $open (i64.const 0x7fffffffffffffff) (i64.const 1)))
  (func (export "broken__open") (result i32) (call $open (i64.const 5000) (i64.const 1)))
  (func (export "broken__next") (param i32 i32) (result i32)
    (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
    (if (i32.eq (global.get $calls) (i32.const 2)) (then unreachable))
    (call $next (local.get 0) (local.get 1)))
  (func (export "liar__open") (result i32) (i32.const 1))
  (func (export "liar__next") (param i32 i32) (result i32) (i32.store (i32.const 64) (i32.const 5000)) (i32.const 64))
  (func (export "stuck__open") (result i32) (i32.const 1))
  (func (export "stuck__next") (param i32 i32) (result i32) (loop (br 0)) (i32.const 0))
  (export "numbers__open" (func $open)) (export "numbers__next" (func $next)) (export "endless__next" (func $next)))`;

const RETURNS = 'TABLE(value BIGINT, rest INTEGER)';
const FUNCTIONS: readonly Partial<PluginFunction>[] = [
  {
    name: 'numbers',
    kind: 'table',
    parameters: [
      { name: 'n', type: 'BIGINT' },
      { name: 'step', type: 'BIGINT' },
    ],
    returns: RETURNS,
  },
  ...['endless', 'broken', 'liar', 'stuck'].map((name) => ({
    name,
    kind: 'table' as const,
    returns: RETURNS,
  })),
];

describe('table functions of plugins', () => {
  const engine = startEngine();
  let test: TestSession;
  before(async () => {
    test = await openTestSession(engine);
    await test.session.setPlugins([await watPlugin(WAT, FUNCTIONS)]);
  });
  after(async () => {
    await test.close();
    await engine.dispose();
  });

  it('give rows', async () => {
    assert.deepEqual(await test.rows('from numbers(3, 7)'), [
      ['0', '0'],
      ['7', '7'],
      ['14', '14'],
    ]);
    assert.deepEqual(await test.rows('select count(*), max(value) from numbers(12345, 2)'), [
      ['12345', '24688'],
    ]);
    assert.deepEqual(await test.rows('from numbers(0, 2)'), []);
  });

  it('take parameters by name, constants of expressions, and NULL for no rows', async () => {
    assert.deepEqual(await test.rows('select count(*) from numbers(step := 3, n := 2 + 2)'), [['4']]);
    assert.deepEqual(await test.rows('select count(*) from numbers(null, 1)'), [['0']]);
  });

  it('give the columns that are asked for, in any order', async () => {
    assert.deepEqual(await test.rows('select rest, value from numbers(105, 1) where value > 102'), [
      ['3', '103'],
      ['4', '104'],
    ]);
    assert.deepEqual(await test.rows('select count(rest) from numbers(2500, 1)'), [['2500']]);
  });

  it('end with the limit, also when they have no end', async () => {
    assert.deepEqual(await test.rows('select max(value) from (from endless() limit 5000)'), [['4999']]);
  });

  it('stand in joins, subqueries and CTEs', async () => {
    assert.deepEqual(
      await test.rows(
        'with a as (from numbers(50, 2)) select count(*) from a where value in (select value from range(100) r(value))',
      ),
      [['50']],
    );
    await test.run('create table kept as from numbers(1500, 1)');
    assert.deepEqual(await test.rows('select count(*) from kept join range(10) r(i) on kept.rest = r.i'), [
      ['150'],
    ]);
  });

  it('fail the statement when they trap or lie, and the engine lives', async () => {
    await throwsKind('TRAP', /^broken: /, () => test.run('from broken()'));
    await throwsKind('RESULT_INVALID', /5000 rows/, () => test.run('from liar()'));
    await throwsKind('FUEL_EXHAUSTED', /fuel/, () => test.run('from stuck()', { fuel: 1_000_000 }));
    assert.deepEqual(await test.rows('select count(*) from numbers(3, 1)'), [['3']]);
  });

  it('run nothing while a statement is only checked', async () => {
    assert.deepEqual((await test.session.check({ sql: 'select value from stuck()' })).diagnostics, []);
    const { columns } = await test.session.describe({ sql: 'from stuck()' });
    assert.deepEqual(
      columns.map(({ name, type }) => `${name} ${type}`),
      ['value BIGINT', 'rest INTEGER'],
    );
  });
});
