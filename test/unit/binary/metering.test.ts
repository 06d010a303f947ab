import assert from 'node:assert/strict';
import { CONTROL } from '../../../wasm-core/binary/control-functions.ts';
import { countingBuild } from '../../support/counting-build.ts';
import { type MeteredInstance, meter } from '../../support/metered.ts';

const CHUNK = 2 ** 30;

/** The cost of `f` in a module of some fields, which must also be what the counting build counts. */
async function check(fields: string, args: readonly unknown[], expected: number): Promise<void> {
  const wat = `(module ${fields})`;
  const { instance } = await WebAssembly.instantiate((await countingBuild(wat)) as BufferSource, {});
  const { f, __count } = instance.exports as unknown as {
    f: (...args: unknown[]) => unknown;
    __count: WebAssembly.Global;
  };
  const result = f(...args);
  const metered = await meter(wat);
  assert.equal(metered.cost('f', ...args), expected);
  assert.equal(Number(__count.value), expected, 'the counting build');
  metered.control(CONTROL.setFuel, CHUNK, 0);
  assert.deepEqual(metered.exports.f?.(...args), result, 'the result');
}

/** Runs an export with little fuel until it has none. */
function exhaust(instance: MeteredInstance, name: string, ...args: unknown[]): void {
  instance.control(CONTROL.setFuel, 1000, 0);
  assert.throws(() => instance.exports[name]?.(...args), WebAssembly.RuntimeError);
  assert.equal(instance.control(CONTROL.reserve, 0, 0), -1);
}

describe('fuel', () => {
  const cases: readonly (readonly [title: string, fields: string, args: readonly unknown[], cost: number])[] =
    [
      ['an empty function takes none', '(func (export "f"))', [], 0],
      [
        'an operator takes 1',
        '(func (export "f") (result i32) (i32.add (i32.const 1) (i32.const 2)))',
        [],
        3,
      ],
      [
        'nop, drop, block and return take none',
        '(func (export "f") (nop) (block (loop (drop (i32.const 1)))) (return))',
        [],
        1,
      ],
      [
        'an if takes 1 and the arm that runs',
        '(func (export "f") (param i32) (if (local.get 0) (then (drop (i32.const 1)) (drop (i32.const 1))) (else (nop))))',
        [1],
        4,
      ],
      [
        'an if takes nothing for the arm that does not run',
        '(func (export "f") (param i32) (if (local.get 0) (then (drop (i32.const 1)) (drop (i32.const 1))) (else (nop))))',
        [0],
        2,
      ],
      [
        'a loop takes its body as often as it runs',
        `(func (export "f") (param i32) (loop $l
        (br_if $l (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))))`,
        [10],
        50,
      ],
      ['a branch to the function ends it', '(func (export "f") (block (br 1)) (drop (i32.const 1)))', [], 1],
      [
        'a conditional branch to the function ends it when it is taken',
        '(func (export "f") (param i32) (br_if 0 (local.get 0)) (loop) (drop (i32.const 1)))',
        [1],
        2,
      ],
      [
        'a conditional branch to the function lets it go on when it is not taken',
        '(func (export "f") (param i32) (br_if 0 (local.get 0)) (loop) (drop (i32.const 1)))',
        [0],
        3,
      ],
      [
        'a branch by table goes to one label',
        `(func (export "f") (param i32) (result i32)
        (block (block (block (br_table 0 1 2 (local.get 0))) (return (i32.const 10))) (return (i32.const 11)))
        (i32.const 12))`,
        [1],
        3,
      ],
      [
        'a branch by table may end the function',
        '(func (export "f") (param i32) (block (loop (br_table 0 1 2 (local.get 0)))) (drop (i32.const 1)))',
        [2],
        2,
      ],
      [
        'a return deep in blocks ends the function',
        '(func (export "f") (result i32) (block (loop (block (return (i32.const 7))))) (i32.const 8))',
        [],
        1,
      ],
      [
        'a call takes 1 and what it runs',
        `(func $g (param i32) (result i32) (i32.mul (local.get 0) (i32.const 2)))
       (func (export "f") (result i32) (i32.add (call $g (i32.const 1)) (call $g (i32.const 2))))`,
        [],
        11,
      ],
      [
        'several results come out as they were',
        `(func $g (param i32) (result i32 i64 f64) (if (local.get 0) (then (return (i32.const 1) (i64.const 2) (f64.const 3))))
         (loop) (i32.const 4) (i64.const 5) (f64.const 6))
       (func (export "f") (result i32 i64 f64) (call $g (i32.const 1)))`,
        [],
        7,
      ],
      [
        'recursion adds up',
        `(func $g (export "f") (param i32) (result i32)
        (if (result i32) (local.get 0)
          (then (i32.add (i32.const 1) (call $g (i32.sub (local.get 0) (i32.const 1))))) (else (i32.const 0))))`,
        [5],
        5 * 8 + 3,
      ],
      [
        'an indirect call takes 1 and what it runs',
        `(table 1 funcref) (elem (i32.const 0) $g) (type $t (func (result i32)))
       (func $g (type $t) (i32.const 3)) (func (export "f") (result i32) (call_indirect (type $t) (i32.const 0)))`,
        [],
        3,
      ],
      [
        'a tail call takes 1 and what it runs',
        `(func $g (param i32) (result i32) (if (i32.eqz (local.get 0)) (then (return (i32.const 5))))
         (return_call $g (i32.sub (local.get 0) (i32.const 1))))
       (func (export "f") (result i32) (return_call $g (i32.const 100000)))`,
        [],
        2 + 100_000 * 7 + 4,
      ],
      [
        'memory.fill takes a unit a byte',
        '(memory 1) (func (export "f") (param i32) (memory.fill (i32.const 0) (i32.const 1) (local.get 0)))',
        [5000],
        5004,
      ],
      [
        'memory.copy takes a unit a byte, in a loop',
        `(memory 1) (func (export "f") (param i32) (loop (memory.copy (i32.const 0) (i32.const 9) (i32.const 100))
         (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))))`,
        [3],
        3 * 109,
      ],
      [
        'memory.init takes a unit a byte',
        '(memory 1) (data $d "abcdef") (func (export "f") (memory.init $d (i32.const 0) (i32.const 1) (i32.const 4)))',
        [],
        8,
      ],
      ['memory.grow takes 1', '(memory 1) (func (export "f") (drop (memory.grow (i32.const 3))))', [], 2],
      [
        'table operations take a unit an element',
        `(table $t 20 funcref) (elem $e func $g $g $g) (func $g)
       (func (export "f")
         (table.init $t $e (i32.const 0) (i32.const 0) (i32.const 3))
         (table.copy $t $t (i32.const 5) (i32.const 0) (i32.const 4))
         (table.fill $t (i32.const 0) (ref.null func) (i32.const 20))
         (drop (table.grow $t (ref.null func) (i32.const 7))))`,
        [],
        15 + 3 + 4 + 20 + 7,
      ],
      [
        'an exception that is caught takes what ran until then',
        `(tag $e (param i32))
       (func $g (param i32) (loop (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))) (throw $e (i32.const 9))
         (drop (i32.const 1)))
       (func (export "f") (result i32)
         (try (result i32) (do (call $g (i32.const 4)) (drop (i32.const 5)) (i32.const 6))
           (catch $e (i32.add (i32.const 1))) (catch_all (i32.const 2))))`,
        [],
        2 + 4 * 5 + 2 + 2,
      ],
      [
        'an exception passes through frames without loss',
        `(tag $e)
       (func $h (throw $e))
       (func $g (param i32) (loop (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))) (call $h) (drop (i32.const 1)))
       (func (export "f") (try (do (call $g (i32.const 2))) (catch_all (drop (i32.const 2)))))`,
        [],
        2 + 10 + 1 + 1 + 1,
      ],
      [
        'an exception may be thrown again and delegated',
        `(tag $e)
       (func $g (try (do (throw $e)) (catch $e (drop (i32.const 1)) (rethrow 0))))
       (func (export "f")
         (try $outer (do (try (do (call $g)) (delegate $outer))) (catch_all (drop (i32.const 1)))))`,
        [],
        1 + 1 + 1 + 1 + 1,
      ],
    ];
  for (const [title, fields, args, cost] of cases) {
    it(`is counted: ${title}`, () => check(fields, args, cost));
  }

  it('ends an endless loop', async () => {
    exhaust(await meter('(module (func (export "f") (loop (br 0))))'), 'f');
    exhaust(await meter('(module (func (export "f") (loop (loop (br 1)))))'), 'f');
    exhaust(await meter('(module (func (export "f") (loop (block (br_table 1 1 (i32.const 0))))))'), 'f');
  });

  it('ends an endless recursion before the stack does', async () => {
    exhaust(await meter('(module (func $f (export "f") (call $f)))'), 'f');
    exhaust(await meter('(module (func $f (export "f") (return_call $f)))'), 'f');
    exhaust(
      await meter('(module (func $f (export "f") (param i32) (call $f (local.get 0)) (loop)))'),
      'f',
      1,
    );
  });

  it('ends a loop that swallows every exception', async () => {
    const wat = `(module (tag $e) (func $g (throw $e))
      (func (export "f") (loop (try (do (call $g)) (catch_all)) (br 0))))`;
    exhaust(await meter(wat), 'f');
  });

  it('that is used up is no exception that a guest could catch', async () => {
    const wat = `(module (func $g (loop (br 0)))
      (func (export "f") (loop (try (do (call $g)) (catch_all)) (br 0))))`;
    exhaust(await meter(wat), 'f');
  });

  it('is not given to a bulk operation that is larger than what is left, and nothing is written', async () => {
    const bulk = await meter(`(module (memory 300)
      (func (export "f") (param i32) (memory.fill (i32.const 0) (i32.const 1) (local.get 0)))
      (func (export "first") (result i32) (i32.load8_u (i32.const 0))))`);
    exhaust(bulk, 'f', 16 * 1024 * 1024);
    bulk.control(CONTROL.setFuel, 1000, 0);
    assert.equal(bulk.exports.first?.(), 0);
    for (const size of [-1, -2147483648, 2147483647, 1 << 30]) exhaust(bulk, 'f', size);
  });

  it('comes out of the reserve when the counter is used up, without losing a unit', async () => {
    const wat = `(module (memory 1) (table 1 funcref)
      (func (export "f") (param i32) (loop $l
        (br_if $l (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))))
      (func (export "short") (result i32) (i32.const 1))
      (func (export "bulk") (param i32) (memory.fill (i32.const 0) (i32.const 1) (local.get 0))))`;
    const metered = await meter(wat);
    for (const [name, args, cost] of [
      ['f', [100], 500],
      ['short', [], 1],
      ['bulk', [60_000], 60_004],
    ] as const) {
      for (const counter of [0, 3, cost - 1, cost]) {
        metered.control(CONTROL.setFuel, counter, 2);
        metered.exports[name]?.(...args);
        assert.equal(metered.left(), counter + 2 * CHUNK - cost, `${name} with ${counter}`);
      }
    }
  });

  it('of exactly what a run takes is enough, and of one less is not', async () => {
    const wat = `(module (func (export "f") (param i32) (loop $l
      (br_if $l (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))))`;
    const metered = await meter(wat);
    metered.control(CONTROL.setFuel, 500, 0);
    metered.exports.f?.(100);
    assert.equal(metered.left(), 0);
    metered.control(CONTROL.setFuel, 499, 0);
    assert.throws(() => metered.exports.f?.(100), WebAssembly.RuntimeError);
  });

  it('of a chunk for a bulk operation may come from a counter above a chunk', async () => {
    const metered = await meter(`(module (table 1 funcref)
      (func (export "f") (param i32) (table.fill (i32.const 0) (ref.null func) (local.get 0))))`);
    metered.control(CONTROL.setFuel, 2 ** 31 - 1, 0);
    assert.throws(() => metered.exports.f?.(CHUNK + 5), /table/, 'charged, then out of bounds');
    assert.equal(metered.left(), 2 ** 31 - 1 - CHUNK - 9);
  });

  it('is spent by at most 1,000 more than there is, however long the straight code', async () => {
    const step = '(drop (i32.add (i32.const 1) (i32.const 1)))';
    const branchy = `(block (br_if 0 (local.get 0)) ${step})`;
    const metered = await meter(`(module
      (func $f (export "f") (param i32)
        (if (local.get 0) (then (call $f (i32.sub (local.get 0) (i32.const 1)))))
        ${branchy.repeat(2000)}))`);
    metered.control(CONTROL.setFuel, 700, 0);
    assert.throws(() => metered.exports.f?.(100), WebAssembly.RuntimeError);
    assert.ok(metered.control(CONTROL.counter, 0, 0) > -1100);
  });

  it('is not counted in an unmetered module', async () => {
    const plain = await meter('(module (func (export "f") (loop)))', { metered: false });
    assert.equal(plain.control(CONTROL.setFuel, 5, 6), 0);
    assert.equal(plain.control(CONTROL.counter, 0, 0), 0);
    assert.equal(plain.control(CONTROL.reserve, 0, 0), 0);
    plain.exports.f?.();
  });

  it('can be read and taken by a host function while the guest waits', async () => {
    const seen: number[] = [];
    const metered: MeteredInstance = await meter(
      `(module (import "host" "pay" (func $pay))
        (func (export "f") (loop) (drop (i32.const 1)) (call $pay) (drop (i32.const 1))))`,
      {
        imports: {
          host: {
            pay: () => {
              const left = metered.left();
              seen.push(2 * CHUNK - left);
              metered.control(CONTROL.setFuel, left - CHUNK - 100, 1);
            },
          },
        },
      },
    );
    assert.equal(metered.cost('f'), 103);
    assert.deepEqual(seen, [2]);
  });
});
