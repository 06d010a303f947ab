import assert from 'node:assert/strict';
import { comparisonMemo, parseKeptRuns, plansOf } from '../../../client/results/run-memo.ts';
import type { ResultView } from '../../../wasm-core/protocol/webview.ts';

const GONE = { title: 'select 1', uri: 'file:///a.sql', statements: ['select 1'] };
const RUN = {
  id: '17',
  title: 'flights',
  detail: '1 row, 12:00:03',
  isPinned: true,
  memo: { gone: GONE, history: ['5f0c9a3e77d1'] },
};

const PLAN: ResultView = {
  id: '17.0/1',
  title: 'select 1',
  columns: [{ name: 'plan', type: 'VARCHAR' }],
  rowCount: 1,
  truncated: false,
  pages: [{ rows: 1, byteLength: 8 }] as never,
  cost: { micros: 1200, functionMicros: 0, transferMicros: 0, functionRows: 0, functionFuel: 0 },
  look: 'plan',
  plan: { isAnalyzed: false, root: { name: 'DUMMY_SCAN', children: [] } } as never,
};
const TIME = new Date('2026-11-28T01:00:00Z');

describe('the runs that a window kept', () => {
  it('are read as they were, and nothing beside them', () => {
    const kept = { runs: [RUN], chosen: '17' };
    assert.deepEqual(parseKeptRuns(JSON.parse(JSON.stringify(kept))), kept);
    const more = { ...RUN, content: 'x', memo: { ...RUN.memo, gone: { ...GONE, parameters: { key: 'x' } } } };
    assert.deepEqual(parseKeptRuns({ runs: [more] }), { runs: [RUN] });
  });

  it('are those that can be read, each once', () => {
    const others: readonly unknown[] = [
      null,
      'run',
      { ...RUN, id: '' },
      { ...RUN, id: 17 },
      { ...RUN, title: undefined },
      { ...RUN, memo: undefined },
      { ...RUN, memo: { gone: {}, history: [] } },
      { ...RUN, memo: { gone: GONE, history: [1] } },
      { ...RUN, memo: { gone: GONE, history: new Array(1_000_000_000) } },
    ];
    assert.deepEqual(parseKeptRuns({ runs: [...others, RUN, { ...RUN, title: 'twice' }] }), { runs: [RUN] });
    for (const value of [undefined, null, 1, [], {}, { runs: 'x' }, ...others])
      assert.deepEqual(parseKeptRuns(value), { runs: [] });
  });

  it('have comparisons among them, whose rows have to be kept', () => {
    const made = { title: 'a → b: 1 row added', uri: 'file:///a.sql', sql: 'with a as (…)' };
    assert.equal(comparisonMemo({ ...made, kept: undefined }), undefined);
    const memo = comparisonMemo({ ...made, kept: '9c41' });
    const runs = [RUN, { ...RUN, id: '18', memo }];
    assert.deepEqual(parseKeptRuns(JSON.parse(JSON.stringify({ runs }))), { runs });
    // A statement may name both sides' whole queries.
    const long = comparisonMemo({ ...made, sql: 'x'.repeat(200_000), kept: '9c41' });
    assert.equal(long?.comparison.sql, '');
    for (const comparison of [null, {}, { ...made }, { ...made, kept: 1 }, { ...made, kept: 'x', uri: '' }])
      assert.deepEqual(parseKeptRuns({ runs: [{ ...RUN, memo: { comparison } }] }), { runs: [] });
  });

  it('have rows that were cut off, and the error beside them', () => {
    const cut = { kept: '9c41', why: 'failed', failure: { title: 'select 1', message: 'no' } };
    const runs = [{ ...RUN, memo: { ...RUN.memo, cut } }];
    assert.deepEqual(parseKeptRuns(JSON.parse(JSON.stringify({ runs }))), { runs });
    for (const other of [null, 'x', {}, { kept: 1, why: 'failed' }, { kept: 'x', why: 'gone' }])
      assert.deepEqual(parseKeptRuns({ runs: [{ ...RUN, memo: { ...RUN.memo, cut: other } }] }), {
        runs: [RUN],
      });
  });

  it('have their plans with them, of which the page needs no rows', () => {
    const plans = plansOf([PLAN], TIME);
    const cached = { time: '2026-11-28T01:00:00.000Z', micros: 1200 };
    assert.deepEqual(plans, [{ ...PLAN, columns: [], pages: [], cached }]);
    const run = { ...RUN, memo: { gone: { ...GONE, mode: 'analyze' }, history: [''], plans } };
    assert.deepEqual(parseKeptRuns(JSON.parse(JSON.stringify({ runs: [run] }))), { runs: [run] });
    // Else it would be said that its rows are gone.
    for (const other of [undefined, [], [PLAN, null], [{ ...PLAN, plan: undefined }], 'plan'])
      assert.deepEqual(parseKeptRuns({ runs: [{ ...run, memo: { ...run.memo, plans: other } }] }), {
        runs: [],
      });
  });

  it('have no plans that are too long, or that are texts alone', () => {
    const { plan: _, ...text } = PLAN;
    assert.equal(plansOf([text], TIME), undefined);
    assert.equal(plansOf([PLAN, text], TIME), undefined);
    assert.equal(plansOf([], TIME), undefined);
    assert.equal(plansOf([{ ...PLAN, title: 'x'.repeat(200_000) }], TIME), undefined);
  });
});
