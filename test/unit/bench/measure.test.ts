import assert from 'node:assert/strict';
import fc from 'fast-check';

import { geometricMean, inTurn, median } from '../../../bench/measure.ts';

describe('the median', () => {
  const check = (values: readonly number[], expected: number) => assert.equal(median(values), expected);

  it('is the middle value, whatever the order', () => check([9, 1, 5], 5));
  it('of an even count is the mean of the middle two', () => check([4, 1, 3, 2], 2.5));
  it('of one value is that value', () => check([7], 7));
  it('of none is not a number', () => check([], Number.NaN));
});

describe('the geometric mean', () => {
  it('of a number and its inverse is 1', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1e6, noNaN: true }), (x) => {
        assert.ok(Math.abs(geometricMean([x, 1 / x]) - 1) < 1e-9);
      }),
    );
  });
});

describe('measuring in turn', () => {
  it('goes round the ways, and does not count the first round', async () => {
    const order: string[] = [];
    const way = (name: string) => () => order.push(name);
    const figures = await inTurn({ rounds: 2, ways: { ours: way('ours'), theirs: way('theirs') } });
    assert.deepEqual(order, ['ours', 'theirs', 'ours', 'theirs', 'ours', 'theirs']);
    assert.deepEqual(figures, { ours: [3, 5], theirs: [4, 6] });
  });
});
