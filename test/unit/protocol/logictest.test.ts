import assert from 'node:assert/strict';
import fc from 'fast-check';
import { conditionsHold } from '../../../wasm-core/protocol/logictest/conditions.ts';
import { loopTexts, loopValues } from '../../../wasm-core/protocol/logictest/loops.ts';
import { parseLogicTest } from '../../../wasm-core/protocol/logictest/parse.ts';
import type { LogicRecord } from '../../../wasm-core/protocol/logictest/records.ts';
import { writeLogicTest } from '../../../wasm-core/protocol/logictest/write.ts';

describe('files of sqllogictest', () => {
  it('hold statements and queries with their places', () => {
    const text =
      '# name: x\n\n# makes a table\nstatement ok con1\ncreate table t (\n  i int)\n\nquery IT rowsort label\nfrom t\n----\n1\ta\n';
    assert.deepEqual(parseLogicTest(text), {
      records: [
        {
          type: 'statement',
          outcome: 'ok',
          line: 4,
          endLine: 6,
          sql: 'create table t (\n  i int)',
          sqlLine: 5,
          connection: 'con1',
          conditions: [],
          foreign: false,
          comment: 'makes a table',
        },
        {
          type: 'query',
          types: 'IT',
          sort: 'rowsort',
          label: 'label',
          line: 8,
          endLine: 11,
          sql: 'from t',
          sqlLine: 9,
          conditions: [],
          foreign: false,
          expected: { lines: ['1\ta'], line: 11 },
        },
      ],
      problems: [],
    });
  });

  it('hold loops in loops, and conditions about their variables', () => {
    const text =
      'loop i 0 3\n\nforeach t a b\n\nskipif i=1\nonlyif t<>b&&i>=0\nstatement error\nselect {i}\n----\nwrong\n\nendloop\n\nendloop\n';
    const [outer] = parseLogicTest(text).records;
    assert(outer?.type === 'loop');
    assert.deepEqual([...loopValues(outer.values)], ['0', '1', '2']);
    const [inner] = outer.body;
    assert(inner?.type === 'loop' && inner.body[0]?.type === 'statement');
    const { conditions } = inner.body[0];
    const holds = (i: string, t: string) =>
      conditionsHold(
        conditions,
        new Map([
          ['i', i],
          ['t', t],
        ]),
      );
    assert.deepEqual([holds('0', 'a'), holds('1', 'a'), holds('2', 'b')], [true, false, false]);
    assert.equal(conditionsHold(conditions, new Map()), undefined);
  });

  it('name lists of types', () => {
    assert.deepEqual(loopTexts(['<signed>', '!hugeint', 'x']), [
      'tinyint',
      'smallint',
      'integer',
      'bigint',
      'x',
    ]);
  });

  it('say with their lines what is wrong, and are read on behind it', () => {
    const text =
      'statement good\nselect 1\n\nquery\nselect 1\n\nquery I\n----\n1\n\nselect 1\n\nloop i 0\n\nendloop\n\nendloop\n\nhalt\nx\n\nstatement ok\nselect 1\n----\n1\n\nskipif i=\nstatement ok\nselect 1\n\nforeach x\n';
    const { problems, records } = parseLogicTest(text);
    assert.deepEqual(
      problems.map(({ line }) => line).sort((a, b) => a - b),
      [1, 4, 7, 11, 13, 17, 20, 24, 27, 31, 31],
    );
    assert(problems.every(({ message }) => /\.$/.test(message)));
    assert.deepEqual(
      records.map(({ type }) => type),
      ['loop', 'command', 'statement'],
    );
  });

  it('are read back as they are written', () => {
    fc.assert(
      fc.property(fc.array(record(2), { minLength: 1, maxLength: 6 }), (records) => {
        const { records: read, problems } = parseLogicTest(writeLogicTest(records));
        assert.deepEqual(problems, []);
        assert.deepEqual(read.map(withoutPlaces), records.map(withoutPlaces));
      }),
    );
  });

  it('never stop the reader, whatever they hold', () => {
    const line = fc.oneof(
      fc.constantFrom(
        'statement ok',
        'query I',
        '----',
        '',
        '#',
        'loop i 0 2',
        'endloop',
        'skipif',
        'onlyif i<2',
      ),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        const { records, problems } = parseLogicTest(lines.join('\n'));
        for (const { line: at } of [...records, ...problems]) assert(at >= 1 && at <= lines.length);
      }),
      { examples: [[[' ']], [['skipif x', '\t', 'statement ok']], [['', ' ', 'query I']]] },
    );
  });
});

const word = fc.stringMatching(/^[a-z]{1,6}$/);
const sql = fc
  .array(fc.stringMatching(/^[ a-z0-9$'(){}\t]*[a-z][ a-z0-9]*$/), { minLength: 1, maxLength: 3 })
  .map((lines) => lines.join('\n'));
const expected = fc.option(
  fc.array(fc.stringMatching(/^[a-z0-9#\t -]+$/), { maxLength: 3 }).map((lines) => ({ lines, line: 0 })),
  { nil: undefined },
);
const condition = fc.record({
  variable: word,
  comparison: fc.constantFrom('=', '<>', '>', '>=', '<', '<=') as fc.Arbitrary<'='>,
  value: word,
  negated: fc.boolean(),
});
const guards = { conditions: fc.array(condition, { maxLength: 2 }), foreign: fc.boolean() };
const place = { line: fc.constant(0), endLine: fc.constant(0) };
const sqlMembers = {
  ...{ ...place, ...guards, sql, sqlLine: fc.constant(0) },
  comment: fc.option(word, { nil: undefined }),
};

function record(depth: number): fc.Arbitrary<LogicRecord> {
  const statement = fc
    .record({
      ...{ type: fc.constant('statement' as const), ...sqlMembers, expected },
      outcome: fc.constantFrom('ok' as const, 'error' as const, 'maybe' as const),
      connection: fc.option(fc.constant('con1'), { nil: undefined }),
    })
    .map((made) => (made.outcome === 'ok' ? { ...made, expected: undefined } : made));
  const query = fc.record({
    ...{ type: fc.constant('query' as const), ...sqlMembers, expected },
    types: fc.stringMatching(/^[IRT]{1,3}$/),
    sort: fc.constantFrom('nosort' as const, 'rowsort' as const, 'valuesort' as const),
    label: fc.option(word, { nil: undefined }),
  });
  const command = fc.record({
    ...{ type: fc.constant('command' as const), ...place, ...guards },
    name: fc.constantFrom('require' as const, 'load' as const, 'mode' as const),
    words: fc.array(word, { maxLength: 2 }),
  });
  const plain = fc.oneof(statement, query, command) as fc.Arbitrary<LogicRecord>;
  if (depth === 0) return plain;
  const loop = fc.record({
    ...{ type: fc.constant('loop' as const), ...place, variable: word, concurrent: fc.boolean() },
    values: fc.oneof(
      fc.record({ type: fc.constant('range' as const), start: fc.integer(), end: fc.integer() }),
      fc.record({ type: fc.constant('list' as const), texts: fc.array(word, { minLength: 1 }) }),
    ),
    body: fc.array(record(depth - 1), { maxLength: 3 }),
  });
  return fc.oneof(
    { weight: 3, arbitrary: plain },
    { weight: 1, arbitrary: loop as fc.Arbitrary<LogicRecord> },
  );
}

/** What a record says, without where it says it; nothing is the same as an absent member. */
function withoutPlaces(value: LogicRecord): unknown {
  return JSON.parse(
    JSON.stringify(value, (key, member) => (/^(line|endLine|sqlLine)$/.test(key) ? undefined : member)),
  );
}
