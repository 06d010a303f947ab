import assert from 'node:assert/strict';
import fc from 'fast-check';
import { countingBuild } from '../../support/counting-build.ts';
import { meter } from '../../support/metered.ts';
import { programOf, randomBodies } from '../../support/random-programs.ts';

/*
 * Programs made at random, all of which end: loops count down, calls go only to functions that come later. What they
 * cost and give must be what the build that counts one by one costs and gives.
 */

describe('the fuel of a program made at random', () => {
  it('is what it executes, operator by operator, and its result is the same', async () => {
    const bodies = randomBodies({ functions: 3 });
    let returned = 0;
    await fc.assert(
      fc.asyncProperty(bodies, fc.integer(), async (given, argument) => {
        const wat = programOf(given);
        const { instance } = await WebAssembly.instantiate((await countingBuild(wat)) as BufferSource, {});
        const { f0, __count } = instance.exports as unknown as {
          f0: (x: number) => number;
          __count: WebAssembly.Global;
        };
        const metered = await meter(wat);
        const expected = outcome(() => f0(argument));
        const cost = outcome(() => metered.cost('f0', argument));
        if (expected === 'trap') return assert.equal(cost, 'trap');
        returned++;
        assert.equal(cost, Number(__count.value), wat);
        assert.equal(metered.exports.f0?.(argument), expected);
      }),
      { numRuns: 300 },
    );
    assert.ok(returned > 100, `${returned} programs came to their end`);
  }).timeout(120_000);
});

function outcome<T>(run: () => T): T | 'trap' {
  try {
    return run();
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError) return 'trap';
    throw error;
  }
}
