import assert from 'node:assert/strict';
import { readModule } from '../../../wasm-core/binary/reader.ts';
import { rewriteModule } from '../../../wasm-core/binary/rewrite.ts';
import { assemble } from '../../support/wat.ts';

const importMemory = (bytes: Uint8Array) => rewriteModule(readModule(bytes), { metered: false });

/** Instantiates with a memory of the given maximum. */
function instantiate(bytes: Uint8Array, initial: number, maximum: number) {
  const memory = new WebAssembly.Memory({ initial, maximum });
  const module = new WebAssembly.Module(bytes as BufferSource);
  return { memory, instance: new WebAssembly.Instance(module, { quern: { memory } }) };
}

describe('the memory of a rewritten module', () => {
  it('turns a declared memory into an import that exports, data and code still use', async () => {
    const given = await assemble(`(module
      (memory (export "memory") 1 4)
      (data (i32.const 8) "hello")
      (func (export "grow") (result i32) (memory.grow (i32.const 1)))
      (func (export "first") (result i32) (i32.load8_u (i32.const 8))))`);
    const { bytes, memory: declared } = importMemory(given);
    assert.deepEqual(declared, { initialPages: 1, maximumPages: 4 });
    const { memory, instance } = instantiate(bytes, 1, 2);
    const { grow, first, memory: exported } = instance.exports as Record<string, () => number>;
    assert.equal(exported, memory as unknown);
    assert.equal(first?.(), 104);
    assert.equal(grow?.(), 1);
    assert.equal(grow?.(), -1, 'our maximum holds');
  });

  it('keeps other imports, function indices and names', async () => {
    const given = await assemble(`(module
      (import "env" "abort" (func $abort (param i32 i32 i32 i32)))
      (memory 1)
      (func $inner (export "f") (result i32) (i32.const 5)))`);
    const { bytes } = importMemory(given);
    const before = readModule(given);
    const after = readModule(bytes);
    assert.deepEqual(
      after.imports.map((i) => `${i.module}.${i.name}`),
      ['env.abort', 'quern.memory'],
    );
    assert.deepEqual(after.exports.slice(0, -1), before.exports);
    assert.deepEqual(
      after.customSections.map((s) => s.name),
      before.customSections.map((s) => s.name),
    );
  });

  it('renames an imported env.memory and drops its maximum', async () => {
    const given = await assemble(
      '(module (import "env" "memory" (memory 1 3)) (export "memory" (memory 0)))',
    );
    const { bytes, memory } = importMemory(given);
    assert.deepEqual(memory, { initialPages: 1, maximumPages: 3 });
    assert.deepEqual(readModule(bytes).memories, [{ initialPages: 1 }]);
    instantiate(bytes, 1, 9);
  });

  it('is not there when the module has none', async () => {
    const { bytes, memory } = importMemory(await assemble('(module (func (export "f")))'));
    assert.deepEqual(readModule(bytes).imports, []);
    assert.equal(memory, undefined);
  });

  it('stays an import of another name', async () => {
    const given = await assemble('(module (import "other" "memory" (memory 1 3)))');
    const { bytes, memory } = importMemory(given);
    assert.deepEqual(readModule(bytes).memories, [{ initialPages: 1, maximumPages: 3 }]);
    assert.equal(memory, undefined);
  });

  it('works on a module that has no types and no imports', async () => {
    const { bytes } = importMemory(await assemble('(module (memory (export "memory") 1))'));
    instantiate(bytes, 1, 1);
  });
});
