import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  estimateRatio,
  normalTail,
  type RankSumTest,
  rankSumTest,
} from '../../../../wasm-core/protocol/bench/rank-sum.ts';

/** Permeability of the human chorioamnion: Hollander and Wolfe (1973), page 69, as in R's help of `wilcox.test`. */
const TERM = [0.8, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46];
const WEEKS = [1.15, 0.88, 0.9, 0.74, 1.21];

/** R's `airquality$Ozone` of May and August. */
const MAY = [
  41, 36, 12, 18, 28, 23, 19, 8, 7, 16, 11, 14, 18, 14, 34, 6, 30, 11, 1, 11, 4, 32, 23, 45, 115, 37,
];
const AUGUST = [
  39, 9, 16, 78, 35, 66, 122, 89, 110, 44, 28, 65, 22, 59, 23, 31, 44, 21, 9, 45, 168, 73, 76, 118, 84, 85,
];

const numbers = (count: number, of: (index: number) => number) =>
  Array.from({ length: count }, (_, i) => of(i));

function check(first: readonly number[], second: readonly number[], expected: RankSumTest): void {
  const { p, ...others } = rankSumTest(first, second);
  const { p: wanted, ...wantedOthers } = expected;
  assert.deepEqual(others, wantedOthers);
  assert.ok(Math.abs(p - wanted) <= 1e-6 * wanted, `p is ${p}, not ${wanted}`);
}

describe('the rank sum test', () => {
  it('gives what R’s wilcox.test gives in its help', () => {
    // "W = 35, p-value = 0.1272" for one side; "W = 127.5, p-value = 0.0001208".
    check(TERM, WEEKS, { u: 35, p: 2 * 0.1272061272061272, method: 'exact' });
    check(MAY, AUGUST, { u: 127.5, p: 0.00012080783076877434, method: 'normal' });
  });

  it('gives what SciPy 1.17.1’s mannwhitneyu gives', () => {
    check([19, 22, 16, 29, 24], [20, 11, 17, 12], { u: 17, p: 0.1111111111111111, method: 'exact' });
    const first = numbers(40, (i) => ((i * 37) % 101) + 0.5);
    const second = numbers(45, (i) => ((i * 53) % 103) + 7);
    check(first, second, { u: 846, p: 0.6392812571265759, method: 'exact' });
    const tied = numbers(60, (i) => (i * i) % 53);
    const others = numbers(70, (i) => ((i * i * i) % 59) + 6);
    check(tied, others, { u: 1454, p: 0.0025676088713427773, method: 'normal' });
  });

  it('is exact: of all ways to deal the values, as many are as far apart', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 0, max: 1000 }), { minLength: 2, maxLength: 9 }),
        fc.nat(),
        (values, cut) => {
          const m = 1 + (cut % (values.length - 1));
          const found = rankSumTest(values.slice(0, m), values.slice(m));
          const middle = (m * (values.length - m)) / 2;
          let [far, all] = [0, 0];
          for (let mask = 0; mask < 2 ** values.length; mask++) {
            const first = values.filter((_, i) => (mask >> i) & 1);
            if (first.length !== m) continue;
            const second = values.filter((_, i) => !((mask >> i) & 1));
            const u = first.flatMap((a) => second.filter((b) => a > b)).length;
            all++;
            if (Math.abs(u - middle) >= Math.abs(found.u - middle)) far++;
          }
          assert.ok(Math.abs(found.p - far / all) < 1e-12, `${found.p} of ${far} in ${all}`);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('says the same of both sides, and finds nothing between equal samples', () => {
    const sample = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 70 });
    fc.assert(
      fc.property(sample, sample, (a, b) => {
        const [there, back] = [rankSumTest(a, b), rankSumTest(b, a)];
        assert.equal(there.u + back.u, a.length * b.length);
        assert.ok(Math.abs(there.p - back.p) < 1e-12);
        assert.ok(there.p > 0 && there.p <= 1);
        assert.equal(rankSumTest(a, a).p, 1);
      }),
    );
  });

  it('finds samples apart that share no value, when there are enough of them', () => {
    const low = numbers(20, (i) => 100 + i);
    const high = numbers(20, (i) => 200 + i);
    assert.ok(rankSumTest(low, high).p < 1e-9);
    assert.equal(rankSumTest([5, 5, 5], [5, 5]).p, 1);
    assert.throws(() => rankSumTest([], [1]), RangeError);
  });
});

describe('the ratio of two samples', () => {
  it('is the shift that R’s wilcox.test with conf.int tells, between logarithms', () => {
    const [term, weeks] = [TERM, WEEKS].map((values) => values.map(Math.exp)) as [number[], number[]];
    const { ratio, low, high } = estimateRatio(weeks, term, 0.05);
    // "-0.15  0.76", "difference in location 0.305"; Hollander and Wolfe, example 4.3.
    const found = [low, ratio, high].map((value) => Math.round(Math.log(value) * 1000) / 1000);
    assert.deepEqual(found, [-0.15, 0.305, 0.76]);
  });

  it('lies in its interval, and turns over with the samples', () => {
    const sample = fc.array(fc.double({ min: 1, max: 1000, noNaN: true }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(sample, sample, fc.constantFrom(0.01, 0.05, 0.2), (a, b, alpha) => {
        const there = estimateRatio(a, b, alpha);
        const back = estimateRatio(b, a, alpha);
        assert.ok(there.low <= there.ratio && there.ratio <= there.high);
        assert.ok(Math.abs(there.ratio * back.ratio - 1) < 1e-9);
        assert.ok(Math.abs(there.low * back.high - 1) < 1e-9);
      }),
    );
  });

  it('excludes 1 just where the test finds a difference', () => {
    const sample = fc.uniqueArray(fc.integer({ min: 1, max: 100_000 }), { minLength: 20, maxLength: 60 });
    fc.assert(
      fc.property(sample, fc.nat(), fc.double({ min: 1, max: 3, noNaN: true }), (values, cut, factor) => {
        const m = 5 + (cut % (values.length - 10));
        const first = values.slice(0, m);
        const second = values.slice(m).map((value) => value * factor + 0.123);
        const { p, method } = rankSumTest(first, second);
        const { low, high } = estimateRatio(first, second, 0.05);
        // The normal approximations of the two round by themselves.
        if (method === 'normal' && Math.abs(p - 0.05) < 0.005) return;
        assert.equal(p <= 0.05, low > 1 || high < 1, `p ${p}, interval ${low} to ${high}, ${method}`);
      }),
      { numRuns: 300 },
    );
  });
});

describe('the tail of the normal distribution', () => {
  it('is that of SciPy, to a ten-millionth of itself', () => {
    const known = [
      [0, 0.5],
      [0.5, 0.3085375387259869],
      [1.96, 0.024997895148220435],
      [6, 9.865876450376946e-10],
      [10, 7.61985302416047e-24],
    ] as const;
    for (const [z, tail] of known) {
      assert.ok(Math.abs(normalTail(z) - tail) < 1.3e-7 * tail);
      assert.ok(Math.abs(normalTail(-z) - (1 - tail)) < 1e-7);
    }
  });
});
