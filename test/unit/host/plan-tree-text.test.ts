import assert from 'node:assert/strict';
import { planTreeText } from '../../../wasm-core/host/cli/explain/plan-tree-text.ts';
import { displayWidth } from '../../../wasm-core/host/cli/text-table.ts';
import type { PlanNode } from '../../../wasm-core/protocol/plan.ts';
import type { FunctionCost } from '../../../wasm-core/protocol/statement-cost.ts';

const COSTS: readonly FunctionCost[] = [
  { name: 'slug', calls: 3, rows: 6000, micros: 4000, transferMicros: 1000, fuel: 60_000 },
  { name: 'hidden', calls: 1, rows: 5, micros: 10, transferMicros: 0, fuel: 50 },
];

const NODES: readonly PlanNode[] = [
  { parent: -1, operator: 'PROJECTION', details: [], estimate: 10, rows: 12, micros: 100 },
  {
    parent: 0,
    operator: 'HASH_JOIN',
    details: [{ name: 'Conditions', value: 'a = b\nc = d' }],
    estimate: 40_000,
    rows: 12,
    micros: 3000,
  },
  {
    parent: 1,
    operator: 'FILTER',
    details: [{ name: 'Expression', value: "slug(s) > '\u001b[31m'" }],
    rows: 6000,
    micros: 6000,
    functions: ['slug'],
  },
  { parent: 2, operator: 'SEQ_SCAN', details: [], rows: 6000, scanned: 9000, micros: 500 },
  { parent: 1, operator: 'RANGE', details: [], estimate: 7, rows: 7, micros: 400 },
];

const WHOLE = { costs: COSTS, width: undefined };

describe('a plan in a terminal', () => {
  it('is a tree beside its figures, with plugin functions, the hot path and estimates that are far off', () => {
    assert.deepEqual(planTreeText({ isMeasured: true, nodes: NODES }, WHOLE).split('\n'), [
      '  time  share   rows  rows expected  operator',
      '100 µs    1 %     12             10  PROJECTION [hot]',
      '3.0 ms   30 %     12         40,000  └─ HASH_JOIN [hot] [3,333× fewer than expected]  a = b, c = d',
      "6.0 ms   60 %  6,000                    ├─ FILTER [hottest]  slug(s) > '␛[31m'",
      '4.0 ms   40 %  6,000                    │  ├─ plugin function slug  3 calls, 10 fuel a row, 1.0 ms of it transfer',
      '500 µs    5 %  6,000                    │  └─ SEQ_SCAN [9,000 rows read]',
      '400 µs    4 %      7              7     └─ RANGE',
      ' 10 µs  < 1 %      5                 plugin function hidden  1 call, 10 fuel a row, in an operator that the plan does not name',
    ]);
  });

  it('has nothing but estimates where the statement did not run', () => {
    const nodes = NODES.slice(0, 2).map(({ rows: _, micros: __, ...node }) => node);
    assert.deepEqual(planTreeText({ isMeasured: false, nodes }, { ...WHOLE, costs: [] }).split('\n'), [
      'rows expected  operator',
      '           10  PROJECTION',
      '       40,000  └─ HASH_JOIN  a = b, c = d',
    ]);
  });

  it('is cut at the edge of the terminal, its figures never', () => {
    const lines = planTreeText({ isMeasured: true, nodes: NODES }, { costs: COSTS, width: 70 }).split('\n');
    assert.ok(Math.max(...lines.map(displayWidth)) <= 70, lines.join('\n'));
    assert.match(lines[2] ?? '', /^3\.0 ms +30 % +12 +40,000 {2}└─ HASH_JOIN .*…$/);
  });

  it('stays a text of some size when it is thousands of operators deep', () => {
    const nodes = Array.from({ length: 9000 }, (_, index) => ({
      parent: index - 1,
      operator: 'FILTER',
      details: [],
    }));
    const text = planTreeText({ isMeasured: false, nodes }, { ...WHOLE, costs: [] });
    assert.ok(text.length < 3_000_000, String(text.length));
    assert.match(text, /\[level 9000\] FILTER$/);
  });
});
