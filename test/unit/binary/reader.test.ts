import assert from 'node:assert/strict';
import { readModule } from '../../../wasm-core/binary/reader.ts';
import { throwsKind } from '../../support/core-error.ts';
import { assemble } from '../../support/wat.ts';

const HEADER = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];

describe('readModule', () => {
  it('gives exports with their full signatures, imported functions counted', async () => {
    const module = readModule(
      await assemble(`(module
        (import "host" "log" (func $log (param i32 i32)))
        (memory (export "memory") 2 10)
        (table (export "t") 1 funcref)
        (global (export "g") i32 (i32.const 7))
        (func (export "f") (param i32 i64) (result f64) (f64.const 0))
        (export "log" (func $log)))`),
    );
    assert.deepEqual(
      module.exports.map((e) =>
        e.kind === 'function' ? [e.name, e.parameters, e.results] : [e.name, e.kind],
      ),
      [
        ['memory', 'memory'],
        ['t', 'table'],
        ['g', 'global'],
        ['f', ['i32', 'i64'], ['f64']],
        ['log', ['i32', 'i32'], []],
      ],
    );
    assert.deepEqual(module.memories, [{ initialPages: 2, maximumPages: 10 }]);
    assert.equal(module.imports[0]?.name, 'log');
    assert.deepEqual(module.imports[0]?.type, { parameters: ['i32', 'i32'], results: [] });
  });

  it('lists custom sections and the start function', async () => {
    const module = readModule(await assemble('(module (func $s) (start $s))'));
    assert.equal(module.start, 0);
    assert.deepEqual(
      module.customSections.map((s) => s.name),
      ['name'],
    );
  });

  it('reads a module with every value type, exceptions and tail calls', async () => {
    const module = readModule(
      await assemble(`(module
        (tag $t (export "tag") (param i32))
        (func $g (result i32) (i32.const 1))
        (func (export "tail") (result i32) (return_call $g))
        (func (export "all") (param i32 i64 f32 f64 v128 funcref externref)))`),
    );
    const all = module.exports.find((e) => e.name === 'all');
    assert.deepEqual(all?.kind === 'function' && all.parameters, [
      'i32',
      'i64',
      'f32',
      'f64',
      'v128',
      'funcref',
      'externref',
    ]);
    assert.ok(module.exports.some((e) => e.kind === 'tag'));
  });

  const malformed: readonly (readonly [string, readonly number[], RegExp])[] = [
    ['an empty file', [], /empty/],
    ['text', [...Buffer.from('select 1')], /begin with/],
    ['a file cut off in its header', [0, 0x61, 0x73], /begin with/],
    ['a file cut off in its version', [0, 0x61, 0x73, 0x6d, 1, 0], /first 8 bytes/],
    ['another version', [0, 0x61, 0x73, 0x6d, 2, 0, 0, 0], /version is not 1/],
    ['a section longer than the file', [...HEADER, 1, 200, 1], /ends too early/],
    ['a section of an unknown kind', [...HEADER, 99, 0], /no section 99/],
    ['a section that comes twice', [...HEADER, 1, 1, 0, 1, 1, 0], /twice/],
    ['a count without items', [...HEADER, 1, 5, 0xff, 0xff, 0xff, 0xff, 0x0f], /ends too early/],
    ['a number of six bytes', [...HEADER, 1, 6, 0x80, 0x80, 0x80, 0x80, 0x80, 0], /32 bits/],
    ['a type that is no function type', [...HEADER, 1, 2, 1, 0x40], /not a function type/],
    ['a function of a type that is not there', [...HEADER, 3, 2, 1, 0], /type 0 is not there/],
    ['an export of a function that is not there', [...HEADER, 7, 5, 1, 1, 0x66, 0, 0], /exported as f/],
    ['a start function that is not there', [...HEADER, 8, 1, 0], /start function/],
    ['a name that is not UTF-8', [...HEADER, 7, 5, 1, 1, 0xff, 2, 0], /not UTF-8/],
    ['bytes after a section ends', [...HEADER, 1, 2, 0, 0], /longer than its content/],
  ];
  for (const [what, bytes, message] of malformed) {
    it(`refuses ${what} with FORMAT_WASM and the offset`, async () => {
      const error = await throwsKind('FORMAT_WASM', message, () => readModule(Uint8Array.from(bytes)));
      assert.equal(typeof error.details.offset, 'number');
    });
  }

  const unsupported: readonly (readonly [string, string, RegExp])[] = [
    ['a second memory', '(module (memory 1) (memory 1))', /more than one memory/],
    ['a 64-bit memory', '(module (memory i64 1))', /64-bit memory/],
    ['a shared memory', '(module (memory 1 2 shared))', /shared memory/],
  ];
  for (const [what, wat, message] of unsupported) {
    it(`refuses ${what} by name`, async () => {
      const bytes = await assemble(wat);
      await throwsKind('FORMAT_UNSUPPORTED', message, () => readModule(bytes));
    });
  }

  it('refuses garbage-collected types and components by name', async () => {
    const struct = Uint8Array.from([...HEADER, 1, 3, 1, 0x5f, 0]);
    await throwsKind('FORMAT_UNSUPPORTED', /garbage-collected/, () => readModule(struct));
    const component = Uint8Array.from([0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0]);
    await throwsKind('FORMAT_UNSUPPORTED', /component model/, () => readModule(component));
  });
});
