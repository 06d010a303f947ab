import assert from 'node:assert/strict';
import { isNumeric, parseType, type TypeNode } from '../../../wasm-core/results/type-text.ts';

describe('a type read from its text', () => {
  const show = ({ name, parts }: TypeNode): string =>
    parts.length > 0 ? `${name}<${parts.map(show).join(' ')}>` : name;
  const check = (text: string, expected: string) => assert.equal(show(parseType(text)), expected);

  it('has its name without parameters', () => {
    check('DECIMAL(10,2)', 'DECIMAL');
    check('TIMESTAMP WITH TIME ZONE', 'TIMESTAMP WITH TIME ZONE');
    check("ENUM('a', 'it''s', '), [')", 'ENUM');
    check('"NULL"', '"NULL"');
  });
  it('has its parts in order', () => {
    check('INTEGER[]', 'LIST<INTEGER>');
    check('INTEGER[3][]', 'LIST<ARRAY<INTEGER>>');
    check('STRUCT(a INTEGER, "B, (c" DECIMAL(4,1)[])', 'STRUCT<INTEGER LIST<DECIMAL>>');
    check('STRUCT("" TIME WITH TIME ZONE, with TIME)', 'STRUCT<TIME WITH TIME ZONE TIME>');
    check("MAP(ENUM('x, y'), MAP(VARCHAR, BOOLEAN))[]", 'LIST<MAP<ENUM MAP<VARCHAR BOOLEAN>>>');
    check('UNION("name" VARCHAR, age SMALLINT)', 'UNION<VARCHAR SMALLINT>');
  });
  it('is a name alone when the text is no type', () => {
    for (const text of ['', 'STRUCT(a', 'MAP(, )', 'a]b', '(((('])
      assert.deepEqual(parseType(text).parts, []);
  });
  it('is a number where values line up at their last digit', () => {
    const numeric = [
      'TINYINT',
      'UHUGEINT',
      'INTEGER',
      'UINTEGER',
      'BIGINT',
      'DECIMAL(10,2)',
      'DOUBLE',
      'BIGNUM',
    ];
    const others = [
      'INTERVAL',
      'INTEGER[]',
      'VARCHAR',
      'DATE',
      'STRUCT(a INTEGER)',
      'BOOLEAN',
      'DECIMAL(4,1)[]',
    ];
    assert.deepEqual(numeric.filter(isNumeric), numeric);
    assert.deepEqual(others.filter(isNumeric), []);
  });
});
