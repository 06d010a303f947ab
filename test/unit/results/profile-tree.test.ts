import assert from 'node:assert/strict';
import { percentText, shortCountText } from '../../../wasm-core/protocol/figures.ts';
import type { ModuleProfile, ProfileResult } from '../../../wasm-core/protocol/profile.ts';
import { flameTree, foldedStacks } from '../../../wasm-core/results/profile-tree.ts';

/** A module whose function `a` calls `b`, which calls itself and `c`, which `a` calls too. */
function profileOf(module: string): ModuleProfile {
  const fn = (index: number, name: string): ModuleProfile['functions'][number] => ({
    index,
    name,
    calls: 1,
    selfFuel: 0,
    totalFuel: 0,
    executedBytes: 1,
    reachableBytes: 1,
    ranges: [],
  });
  const call = (index: number, parent: number, selfFuel: number): ModuleProfile['calls'][number] => ({
    function: index,
    parent,
    calls: 2,
    selfFuel,
    totalFuel: 0,
  });
  return {
    module,
    digest: '',
    fuel: 22,
    outsideFuel: 1,
    functions: [fn(3, 'src/a'), fn(4, 'b; of T'), fn(5, 'c')],
    calls: [call(-1, -1, 1), call(3, 0, 2), call(4, 1, 3), call(4, 2, 4), call(5, 3, 5), call(5, 1, 7)],
  };
}

const result: ProfileResult = { fuel: 22, modules: [profileOf('m')] };

describe('the calls of a profile', () => {
  it('are a tree of modules and functions, the dearest first', () => {
    const root = flameTree(result);
    assert.deepEqual([root.name, root.totalFuel], ['total', 22]);
    const [module] = root.children;
    assert.deepEqual([module?.name, module?.function, module?.selfFuel, module?.totalFuel], ['m', -1, 1, 22]);
    const [a] = module?.children ?? [];
    assert.deepEqual([a?.name, a?.calls, a?.totalFuel], ['src/a', 2, 21]);
    assert.deepEqual(
      a?.children.map(({ name, totalFuel }) => [name, totalFuel]),
      [
        ['b; of T', 12],
        ['c', 7],
      ],
    );
  });

  it('are stacks with their own fuel, whose names break no line', () => {
    const lines = foldedStacks(flameTree(result)).trimEnd().split('\n');
    assert.deepEqual(lines, [
      'm 1',
      'm;src/a 2',
      'm;src/a;b of T 3',
      'm;src/a;b of T;b of T 4',
      'm;src/a;b of T;b of T;c 5',
      'm;src/a;c 7',
    ]);
    assert.equal(foldedStacks(flameTree({ fuel: 0, modules: [] })), '');
  });

  it('can be those of one function, wherever it was called', () => {
    const root = flameTree(result, 'c');
    assert.equal(root.totalFuel, 12);
    assert.deepEqual(foldedStacks(root), 'm;c 12\n');
    assert.equal(flameTree(result, 'a').totalFuel, 21, 'a path in front of the name may be left out');
    assert.deepEqual(flameTree(result, 'nope').children, []);
  });

  it('take no stack of ours, however deep they are', () => {
    const calls = Array.from({ length: 20_000 }, (_, at) => ({
      function: at === 0 ? -1 : 3,
      parent: at - 1,
      calls: 1,
      selfFuel: 1,
      totalFuel: 0,
    }));
    const root = flameTree({ fuel: 0, modules: [{ ...profileOf('m'), calls }] });
    assert.equal(root.totalFuel, 20_000);
    assert.equal(flameTree({ fuel: 0, modules: [{ ...profileOf('m'), calls }] }, 'a').totalFuel, 19_999);
  });
});

describe('figures', () => {
  it('are short, and parts of a whole', () => {
    const counts = [0, 999, 1000, 5234, 9949, 9950, 12_345, 999_499, 999_500, 1_234_567, 3e12].map(
      shortCountText,
    );
    assert.deepEqual(counts, [
      '0',
      '999',
      '1.0 k',
      '5.2 k',
      '9.9 k',
      '10 k',
      '12 k',
      '999 k',
      '1.0 M',
      '1.2 M',
      '3.0 T',
    ]);
    assert.deepEqual(
      [percentText(0, 5), percentText(1, 1000), percentText(1, 3), percentText(5, 5), percentText(0, 0)],
      ['0 %', '< 1 %', '33 %', '100 %', '0 %'],
    );
  });
});
