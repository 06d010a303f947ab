import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readNames } from '../../../wasm-core/binary/names.ts';
import { readModule } from '../../../wasm-core/binary/reader.ts';
import { assemble } from '../../support/wat.ts';

const WAT = `(module $plugin
  (import "host" "log" (func $log (param i32 i32)))
  (func $slug (param $text i32) (param $length i32) (local $i i32))
  (func (export "unnamed")))`;

/** The names of a module whose name section has these bytes. */
const namesOf = (bytes: Uint8Array) =>
  readNames({ bytes, customSections: [{ name: 'name', start: 0, end: bytes.byteLength }] });

describe('readNames', () => {
  it('gives the names of functions and locals by index', async () => {
    const names = readNames(readModule(await assemble(WAT)));
    assert.equal(names.functions.get(0), 'log');
    assert.equal(names.functions.get(1), 'slug');
    assert.deepEqual(
      [...(names.locals.get(1) ?? [])],
      [
        [0, 'text'],
        [1, 'length'],
        [2, 'i'],
      ],
    );
  });

  it('gives the name of the module', () => {
    assert.equal(namesOf(Uint8Array.from([0, 3, 2, 0x68, 0x69])).module, 'hi');
  });

  it('gives nothing for a module without the section', () => {
    const names = readNames({ bytes: new Uint8Array(0), customSections: [] });
    assert.deepEqual([names.module, names.functions.size, names.locals.size], [undefined, 0, 0]);
  });

  it('keeps what stands before a fault, and goes on with the next part', () => {
    const names = namesOf(Uint8Array.from([1, 6, 9, 0, 1, 0x61, 1, 9, 0, 3, 2, 0x68, 0x69]));
    assert.deepEqual([...names.functions], [[0, 'a']]);
    assert.equal(names.module, 'hi');
  });

  it('never throws, whatever the section holds', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        assert.ok(namesOf(bytes).functions.size <= bytes.length);
      }),
      { numRuns: 3000 },
    );
  });
});
