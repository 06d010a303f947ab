import assert from 'node:assert/strict';
import { lineDiff } from '../../../wasm-core/host/cli/test/line-diff.ts';
import { applyUpdates } from '../../../wasm-core/host/cli/test/update-file.ts';
import { hashOf, sortValues } from '../../../wasm-core/host/tests/compare-rows.ts';
import { valuesEqual } from '../../../wasm-core/host/tests/compare-values.ts';
import { missingRequirement, requiredLate } from '../../../wasm-core/host/tests/requirements.ts';
import { parseLogicTest } from '../../../wasm-core/protocol/logictest/parse.ts';

describe('values of tests', () => {
  const cases: readonly (readonly [actual: string, expected: string, type: string, equal: boolean])[] = [
    ['1', '1', 'VARCHAR', true],
    ['1', '1.0', 'VARCHAR', false],
    ['1', '1.0', 'INTEGER', true],
    ['-3', '-2.5', 'INTEGER', true],
    ['170141183460469231731687303715884105727', '170141183460469231731687303715884105726', 'HUGEINT', false],
    ['1.001', '1', 'DOUBLE', true],
    ['1.1', '1', 'DOUBLE', false],
    ['-nan', 'NAN', 'DOUBLE', true],
    ['nan', 'x', 'DOUBLE', false],
    ['inf', '-inf', 'DOUBLE', false],
    ['inf', 'Infinity', 'FLOAT', true],
    ['1.50', '1.5', 'DECIMAL(4,2)', true],
    ['1.50', '1.499', 'DECIMAL(4,2)', true],
    ['1.50', '1.51', 'DECIMAL(4,2)', false],
    ['1', 'True', 'BOOLEAN', true],
    ['0', 'true', 'BOOLEAN', false],
    ['NULL', '0', 'INTEGER', false],
    ['a\nb', '<REGEX>:a.b', 'VARCHAR', true],
    ['ab', '<REGEX>:b', 'VARCHAR', false],
    ['ab', '<!REGEX>:b', 'VARCHAR', true],
    ['AB', '<REGEX>:(?i)ab', 'VARCHAR', true],
    ['1000000', '1_000_000', 'INTEGER', true],
    ['1000000', '1__000000', 'INTEGER', false],
    ['ab', '<REGEX>:(', 'VARCHAR', false],
  ];
  for (const [actual, expected, type, equal] of cases) {
    it(`${JSON.stringify(actual)} ${equal ? 'is' : 'is not'} ${JSON.stringify(expected)} as ${type}`, () => {
      assert.equal(valuesEqual(actual, expected, type), equal);
    });
  }

  it('hash like those of DuckDB’s runner', () => {
    // The sum of "1\n2\n", as md5sum gives it.
    assert.equal(hashOf(['1', '2']), '2 values hashing to 6ddb4095eb719e2a9f0a3f95677d24e0');
  });

  it('are sorted by rows or alone', () => {
    const values = ['b', '1', 'a', '2', 'a', '10'];
    assert.deepEqual(sortValues(values, 2, 'rowsort'), ['a', '10', 'a', '2', 'b', '1']);
    assert.deepEqual(sortValues(values, 2, 'valuesort'), ['1', '10', '2', 'a', 'a', 'b']);
    assert.equal(sortValues(values, 2, 'nosort'), values);
  });
});

describe('requirements of tests', () => {
  it('are what the engine has', () => {
    const extensions = new Set(['parquet']);
    const missing = (...words: string[]) => missingRequirement(words, extensions) !== undefined;
    assert.deepEqual(
      [missing('parquet'), missing('PARQUET'), missing('httpfs'), missing('vector_size', '512')],
      [false, false, true, false],
    );
    assert.deepEqual(
      [missing('vector_size', '4096'), missing('64bit'), missing('ram', '8gb')],
      [true, true, true],
    );
  });
});

describe('extensions that a file requires late', () => {
  const late = (text: string) => requiredLate(parseLogicTest(text).records);
  it('are those of Quern below a statement', () => {
    assert.deepEqual(late('statement ok\nselect 1\n\nrequire icu\n\nrequire tpch\n'), ['icu']);
    assert.deepEqual(late('require icu\n\nstatement ok\nselect 1\n\nrequire json\n'), ['json']);
    assert.deepEqual(late('require icu\n\nrequire parquet\n\nstatement ok\nselect 1\n'), []);
  });
});

describe('differences of lines', () => {
  it('show what changed with two lines around it', () => {
    const before = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'];
    const after = ['a', 'b', 'c', 'x', 'e', 'f', 'g', 'h', 'i', 'j'];
    assert.deepEqual(lineDiff(before, after), [' b', ' c', '-d', '+x', ' e', ' f', '…', ' h', ' i', '+j']);
    assert.deepEqual(lineDiff([], ['a']), ['+a']);
    assert.deepEqual(lineDiff(['a'], ['a']), []);
  });
});

describe('updates of files', () => {
  it('replace lines and keep everything else, line ends too', () => {
    const text = 'query I\r\nselect 1\r\n----\r\n2\r\n3\r\n\r\nquery I\r\nselect 2\r\n';
    const updates = [
      { line: 4, count: 2, lines: ['1'] },
      { line: 9, count: 0, lines: ['----', '2'] },
    ];
    assert.equal(
      applyUpdates(text, updates),
      'query I\r\nselect 1\r\n----\r\n1\r\n\r\nquery I\r\nselect 2\r\n----\r\n2\r\n',
    );
  });
});
