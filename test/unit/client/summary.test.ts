import assert from 'node:assert/strict';
import { benchmarkSummary, runSummary } from '../../../client/run/summary.ts';
import { summarize } from '../../../wasm-core/protocol/bench/statistics.ts';
import type { BenchMeasured } from '../../../wasm-core/protocol/bench.ts';

const cost = { micros: 38_400, functionMicros: 0, transferMicros: 0, functionRows: 0, functionFuel: 0 };
const columns = [{ name: 'x', type: 'INTEGER' }];

describe('what a lens says of a run', () => {
  it('is its rows and its time', () => {
    assert.equal(runSummary({ columns, rowCount: 1204, truncated: false, cost }), '1,204 rows, 38 ms');
    assert.equal(runSummary({ columns, rowCount: 1, truncated: true, cost }), 'first 1 row, 38 ms');
    assert.equal(runSummary({ columns: [], rowCount: 3, truncated: false, cost }), '3 rows changed, 38 ms');
    assert.equal(runSummary({ columns: [], rowCount: 0, truncated: false, cost }), 'done, 38 ms');
  });

  it('says when its rows are those of before, and what these took', () => {
    const cached = { time: '2026-11-27T07:00:00.000Z', micros: 3_000_000 };
    const outcome = { columns, rowCount: 2, truncated: false, cost: { ...cost, micros: 900 }, cached };
    assert.equal(runSummary(outcome), '2 rows, cached, 3.00 s when run');
  });
});

describe('what a benchmark found', () => {
  const micros = [4000, 1000, 3000, 2000, 100_000];
  const result: BenchMeasured = {
    outcome: 'measured',
    name: 'slug',
    type: 'statement',
    micros,
    figures: summarize(micros),
    runsPerSample: 1,
    warmUp: { runs: 6, micros: [], isSteady: true },
    work: '',
    modules: {},
    fuel: { least: 930_000, most: 930_000 },
    rowCount: 3000,
    cost: { ...cost, functionRows: 3000, functionFuel: 930_000, functionMicros: 500 },
  };

  it('is the median and how far the runs are apart', () => {
    assert.equal(benchmarkSummary(result), 'median 3.0 ms of 5 runs');
  });
});
