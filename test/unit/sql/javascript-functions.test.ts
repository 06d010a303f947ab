import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { throwsKind } from '../../support/core-error.ts';
import { compilePlugins } from '../../support/example-plugins.ts';
import { openTestSession, startEngine, type TestSession } from '../../support/sql-session.ts';

const SOURCE = `
/** @udf same(s VARCHAR) -> VARCHAR */
export const same = (s) => s;
/** @udf code_points(s VARCHAR) -> INTEGER */
export const codePoints = (s) => [...s].length;
/** @udf half_pair() -> VARCHAR */
export const halfPair = () => 'a\\uD83Db';
/** @udf backwards(b BLOB) -> BLOB */
export const backwards = (b) => b.reverse();
/** @udf half(n INTEGER) -> INTEGER */
export const half = (n) => (n % 2 ? null : n / 2);
/** @udf or_none(s VARCHAR) -> VARCHAR nulls pass */
export const orNone = (s) => s ?? 'none';
/** @udf later(s VARCHAR) -> VARCHAR */
export const later = async (s) => (await Promise.resolve(s)) + '!';
/** @udf never() -> VARCHAR */
export const never = () => new Promise(() => {});
/** @udf at_x(s VARCHAR) -> DOUBLE */
export function at_x(s) {
  return s === 'x' ? null.y : 1.5;
}
/** @udf wrong_type() -> DOUBLE */
export const wrongType = () => 'text';
/** @udf too_large() -> TINYINT */
export const tooLarge = () => 300;
/** @udf too_big() -> BIGINT */
export const tooBig = () => 2n ** 63n;
/** @udf spin(n INTEGER) -> DOUBLE */
export function spin(n) { while (n > 0); return 0; }
/** @udf deep(n INTEGER) -> INTEGER */
export function deep(n) { return deep(n + 1) + 1; }
/** @udf eat() -> INTEGER */
export function eat() { const all = []; for (;;) all.push('x'.repeat(100000) + all.length); }
/** @udf chance() -> DOUBLE */
export const chance = () => Math.random() + Date.now();
let calls = 0;
/** @udf count_calls(n INTEGER) -> INTEGER nondeterministic */
export const countCalls = (n) => ++calls;
`;

const TYPES: Readonly<Record<string, string>> = {
  BOOLEAN: 'i % 3 = 0',
  TINYINT: '(i % 256 - 128)::TINYINT',
  SMALLINT: '(i * 13 % 65536 - 32768)::SMALLINT',
  INTEGER: '(i * 997 - 2147483648)::INTEGER',
  BIGINT: '(-9223372036854775808 + i * 1000003)::BIGINT',
  UTINYINT: '(i % 256)::UTINYINT',
  USMALLINT: '(65535 - i % 65536)::USMALLINT',
  UINTEGER: '(4294967295 - i)::UINTEGER',
  UBIGINT: '(18446744073709551615 - i)::UBIGINT',
  FLOAT: '(i / 7)::FLOAT',
  DOUBLE: 'i / 7',
  VARCHAR: `chr((i % 55000 + 1)::INTEGER) || i`,
  BLOB: `encode('b' || i)`,
};

const IDENTITIES = Object.keys(TYPES).map(
  (type) =>
    `/** @udf same_${type.toLowerCase()}(x ${type}) -> ${type} */\nexport const same_${type.toLowerCase()} = (x) => x;`,
);

describe('functions in JavaScript', function () {
  this.timeout(120_000);
  const engine = startEngine();
  const folder = mkdtempSync(path.join(tmpdir(), 'quern-js-'));
  let test: TestSession;

  before(async () => {
    writeFileSync(path.join(folder, 'js.js'), SOURCE);
    writeFileSync(path.join(folder, 'identity.mjs'), IDENTITIES.join('\n'));
    test = await openTestSession(engine);
    await test.session.setPlugins(await compilePlugins(folder, ['js.js', 'identity.mjs']));
  });
  after(async () => {
    await test.close();
    await engine.dispose();
    rmSync(folder, { recursive: true });
  });

  const values: readonly [sql: string, expected: string | null][] = [
    ["same('a' || chr(0) || 'b') = 'a' || chr(0) || 'b'", 'true'],
    ["code_points('Größe 😀')", '7'],
    ['half_pair()', 'a\uFFFDb'],
    ["backwards('abc'::BLOB)::VARCHAR", 'cba'],
    ["octet_length(backwards(''::BLOB))", '0'],
    ['half(3)', null],
    ['half(4)', '2'],
    ['half(NULL)', null],
    ['or_none(NULL)', 'none'],
    ["later('a')", 'a!'],
  ];
  for (const [sql, expected] of values) {
    it(`give ${expected} for ${sql}`, async () => {
      assert.deepEqual(await test.rows(`SELECT ${sql}`), [[expected]]);
    });
  }

  it('take and give every character of Unicode', async () => {
    const sql = `SELECT count(*), count(*) FILTER (same(chr(i::INTEGER)) = chr(i::INTEGER)), sum(code_points(chr(i::INTEGER)))::BIGINT
      FROM range(1, 1114112) t(i) WHERE i NOT BETWEEN 55296 AND 57343`;
    assert.deepEqual(await test.rows(sql), [['1112063', '1112063', '1112063']]);
  });

  for (const [type, value] of Object.entries(TYPES)) {
    it(`take and give ${type} and NULL in batches`, async () => {
      const sql = `SELECT count(*), count(x), count(*) FILTER (y IS NOT DISTINCT FROM x)
        FROM (SELECT x, same_${type.toLowerCase()}(x) AS y
          FROM (SELECT CASE WHEN i % 5 > 0 THEN ${value} END AS x FROM range(5000) t(i)))`;
      assert.deepEqual(await test.rows(sql), [['5000', '4000', '5000']]);
    });
  }

  const failures: readonly [sql: string, message: RegExp][] = [
    [
      "at_x(s) FROM (VALUES ('a'), ('x')) t(s)",
      /row 2: .*"TypeError: cannot read property 'y' of null" at js\.js:20:26/,
    ],
    ['wrong_type()', /wrongType gave a value of type string, and its result is declared as DOUBLE/],
    ['too_large()', /tooLarge gave the number 300, and its result is declared as TINYINT/],
    ['too_big()', /tooBig gave the bigint 9223372036854775808, and its result is declared as BIGINT/],
    ['never()', /its promise never settles/],
    ['deep(1)', /stack overflow|Maximum call stack/],
    ['eat()', /out of memory/],
  ];
  for (const [sql, message] of failures) {
    it(`tell what failed: ${sql}`, async () => {
      await throwsKind('TRAP', message, () => test.rows(`SELECT ${sql}`));
    });
  }

  it('end when their fuel is used up', async () => {
    await throwsKind('FUEL_EXHAUSTED', /spin/, () => test.rows('SELECT spin(1)', { fuel: 50_000_000 }));
    assert.deepEqual(await test.rows('SELECT spin(0)'), [['0']]);
  });

  it('see the same chance and time in every statement, and nothing of the one before', async () => {
    const sql = 'SELECT chance(), max(count_calls(i::INTEGER)) FROM range(3) t(i)';
    const first = await test.rows(sql);
    assert.deepEqual(await test.rows(sql), first);
    assert.equal(first[0]?.[1], '3');
  });
});
