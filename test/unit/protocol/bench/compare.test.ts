import assert from 'node:assert/strict';
import fc from 'fast-check';
import { compareFuel, compareSamples, compareTimes } from '../../../../wasm-core/protocol/bench/compare.ts';
import type { BenchSamples } from '../../../../wasm-core/protocol/bench.ts';

const around = (median: number, count = 20) =>
  Array.from({ length: count }, (_, i) => median * (1 + ((i % 7) - 3) / 300));

const samples = (more: Partial<BenchSamples> = {}): BenchSamples => ({
  micros: around(1000),
  fuel: { least: 10_000, most: 10_000 },
  rowCount: 1,
  functionRows: 500,
  work: 'a',
  modules: { slug: 'one' },
  ...more,
});

describe('a comparison of times', () => {
  it('says slower and faster beyond the threshold', () => {
    const slower = compareTimes(around(1000), around(1200));
    assert.equal(slower.verdict, 'slower');
    assert.ok(slower.p < 0.001 && slower.low > 1.15 && slower.high < 1.25);
    assert.ok(Math.abs(slower.ratio - 1.2) < 0.01);
    assert.equal(compareTimes(around(1200), around(1000)).verdict, 'faster');
  });

  it('does not take chance for a change, nor a change that is too small', () => {
    assert.equal(compareTimes(around(1000), around(1000)).verdict, 'same');
    // Certain, and 3 %.
    const small = compareTimes(around(1000), around(1030));
    assert.deepEqual([small.verdict, small.p < 0.01], ['same', true]);
    // A fifth, and of three runs each: nobody can tell.
    assert.equal(compareTimes([1000, 1001, 1002], [1200, 1201, 1202]).verdict, 'unsure');
  });

  it('finds what it was told to', () => {
    const thresholds = { time: 0.02, fuel: 0, alpha: 0.01 };
    assert.equal(compareTimes(around(1000), around(1030), thresholds).verdict, 'slower');
  });

  it('takes times of nothing, and thousands of samples', () => {
    assert.equal(compareTimes([0, 0, 0], [0, 0, 0]).verdict, 'same');
    assert.equal(compareTimes(around(1000, 5000), around(1200, 5000)).verdict, 'slower');
  });

  it('never finds samples slower than themselves', () => {
    const micros = fc.array(fc.double({ min: 0, max: 1e7, noNaN: true }), { minLength: 1, maxLength: 50 });
    fc.assert(fc.property(micros, (values) => assert.equal(compareTimes(values, values).verdict, 'same')));
  });
});

describe('a comparison of fuel', () => {
  it('finds any change beyond a thousandth', () => {
    const exact = (fuel: number) => ({ least: fuel, most: fuel });
    const verdict = (before: number, after: number) =>
      compareFuel(exact(before), exact(after), 0.001).verdict;
    assert.equal(verdict(10_000, 10_000), 'same');
    assert.equal(verdict(10_000, 10_010), 'same');
    assert.equal(verdict(10_000, 10_011), 'more');
    assert.equal(verdict(10_000, 9_989), 'less');
    assert.equal(verdict(0, 0), 'same');
    assert.equal(verdict(0, 1), 'more');
  });

  it('of fuel that differs from run to run, finds what is beyond all of it', () => {
    const verdict = (before: [number, number], after: [number, number]) =>
      compareFuel({ least: before[0], most: before[1] }, { least: after[0], most: after[1] }, 0.001).verdict;
    assert.equal(verdict([90, 110], [100, 120]), 'same');
    assert.equal(verdict([90, 110], [111, 120]), 'more');
    assert.equal(verdict([90, 110], [60, 80]), 'less');
  });
});

describe('a comparison of samples', () => {
  it('finds what got slower or takes more fuel, and names the modules that changed', () => {
    const now = samples({ micros: around(1500), modules: { slug: 'two', other: 'x' } });
    const change = compareSamples(samples(), now);
    assert.ok(change.type === 'compared');
    assert.deepEqual(
      [change.isRegression, change.time?.verdict, change.fuel?.verdict],
      [true, 'slower', 'same'],
    );
    assert.deepEqual(change.changedModules, ['other', 'slug']);
    const dearer = compareSamples(samples(), samples({ fuel: { least: 10_100, most: 10_100 } }));
    assert.ok(dearer.type === 'compared' && dearer.isRegression && dearer.fuel?.ratio === 1.01);
    const same = compareSamples(samples(), samples());
    assert.ok(same.type === 'compared' && !same.isRegression && same.changedModules.length === 0);
  });

  it('compares fuel alone when the times are of another machine', () => {
    const elsewhere = { ...samples(), micros: undefined };
    const change = compareSamples(elsewhere, samples({ micros: around(9000) }));
    assert.ok(change.type === 'compared');
    assert.deepEqual([change.time, change.fuel?.verdict, change.isRegression], [undefined, 'same', false]);
  });

  it('compares nothing that is not the same work', () => {
    const reason = (more: Partial<BenchSamples>) => {
      const found = compareSamples(samples(), samples(more));
      return found.type === 'otherWork' ? found.reason : undefined;
    };
    assert.equal(reason({ work: 'b' }), 'work');
    assert.equal(reason({ rowCount: 2 }), 'rows');
    assert.equal(reason({ functionRows: 501 }), 'functionRows');
  });
});
