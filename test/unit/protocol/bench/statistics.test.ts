import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  medianOf,
  quantileOfSorted,
  summarize,
  thinned,
} from '../../../../wasm-core/protocol/bench/statistics.ts';

const samples = fc.array(fc.double({ min: 0, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 60 });

describe('figures of samples', () => {
  it('are those that NumPy and SciPy give', () => {
    // numpy.quantile, scipy.stats.median_abs_deviation and numpy.std(ddof=1), SciPy 1.17.1.
    const { deviation, p95, ...figures } = summarize([102, 99, 101, 98, 250, 100, 103, 97, 100, 400]);
    assert.ok(Math.abs(deviation - 101.25764717349061) < 1e-9);
    assert.ok(Math.abs(p95 - 332.5) < 1e-9);
    assert.deepEqual(figures, {
      count: 10,
      least: 97,
      median: 100.5,
      mean: 145,
      most: 400,
      q1: 99.25,
      q3: 102.75,
      mad: 2,
      outliers: { mild: 0, severe: 2 },
    });
  });

  it('tell mild outliers from severe ones by Tukey’s fences', () => {
    // Quartiles 3 and 7, so that the fences are at -3 and 13, and at -9 and 19.
    const { outliers } = summarize([1, 2, 3, 4, 5, 6, 7, 14, 20]);
    assert.deepEqual(outliers, { mild: 1, severe: 1 });
  });

  it('of one sample are that sample', () => {
    const { median, p95, mad, deviation, outliers } = summarize([7]);
    assert.deepEqual([median, p95, mad, deviation], [7, 7, 0, 0]);
    assert.deepEqual(outliers, { mild: 0, severe: 0 });
  });

  it('of no sample are an error', () => {
    assert.throws(() => summarize([]), RangeError);
    assert.throws(() => medianOf([]), RangeError);
  });

  it('are in order, and the same for any order of the samples', () => {
    fc.assert(
      fc.property(samples, (values) => {
        const figures = summarize(values);
        const { least, q1, median, q3, p95, most } = figures;
        const ordered = [least, q1, median, q3, most];
        assert.deepEqual(
          ordered,
          [...ordered].sort((a, b) => a - b),
        );
        assert.ok(p95 >= q3 && p95 <= most);
        assert.deepEqual(summarize([...values].reverse()), figures);
      }),
    );
  });

  it('grow with what is measured', () => {
    fc.assert(
      fc.property(samples, fc.integer({ min: 1, max: 1000 }), (values, factor) => {
        const grown = medianOf(values.map((value) => value * factor));
        assert.ok(Math.abs(grown - medianOf(values) * factor) <= 1e-9 * Math.max(1, grown));
      }),
    );
  });
});

describe('thinned samples', () => {
  it('are themselves where they are few', () => {
    assert.deepEqual(thinned([3, 1, 2], 3), [3, 1, 2]);
  });

  it('keep the least, the most, and nearly every quantile', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 0, max: 10_000 }), { minLength: 51, maxLength: 400 }),
        (values) => {
          const kept = thinned(values, 50);
          const sorted = [...values].sort((a, b) => a - b);
          assert.equal(kept.length, 50);
          assert.deepEqual([kept[0], kept.at(-1)], [sorted[0], sorted.at(-1)]);
          assert.ok(kept.every((value) => sorted.includes(value)));
          const rank = sorted.findIndex((value) => value >= quantileOfSorted(kept, 0.5));
          assert.ok(Math.abs(rank / sorted.length - 0.5) < 0.03);
        },
      ),
    );
  });
});
