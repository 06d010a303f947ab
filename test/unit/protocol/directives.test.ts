import assert from 'node:assert/strict';
import fc from 'fast-check';
import { leadingStart, readDirectives } from '../../../wasm-core/protocol/directives.ts';
import { splitStatements } from '../../../wasm-core/protocol/statements.ts';

/** What the directives of a statement say, places left out. */
function check(text: string, expected: readonly [name?: string, limit?: number, db?: string], index = 0) {
  const ranges = splitStatements(text);
  const { name, limit, database, problems } = readDirectives(
    text,
    leadingStart(ranges, index),
    ranges[index]?.start ?? text.length,
  );
  assert.deepEqual([name, limit, database?.path], [expected[0], expected[1], expected[2]], text);
  assert.deepEqual(problems, []);
  if (database !== undefined) assert.ok(text.slice(database.start, database.end).includes(database.path));
}

function problems(text: string) {
  return readDirectives(text, 0, text.length).problems.map(({ type, start, end }) => [
    type,
    text.slice(start, end),
  ]);
}

describe('directives', () => {
  it('are read from the comments above a statement', () => {
    check('-- name: top customers\nselect 1', ['top customers']);
    check('--name:x\n  -- @limit 1_000 \n\n-- @db data/a b.duckdb\r\nselect 1', [
      'x',
      1000,
      'data/a b.duckdb',
    ]);
    check("-- @DB 'sales.duckdb'\nselect 1", [undefined, undefined, 'sales.duckdb']);
    check('/* more */ -- @limit 5\nselect 1', []);
  });

  it('belong to the statement below them', () => {
    const text = '-- @limit 1\nselect 1; -- @limit 2\n-- @limit 3\nselect 2;\nselect 3';
    check(text, [undefined, 1], 0);
    check(text, [undefined, 3], 1);
    check(text, [], 2);
  });

  it('are not read from strings, block comments and the inside of statements', () => {
    check("select '\n-- @limit 5\n'", []);
    check('/*\n-- @limit 5\n*/ select 1', []);
    check('select\n-- @limit 5\n1', []);
    check('-- see @limit 5, or name: x\nselect 1', []);
  });

  it('hold in the order of the text', () => {
    check('-- @limit 1\n-- @limit 2\nselect 1', [undefined, 2]);
  });

  it('say where they are wrong', () => {
    assert.deepEqual(problems('-- @limit many\nselect 1'), [['value', '-- @limit many']]);
    assert.deepEqual(problems('-- @limit 0\n-- @db\n'), [
      ['value', '-- @limit 0'],
      ['value', '-- @db'],
    ]);
    assert.deepEqual(problems('-- @lmit 5  \n'), [['unknown', '-- @lmit 5']]);
  });

  it('stay inside any text', () => {
    const piece = fc.constantFrom(
      '-- @limit 5',
      '-- @db x',
      '--',
      "'",
      '"',
      '/*',
      '*/',
      ';',
      '\n',
      ' ',
      'select',
      '$$',
      '\0',
      '🐸',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const text = pieces.join('');
        const ranges = splitStatements(text);
        for (const [index, { start }] of ranges.entries()) {
          const { database, problems: found } = readDirectives(text, leadingStart(ranges, index), start);
          for (const place of [database ?? [], found].flat()) {
            assert.ok(place.start >= 0 && place.start <= place.end && place.end <= start);
          }
        }
      }),
      { numRuns: 300 },
    );
  });
});
