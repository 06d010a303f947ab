import assert from 'node:assert/strict';
import { CoreError } from '../../../wasm-core/protocol/errors.ts';
import type { PluginType } from '../../../wasm-core/protocol/plugins.ts';
import { throwsKind } from '../../support/core-error.ts';
import { openTestSession, startEngine, type TestSession, watPlugin } from '../../support/sql-session.ts';

/** A module with one identity function for each of the types that are one WebAssembly value. */
const IDENTITY = `(module
  (func (export "i32") (param i32) (result i32) local.get 0)
  (func (export "i64") (param i64) (result i64) local.get 0)
  (func (export "f32") (param f32) (result f32) local.get 0)
  (func (export "f64") (param f64) (result f64) local.get 0))`;

/** Bytes in, the same bytes out; \`nothing\` gives NULL; \`big\` gives 300; \`bad\` gives bytes that are not UTF-8. */
const TEXT = `(module
  (memory (export "memory") 2)
  (global (export "__heap_base") i32 (i32.const 1024))
  (data (i32.const 16) "\\ff\\fe")
  (func $pack (param $p i32) (param $n i32) (result i64)
    (i64.or (i64.shl (i64.extend_i32_u (local.get $n)) (i64.const 32)) (i64.extend_i32_u (local.get $p))))
  (func (export "same") (param i32 i32) (result i64) (call $pack (local.get 0) (local.get 1)))
  (func (export "nothing") (param i32 i32) (result i64) (i64.shl (i64.const -1) (i64.const 32)))
  (func (export "bad") (param i32 i32) (result i64) (call $pack (i32.const 16) (i32.const 2)))
  (func (export "outside") (param i32 i32) (result i64) (call $pack (i32.const 131000) (i32.const 5000)))
  (func (export "huge") (param i32 i32) (result i64) (call $pack (i32.const 0) (i32.const 0xfffffffe)))
  (func (export "second") (param i32 i32 i32 i32) (result i64) (call $pack (local.get 2) (local.get 3)))
  (func (export "byte_count") (param i32 i32) (result i32) (local.get 1))
  (func (export "big") (param i32) (result i32) (i32.const 300))
  (func (export "trap") (param i32) (result i32) unreachable)
  (func (export "loop") (param i32) (result i32) (loop (br 0)) (i32.const 0))
  (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
  (global $calls (mut i32) (i32.const 0))
  (func (export "counter") (param i32) (result i32)
    (global.set $calls (i32.add (global.get $calls) (i32.const 1))) (global.get $calls)))`;

const CORE: Readonly<Record<string, readonly [string, string]>> = {
  BOOLEAN: ['i32', 'i % 2 = 0'],
  TINYINT: ['i32', '(i % 256 - 128)::TINYINT'],
  SMALLINT: ['i32', '(i * 13 % 65536 - 32768)::SMALLINT'],
  INTEGER: ['i32', '(i * 997 - 2147483648)::INTEGER'],
  BIGINT: ['i64', '(-9223372036854775808 + i * 1000003)::BIGINT'],
  UTINYINT: ['i32', '(i % 256)::UTINYINT'],
  USMALLINT: ['i32', '(65535 - i % 65536)::USMALLINT'],
  UINTEGER: ['i32', '(4294967295 - i)::UINTEGER'],
  UBIGINT: ['i64', '(18446744073709551615 - i)::UBIGINT'],
  FLOAT: ['f32', '(i / 7)::FLOAT'],
  DOUBLE: ['f64', 'i / 7'],
};

describe('plugin functions in SQL', () => {
  const engine = startEngine();
  let test: TestSession;

  before(async () => {
    test = await openTestSession(engine);
  });
  after(async () => {
    await test.close();
    await engine.dispose();
  });

  const textFunction = (name: string, returns: PluginType, ...parameters: PluginType[]) => ({
    name,
    returns,
    parameters: parameters.map((type, index) => ({ name: `a${index}`, type })),
  });

  const useText = async () => {
    const plugin = await watPlugin(TEXT, [
      textFunction('same', 'VARCHAR', 'VARCHAR'),
      textFunction('nothing', 'VARCHAR', 'VARCHAR'),
      textFunction('bad', 'VARCHAR', 'VARCHAR'),
      textFunction('outside', 'BLOB', 'BLOB'),
      textFunction('huge', 'BLOB', 'BLOB'),
      textFunction('second', 'VARCHAR', 'VARCHAR', 'VARCHAR'),
      textFunction('byte_count', 'INTEGER', 'BLOB'),
      { ...textFunction('big', 'TINYINT', 'INTEGER') },
      textFunction('trap', 'INTEGER', 'INTEGER'),
      textFunction('loop', 'INTEGER', 'INTEGER'),
      textFunction('grow', 'INTEGER', 'INTEGER'),
      { ...textFunction('counter', 'INTEGER', 'INTEGER'), deterministic: false },
    ]);
    await test.session.setPlugins([plugin]);
  };

  for (const [type, [core, expression]] of Object.entries(CORE)) {
    it(`gives every ${type} back as it was, NULL as NULL`, async () => {
      const name = `same_${type.toLowerCase()}`;
      const fn = { ...textFunction(name, type as PluginType, type as PluginType), export: core };
      await test.session.setPlugins([await watPlugin(IDENTITY, [fn])]);
      const [row] = await test.rows(
        `select count(*), count(*) filter (${name}(x) is distinct from x), count(x), any_value(typeof(${name}(x)))
         from (select case when i % 7 = 3 then null else ${expression} end x from range(6000) t(i))`,
      );
      assert.deepEqual(row, ['6000', '0', '5143', type]);
    });
  }

  it('gives texts of every length back as they were', async () => {
    await useText();
    const [row] = await test.rows(
      `select count(*), count(*) filter (same(x) is distinct from x), count(x) from (
         select case when i % 5 = 0 then null else repeat(chr(97 + i::int % 26), i::int % 40) || 'é😀' end x
         from range(5000) t(i))`,
    );
    assert.deepEqual(row, ['5000', '0', '4000']);
  });

  it('gives a text of ten million bytes and an empty one back', async () => {
    await useText();
    const [row] = await test.rows(
      "select length(same(repeat('x', 10000000))), (same('') = '')::int, (same(chr(0)) = chr(0))::int",
    );
    assert.deepEqual(row, ['10000000', '1', '1']);
  });

  it('passes several texts in one call', async () => {
    await useText();
    assert.deepEqual(await test.rows("select second('first one', 'the second, which is longer')"), [
      ['the second, which is longer'],
    ]);
  });

  it('passes BLOBs with their own length', async () => {
    await useText();
    assert.deepEqual(await test.rows("select byte_count('\\x00\\xFF\\x00'::blob)"), [['3']]);
  });

  it('takes a length of -1 for NULL', async () => {
    await useText();
    assert.deepEqual(await test.rows("select coalesce(nothing('a'), 'none')"), [['none']]);
  });

  const fails = (sql: string, kind: string, message: RegExp) => async () => {
    await useText();
    await assert.rejects(test.run(sql), (error: unknown) => {
      assert.ok(error instanceof CoreError);
      assert.equal(error.kind, kind);
      assert.match(error.message, message);
      const { start, end } = error.details as { start: number; end: number };
      assert.equal(sql.slice(start, end), sql.match(/\w+(?=\()/)?.[0]);
      return true;
    });
    assert.deepEqual(await test.rows('select 42'), [['42']]);
  };
  it('refuses text that is not UTF-8', fails("select bad('a')", 'RESULT_INVALID', /UTF-8/));
  it('refuses a result outside memory', fails("select outside('a'::blob)", 'MEMORY_BOUNDS', /131000/));
  it('refuses a result of four gigabytes', fails("select huge('a'::blob)", 'MEMORY_BOUNDS', /4294967294/));
  it('refuses a number that its type cannot hold', fails('select big(1)', 'RESULT_INVALID', /300.*TINYINT/));
  it('names the function that traps', fails('select trap(1)', 'TRAP', /^trap: .*unreachable/));

  it('ends a function that loops for ever, and the next run is right', async () => {
    await useText();
    await assert.rejects(test.run('select loop(1)', { timeoutMs: 300 }), { kind: 'DEADLINE_EXCEEDED' });
    assert.deepEqual(await test.rows("select same('again')"), [['again']]);
  });

  it('caps the memory of an instance', async () => {
    await useText();
    assert.deepEqual(await test.rows('select grow(10), grow(1000), grow(1)', { memoryMb: 1 }), [
      ['2', '-1', '12'],
    ]);
  });

  it('gives each statement fresh memory and globals', async () => {
    await useText();
    assert.deepEqual(await test.rows('select max(counter(i::int)) from range(10) t(i)'), [['10']]);
    assert.deepEqual(await test.rows('select max(counter(i::int)) from range(3) t(i)'), [['3']]);
  });

  it('works in where, order by, group by, joins, windows and create table as', async () => {
    await useText();
    const [row] = await test.rows(`
      create or replace table made as select same(i::varchar) s from range(100) t(i) where same(i::varchar) <> '7';
      select count(*), max(n) from (
        select same(a.s) k, count(*) over (partition by same(a.s)) n from made a join made b on same(a.s) = b.s
        group by same(a.s), a.s order by same(a.s))`);
    assert.deepEqual(row, ['99', '1']);
  });

  it('calls the new function once a plugin is replaced', async () => {
    const version = (value: number) =>
      watPlugin(`(module (func (export "f") (param i32) (result i32) i32.const ${value}))`, [
        textFunction('f', 'INTEGER', 'INTEGER'),
      ]);
    await test.session.setPlugins([await version(1)]);
    assert.deepEqual(await test.rows('select f(0)'), [['1']]);
    await test.session.setPlugins([await version(2)]);
    assert.deepEqual(await test.rows('select f(0)'), [['2']]);
    await test.session.setPlugins([]);
    await assert.rejects(test.run('select f(0)'), { kind: 'SQL_BIND' });
  });

  it('says which types a function takes, under its own name', async () => {
    await useText();
    await assert.rejects(test.run('select second(1)'), (error: unknown) => {
      assert.ok(error instanceof CoreError);
      assert.equal(error.kind, 'SQL_BIND');
      assert.match(error.message, /second/);
      assert.doesNotMatch(error.message, /__quern/);
      return true;
    });
  });

  it('may take the place of a built-in function, but not of one that the engine calls itself', async () => {
    const shadow = await watPlugin('(module (func (export "one") (param i32) (result i32) i32.const 1))', [
      { ...textFunction('sign', 'INTEGER', 'INTEGER'), export: 'one' },
      { ...textFunction('string_agg', 'INTEGER', 'INTEGER'), export: 'one' },
    ]);
    await test.session.setPlugins([shadow]);
    assert.deepEqual(await test.rows("select sign(-5), string_agg('a')"), [['1', 'a']]);
    await test.session.setPlugins([]);
    assert.deepEqual(await test.rows('select sign(-5)'), [['-1']]);
  });

  it('counts the rows and the time of functions', async () => {
    await useText();
    const { statements } = await test.run(
      'select sum(byte_count(same(i::varchar)::blob)) from range(1000) t(i)',
    );
    assert.equal(statements[0]?.cost.functionRows, 2000);
    assert.ok((statements[0]?.cost.functionMicros ?? 0) > 0);
  });

  it('counts the instructions of functions, the same each time', async () => {
    await useText();
    const sql = 'select sum(byte_count(same(i::varchar)::blob)) from range(5000) t(i)';
    const costs = [await test.run(sql), await test.run(sql)].map(
      ({ statements }) => statements[0]?.cost.functionFuel,
    );
    assert.ok((costs[0] ?? 0) > 10_000);
    assert.equal(costs[0], costs[1]);
    const { statements } = await test.run('select 1');
    assert.equal(statements[0]?.cost.functionFuel, 0);
  });

  it('ends a statement whose functions use up its fuel together, and the next one runs', async () => {
    await useText();
    const sql = 'select sum(byte_count(same(i::varchar)::blob)) from range(5000) t(i)';
    const { statements } = await test.run(sql);
    const fuel = statements[0]?.cost.functionFuel ?? 0;
    assert.equal((await test.run(sql, { fuel })).statements[0]?.cost.functionFuel, fuel);
    await throwsKind('FUEL_EXHAUSTED', /limits\.fuel/, () => test.run(sql, { fuel: fuel - 1 }));
    assert.deepEqual(await test.rows("select same('x')"), [['x']]);
  });

  it('calls no plugin while a statement is only checked', async () => {
    await useText();
    const { diagnostics } = await test.session.check({ sql: 'select loop(1); select trap(1)' });
    assert.deepEqual(diagnostics, []);
  });
});
