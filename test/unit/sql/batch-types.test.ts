import assert from 'node:assert/strict';
import type { SessionPlugin } from '../../../wasm-core/sql/engine.ts';
import { openTestSession, startEngine, type TestSession, watPlugin } from '../../support/sql-session.ts';

/** Gives back its first argument's column as it is. */
const IDENTITY = `(module
  (memory (export "memory") 2)
  (func (export "same__batch") (param i32 i32) (result i32) (i32.add (local.get 0) (i32.const 16))))`;

/** Counts to 300 for each row; `slow` gives its argument back, `batch_rows` how many rows it was called with at once. */
const SLOW = `(module
  (memory (export "memory") 4)
  (global (export "__heap_base") i32 (i32.const 4096))
  (func $work (param $rows i32) (local $i i32)
    (local.set $i (i32.mul (local.get $rows) (i32.const 300)))
    (loop $next
      (local.set $i (i32.sub (local.get $i) (i32.const 1)))
      (br_if $next (local.get $i))))
  (func (export "slow__batch") (param $p i32) (param i32) (result i32)
    (call $work (i32.load (local.get $p))) (i32.add (local.get $p) (i32.const 16)))
  (func (export "batch_rows__batch") (param $p i32) (param i32) (result i32)
    (call $work (i32.load (local.get $p)))
    (i32.store (i32.const 256) (i32.load (local.get $p)))
    (i32.store (i32.const 272) (i32.const 320)) (i32.store (i32.const 284) (i32.const 1))
    (i32.store (i32.const 320) (i32.load (local.get $p)))
    (i32.const 256)))`;

/** A SQL expression over `i`, 0 to the number of rows, for each type; some rows of each are NULL. */
const TYPES: Readonly<Record<string, string>> = {
  BOOLEAN: 'i % 3 = 0',
  TINYINT: '(i % 256 - 128)::TINYINT',
  SMALLINT: '(i * 13 % 65536 - 32768)::SMALLINT',
  INTEGER: '(i * 997 - 2147483648)::INTEGER',
  BIGINT: '(-9223372036854775808 + i * 1000003)::BIGINT',
  HUGEINT: '(i::HUGEINT * 170141183460469231731687303715 - 5)::HUGEINT',
  UTINYINT: '(i % 256)::UTINYINT',
  USMALLINT: '(65535 - i % 65536)::USMALLINT',
  UINTEGER: '(4294967295 - i)::UINTEGER',
  UBIGINT: '(18446744073709551615 - i)::UBIGINT',
  UHUGEINT: "('340282366920938463463374607431768211455'::UHUGEINT - i::UHUGEINT)",
  FLOAT: '(i / 7)::FLOAT',
  DOUBLE: "case when i % 50 = 0 then 'nan'::DOUBLE else i / 7 end",
  'DECIMAL(4,1)': '(i % 1000 / 10 - 40)::DECIMAL(4,1)',
  'DECIMAL(9,3)': '(i * 7 % 100000 / 1000 - 50)::DECIMAL(9,3)',
  'DECIMAL(18,2)': '(i * 123456789 / 100 - 77)::DECIMAL(18,2)',
  'DECIMAL(38,10)': "('-1234567890123456789' || (i % 1000000000)::VARCHAR || '.0123456789')::DECIMAL(38,10)",
  VARCHAR: 'repeat(chr((i % 5000 + 32)::INTEGER), (i % 30)::INTEGER)',
  BLOB: "('\\x00\\xFF' || repeat('a', (i % 14)::INTEGER))::BLOB",
  DATE: "DATE '0001-01-01' + (i * 37)::INTEGER",
  TIME: "TIME '00:00:00' + to_microseconds(i * 1234567 % 86400000000)",
  TIMESTAMP: "TIMESTAMP '1969-12-31 23:59:59.999999' + to_microseconds(i * 12345678901)",
  TIMESTAMP_S: "(TIMESTAMP '1969-12-31 23:59:59' + to_seconds(i))::TIMESTAMP_S",
  TIMESTAMP_MS: "(TIMESTAMP '1969-12-31 23:59:59' + to_milliseconds(i))::TIMESTAMP_MS",
  TIMESTAMP_NS: 'make_timestamp_ns(i * 1234567891 - 5)',
  'TIMESTAMP WITH TIME ZONE': "TIMESTAMPTZ '2024-03-01 12:00:00+02' + to_minutes(i)",
  INTERVAL: 'to_months((i % 40 - 20)::INTEGER) + to_days((i % 7)::INTEGER) + to_microseconds(i * 17)',
  UUID: '(md5(i::VARCHAR))::UUID',
  'INTEGER[]':
    'case when i % 11 = 0 then [] else list_transform(range(i % 5), x -> case when x = 2 then null else (x + i)::INTEGER end) end',
  'VARCHAR[][]': "[['a' || i, null], null, [], [repeat('long ', (i % 9)::INTEGER)]]",
  'DOUBLE[3]': '[i / 3, null, -i]::DOUBLE[3]',
  'VARCHAR[2]': "[i::VARCHAR, repeat('x', (i % 20)::INTEGER)]::VARCHAR[2]",
  'STRUCT(a INTEGER, b VARCHAR)': "{'a': nullif((i % 9)::INTEGER, 4), 'b': repeat('y', (i % 16)::INTEGER)}",
  'STRUCT(p STRUCT(q BOOLEAN[], r DECIMAL(9,2)), s DATE)':
    "case when i % 13 = 0 then {'p': null, 's': DATE '2020-01-01'} else {'p': {'q': [i % 2 = 0, null], 'r': (i / 100)::DECIMAL(9,2)}, 's': null} end",
  'MAP(VARCHAR, INTEGER)': "map_from_entries([('k' || i, (i % 100)::INTEGER), ('z', null)])",
  'STRUCT(v INTEGER[2])[]': "[{'v': [i % 50, 2]::INTEGER[2]}, null, {'v': null}]",
};

/** The expression, NULL in each seventh row; the engine has no CASE over arrays, but a list becomes one. */
function nullable(type: string, expression: string): string {
  const inner = type.replace(/\[\d+\]$/, '[]');
  return `cast(case when i % 7 = 3 then null else cast(cast(${expression} as ${type}) as ${inner}) end as ${type})`;
}

describe('every type in batches', () => {
  const engine = startEngine();
  let test: TestSession;
  before(async () => {
    test = await openTestSession(engine);
  });
  after(async () => {
    await test.close();
    await engine.dispose();
  });

  async function identity(type: string, nulls?: 'pass'): Promise<SessionPlugin> {
    return watPlugin(IDENTITY, [
      { name: 'same', parameters: [{ name: 'x', type }], returns: type, ...(nulls && { nulls }) },
    ]);
  }

  for (const [type, expression] of Object.entries(TYPES)) {
    it(`carries ${type} there and back`, async () => {
      for (const nulls of [undefined, 'pass'] as const) {
        await test.session.setPlugins([await identity(type, nulls)]);
        for (const count of [1, 2047, 2048, 2049, 10_000]) {
          const rows = await test.rows(`with t as (
              select i, ${nullable(type, expression)} as x
              from range(${count}) r(i))
            select count(*), count(x), count(same(x)),
              count(*) filter (where same(x) is distinct from x) from t`);
          const [all, given, got, different] = rows[0] ?? [];
          assert.deepEqual([all, got, different], [String(count), given, '0'], `${count} rows`);
        }
      }
    });
  }

  it('takes rows of filters, limits, joins, sorts and constants', async () => {
    await test.session.setPlugins([await identity('STRUCT(a INTEGER, b VARCHAR[])')]);
    const value = "{'a': i::INTEGER, 'b': ['x' || i, repeat('long text ', 3)]}";
    const queries = [
      `select same(${value}) as y, ${value} as x from range(5000) t(i) where i % 3 = 1`,
      `select same(${value}) as y, ${value} as x from (select i from range(9000) t(i) limit 4000 offset 1000)`,
      `select same(v) as y, v as x from (select ${value} as v from range(3) t(i)) a, range(3000)`,
      `select same(${value}) as y, ${value} as x from range(3000) t(i) order by hash(i)`,
      `select same({'a': 7, 'b': ['c']}) as y, {'a': 7, 'b': ['c']} as x from range(3000)`,
      `select same(same(same(${value}))) as y, ${value} as x from range(3000) t(i)`,
    ];
    for (const query of queries) {
      const [row] = await test.rows(
        `select count(*) filter (where y is distinct from x), count(*) > 0 from (${query})`,
      );
      assert.deepEqual(row, ['0', 'true'], query);
    }
  });

  it('takes texts of 0, 12, 13 and ten million bytes', async () => {
    await test.session.setPlugins([await identity('VARCHAR')]);
    const [row] =
      await test.rows(`select count(*) filter (where same(x) is distinct from x), max(length(same(x)))
      from (select unnest([''  , 'twelve bytes', 'thirteen byte', repeat('é', 5000000), '日本語', null]) as x)`);
    assert.deepEqual(row, ['0', '5000000']);
  });

  it('calls a costly function once for rows of equal texts', async () => {
    const parameters = [{ name: 'x', type: 'VARCHAR' }];
    const functions = [
      { name: 'same', export: 'slow', parameters, returns: 'VARCHAR' },
      { name: 'batch_rows', parameters, returns: 'INTEGER' },
      { name: 'batch_rows_each', export: 'batch_rows', parameters, returns: 'INTEGER', deterministic: false },
    ];
    await test.session.setPlugins([await watPlugin(SLOW, functions)]);
    const texts = `select x from range(9000) r(i) join (select k, case when k = 4 then null when k % 2 = 0 then 's' || k
      else 'a text of more than twelve bytes ' || k end as x from range(11) v(k)) on i % 11 = k`;
    const [row] = await test.rows(`select count(*) filter (where same(x) is distinct from x),
      min(batch_rows(x)) < 30, min(batch_rows_each(x)) > 500 from (${texts})`);
    assert.deepEqual(row, ['0', 'true', 'true']);
  });

  it('sends one text for many rows once', async () => {
    await test.session.setPlugins([await identity('VARCHAR')]);
    const [row] = await test.rows(
      `select count(*), min(strlen(same(x))) from (select repeat('a', 10000000) as x), range(2000)`,
    );
    assert.deepEqual(row, ['2000', '10000000']);
  });
});
