import assert from 'node:assert/strict';
import { createRestartPolicy } from '../../../client/host/restart-policy.ts';

describe('the restart policy', () => {
  it('waits longer with each loss, and gives up at the fifth within two minutes', () => {
    const policy = createRestartPolicy();
    const delays = [0, 1_000, 2_000, 3_000, 4_000].map((at) => policy.next(at));
    assert.deepEqual(delays, [100, 500, 2_000, 5_000, undefined]);
  });

  it('forgives a loss after two minutes', () => {
    const policy = createRestartPolicy();
    for (let minute = 0; minute < 60; minute++) assert.equal(policy.next(minute * 120_000), 100);
  });
});
