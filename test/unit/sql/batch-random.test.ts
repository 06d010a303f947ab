import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { PluginFunction } from '../../../wasm-core/protocol/plugins.ts';
import { bytesSql, type RandomColumn, randomColumn, TEXT } from '../../support/random-columns.ts';
import { openTestSession, startEngine, type TestSession, watPlugin } from '../../support/sql-session.ts';

/** Identities of each form, and some functions that the engine has too. */
const WAT = `(module
  (memory (export "memory") 2)
  (global (export "__heap_base") i32 (i32.const 1024))
  (func (export "same__batch") (param i32 i32) (result i32) (i32.add (local.get 0) (i32.const 16)))
  (func (export "i32") (param i32) (result i32) (local.get 0))
  (func (export "i64") (param i64) (result i64) (local.get 0))
  (func (export "f32") (param f32) (result f32) (local.get 0))
  (func (export "f64") (param f64) (result f64) (local.get 0))
  (func (export "bytes") (param i32 i32) (result i64)
    (i64.or (i64.shl (i64.extend_i32_u (local.get 1)) (i64.const 32)) (i64.extend_i32_u (local.get 0))))
  (func $xor (export "xor_rows") (param i64 i64) (result i64) (i64.xor (local.get 0) (local.get 1)))
  (func (export "xor_batch__batch") (param $p i32) (param i32) (result i32)
    (local $i i32) (local $n i32) (local $a i32) (local $b i32) (local $da i32) (local $db i32) (local $out i32)
    (local.set $n (i32.load (local.get $p)))
    (local.set $a (i32.load offset=32 (local.get $p)))
    (local.set $b (i32.load offset=64 (local.get $p)))
    (local.set $da (i32.shl (i32.sub (i32.const 1) (i32.load offset=44 (local.get $p))) (i32.const 3)))
    (local.set $db (i32.shl (i32.sub (i32.const 1) (i32.load offset=76 (local.get $p))) (i32.const 3)))
    ;; The results lie where a column of constants may have only one value.
    (local.set $out (i32.const 98304))
    (memory.fill (i32.const 512) (i32.const 0) (i32.const 32))
    (i32.store (i32.const 512) (local.get $n))
    (i32.store (i32.const 528) (local.get $out))
    (loop $next
      (i64.store (local.get $out) (call $xor (i64.load (local.get $a)) (i64.load (local.get $b))))
      (local.set $out (i32.add (local.get $out) (i32.const 8)))
      (local.set $a (i32.add (local.get $a) (local.get $da)))
      (local.set $b (i32.add (local.get $b) (local.get $db)))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get $i) (local.get $n))))
    (i32.const 512))
  (func (export "octets") (param i32 i32) (result i64) (i64.extend_i32_u (local.get 1)))
  (func (export "tail") (param i32 i32) (result i64)
    (if (i32.and (i32.gt_u (local.get 1) (i32.const 0)) (i32.lt_s (i32.load8_s (local.get 0)) (i32.const 0)))
      (then (return (i64.const -4294967296))))
    (if (i32.eqz (local.get 1)) (then (return (i64.const 16))))
    (i64.or (i64.shl (i64.extend_i32_u (i32.sub (local.get 1) (i32.const 1))) (i64.const 32))
      (i64.extend_i32_u (i32.add (local.get 0) (i32.const 1))))))`;

const TEXTS = [{ name: 's', type: 'VARCHAR' }];
const PAIRS = ['a', 'b'].map((name) => ({ name, type: 'BIGINT' }));
const REAL: readonly Partial<PluginFunction>[] = [
  { name: 'xor_rows', parameters: PAIRS, returns: 'BIGINT' },
  { name: 'xor_batch', parameters: PAIRS, returns: 'BIGINT' },
  { name: 'octets', parameters: TEXTS, returns: 'BIGINT' },
  { name: 'tail', parameters: TEXTS, returns: 'VARCHAR' },
  { name: 'echo', export: 'bytes', parameters: TEXTS, returns: 'VARCHAR' },
  { name: 'echoes', export: 'same', parameters: TEXTS, returns: 'VARCHAR' },
];

const COUNTS = [1, 2047, 2048, 2049];

/** Ways that values reach a function, of a table `t`, whose rows `i` have values of `v`, of `k`. */
const SOURCES: Readonly<Record<string, string>> = {
  table: 'select * from t',
  slices: 'select * from t limit 1500 offset 333',
  filter: 'select * from t where i % 3 = 1',
  dictionary: 'select v.* from t join v on v.k = t.i % (select count(*) from v)',
  constant: 'select v.* from t, (from v limit 1) v',
  pieces: '(select * exclude (i) from t limit 700) union all (select * exclude (k) from v)',
};

/** Rows of `t` in another order. */
function sorted(columns: readonly string[]): string {
  return `select ${columns.join(', ')} from t order by hash(i)`;
}

/**
 * DuckDB 1.4.3, the native one too, gives other values when it sorts rows whose lists of structs, or maps, hold an ARRAY:
 * of 5,000 rows of `[{'k': 0, 'v': array_value(1, 2, 3)}, …]` in the order of `hash(i)` it changed 2,952. What a function
 * makes of such rows depends on when it looks, so that they are sorted nowhere here.
 */
function isSortedRight({ type }: RandomColumn): boolean {
  return !/MAP\(.*\[\d|STRUCT\(.*\[\d.*\).*\[\]/.test(type.sql);
}

describe('random columns', () => {
  const engine = startEngine();
  let test: TestSession;
  before(async () => {
    test = await openTestSession(engine);
  });
  after(async () => {
    await test.close();
    await engine.dispose();
  });

  /** Offers the identities of the columns' types. @returns their names, each with the column that it is for */
  async function offer(columns: readonly RandomColumn[]): Promise<readonly (readonly [string, string])[]> {
    const offered = columns.flatMap(({ type }, index) => {
      const of = { parameters: [{ name: 'x', type: type.sql }], returns: type.sql };
      const functions: (Partial<PluginFunction> & { name: string })[] = [
        { ...of, name: `same${index}`, export: 'same' },
        { ...of, name: `passed${index}`, export: 'same', nulls: 'pass' },
        ...(type.row === undefined ? [] : [{ ...of, name: `row_same${index}`, export: type.row }]),
      ];
      return functions.map((fn) => ({ fn, column: `x${index}` }));
    });
    await test.session.setPlugins([
      await watPlugin(
        WAT,
        offered.map(({ fn }) => fn),
      ),
    ]);
    return offered.map(({ fn, column }) => [fn.name, column] as const);
  }

  /** Makes the tables of `SOURCES`. */
  async function fill(columns: readonly RandomColumn[], rowCount: number): Promise<void> {
    const count = Math.max(...columns.map(({ values }) => values.length));
    const rows = Array.from(
      { length: count },
      (_, k) => `(${[k, ...columns.map(({ values }) => values[k % values.length])].join(', ')})`,
    );
    const casts = columns.map(({ type }, index) => `x${index}::${type.sql} as x${index}`);
    await test.run(`create or replace table v as select k, ${casts.join(', ')}
        from (values ${rows.join(', ')}) r(k, ${columns.map((_, index) => `x${index}`).join(', ')});
      create or replace table t as select i, v.* exclude (k) from range(${rowCount}) r(i)
        join v on v.k = hash(i) % ${count} order by i`);
  }

  /** Asserts that no value and its image differ, also where SQL takes two values for the same. */
  async function isSame(source: string, offered: readonly (readonly [string, string])[]): Promise<void> {
    const counts = offered.map(
      ([name, x]) =>
        `count(*) filter (where ${name}(${x}) is distinct from ${x} or ${name}(${x})::VARCHAR is distinct from ${x}::VARCHAR)`,
    );
    const [row] = await test.rows(`select ${counts.join(', ')} from (${source})`);
    assert.deepEqual(
      row,
      offered.map(() => '0'),
      `${offered.join(' ')}: ${source}`,
    );
  }

  for (const [what, depth, width, numRuns] of [
    ['plain types', 0, 8, 8],
    ['nested types', 2, 4, 14],
    ['deeply nested types', 3, 2, 12],
  ] as const) {
    it(`of ${what} go there and back, however they come`, async () => {
      const columns = fc.array(randomColumn(depth), { minLength: width, maxLength: width });
      const rowCounts = fc.constantFrom(...COUNTS, 5000);
      const places = fc.shuffledSubarray([...Object.keys(SOURCES), 'sort'], { minLength: 2, maxLength: 2 });
      await fc.assert(
        fc.asyncProperty(columns, rowCounts, places, async (list, rowCount, chosen) => {
          const offered = await offer(list);
          await fill(list, rowCount);
          for (const place of chosen) {
            const left = place === 'sort' ? list.filter(isSortedRight) : list;
            const names = left.map((column) => `x${list.indexOf(column)}`);
            const source = place === 'sort' ? sorted(names) : (SOURCES[place] ?? '');
            const shown = offered.filter(([, x]) => names.includes(x));
            if (shown.length > 0) await isSame(source, shown);
          }
        }),
        { numRuns },
      );
    });
  }

  it('of 100,000 rows go there and back', async () => {
    const columns = fc.tuple(randomColumn(0), randomColumn(1));
    await fc.assert(
      fc.asyncProperty(columns, async (list) => {
        const offered = await offer(list);
        await fill(list, 100_000);
        await isSame(SOURCES.table ?? '', offered);
      }),
      { numRuns: 4 },
    );
  });

  it('of numbers give what the engine gives', async () => {
    await test.session.setPlugins([await watPlugin(WAT, REAL)]);
    const number = fc.option(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }));
    const pairs = fc.array(fc.tuple(number, number), { minLength: 1, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(pairs, fc.constantFrom(...COUNTS, 100_000), async (list, rowCount) => {
        const rows = list.map(([a, b], k) =>
          `(${k}, '${a}'::BIGINT, '${b}'::BIGINT)`.replaceAll("'null'", 'null'),
        );
        await test.run(`create or replace table p as select i, a, b from range(${rowCount}) r(i)
          join (values ${rows.join(', ')}) v(k, a, b) on v.k = hash(i) % ${list.length}`);
        for (const call of ['xor_rows', 'xor_batch']) {
          const [row] = await test.rows(`select
            count(*) filter (where ${call}(a, b) is distinct from xor(a, b)),
            count(*) filter (where ${call}(${call}(a, 7), b) is distinct from xor(xor(a, 7::BIGINT), b)),
            count(*) filter (where ${call}(5, a) is distinct from xor(5::BIGINT, a)) from p`);
          assert.deepEqual(row, ['0', '0', '0'], call);
        }
      }),
      { numRuns: 20 },
    );
  });

  it('of texts of all of Unicode give what the engine gives', async () => {
    await test.session.setPlugins([await watPlugin(WAT, REAL)]);
    const texts = fc.array(fc.option(TEXT), { minLength: 1, maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(texts, fc.constantFrom(...COUNTS, 20_000), async (list, rowCount) => {
        const rows = list.map((text, k) => `(${k}, ${text === null ? 'null' : `decode(${bytesSql(text)})`})`);
        await test.run(`create or replace table p as select i, s::VARCHAR as s from range(${rowCount}) r(i)
          join (values ${rows.join(', ')}) v(k, s) on v.k = hash(i) % ${list.length}`);
        const [row] = await test.rows(`select
          count(*) filter (where octets(s) is distinct from strlen(s)),
          count(*) filter (where tail(s) is distinct from case when s is null or ord(s) > 127 then null else substr(s, 2) end),
          count(*) filter (where echo(s || s) is distinct from s || s),
          count(*) filter (where echoes(s || echo(s)) is distinct from s || s) from p`);
        assert.deepEqual(row, ['0', '0', '0', '0']);
      }),
      { numRuns: 20 },
    );
  });

  it('of ENUMs, and of dictionaries in Parquet files, come as texts', async () => {
    await test.session.setPlugins([await watPlugin(WAT, REAL)]);
    await test.run(`create type tone as enum ('soft', 'a tone of many bytes', 'laut 🙂', '');
      create table tones as select i, case when i % 11 = 5 then null else enum_range(null::tone)[1 + i % 4]::tone end as e
        from range(30000) r(i);
      copy (select i, e::VARCHAR as s, [e::VARCHAR, null] as l from tones) to 'tones.parquet' (row_group_size 5000)`);
    for (const call of ['echo', 'echoes']) {
      for (const source of [
        'select e::VARCHAR as s, e from tones',
        'select e::VARCHAR as s, e from tones where i % 5 = 2 limit 3000 offset 100',
        "select s, s as e from 'tones.parquet'",
        "select s, s as e from 'tones.parquet' where i % 3 = 0 or s = ''",
        "select unnest(l) as s, s as e from 'tones.parquet'",
        "select p.s, t.e from 'tones.parquet' p join tones t on p.i = t.i and t.e <> 'soft'",
      ]) {
        const [row] = await test.rows(
          `select count(*) > 1000, count(*) filter (where ${call}(s) is distinct from s) from (${source})`,
        );
        assert.deepEqual(row, ['true', '0'], `${call}: ${source}`);
      }
      const [row] = await test.rows(
        `select count(*) filter (where ${call}(e) is distinct from e::VARCHAR) from tones`,
      );
      assert.deepEqual(row, ['0']);
    }
  });

  it('of texts of 10 MB go there and back, alone and among short ones', async () => {
    await test.session.setPlugins([await watPlugin(WAT, REAL)]);
    for (const call of ['echo', 'echoes']) {
      const [row] =
        await test.rows(`select count(*) filter (where ${call}(s) is distinct from s), max(octets(${call}(s)))
        from (select case when i % 20 = 7 then repeat('é🙂ab', 1250000) when i % 3 = 0 then null else 'short ' || i end as s
          from range(60) r(i))`);
      assert.deepEqual(row, ['0', '10000000'], call);
    }
  });
});
