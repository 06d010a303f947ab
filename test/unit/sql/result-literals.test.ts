import assert from 'node:assert/strict';
import { histogramBounds } from '../../../wasm-core/sql/result/histogram.ts';
import { exactLiteral, textLiteral, valueLiteral } from '../../../wasm-core/sql/result/literals.ts';
import { namedColumns } from '../../../wasm-core/sql/result/result-columns.ts';

describe('literals of shown values', () => {
  const check = (type: string, text: string, expected: string | undefined) =>
    assert.equal(exactLiteral(type, text), expected, `${type} ${text}`);

  it('stand for the one value that is shown so', () => {
    check('INTEGER', '-12', '-12');
    check('BIGINT', '-9223372036854775808', "'-9223372036854775808'::BIGINT");
    check('DECIMAL(4,2)', '0.50', '0.50');
    check('DECIMAL(38,38)', `.${'1'.repeat(38)}`, `'.${'1'.repeat(38)}'::DECIMAL(38,38)`);
    check('DOUBLE', '0.1', '0.1');
    check('DOUBLE', '0.30000000000000004', "'0.30000000000000004'::DOUBLE");
    check('FLOAT', '0.1', "'0.1'::FLOAT");
    check('DATE', '2024-02-29', "date '2024-02-29'");
    check('TIMESTAMP', '2024-02-29 12:00:00.5', "timestamp '2024-02-29 12:00:00.5'");
    check('TIMESTAMP WITH TIME ZONE', '2024-02-29 12:00:00+00', "timestamptz '2024-02-29 12:00:00+00'");
    check("ENUM('a')", 'a', "'a'");
  });

  it('are none where nothing, or more than one value, is shown so', () => {
    for (const text of ['1.0', '007', '-0', '+1', ' 1', '2147483648', '1e3', ''])
      check('INTEGER', text, undefined);
    for (const text of ['0.5', '-0.00', '00.50', '100.00', '.50']) check('DECIMAL(4,2)', text, undefined);
    for (const text of ['0.0', '-0.0', 'nan', 'inf', '1', '0.10', '1e5', '0x10'])
      check('DOUBLE', text, undefined);
    for (const text of ['2023-02-29', '0000-01-01', '99-01-01', 'infinity']) check('DATE', text, undefined);
    for (const text of ['2024-01-01 24:00:00', '2024-01-01 00:00:00.50', '2024-01-01']) {
      check('TIMESTAMP', text, undefined);
    }
    check('TIMESTAMP_NS', '1600-01-01 00:00:00', undefined);
    check("ENUM('a')[]", '[a]', undefined);
    check('BLOB', 'abc', undefined);
  });

  it('hold any text', () => {
    assert.equal(textLiteral("it's"), "'it''s'");
    assert.equal(textLiteral('a\0b'), "('a' || chr(0) || 'b')");
    assert.equal(valueLiteral('BLOB', "x'"), "cast('x''' as BLOB)");
  });
});

describe('columns of a result in SQL', () => {
  it('get other names where theirs are empty or occur twice', () => {
    const named = (...names: string[]) => namedColumns(names.map((name) => ({ name, type: 'INTEGER' })));
    assert.deepEqual(named('a', 'B"').alias, '');
    assert.equal(named('a', 'A', '', 'a_1').alias, ' as t("a", "A_1", "column2", "a_1_1")');
  });
});

describe('the bars of a histogram', () => {
  const check = (type: string, min: string, max: string, expected: readonly string[] | undefined) => {
    const bounds = histogramBounds(type, min, max);
    const [first, , last] = [bounds?.[0] ?? '', '', bounds?.at(-1) ?? ''];
    assert.deepEqual(bounds && [first, last, String(bounds.length)], expected, `${type} ${min} ${max}`);
  };

  it('meet at round values', () => {
    check('INTEGER', '-3', '97', ['0', '90', '10']);
    check('BIGINT', '-9223372036854775808', '9223372036854775807', [
      '-9000000000000000000',
      '9000000000000000000',
      '19',
    ]);
    check('DECIMAL(4,2)', '-0.50', '0.50', ['-0.40', '0.50', '10']);
    check('DOUBLE', '0.25', '499.75', ['50.0', '450.0', '9']);
    check('DOUBLE', '-1.7976931348623157e+308', '1.7976931348623157e+308', undefined);
    check('DATE', '2024-01-15', '2026-03-01', ['2024-04-01', '2026-01-01', '8']);
    check('TIME', '00:00:00', '23:59:59', ['02:00:00', '22:00:00', '11']);
    check('TIMESTAMP', '2024-01-01 10:00:30', '2024-01-01 10:03:00', [
      '2024-01-01 10:00:40',
      '2024-01-01 10:03:00',
      '15',
    ]);
    check('TIMESTAMP WITH TIME ZONE', '2024-01-01 00:00:00+00', '2024-01-11 00:00:00+00', [
      '2024-01-02 00:00:00+00',
      '2024-01-11 00:00:00+00',
      '10',
    ]);
    check('VARCHAR', 'a', 'b', undefined);
    check('DATE', '44-03-15 (BC)', '2024-01-01', undefined);
  });
});
