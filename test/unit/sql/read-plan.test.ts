import assert from 'node:assert/strict';
import { readPlan } from '../../../wasm-core/sql/duckdb/explain/read-plan.ts';

const MEASURED = { isMeasured: true, called: [] };

function operator(name: string, more: object = {}): object {
  return { operator_name: name, operator_type: name, extra_info: {}, children: [], ...more };
}

function analysed(...children: readonly object[]): string {
  return JSON.stringify({ children: [operator('EXPLAIN_ANALYZE', { children })] });
}

function call(name: string, rows: number) {
  return { name, rows, calls: 1, micros: 1, transferMicros: 0, fuel: 1 };
}

describe('a plan of the engine', () => {
  it('is read in the order of the tree, without the operator that EXPLAIN is', () => {
    const json = analysed(
      operator('HASH_JOIN', {
        operator_timing: 0.0012,
        operator_cardinality: 7,
        extra_info: { 'Estimated Cardinality': '9', Conditions: ['a = b', 'c = d'] },
        children: [operator('PROJECTION', { children: [operator('SEQ_SCAN ')] }), operator('FILTER')],
      }),
    );
    const { nodes } = readPlan(json, MEASURED);
    assert.deepEqual(
      nodes.map(({ operator, parent }) => [operator, parent]),
      [
        ['HASH_JOIN', -1],
        ['PROJECTION', 0],
        ['SEQ_SCAN', 1],
        ['FILTER', 0],
      ],
    );
    const { micros, rows, estimate, details } = nodes[0] ?? assert.fail();
    assert.deepEqual([micros, rows, estimate], [1200, 7, 9]);
    assert.deepEqual(details, [{ name: 'Conditions', value: 'a = b\nc = d' }]);
  });

  it('may be deeper than a program may call itself, and is cut where nobody reads on', () => {
    let json = '{"name":"UNION","extra_info":{},"children":[]}';
    for (let depth = 1; depth < 12_000; depth++)
      json = `{"name":"UNION","extra_info":{},"children":[${json}]}`;
    const { nodes, leftOut } = readPlan(`[${json}]`, { isMeasured: false, called: [] });
    assert.deepEqual([nodes.length, leftOut], [10_000, 2_000]);
    assert.equal(nodes.at(-1)?.parent, 9_998);
  });

  it('has the names of functions that statements use, whatever the engine makes of their letters', () => {
    const info = { Function: '__QUERN_3_SPLITTEXT', Projections: ['__quern_12_upper(s)', "'__quern_1_no('"] };
    const { nodes } = readPlan(analysed(operator('__QUERN_3_SPLITTEXT ', { extra_info: info })), {
      isMeasured: true,
      called: [call('splitText', 4), call('upper', 4)],
    });
    assert.equal(nodes[0]?.operator, 'splitText');
    assert.deepEqual(nodes[0]?.functions, ['splitText', 'upper']);
    assert.equal(nodes[0]?.details[1]?.value, "upper(s)\n'__quern_1_no('");
  });

  it('finds a call behind the name of its column where only one operator can have made it', () => {
    const projection = (rows: number, children: readonly object[] = []) =>
      operator('PROJECTION', { operator_cardinality: rows, children });
    const json = analysed(projection(3, [projection(5, [projection(5)])]));
    const { nodes } = readPlan(json, {
      isMeasured: true,
      called: [call('f', 3), call('g', 5), call('h', 9)],
    });
    assert.deepEqual(
      nodes.map(({ functions }) => functions),
      [['f'], undefined, undefined],
    );
  });

  it('keeps what is wrong in it as text, or leaves it out', () => {
    const wrong = {
      operator_name: '<img src=x onerror=alert(1)>\u202e',
      operator_timing: 'soon',
      operator_cardinality: -1,
      extra_info: { '<b>': { nested: [1, null] }, 'Estimated Cardinality': 'many' },
      children: ['text', null],
    };
    const { nodes } = readPlan(analysed(wrong), MEASURED);
    assert.deepEqual(nodes[0], {
      parent: -1,
      operator: '<img src=x onerror=alert(1)>\u202e',
      details: [{ name: '<b>', value: '{"nested":[1,null]}' }],
    });
    assert.deepEqual([nodes.length, nodes[1]?.operator], [3, 'OPERATOR']);
    assert.throws(() => readPlan('{}', MEASURED), /has no plan of this statement; explain a query/);
  });
});
