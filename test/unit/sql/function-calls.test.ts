import assert from 'node:assert/strict';
import type { PluginFunction } from '../../../wasm-core/protocol/plugins.ts';
import type { SessionPlugin } from '../../../wasm-core/sql/engine.ts';
import { throwsKind } from '../../support/core-error.ts';
import { openTestSession, startEngine, type TestSession, watPlugin } from '../../support/sql-session.ts';

/** `half` traps on odd numbers, in both forms; `count` counts its arguments; `first` gives its document's title. */
const WAT = `(module
  (import "host" "field_string" (func $field (param i32 i32 i32 i32) (result i32)))
  (import "host" "field_i64" (func $field_i64 (param i32 i32 i32) (result i32)))
  (import "host" "document_id" (func $id (param i32 i32) (result i32)))
  (import "host" "log" (func $log (param i32 i32)))
  (memory (export "memory") 2)
  (global (export "__heap_base") i32 (i32.const 4096))
  (data (i32.const 16) "title")
  (data (i32.const 32) "author.born")
  (func (export "half") (param i32) (result i32)
    (if (i32.and (local.get 0) (i32.const 1)) (then unreachable))
    (i32.shr_s (local.get 0) (i32.const 1)))
  (func (export "halves__batch") (param $p i32) (param i32) (result i32)
    (local $i i32) (local $n i32) (local $data i32) (local $v i32)
    (local.set $n (i32.load (local.get $p)))
    (local.set $data (i32.load offset=32 (local.get $p)))
    (loop $next
      (local.set $v (i32.load (i32.add (local.get $data) (i32.shl (local.get $i) (i32.const 2)))))
      (if (i32.and (local.get $v) (i32.const 1)) (then unreachable))
      (i32.store (i32.add (local.get $data) (i32.shl (local.get $i) (i32.const 2))) (i32.shr_s (local.get $v) (i32.const 1)))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get $i) (local.get $n))))
    (i32.add (local.get $p) (i32.const 16)))
  (func (export "counted__batch") (param $p i32) (param i32) (result i32)
    (i32.store (i32.const 256) (i32.load (local.get $p)))
    (i32.store (i32.const 260) (i32.const 0))
    (i32.store (i32.const 264) (i32.const 0))
    (i32.store (i32.const 272) (i32.const 320))
    (i32.store (i32.const 284) (i32.const 1))
    (i32.store (i32.const 320) (i32.load offset=4 (local.get $p)))
    (i32.const 256))
  (func (export "title") (result i64)
    (local $n i32)
    (local.set $n (call $field (i32.const 16) (i32.const 5) (i32.const 1024) (i32.const 1000)))
    (i64.or (i64.shl (i64.extend_i32_s (local.get $n)) (i64.const 32)) (i64.const 1024)))
  (func (export "ident") (param i32) (result i64)
    (local $n i32)
    (local.set $n (call $id (i32.const 1024) (i32.const 1000)))
    (i64.or (i64.shl (i64.extend_i32_s (local.get $n)) (i64.const 32)) (i64.const 1024)))
  (func (export "born") (result i64)
    (if (result i64) (call $field_i64 (i32.const 32) (i32.const 11) (i32.const 512))
      (then (i64.load (i32.const 512))) (else (i64.const -1))))
  (func (export "noisy") (param i32) (result i32)
    (call $log (i32.const 16) (i32.const 5)) (local.get 0))
  (func (export "int_name") (param i32) (result i64) (i64.const 0x500000010))
  (func (export "text_name") (param i32 i32) (result i64) (i64.const 0x300000010))
  (func (export "two_names") (param i32 i32) (result i64) (i64.const 0x200000010)))`;

const NUMBER = [{ name: 'n', type: 'INTEGER' }];
const DOCUMENT = [{ name: 'd', type: 'DOCUMENT' }];

const FUNCTIONS: readonly Partial<PluginFunction>[] = [
  { name: 'half', parameters: NUMBER },
  { name: 'halves', parameters: NUMBER },
  { name: 'half_or_null', export: 'half', parameters: NUMBER, onError: 'null' },
  { name: 'halves_or_null', export: 'halves', parameters: NUMBER, onError: 'null' },
  {
    name: 'counted',
    parameters: [
      { name: 'a', type: 'INTEGER' },
      { name: 'rest', type: 'VARCHAR', variadic: true },
    ],
  },
  { name: 'title', parameters: DOCUMENT, returns: 'VARCHAR' },
  { name: 'born', parameters: DOCUMENT, returns: 'BIGINT' },
  {
    name: 'ident',
    parameters: [{ name: 'd', type: 'DOCUMENT', idField: 'key' }, ...NUMBER],
    returns: 'VARCHAR',
  },
  { name: 'noisy', parameters: NUMBER, deterministic: false },
  { name: 'named', export: 'int_name', parameters: NUMBER, returns: 'VARCHAR' },
  { name: 'named', export: 'text_name', parameters: [{ name: 's', type: 'VARCHAR' }], returns: 'VARCHAR' },
  {
    name: 'named',
    export: 'two_names',
    parameters: [
      { name: 'a', type: 'INTEGER' },
      { name: 'b', type: 'INTEGER' },
    ],
    returns: 'VARCHAR',
  },
];

describe('calls of functions in SQL', () => {
  const engine = startEngine();
  let test: TestSession;
  let plugin: SessionPlugin;
  before(async () => {
    plugin = await watPlugin(WAT, FUNCTIONS);
    test = await openTestSession(engine);
    await test.session.setPlugins([plugin]);
  });
  after(async () => {
    await test.close();
    await engine.dispose();
  });

  for (const name of ['half', 'halves']) {
    it(`that fail name the function, the row and the arguments: ${name}`, async () => {
      const error = await throwsKind('TRAP', /: row 4001: .*unreachable.*; hal(f|ves)\(n => 8001\)$/, () =>
        test.run(
          `select sum(${name}((case when i = 4000 then 8001 else i * 2 end)::INTEGER)) from range(5000) t(i)`,
        ),
      );
      const { function: fn, row, call } = error.details as Record<string, unknown>;
      assert.deepEqual([fn, row], [name, 4001]);
      assert.deepEqual((call as { arguments: unknown }).arguments, [8001]);
      assert.deepEqual(await test.rows(`select ${name}(8)`), [['4']]);
    });

    it(`that fail give NULL where that is declared: ${name}`, async () => {
      const rows = await test.rows(
        `select count(*), count(h), count(*) filter (where h is distinct from (case when i % 2 = 0 then i // 2 end))
          from (select i, ${name}_or_null(i::INTEGER) as h from range(500) t(i))`,
      );
      assert.deepEqual(rows, [['500', '250', '0']]);
    });
  }

  it('take as many arguments as there are', async () => {
    assert.deepEqual(await test.rows("select counted(1), counted(1, 'a'), counted(1, 'a', 'b', 'c')"), [
      ['1', '2', '4'],
    ]);
  });

  it('go to the overload that fits', async () => {
    assert.deepEqual(await test.rows("select named(1), named('x'), named(1, 2)"), [['title', 'tit', 'ti']]);
  });

  it('read a row as their document', async () => {
    const rows = await test.rows(`
      with films as (select * from (values ('Alien', {'name': 'O''Bannon', 'born': 1946}), (null, null)) t(title, author))
      select title(f), born(f) from films f`);
    assert.deepEqual(rows, [
      ['Alien', '1946'],
      [null, '-1'],
    ]);
    assert.deepEqual(
      await test.rows(
        `select count(*) from (select 'T' || i as title from range(3000) t(i)) t where title(t) = t.title`,
      ),
      [['3000']],
    );
  });

  it('read JSON as their document, and its declared id', async () => {
    assert.deepEqual(await test.rows(`select title('{"title": "T"}'), title('{}'), ident('{"key": 7}', 1)`), [
      ['T', null, '7'],
    ]);
    await throwsKind('ARGUMENT_INVALID', /which is no JSON object/, () => test.run(`select title('[1]')`));
    await throwsKind('ARGUMENT_INVALID', /takes a row/, () => test.run(`select title(5)`));
  });

  it('bring what they logged', async () => {
    const { statements } = await test.run('select sum(noisy(i::INTEGER)) from range(3) t(i)');
    assert.deepEqual(statements[0]?.logs, Array(3).fill({ level: 'info', text: 'title' }));
  });

  it('are accounted for, each function for itself', async () => {
    const { statements } = await test.run(
      'select sum(half(i::INTEGER * 2)), sum(halves(i::INTEGER * 2)) from range(5000) t(i)',
    );
    const cost = statements[0]?.cost;
    assert.deepEqual(
      cost?.functions?.map(({ name, rows }) => [name, rows]),
      [
        ['half', 5000],
        ['halves', 5000],
      ],
    );
    assert.ok((cost?.transferMicros ?? 0) > 0 && (cost?.transferMicros ?? 0) < (cost?.functionMicros ?? 0));
  });

  it('are capped one by one', async () => {
    const capped = { ...plugin, limits: { half: { fuel: 1000 } } };
    await test.session.setPlugins([capped]);
    const sql = (name: string) => `select sum(${name}(i::INTEGER * 2))::BIGINT from range(5000) t(i)`;
    await throwsKind('FUEL_EXHAUSTED', /half/, () => test.run(sql('half')));
    assert.deepEqual(await test.rows(sql('halves')), [['12497500']]);
    await test.session.setPlugins([plugin]);
  });

  it('show in quern_functions()', async () => {
    const [row] = await test.rows(
      "select kind, parameter_types::VARCHAR, form, rows > 0 from quern_functions() where function_name = 'halves'",
    );
    assert.deepEqual(row, ['scalar', '[INTEGER]', 'batch', 'true']);
  });

  it('need no more than a second for 500 functions', async () => {
    const many = Array.from({ length: 500 }, (_, i) => ({
      name: `many_${i}`,
      export: 'half',
      parameters: NUMBER,
    }));
    await test.session.setPlugins([await watPlugin(WAT, many)]);
    assert.deepEqual(await test.rows('select many_0(4), many_499(6)'), [['2', '3']]);
    await test.session.setPlugins([plugin]);
  });
});
