import assert from 'node:assert/strict';
import fc from 'fast-check';
import { CONTROL } from '../../../wasm-core/binary/control-functions.ts';
import type { InlineBody } from '../../../wasm-core/binary/inline-body.ts';
import { readModule } from '../../../wasm-core/binary/reader.ts';
import { rewriteModule } from '../../../wasm-core/binary/rewrite.ts';
import type { Signature } from '../../../wasm-core/sql/duckdb/udf/adapter-cells.ts';
import { InlineLoops } from '../../../wasm-core/sql/duckdb/udf/inline-loop.ts';
import { meter } from '../../support/metered.ts';
import { programOf, randomBodies } from '../../support/random-programs.ts';
import { assemble } from '../../support/wat.ts';

const CHUNK = 2 ** 30;
const [INPUT, MASK, OUTPUT] = [4096, 8192, 12_288];
const I32: Signature = { parameters: ['i32'], result: 'i32' };

async function inlines(
  wat: string,
  { metered = true }: { readonly metered?: boolean } = {},
): Promise<ReadonlyMap<string, InlineBody>> {
  return rewriteModule(readModule(await assemble(wat)), { metered }).inlines;
}

async function inlineOf(wat: string): Promise<InlineBody> {
  const body = (await inlines(wat)).get('f');
  assert.ok(body, wat);
  return body;
}

/** A loop over an engine's memory, with rows of i32 in it. */
function loopOver(body: InlineBody, rows: readonly number[], signature = I32) {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const view = new DataView(memory.buffer);
  rows.forEach((value, row) => {
    view.setInt32(INPUT + 4 * row, value, true);
  });
  const loop = new InlineLoops({ memory }).get(body, signature);
  return {
    view,
    run: (fuel: number | undefined, mask = 0) =>
      loop.run({ data: [INPUT], mask, output: OUTPUT, rowCount: rows.length, fuel }),
    results: () => rows.map((_, row) => view.getInt32(OUTPUT + 4 * row, true)),
  };
}

describe('a loop that holds the code of a function', () => {
  it('gives what calls give, and takes the fuel that they take', async () => {
    let returned = 0;
    await fc.assert(
      fc.asyncProperty(
        randomBodies({ functions: 3, alone: true }),
        fc.array(fc.integer(), { minLength: 1, maxLength: 5 }),
        async (bodies, rows) => {
          const wat = programOf(bodies).replaceAll('"f0"', '"f"');
          const body = (await inlines(wat)).get('f');
          // Long code stays where it is.
          fc.pre(body !== undefined);
          const loop = loopOver(body, rows);
          const guest = await meter(wat);
          let cost = 0;
          const results: unknown[] = [];
          try {
            for (const row of rows) {
              cost += guest.cost('f', row);
              results.push(guest.exports.f?.(row));
            }
          } catch (error) {
            assert.ok(error instanceof WebAssembly.RuntimeError);
            assert.equal(loop.run(2 * CHUNK), undefined);
            return;
          }
          returned++;
          assert.equal(loop.run(2 * CHUNK), cost);
          assert.deepEqual(loop.results(), results);
        },
      ),
      { numRuns: 200 },
    );
    assert.ok(returned > 60, `${returned} programs came to their end`);
  });

  it('stops where the fuel ends, as the guest does', async () => {
    const wat = `(module (func (export "f") (param $x i32) (result i32)
      (loop $again (local.set $x (i32.sub (local.get $x) (i32.const 1))) (br_if $again (local.get $x))) (local.get $x)))`;
    const rows = [3, 1, 7];
    const guest = await meter(wat);
    const cost = rows.reduce((sum, row) => sum + guest.cost('f', row), 0);
    const body = await inlineOf(wat);
    for (const fuel of [cost, cost + 1, 5 * CHUNK + 3]) assert.equal(loopOver(body, rows).run(fuel), cost);
    for (const fuel of [0, 1, cost - 10, -5]) assert.equal(loopOver(body, rows).run(fuel), undefined);
    guest.control(CONTROL.setFuel, 0, 0);
    assert.throws(() => guest.exports.f?.(3), WebAssembly.RuntimeError);
  });

  it('counts nothing for a module that is not metered', async () => {
    const wat = `(module (func (export "f") (param i32) (result i32) (i32.add (local.get 0) (i32.const 1))))`;
    const body = (await inlines(wat, { metered: false })).get('f');
    assert.ok(body);
    const loop = loopOver(body, [1, 2]);
    assert.equal(loop.run(undefined), 0);
    assert.deepEqual(loop.results(), [2, 3]);
  });

  it('begins each row with locals of zero', async () => {
    const wat = `(module (func (export "f") (param i32) (result i32) (local $sum i32) (local f64 i64 f32)
      (local.set $sum (i32.add (local.get $sum) (local.get 0))) (local.get $sum)))`;
    const loop = loopOver(await inlineOf(wat), [1, 2, 3]);
    loop.run(CHUNK);
    assert.deepEqual(loop.results(), [1, 2, 3]);
  });

  it('leaves out rows that the mask leaves out', async () => {
    const wat = `(module (func (export "f") (param i32) (result i32) (i32.div_s (i32.const 12) (local.get 0))))`;
    const loop = loopOver(await inlineOf(wat), [3, 0, 4]);
    loop.view.setUint8(MASK, 0b101);
    assert.notEqual(loop.run(CHUNK, MASK), undefined);
    assert.deepEqual(loop.results(), [4, 0, 3]);
  });

  it('fails at a row whose result is out of the range', async () => {
    const wat = `(module (func (export "f") (param i32) (result i32) (local.get 0)))`;
    const signature: Signature = { parameters: ['i32'], result: 'i8', range: [-128n, 127n] };
    const body = await inlineOf(wat);
    assert.notEqual(loopOver(body, [127, -128], signature).run(CHUNK), undefined);
    assert.equal(loopOver(body, [127, 128], signature).run(CHUNK), undefined);
    assert.equal(loopOver(body, [-129], signature).run(CHUNK), undefined);
  });

  const apart: Readonly<Record<string, string>> = {
    'reads memory': '(i32.load (i32.const 0))',
    'asks for the size of memory': '(memory.size)',
    'fills memory': '(memory.fill (i32.const 0) (i32.const 0) (i32.const 0)) (i32.const 0)',
    'calls a function that reads memory': '(call $reads)',
    'calls itself': '(call $f)',
    'calls a function that calls it': '(call $back)',
    'calls what the host gives': '(call $host)',
    'calls through a table': '(call_indirect (result i32) (i32.const 0))',
    'reads a global': '(global.get $global)',
    'sets a global': '(global.set $global (i32.const 1)) (i32.const 0)',
    'catches exceptions': '(try (result i32) (do (i32.const 1)) (catch_all (i32.const 2)))',
    'has a block of several values': '(block (result i32 i32) (i32.const 1) (i32.const 2)) (i32.add)',
  };
  for (const [what, code] of Object.entries(apart)) {
    it(`holds no function that ${what}`, async () => {
      const wat = `(module (func $host (import "host" "f") (result i32))
        (memory 1) (table 1 funcref) (global $global (mut i32) (i32.const 0))
        (func $reads (result i32) (i32.load (i32.const 0))) (func $back (result i32) (call $f))
        (func $f (export "f") (result i32) ${code}))`;
      assert.equal((await inlines(wat)).has('f'), false);
    });
  }

  it('holds the functions that a function calls, each with locals of its own', async () => {
    const wat = `(module
      (func $square (param $x i32) (result i32) (local $y i32)
        (if (i32.eqz (local.get $x)) (then (return (i32.const -1))))
        (local.set $y (i32.add (local.get $y) (local.get $x))) (i32.mul (local.get $y) (local.get $x)))
      (func $nothing (param i32 f64) (local.set 0 (i32.const 9)))
      (func (export "f") (param $x i32) (result i32)
        (call $nothing (local.get $x) (f64.const 1))
        (i32.sub (call $square (call $square (local.get $x))) (call $square (i32.sub (local.get $x) (i32.const 1))))))`;
    const rows = [0, 1, 2, 3, -4];
    const loop = loopOver(await inlineOf(wat), rows);
    const guest = await meter(wat);
    const cost = rows.reduce((sum, row) => sum + guest.cost('f', row), 0);
    assert.equal(loop.run(CHUNK), cost);
    assert.deepEqual(
      loop.results(),
      rows.map((row) => guest.exports.f?.(row)),
    );
  });

  it('holds no functions that call many others many times over', async () => {
    const names = Array.from({ length: 8 }, (_, i) => `$f${i}`);
    const functions = names.map((name, i) => {
      const next = names[i + 1];
      const call = `(call ${next} (local.get 0))`;
      const code =
        next === undefined
          ? '(local.get 0)'
          : `(i32.add (i32.add ${call} ${call}) (i32.add ${call} ${call}))`;
      return `(func ${name} ${i === 0 ? '(export "f")' : ''} (param i32) (result i32) ${code})`;
    });
    assert.equal((await inlines(`(module ${functions.join(' ')})`)).has('f'), false);
  });

  it('holds only functions of one result that are exported', async () => {
    const found = await inlines(`(module (func (export "two") (result i32 i32) (i32.const 1) (i32.const 2))
      (func (export "none")) (func $own (result i32) (i32.const 1))
      (func (export "a") (export "b") (param f64) (result f64) (f64.sqrt (local.get 0))))`);
    assert.deepEqual([...found.keys()], ['a', 'b']);
  });
});
