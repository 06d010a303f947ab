import assert from 'node:assert/strict';
import fc from 'fast-check';
import { countingBuild } from '../../support/counting-build.ts';
import { countedFuel, profileCall } from '../../support/profiled.ts';
import { programOf, randomBodies } from '../../support/random-programs.ts';

const FIB = `(module
  (func $fib (export "fib") (param $n i32) (result i32)
    (if (i32.lt_s (local.get $n) (i32.const 2)) (then (return (local.get $n))))
    (i32.add (call $fib (i32.sub (local.get $n) (i32.const 1)))
             (call $fib (i32.sub (local.get $n) (i32.const 2)))))
  (func $sum (export "sum") (param $n i32) (result i32) (local $s i32)
    (loop $next
      (local.set $s (i32.add (local.get $s) (call $twice (local.get $n))))
      (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (local.get $s))
  (func $twice (param $n i32) (result i32) (i32.mul (local.get $n) (i32.const 2)))
  (func $never (export "never") (unreachable)))`;

describe('a profiled module', () => {
  it('counts a recursion as often as it calls', async () => {
    const { profiled, metered } = await profileCall(FIB, 'fib', [10]);
    assert.equal(profiled.result, 55);
    assert.equal(profiled.fuel, metered.fuel);
    // fib(10) makes 177 calls, of which 89 have an argument below 2.
    assert.equal(profiled.profile.calls[0], 177);
    assert.deepEqual([...new Set(profiled.profile.counts)].sort(), [0, 177, 88, 89]);
    assert.equal(profiled.profile.selfFuel[0], metered.fuel);
    assert.equal(profiled.profile.totalFuel[0], metered.fuel);
  });

  it('gives each function of a chain its own fuel and that of what it called', async () => {
    const { profiled, metered } = await profileCall(FIB, 'sum', [5]);
    const { calls, selfFuel, totalFuel, tree } = profiled.profile;
    assert.equal(profiled.result, 30);
    assert.deepEqual([...calls], [0, 1, 5, 0]);
    // Three operators in each call, and each is called from the one place.
    assert.deepEqual([selfFuel[2], totalFuel[2]], [15, 15]);
    assert.deepEqual([selfFuel[1], totalFuel[1]], [metered.fuel - 15, metered.fuel]);
    assert.deepEqual(tree, [
      { function: -1, parent: -1, calls: 0, selfFuel: 0 },
      { function: 1, parent: 0, calls: 1, selfFuel: metered.fuel - 15 },
      { function: 2, parent: 1, calls: 5, selfFuel: 15 },
    ]);
  });

  it('gives the callers what an exception left, and goes on with who caught it', async () => {
    const wat = `(module (tag $e)
      (func $thrower (drop (i32.add (i32.const 1) (i32.const 2))) (throw $e))
      (func $between (call $thrower))
      (func $after (nop))
      (func (export "run") (result i32)
        (try (do (call $between)) (catch_all (call $after)))
        (call $after) (i32.const 7)))`;
    const { profiled, metered } = await profileCall(wat, 'run', []);
    assert.equal(profiled.result, 7);
    assert.equal(profiled.fuel, metered.fuel);
    const names = ['thrower', 'between', 'after', 'run'];
    const stacks = profiled.profile.tree.map(({ function: index, parent }) => [names[index], parent]);
    assert.deepEqual(stacks, [
      [undefined, -1],
      ['run', 0],
      ['between', 1],
      ['thrower', 2],
      ['after', 1],
    ]);
    assert.deepEqual([...profiled.profile.selfFuel], [4, 1, 0, 4]);
  });

  it('leaves callers behind in tail calls, and counts what bulk operations cost', async () => {
    const wat = `(module (memory 1) (table 1 1 funcref) (elem (i32.const 0) $fill)
      (type $f (func (param i32) (result i32 i32)))
      (func $fill (type $f) (memory.fill (i32.const 0) (i32.const 1) (local.get 0)) (local.get 0) (i32.const 9))
      (func $middle (type $f) (return_call_indirect (type $f) (local.get 0) (i32.const 0)))
      (func (export "run") (param i32) (result i32)
        (call $middle (local.get 0)) (br_if 0 (local.get 0)) (drop)))`;
    const { profiled, metered } = await profileCall(wat, 'run', [100]);
    assert.equal(profiled.result, 9);
    assert.equal(profiled.fuel, metered.fuel);
    assert.equal(countedFuel(profiled), metered.fuel);
    // 6 operators and 100 bytes.
    assert.equal(profiled.profile.selfFuel[0], 106);
    const parents = profiled.profile.tree.map(({ function: index, parent }) => [index, parent]);
    assert.deepEqual(parents, [
      [-1, -1],
      [2, 0],
      [1, 1],
      [0, 1],
    ]);
  });

  it('follows a chain of callers as far as it is told apart, and loses no fuel beyond', async () => {
    const wat = `(module (func $down (export "down") (param i32) (result i32)
      (if (result i32) (local.get 0) (then (call $down (i32.sub (local.get 0) (i32.const 1)))) (else (i32.const 3)))))`;
    const { profiled, metered } = await profileCall(wat, 'down', [3000]);
    const { tree, calls, isCut } = profiled.profile;
    assert.equal(isCut, true);
    assert.equal(calls[0], 3001);
    assert.ok(tree.length < 1000);
    assert.equal(
      tree.reduce((sum, node) => sum + node.selfFuel, 0),
      metered.fuel,
    );
  });
});

describe('a profile of a program made at random', () => {
  it('has the result, the fuel and the count of operators of the program without it', async () => {
    let returned = 0;
    await fc.assert(
      fc.asyncProperty(randomBodies({ functions: 3 }), fc.integer(), async (bodies, argument) => {
        const wat = programOf(bodies);
        const { profiled, metered } = await profileCall(wat, 'f0', [argument]);
        if (metered.result instanceof Error) {
          assert.ok(profiled.result instanceof WebAssembly.RuntimeError, wat);
          return;
        }
        returned++;
        assert.equal(profiled.result, metered.result, wat);
        assert.equal(profiled.fuel, metered.fuel, wat);
        assert.equal(await executedOperators(wat, argument), countedFuel(profiled), wat);
        const { tree, selfFuel } = profiled.profile;
        assert.equal(sum(tree.map((node) => node.selfFuel)), metered.fuel, wat);
        assert.equal(sum([...selfFuel]), metered.fuel, wat);
        const byFunction = [...selfFuel].map((_, index) => countedOf(profiled, index));
        assert.deepEqual(byFunction, [...selfFuel], wat);
      }),
      { numRuns: 100 },
    );
    assert.ok(returned > 30, `${returned} programs came to their end`);
  }).timeout(120_000);
});

/** What a build that counts one by one says: see `countingBuild`. */
async function executedOperators(wat: string, argument: number): Promise<number> {
  const { instance } = await WebAssembly.instantiate((await countingBuild(wat)) as BufferSource, {});
  const { f0, __count } = instance.exports as unknown as {
    f0: (x: number) => number;
    __count: WebAssembly.Global;
  };
  f0(argument);
  return Number(__count.value);
}

function countedOf({ map, profile }: Parameters<typeof countedFuel>[0], index: number): number {
  const counts = profile.counts.map((count, counter) => (map.functions[counter] === index ? count : 0));
  return countedFuel({ map, profile: { ...profile, counts } });
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
