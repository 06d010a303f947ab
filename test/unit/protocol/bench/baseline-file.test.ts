import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  baselineText,
  machineKey,
  parseBaselines,
  samplesOn,
  withMeasured,
} from '../../../../wasm-core/protocol/bench/baseline-file.ts';
import { summarize } from '../../../../wasm-core/protocol/bench/statistics.ts';
import type { BenchMachine, BenchMeasured } from '../../../../wasm-core/protocol/bench.ts';
import { throwsKind } from '../../../support/core-error.ts';

const machine: BenchMachine = {
  cpu: 'Some CPU',
  cores: 2,
  memoryBytes: 8e9,
  os: 'linux',
  osRelease: '6.1',
  arch: 'x64',
};
const versions = { quern: '0.1.0', duckdb: 'v1.4.3', node: '22.0.0', v8: '12' };
const run = { machine, versions, at: '2026-01-01T00:00:00.000Z' };

const measured = (more: Partial<BenchMeasured> = {}): BenchMeasured => ({
  outcome: 'measured',
  name: 'slug',
  type: 'statement',
  micros: [1000, 1001.23456, 999],
  runsPerSample: 1,
  warmUp: { runs: 2, micros: [2000, 1000], isSteady: true },
  figures: summarize([1000]),
  fuel: { least: 500, most: 500 },
  rowCount: 1,
  functionRows: 10,
  work: 'aa',
  modules: { slug: 'bb' },
  ...more,
});

const EMPTY = { benchmarks: {} };

describe('a file of baselines', () => {
  it('is written with members in order and a list of samples on one line', () => {
    const text = baselineText(
      withMeasured(EMPTY, { 'z.sql#slug': measured(), 'a.sql#one': measured() }, run),
    );
    assert.ok(text.indexOf('a.sql#one') < text.indexOf('z.sql#slug'));
    assert.match(text, /^ {10}"micros": \[1000, 1001, 999\],$/m);
    assert.ok(text.endsWith('}\n'));
    assert.equal(baselineText(parseBaselines(text, { source: 'x' })), text);
  });

  it('keeps at most 50 samples of a benchmark', () => {
    const many = measured({ micros: Array.from({ length: 500 }, (_, i) => 1000 + i) });
    const { benchmarks } = withMeasured(EMPTY, { a: many }, run);
    const { micros = [] } = samplesOn(benchmarks.a ?? assert.fail(), machine);
    assert.deepEqual([micros.length, micros[0], micros.at(-1)], [50, 1000, 1499]);
  });

  it('holds times of several machines, while what is counted stays as it was', () => {
    const elsewhere = { ...run, machine: { ...machine, cores: 64 } };
    const first = withMeasured(EMPTY, { a: measured() }, run);
    const both = withMeasured(first, { a: measured({ micros: [10] }) }, elsewhere);
    assert.deepEqual(Object.keys(both.benchmarks.a?.times ?? {}), [
      'Some CPU, 2 cores, linux x64',
      'Some CPU, 64 cores, linux x64',
    ]);
    const changed = withMeasured(both, { a: measured({ fuel: { least: 1, most: 1 } }) }, elsewhere);
    assert.deepEqual(Object.keys(changed.benchmarks.a?.times ?? {}), [machineKey(elsewhere.machine)]);
    const baseline = changed.benchmarks.a ?? assert.fail();
    assert.equal(samplesOn(baseline, machine).micros, undefined);
  });

  it('leaves other benchmarks alone', () => {
    const first = withMeasured(EMPTY, { a: measured(), b: measured() }, run);
    const second = withMeasured(first, { b: measured({ work: 'other' }) }, run);
    assert.deepEqual(second.benchmarks.a, first.benchmarks.a);
    assert.equal(second.benchmarks.b?.work, 'other');
  });

  it('is refused with the place of what is wrong', () => {
    const check = (text: string, message: RegExp) =>
      throwsKind('FORMAT_BENCH', message, async () => parseBaselines(text, { source: 'quern.bench.json' }));
    const with1 = (baseline: unknown) => JSON.stringify({ version: 1, benchmarks: { a: baseline } });
    const fine = { work: 'w', modules: {}, times: {} };
    return Promise.all([
      check('{', /quern.bench.json is not JSON/),
      check('[]', /write an object/),
      check('{"version": 2, "benchmarks": {}}', /\$\.version is 2; this version of Quern reads 1/),
      check('{"version": 1, "benchmark": {}}', /did you mean benchmarks/),
      check(with1({ ...fine, work: 1 }), /\$\.benchmarks\.a\.work is 1/),
      check(with1({ ...fine, fuel: { least: -1, most: 1 } }), /fuel\.least is -1/),
      check(with1({ ...fine, modules: [] }), /modules is \[\]/),
      check(
        with1({ ...fine, times: { m: { at: 'a', quern: 'q', node: 'n', duckdb: 'd', micros: [] } } }),
        /micros/,
      ),
      check(`{"version": 1, "benchmarks": ${'['.repeat(500)}${']'.repeat(500)}}`, /nests/),
    ]);
  });

  it('survives any names', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { maxLength: 5 }), (names) => {
        const results = Object.fromEntries(
          [...names, '__proto__', 'constructor'].map((id) => [id, measured()]),
        );
        const text = baselineText(withMeasured(EMPTY, results, run));
        const read = parseBaselines(text, { source: 'x' });
        assert.deepEqual(new Set(Object.keys(read.benchmarks)), new Set(Object.keys(results)));
      }),
    );
  });
});
