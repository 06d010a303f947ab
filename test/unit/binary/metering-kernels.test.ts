import assert from 'node:assert/strict';
import { countingBuild } from '../../support/counting-build.ts';
import { meter } from '../../support/metered.ts';
import { readProjectFile } from '../../support/project.ts';
import { assemble } from '../../support/wat.ts';

/** The kernels of the benchmark, each with an argument that makes it run a fraction of a second when counted. */
const KERNELS = { fib: 18, sieve: 20_000, matmul: 24, mix: 5_000, scan: 2_000, quicksort: 4_000 } as const;

describe('the fuel of a kernel', () => {
  for (const [name, n] of Object.entries(KERNELS)) {
    it(`is what ${name} executes, operator by operator`, async () => {
      const wat = readProjectFile(`bench/kernels/${name}.wat`);
      const counting = await instanceOf(await countingBuild(wat));
      const expected = counting.run(n);
      const count = Number((counting.__count as unknown as WebAssembly.Global).value);
      const metered = await meter(wat);
      assert.equal(metered.cost('run', n), count);
      assert.equal(metered.exports.run?.(n), expected, 'and the result is the same');
      assert.equal((await instanceOf(await assemble(wat))).run(n), expected);
      assert.ok(count > 10_000, `${count} operators`);
    });
  }

  it('is the same in 1,000 runs', async () => {
    const { cost } = await meter(readProjectFile('bench/kernels/quicksort.wat'));
    const costs = new Set(Array.from({ length: 1000 }, () => cost('run', 300)));
    assert.equal(costs.size, 1);
  });
});

type Exports = Readonly<Record<string, unknown>> & { readonly run: (n: number) => unknown };

async function instanceOf(bytes: Uint8Array): Promise<Exports> {
  const { instance } = await WebAssembly.instantiate(bytes as BufferSource, {});
  return instance.exports as unknown as Exports;
}
