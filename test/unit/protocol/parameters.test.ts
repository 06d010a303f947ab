import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  findParameters,
  parameterText,
  parseParameterValue,
} from '../../../wasm-core/protocol/parameters.ts';

function check(sql: string, names: readonly string[]) {
  const places = findParameters(sql);
  assert.deepEqual(
    places.map(({ name }) => name),
    names,
    sql,
  );
  for (const { start, end } of places) assert.match(sql.slice(start, end), /^(\$.+|\?)$/);
}

describe('parameters of a statement', () => {
  it('are names, numbers and question marks outside of texts and comments', () => {
    check('select $min, $2, $min', ['min', '2', 'min']);
    check('select * from t where a=? and b in (?, ?)', ['1', '2', '3']);
    check(`select '$a ?', "$b", $$ $c $$, $x$ $d $x$ -- $e ?\n/* $f */`, []);
    check('select $größe', ['größe']);
  });

  it('are none in a statement that is prepared for later', () => {
    check('/* x */ PREPARE q as select $1, ?', []);
    check('execute q($a)', ['a']);
  });
});

describe('values of parameters', () => {
  it('are numbers, true, false and NULL where they read so, else text', () => {
    const values = ['5', '-1.5e3', 'TRUE', 'null', '"5"', '007', '12345678901234567890', 'ten', ''];
    assert.deepEqual(values.map(parseParameterValue), [
      5,
      -1500,
      true,
      null,
      '5',
      '007',
      '12345678901234567890',
      'ten',
      '',
    ]);
  });

  it('read back as they were written', () => {
    const value = fc.oneof(
      fc.string(),
      fc.constantFrom('5', 'true', 'null', '"a"', '""'),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
    );
    fc.assert(
      fc.property(value, (v) => assert.deepEqual(parseParameterValue(parameterText(v)), v === 0 ? 0 : v)),
    );
  });
});
