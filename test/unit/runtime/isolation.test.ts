import assert from 'node:assert/strict';
import fc from 'fast-check';
import { InstancePool } from '../../../wasm-core/runtime/instance-pool.ts';
import { MemoryPool } from '../../../wasm-core/runtime/memory-pool.ts';
import { throwsKind } from '../../support/core-error.ts';
import { compileWat } from '../../support/wat.ts';

/** Everything that a run can change in an instance without host functions, and a look at all of it. */
const DIRTY = `(module
  (memory (export "memory") 1 8)
  (global $hidden (mut i32) (i32.const 11))
  (global $wide (mut i64) (i64.const -1))
  (global $float (mut f64) (f64.const 0.5))
  (global $vector (mut v128) (v128.const i32x4 1 2 3 4))
  (global (export "open") (mut f32) (f32.const 2))
  (data (i32.const 100) "initial")
  (func (export "poke") (param $at i32) (param $value i32)
    (i32.store8 (local.get $at) (local.get $value))
    (global.set $hidden (local.get $value))
    (global.set $wide (i64.extend_i32_s (local.get $value)))
    (global.set $float (f64.convert_i32_s (local.get $value)))
    (global.set $vector (i32x4.splat (local.get $value)))
    (global.set 4 (f32.const 9)))
  (func (export "grow") (drop (memory.grow (i32.const 1))))
  (func (export "trap") (global.set $hidden (i32.const 5)) (unreachable))
  (func (export "look") (result i32) (local $i i32) (local $sum i32)
    (loop $next
      (local.set $sum (i32.add (i32.mul (local.get $sum) (i32.const 31)) (i32.load8_u (local.get $i))))
      (br_if $next (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 65536))))
    (i32.add (local.get $sum) (i32.add (global.get $hidden) (i32.add (i32.wrap_i64 (global.get $wide))
      (i32.add (i32.trunc_f64_s (global.get $float)) (i32.add (i32x4.extract_lane 2 (global.get $vector))
        (i32.add (memory.size) (i32.trunc_f32_s (global.get 4))))))))))`;

/** State that a snapshot cannot hold: a table that changes, data that is dropped. */
const STUBBORN = `(module
  (memory (export "memory") 1)
  (table $t 2 funcref) (elem (i32.const 0) $one $two) (elem declare func $two)
  (data $d "passive")
  (func $one (result i32) (i32.const 1)) (func $two (result i32) (i32.const 2))
  (func (export "poke") (param i32 i32)
    (memory.init $d (i32.const 0) (i32.const 0) (i32.const 7))
    (table.set $t (i32.const 0) (ref.func $two)) (data.drop $d))
  (func (export "look") (result i32)
    (memory.init $d (i32.const 8) (i32.const 0) (i32.const 7))
    (call_indirect $t (result i32) (i32.const 0))))`;

function poolOf(compiled: Awaited<ReturnType<typeof compileWat>>): InstancePool {
  return new InstancePool(compiled, { memoryMb: 1, memories: new MemoryPool() });
}

type Deed = 'poke' | 'grow' | 'trap';

/** One run: does something, and ends well or not. */
function run(pool: InstancePool, deed: Deed, args: readonly number[]): void {
  const guest = pool.acquire();
  guest.begin();
  let broken = false;
  try {
    guest.function(deed)(...args);
  } catch {
    broken = true;
  }
  pool.release(guest, { broken });
}

function look(pool: InstancePool): unknown {
  const guest = pool.acquire();
  guest.begin();
  const seen = guest.function('look')();
  pool.release(guest, { broken: false });
  return seen;
}

describe('an instance', () => {
  it('is as good as new in each run, whatever runs before it did', async () => {
    const compiled = await compileWat(DIRTY);
    assert.ok(compiled.resettable);
    const fresh = look(poolOf(compiled));
    const deed = fc.record({
      deed: fc.constantFrom<Deed>('poke', 'poke', 'grow', 'trap'),
      at: fc.nat(65_535),
      value: fc.integer({ min: -100, max: 255 }),
    });
    const check = (deeds: readonly { deed: Deed; at: number; value: number }[]): void => {
      const pool = poolOf(compiled);
      for (const { deed, at, value } of deeds) run(pool, deed, [at, value]);
      assert.equal(look(pool), fresh);
    };
    fc.assert(fc.property(fc.array(deed, { maxLength: 6 }), check), { numRuns: 200 });
  });

  it('that cannot be reset is instantiated anew', async () => {
    const compiled = await compileWat(STUBBORN);
    assert.ok(!compiled.resettable);
    const pool = poolOf(compiled);
    assert.equal(look(pool), 1);
    run(pool, 'poke', [0, 0]);
    assert.equal(look(pool), 1);
  });

  it('costs the same fuel whether it is new or was used, its start function included', async () => {
    const compiled = await compileWat(`(module (memory (export "memory") 1)
      (global $n (mut i32) (i32.const 0))
      (func $s (local $i i32) (loop $l (global.set $n (i32.add (global.get $n) (i32.const 1)))
        (br_if $l (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 10)))))
      (start $s)
      (func (export "f") (result i32) (global.get $n)))`);
    const pool = poolOf(compiled);
    const costs = Array.from({ length: 5 }, () => {
      const guest = pool.acquire();
      guest.begin({ fuel: 1000 });
      assert.equal(guest.function('f')(), 10);
      const fuel = guest.fuelUsed();
      pool.release(guest, { broken: false });
      return fuel;
    });
    assert.ok((costs[0] ?? 0) > 100);
    assert.equal(new Set(costs).size, 1, costs.join());
    const guest = pool.acquire();
    await throwsKind('FUEL_EXHAUSTED', /50 units of fuel/, () => guest.begin({ fuel: 50 }));
  });
});

describe('an instance pool', () => {
  it('grows with what is in use, keeps a few, and tells what it did', async () => {
    const pool = poolOf(await compileWat(DIRTY));
    const guests = Array.from({ length: 6 }, () => pool.acquire());
    assert.deepEqual(pool.stats(), { idle: 0, busy: 6, created: 6, reused: 0, discarded: 0 });
    for (const guest of guests) pool.release(guest, { broken: false });
    assert.deepEqual(pool.stats(), { idle: 4, busy: 0, created: 6, reused: 0, discarded: 2 });
    pool.release(pool.acquire(), { broken: false });
    assert.equal(pool.stats().reused, 1);
    pool.shrink(1);
    assert.equal(pool.stats().idle, 1);
    pool.prewarm(3);
    assert.deepEqual([pool.stats().idle, pool.stats().created], [3, 8]);
    pool.dispose();
    pool.dispose();
    assert.equal(pool.stats().idle, 0);
  });

  it('that is disposed lets go of what is still in use when it comes back', async () => {
    const pool = poolOf(await compileWat(DIRTY));
    const guest = pool.acquire();
    pool.dispose();
    pool.release(guest, { broken: false });
    assert.deepEqual(pool.stats(), { idle: 0, busy: 0, created: 1, reused: 0, discarded: 1 });
    assert.equal(guest.view().byteLength, 0);
  });
});
