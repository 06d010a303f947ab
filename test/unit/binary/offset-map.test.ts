import assert from 'node:assert/strict';
import { originalOffset } from '../../../wasm-core/binary/offset-map.ts';
import { readModule } from '../../../wasm-core/binary/reader.ts';
import { rewriteModule } from '../../../wasm-core/binary/rewrite.ts';
import { assemble } from '../../support/wat.ts';

/** Positions of the frames of a module's trap, innermost first, as V8 gives them. */
function trapOffsets(
  bytes: Uint8Array,
  name: string,
  args: readonly number[],
  initialise: boolean,
): number[] {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 });
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes as BufferSource), {
    quern: { memory },
  });
  const exports = instance.exports as Record<string, (...args: number[]) => unknown>;
  if (initialise) exports['quern:control']?.(0, 1 << 20, 0);
  try {
    exports[name]?.(...args);
  } catch (error) {
    const frames = String((error as Error).stack).matchAll(/wasm-function\[\d+\]:0x([0-9a-f]+)/g);
    return [...frames].map((m) => Number.parseInt(m[1] ?? '', 16));
  }
  throw new Error(`${name} did not trap`);
}

const DIVIDE = '(i32.div_u (i32.const 1) (local.get 0))';
const TRAPS: Readonly<Record<string, string>> = {
  'at once': `(func (export "f") (param i32) (result i32) ${DIVIDE})`,
  'in a loop': `(func (export "f") (param i32) (result i32) (local i32)
    (loop $l (local.set 1 (i32.add (local.get 1) (i32.const 1))) (br_if $l (i32.lt_u (local.get 1) (i32.const 5)))
      (drop ${DIVIDE}) (br $l)) (unreachable))`,
  'at unreachable, below calls': `(func $h (param i32) (loop) (unreachable))
    (func $g (param i32) (result i32) (nop) (call $h (local.get 0)) (i32.const 1))
    (func (export "f") (param i32) (result i32) (if (local.get 0) (then (nop)))
      (if (local.get 0) (then (nop))) (drop (call $g (i32.const 2))) (call $g (local.get 0)))`,
  'at a bulk operation': `(func (export "f") (param i32) (result i32) (loop)
    (memory.fill (local.get 0) (i32.const 0) (i32.const 70000)) (i32.const 1))`,
  'in a function with a handler': `(tag $e) (func $g (try (do (throw $e)) (catch_all)))
    (func (export "f") (param i32) (result i32) (call $g) (try (result i32) (do ${DIVIDE}) (catch_all (i32.const 1))))`,
};

describe('the offset map', () => {
  for (const [where, fields] of Object.entries(TRAPS)) {
    it(`leads from a trap ${where} to the original instruction`, async () => {
      // Many functions before it, so that lengths of more than one byte move everything.
      const filler =
        '(func (param i32) (result i32) (loop) (block (br_if 0 (local.get 0))) (i32.const 5))'.repeat(100);
      const wat = (memory: string) => `(module ${memory} ${filler} ${fields})`;
      const original = await assemble(wat('(import "quern" "memory" (memory 1))'));
      const module = readModule(original);
      const expected = trapOffsets(original, 'f', [0], false);
      for (const metered of [true, false]) {
        const { bytes, offsets } = rewriteModule(module, { metered });
        const found = trapOffsets(bytes, 'f', [0], true);
        assert.deepEqual(
          found.map((offset) => originalOffset(offsets, offset)),
          expected,
        );
        assert.ok(!metered || found[0] !== expected[0], 'it did move');
      }
    });
  }

  it('leads from an exhausted loop into the loop', async () => {
    const original = await assemble('(module (func (export "f") (nop) (loop (br 0))))');
    const { bytes, offsets } = rewriteModule(readModule(original), { metered: true });
    const [found = 0] = trapOffsets(bytes, 'f', [], true);
    // The `br` behind the two bytes of the loop: 0x0c.
    assert.equal(original[originalOffset(offsets, found)], 0x0c);
  });

  it('leaves positions before the code as they are, and takes time by its own size', async () => {
    const original = await assemble('(module (func (export "f") (loop)))');
    const { offsets } = rewriteModule(readModule(original), { metered: true });
    assert.equal(originalOffset(offsets, 3), 3);
    assert.equal(originalOffset(offsets, 1e9), originalOffset(offsets, 1e8));
    assert.ok(offsets.steps.byteLength < 40);
  });
});
