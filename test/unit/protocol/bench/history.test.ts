import assert from 'node:assert/strict';
import { type Baselines, withMeasured } from '../../../../wasm-core/protocol/bench/baseline-file.ts';
import { historyPoints } from '../../../../wasm-core/protocol/bench/history.ts';
import { benchRun, exampleBaselines, measured } from '../../../support/bench-report.ts';

const run = benchRun([]);

/** Baselines in which one benchmark took a time. */
function baselines(micros: number, machine = run.machine): Baselines {
  const fuel = { least: 7, most: 9 };
  const target = measured('a', [micros, micros, micros * 3], { fuel });
  return withMeasured({ benchmarks: {} }, { 'f#a': target }, { ...run, machine });
}

describe('the history of a benchmark', () => {
  const version = (hash: string, at: Baselines) => ({
    hash: `${hash}0123456789`,
    message: `made ${hash}`,
    at: `2026-01-0${hash}`,
    baselines: at,
  });

  it('has the medians at each commit that changed them', () => {
    const versions = [version('1', baselines(10)), version('2', baselines(10)), version('3', baselines(30))];
    assert.deepEqual(historyPoints(versions, { id: 'f#a', machine: run.machine }), [
      { revision: '1012345', message: 'made 1', at: '2026-01-01', micros: 10, q1: 10, q3: 20, fuel: 7 },
      { revision: '3012345', message: 'made 3', at: '2026-01-03', micros: 30, q1: 30, q3: 60, fuel: 7 },
    ]);
  });

  it('leaves out other machines, other benchmarks, and names of JavaScript', () => {
    const elsewhere = baselines(10, { ...run.machine, cores: 64 });
    const versions = [version('1', elsewhere), version('2', exampleBaselines())];
    for (const id of ['f#a', 'toString', '__proto__']) {
      assert.deepEqual(historyPoints(versions, { id, machine: run.machine }), []);
    }
  });
});
