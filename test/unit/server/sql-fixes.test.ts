import assert from 'node:assert/strict';
import fc from 'fast-check';
import { guessResult, parameterNames } from '../../../server/sql/fixes/guess-signature.ts';
import { operandsOf } from '../../../server/sql/fixes/operands.ts';
import { parseMismatch } from '../../../server/sql/fixes/type-mismatch.ts';
import { parseStatement } from '../../../server/sql/syntax/parse-statement.ts';
import { textOf } from '../../../server/sql/syntax/scope.ts';

/** The operands of the operator between `|` and `|`. */
function operands(marked: string): string[] {
  const [before = '', operator = '', after = ''] = marked.split('|');
  const sql = before + operator + after;
  const span = { start: before.length, end: before.length + operator.length };
  return operandsOf(parseStatement(sql), span).map((operand) => textOf(sql, operand));
}

describe('operands', () => {
  it('are names, values, calls and parentheses beside an operator', () => {
    assert.deepEqual(operands('select a.b |+| 1'), ['a.b', '1']);
    assert.deepEqual(operands('select f(x, g(1)) |*| (y + 2) from t'), ['f(x, g(1))', '(y + 2)']);
    assert.deepEqual(operands("select * from t where t.id |like| '1%'"), ['t.id', "'1%'"]);
    assert.deepEqual(operands('select |-| name'), ['name']);
    assert.deepEqual(operands('select a |+|'), []);
  });

  it('lie inside of any text', () => {
    const word = fc.constantFrom('a', '.', '(', ')', '+', ',', '1', "'x'", 'select', '"q"', 'from', '[', ']');
    fc.assert(
      fc.property(fc.array(word, { maxLength: 20 }), fc.nat(), (words, at) => {
        const sql = words.join(' ');
        const start = at % (sql.length + 1);
        for (const operand of operandsOf(parseStatement(sql), {
          start,
          end: Math.min(start + 1, sql.length),
        })) {
          assert.ok(operand.start >= 0 && operand.start <= operand.end && operand.end <= sql.length);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('the types of a call that fits no function', () => {
  it('are read from the message, those that need the fewest casts first', () => {
    const message = [
      "No function matches the given name and argument types 'f(DECIMAL(2,1), VARCHAR)'. You might need to add explicit type casts.",
      '\tCandidate functions:',
      '\tf(VARCHAR) -> VARCHAR',
      '\tf(BIGINT, BIGINT) -> BIGINT',
      '\tf(DOUBLE, VARCHAR) -> VARCHAR',
      '\tf(ANY[], VARCHAR) -> VARCHAR',
    ].join('\n');
    assert.deepEqual(parseMismatch(message), {
      given: ['DECIMAL(2,1)', 'VARCHAR'],
      wanted: [
        ['DOUBLE', 'VARCHAR'],
        ['BIGINT', 'BIGINT'],
      ],
    });
    assert.equal(parseMismatch('Table with name t does not exist!'), undefined);
  });
});

describe('the signature of a function that is to be written', () => {
  it('has the names of columns', () => {
    assert.deepEqual(parameterNames(['p.name', '"First Name"', "'x'", 'NAME', 'default', 'f(a)', 'true']), [
      'name',
      'first_name',
      'c',
      'name2',
      'default_',
      'f',
      'g',
    ]);
  });

  it('has a result that suits the place of the call', () => {
    const result = (sql: string) => {
      const statement = parseStatement(sql);
      const call = statement.calls.find(({ name }) => name.text === 'f');
      assert.ok(call);
      return guessResult(statement, call);
    };
    assert.equal(result('select f(x) from t'), 'VARCHAR');
    assert.equal(result('from t where f(x)'), 'BOOLEAN');
    assert.equal(result('from t where a = 1 and not f(x) order by 1'), 'BOOLEAN');
    assert.equal(result("from t where f(x) = 'a'"), 'VARCHAR');
    assert.equal(result('from t where f(x) >= 10'), 'DOUBLE');
    assert.equal(result('from t where 10 < f(x)'), 'DOUBLE');
    assert.equal(result('select f(x) * 2 from t'), 'DOUBLE');
    assert.equal(result('select f(x)::bigint from t'), 'BIGINT');
  });
});
