import assert from 'node:assert/strict';
import fc from 'fast-check';
import { resultValues } from '../../support/result-values.ts';
import { openTestSession, startEngine, type TestSession } from '../../support/sql-session.ts';

describe('the text of a value', () => {
  const engine = startEngine();
  let test: TestSession;
  before(async () => {
    test = await openTestSession(engine);
    await test.run("set timezone = 'UTC'");
  });
  after(async () => {
    await test.close();
    await engine.dispose();
  });

  /** Asserts that each value of a query reads as the engine's own cast to VARCHAR. */
  async function equalsCast(sql: string): Promise<void> {
    const plain = await test.run(`create or replace temp table t as ${sql}; from t`);
    const statement = plain.statements.at(-1);
    const named = await test.run('select typeof(columns(*)) from t limit 1');
    const types = resultValues(named.statements.at(-1))[0]?.map((value) => value.text) ?? [];
    const columns = (statement?.columns ?? []).map(({ name }, i) => ({ name, type: types[i] ?? '' }));
    const cast = await test.run('select columns(*)::varchar from t');
    const expected = resultValues(cast.statements.at(-1));
    resultValues(statement, columns).forEach((row, r) => {
      row.forEach((value, c) => {
        const where = `row ${r}, ${columns[c]?.name} ${columns[c]?.type.slice(0, 60)} of ${sql.slice(0, 90)}`;
        const want = expected[r]?.[c];
        assert.deepEqual([value.isNull, value.text], [want?.isNull, want?.text], where);
        assert.doesNotThrow(() => JSON.parse(value.json), `JSON of ${where}: ${value.json}`);
      });
    });
  }

  /** A column of the given values of a type. */
  const column = (type: string, values: readonly string[]) => {
    const rows = values.map((v) => `(('${v.replaceAll("'", "''")}')::${type})`);
    return `select * from (values ${rows.join(', ')}) v(x)`;
  };

  it('is the cast of the engine for every type it has', async () => {
    // ICU rounds the last microseconds before infinity to milliseconds on their way to text; every digit is shown here.
    await equalsCast(
      "select * replace (least(timestamp_tz, timestamptz '9999-12-31') as timestamp_tz) from test_all_types()",
    );
  });

  const byType: readonly (readonly [string, readonly string[]])[] = [
    ['boolean', ['true', 'false']],
    [
      'double',
      [
        '0.1',
        '1',
        '1e15',
        '1e16',
        '1e-4',
        '1e-5',
        '-0.0',
        '5e-324',
        'nan',
        'inf',
        '-inf',
        '123456789012345678',
      ],
    ],
    [
      'float',
      [
        '0.1',
        '1',
        '1e7',
        '1e8',
        '1e16',
        '3.4e38',
        '1e-45',
        '16777217',
        'nan',
        '-inf',
        '3175939.75',
        '222903008',
        '473133.875',
        '1.00390625',
      ],
    ],
    ['decimal(2,2)', ['0.05', '-0.05', '0']],
    ['decimal(38,38)', ['-0.5']],
    ['decimal(18,3)', ['-0.5', '0', '999999999999999.999']],
    [
      'hugeint',
      ['0', '-1', '170141183460469231731687303715884105727', '-170141183460469231731687303715884105728'],
    ],
    ['uhugeint', ['0', '340282366920938463463374607431768211455']],
    [
      'bignum',
      ['0', '-1', '255', '-256', '123456789012345678901234567890123456789012345678901234567890', '-65536'],
    ],
    [
      'date',
      ['2020-02-29', '0001-01-01', '0044-03-15 (BC)', '12000-01-01', '1969-12-31', 'infinity', '-infinity'],
    ],
    ['time', ['00:00:00', '23:59:59.999999', '24:00:00', '01:02:03.4']],
    ['timetz', ['00:00:00+00', '10:11:12.5-05:30', '10:11:12.5+05:30:17', '24:00:00-15:59:59']],
    ['timestamp_s', ['2020-01-01', '1969-12-31 23:59:59', 'infinity']],
    ['timestamp_ms', ['2020-01-01 00:00:00.5', '1969-12-31 23:59:59.999', '-infinity']],
    ['timestamp', ['0044-03-15 (BC) 01:02:03.4', '1969-12-31 23:59:59.000001', '294247-01-10', 'infinity']],
    ['timestamp_ns', ['2020-01-01 00:00:00.123456789', '1960-01-01 00:00:00.1', 'infinity']],
    ['timestamptz', ['2020-06-01 12:00:00+02', '0044-03-15 (BC)', 'infinity', '-infinity']],
    [
      'interval',
      ['-1 year -2 months -3 days -04:05:06.7', '0 days', '13 months', '1000 hours', '-0.000001 seconds'],
    ],
    ['uuid', ['12345678-9abc-def0-1234-56789abcdef0', 'ffffffff-ffff-ffff-ffff-ffffffffffff']],
    ['bit', ['1', '0', '10101010', '101010101', '0000000000000000']],
    ['blob', ['plain', '\\xAA\\x00', '\\x27\\x22\\x5C\\x7F ~', '']],
    ['json', ['{"a": [1, 2.50, null]}', '"s"', 'null']],
    ["enum('a', 'it''s', 'x, y')", ['a', "it's", 'x, y']],
    ['varchar', ['', 'NULL', '\u{1f986}', '\ufeffmark', '<b>x</b>']],
  ];
  for (const [type, values] of byType) {
    it(`is the cast of the engine for ${type}`, () => equalsCast(column(type, values)));
  }

  const strings = String.raw`['a b', ' a', 'a ', 'null', 'NULL', 'nullx', '', 'it''s', 'a\b', '\,', 'x,y', 'a:b', '{', ')', '"', '=', chr(9)]`;
  const nested: readonly (readonly [string, string])[] = [
    ['strings in lists', `select ${strings} l, [${strings}, null, []] ll`],
    [
      'other types in lists',
      "select [timestamp '2020-01-01', null] a, [interval 1 day] b, ['\\xAA'::blob, ''::blob] c, [1.50] d, [0.1::float] e, ['101'::bit] f, [true, false] g",
    ],
    [
      'structs',
      String.raw`select {'a b': 1, 'it''s': 'x', 'B': null, 'q"': 'q"', 'a\b': {'c': [1, null]}} s, {'x': 'y, z'} t`,
    ],
    [
      'maps',
      "select map {'a b': 1, 'k=v': null, '': 3} a, map {[1, 2]: {'a': 'q,r'}} b, [map {'a': ['b']}] c, map {} d",
    ],
    [
      'maps of types that Arrow has not',
      "select map {true: 1::hugeint} a, map {'a': {'u': false, 'j': '1'::json}} b, map {'k': map {uuid(): '101'::bit}} c, [map {1::uhugeint: true}] d, map {'j': '\"s, t\"'::json} e, map {'t': '10:00:00+02'::timetz} f",
    ],
    [
      'arrays',
      "select array_value(1.5, null) a, [array_value('a', 'b c,')] b, array_value([true], [false, null]) c",
    ],
    [
      'unions',
      "select union_value(a := 'x,y') a, [union_value(b := 'x,y')] b, {'u': union_value(c := {'q': 'r, s'})} c, union_value(d := [1]) d",
    ],
    [
      'JSON in other values',
      `select ['{"a": 1}'::json, '"s"', null, '" "'] a, {'j': '{"a":1}'::json} b, [['"s"'::json]] c, [{'j': '"s"'::json}] d`,
    ],
    ['nothing', "select null a, [null] b, [] c, {'a': null} d"],
    [
      'rows that are partly NULL',
      "select case when i % 3 = 0 then null else [i, null] end a, case when i % 5 = 0 then null else {'b': i % 2 = 0, 'c': case when i % 7 = 0 then null else i end} end b, case when i % 2 = 0 then i % 3 = 0 end c from range(5000) t(i)",
    ],
  ];
  for (const [name, sql] of nested) {
    it(`is the cast of the engine for ${name}`, () => equalsCast(sql));
  }

  it('of a struct without names is a tuple', async () => {
    const { statements } = await test.run("select row(1, 'a, b', null) r, row(1, 'a, b', null)::varchar v");
    const [[plain, cast] = []] = resultValues(statements.at(-1));
    assert.equal(plain?.text, cast?.text);
    assert.equal(plain?.json, '[1,"a, b",null]');
  });

  it('of a timestamp is on the clock of UTC, whatever the session has set', async () => {
    const { statements } = await test.run(
      "set timezone = 'Asia/Tokyo'; select timestamptz '2020-01-01 09:00:00+09'",
    );
    await test.run("set timezone = 'UTC'");
    assert.equal(resultValues(statements.at(-1))[0]?.[0]?.text, '2020-01-01 00:00:00+00');
  });

  describe('is the cast of the engine for random', () => {
    const sample = <T>(arbitrary: fc.Arbitrary<T>, count = 2000) => fc.sample(arbitrary, count);
    const random: readonly (readonly [string, () => readonly string[]])[] = [
      ['bigint', () => sample(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })).map(String)],
      ['hugeint', () => sample(fc.bigInt({ min: -(2n ** 127n), max: 2n ** 127n - 1n })).map(String)],
      ['bignum', () => sample(fc.bigInt()).map(String)],
      ['double', () => sample(fc.double()).map(numberText)],
      ['float', () => sample(fc.float()).map(numberText)],
      ['float', () => sample(fc.integer({ min: 1, max: 2 ** 27 })).map((n) => String(Math.fround(n / 8)))],
      [
        'varchar[]',
        () =>
          sample(fc.array(fc.string({ unit: 'grapheme', maxLength: 6 }), { maxLength: 4 }), 500).map(
            listText,
          ),
      ],
    ];
    for (const [type, values] of random) {
      it(type, () => equalsCast(column(type, values())));
    }
    it('dates and timestamps', () =>
      equalsCast(`select make_timestamp(v) a, make_timestamp_ns(v) b, date '1970-01-01' + (v % 2000000000)::int c,
        make_timestamp(v // 1000)::timestamptz d, to_microseconds(v // 1000) + to_months((v % 5000)::int) + to_days((v % 77)::int) e
        from (select ((random() - 0.5) * 1.8e19)::bigint v from range(3000))`));
    it('decimals', () =>
      equalsCast(`select v::decimal(9, 4) a, (v * 1e5)::decimal(18, 6) b, (v * 1e9)::decimal(38, 10) c, (v / 1e5)::decimal(4, 4) d
        from (select (random() - 0.5) * 1e5 v from range(2000))`));
  });
});

describe('the JSON of a value', () => {
  const engine = startEngine();
  let test: TestSession;
  before(async () => {
    test = await openTestSession(engine);
  });
  after(async () => {
    await test.close();
    await engine.dispose();
  });

  const cases: readonly (readonly [string, string])[] = [
    ['9007199254740993::bigint', '9007199254740993'],
    ['0.05::decimal(2,2)', '0.05'],
    ['-0.05::decimal(2,2)', '-0.05'],
    ["'nan'::double", 'null'],
    ['1e20::double', '1e+20'],
    ["'-inf'::float", 'null'],
    ['true', 'true'],
    ['null::int', 'null'],
    ["'a\"b'", '"a\\"b"'],
    ["date '2020-01-01'", '"2020-01-01"'],
    ["'\\xAA'::blob", '"\\\\xAA"'],
    ['\'{"a": 1.50}\'::json', '{"a": 1.50}'],
    ["{'a': [1, null], 'b': {'c': date '2020-01-01'}}", '{"a":[1,null],"b":{"c":"2020-01-01"}}'],
    ["map {1: 'x', 2: null}", '{"1":"x","2":null}'],
    ['union_value(a := 5)', '5'],
    ['170141183460469231731687303715884105727::hugeint', '170141183460469231731687303715884105727'],
  ];
  it('keeps every digit and is JSON throughout', async () => {
    const list = cases.map(([sql], i) => `${sql} c${i}`).join(', ');
    const { statements } = await test.run(`select ${list}`);
    const [row = []] = resultValues(statements.at(-1));
    assert.deepEqual(
      row.map((value) => value.json),
      cases.map(([, json]) => json),
    );
  });
});

function numberText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  return Number.isFinite(value) ? String(value) : value > 0 ? 'inf' : '-inf';
}

function listText(values: readonly string[]): string {
  return `[${values.map((v) => `'${v.replace(/['\\]/g, '\\$&')}'`).join(', ')}]`;
}
