import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { CONTROL } from '../../../wasm-core/binary/control-functions.ts';
import { readModule } from '../../../wasm-core/binary/reader.ts';
import { rewriteModule } from '../../../wasm-core/binary/rewrite.ts';
import { throwsKind } from '../../support/core-error.ts';
import { type MeteredInstance, meter } from '../../support/metered.ts';
import { projectRoot } from '../../support/project.ts';
import { assemble } from '../../support/wat.ts';

async function rewrite(wat: string) {
  return rewriteModule(readModule(await assemble(wat)), { metered: true });
}

const call = (instance: MeteredInstance, name: string, ...args: unknown[]) =>
  instance.exports[name]?.(...args);

describe('quern:control', () => {
  for (const metered of [true, false]) {
    const how = metered ? 'a metered' : 'an unmetered';
    it(`starts ${how} module when it is told, not before`, async () => {
      const wat = `(module (global $g (mut i32) (i32.const 1))
        (func $start (global.set $g (i32.const 7))) (start $start)
        (func (export "g") (result i32) (global.get $g)))`;
      assert.equal((await rewrite(wat)).hasStart, true);
      const instance = await meter(wat, { metered });
      assert.equal(call(instance, 'g'), 1);
      assert.equal(instance.control(CONTROL.start, 0, 0), 0);
      assert.equal(call(instance, 'g'), 7);
    });

    it(`saves and restores the globals of ${how} module, whatever their type`, async () => {
      const instance = await meter(GLOBALS_WAT, { metered });
      instance.control(CONTROL.save, 0, 0);
      const before = call(instance, 'all');
      call(instance, 'change', 'other');
      assert.notDeepEqual(call(instance, 'all'), before);
      instance.control(CONTROL.restore, 0, 0);
      assert.deepEqual(call(instance, 'all'), before);
      assert.equal(call(instance, 'vector'), 3, 'v128');
    });
  }

  it('does nothing for a number that it does not know', async () => {
    const instance = await meter('(module)');
    assert.equal(instance.control(77, 1, 2), 0);
    assert.equal((await rewrite('(module)')).hasStart, false);
  });

  it('is a name that a module may not export', async () => {
    for (const name of ['quern:control', 'quern:']) {
      const error = await throwsKind('FORMAT_UNSUPPORTED', /exports quern:.*Rename/, () =>
        rewrite(`(module (memory 1) (export "${name}" (memory 0)))`),
      );
      assert.equal(typeof error.details.offset, 'number');
    }
  });
});

const GLOBALS_WAT = `(module
  (global $i32 (mut i32) (i32.const -5)) (global $i64 (mut i64) (i64.const 6)) (global $f32 (mut f32) (f32.const 1.5))
  (global $f64 (export "exported") (mut f64) (f64.const 2.5)) (global $v (mut v128) (v128.const i32x4 1 2 3 4))
  (global $ext (mut externref) (ref.null extern)) (global $fn (mut funcref) (ref.func $f)) (global $c i32 (i32.const 9))
  (func $f) (elem declare func $f)
  (func (export "change") (param externref)
    (global.set $i32 (i32.const 1)) (global.set $i64 (i64.const 1)) (global.set $f32 (f32.const 1))
    (global.set $f64 (f64.const 1)) (global.set $v (v128.const i32x4 0 0 0 0)) (global.set $ext (local.get 0))
    (global.set $fn (ref.null func)))
  (func (export "vector") (result i32) (i32x4.extract_lane 2 (global.get $v)))
  (func (export "all") (result i32 i64 f32 f64 externref funcref)
    (global.get $i32) (global.get $i64) (global.get $f32) (global.get $f64) (global.get $ext) (global.get $fn)))`;

describe('a rewritten module', () => {
  const states: readonly (readonly [boolean, string, string])[] = [
    [true, 'has nothing', ''],
    [
      true,
      'has memory and globals, grows, copies and reads tables',
      `(memory 1) (global (mut i32) (i32.const 1))
      (table 2 funcref) (elem (i32.const 0) $f) (data $d "abc")
      (func $f (drop (memory.grow (i32.const 1))) (memory.copy (i32.const 0) (i32.const 1) (i32.const 1))
        (memory.init $d (i32.const 0) (i32.const 0) (i32.const 1)) (drop (table.get 0 (i32.const 0))) (drop (table.size 0)))`,
    ],
    [true, 'imports a constant', '(import "m" "g" (global i32))'],
    [false, 'imports a mutable global', '(import "m" "g" (global (mut i32)))'],
    [false, 'imports a table', '(import "m" "t" (table 1 funcref))'],
    [false, 'imports a memory that is not ours to give', '(import "m" "memory" (memory 1))'],
    [false, 'sets elements', '(table 1 funcref) (func (table.set 0 (i32.const 0) (ref.null func)))'],
    [false, 'grows a table', '(table 1 funcref) (func (drop (table.grow 0 (ref.null func) (i32.const 1))))'],
    [
      false,
      'fills a table',
      '(table 1 funcref) (func (table.fill 0 (i32.const 0) (ref.null func) (i32.const 1)))',
    ],
    [
      false,
      'copies elements',
      '(table 1 funcref) (func (table.copy 0 0 (i32.const 0) (i32.const 0) (i32.const 1)))',
    ],
    [
      false,
      'writes elements of a segment',
      `(table 1 funcref) (elem $e func)
      (func (table.init 0 $e (i32.const 0) (i32.const 0) (i32.const 0)))`,
    ],
    [false, 'drops elements', '(elem $e func) (func (elem.drop $e))'],
    [false, 'drops data', '(data $d "a") (memory 1) (func (data.drop $d))'],
  ];
  for (const [resettable, what, fields] of states) {
    it(`that ${what} is ${resettable ? '' : 'not '}resettable`, async () => {
      assert.equal((await rewrite(`(module ${fields})`)).resettable, resettable);
    });
  }

  it('grows a table up to 100,000 elements and no further', async () => {
    const instance =
      await meter(`(module (table 10 funcref) (table $small 1 5 externref) (table $large 150000 funcref)
      (func (export "grow") (param i32) (result i32) (table.grow 0 (ref.null func) (local.get 0)))
      (func (export "small") (param i32) (result i32) (table.grow $small (ref.null extern) (local.get 0)))
      (func (export "large") (param i32) (result i32) (table.grow $large (ref.null func) (local.get 0))))`);
    assert.deepEqual([call(instance, 'grow', 99_990), call(instance, 'grow', 1)], [10, -1]);
    assert.deepEqual([call(instance, 'small', 4), call(instance, 'small', 1)], [1, -1]);
    assert.equal(call(instance, 'large', 1), -1, 'one that begins with more stays as it is');
  });

  it('may not begin with more than a million elements', async () => {
    const error = await throwsKind('MEMORY_LIMIT', /1000001 elements.*smaller/, () =>
      rewrite('(module (table 500000 funcref) (table 500001 externref))'),
    );
    assert.deepEqual(error.details, { elements: 1_000_001, maxElements: 1_000_000 });
  });

  it('keeps its exports, imports, names and index spaces, and has what is added behind them', async () => {
    const given = await assemble(`(module
      (import "host" "log" (func $log (param i32 i32))) (import "m" "g" (global i32))
      (memory (export "memory") 1) (global (export "own") (mut i64) (i64.const 1))
      (func $a (export "a") (call $log (i32.const 1) (i32.const 2))) (func $b (export "b") (param f64)))`);
    const before = readModule(given);
    const after = readModule(rewriteModule(before, { metered: true }).bytes);
    assert.deepEqual(after.exports.slice(0, -1), before.exports);
    assert.deepEqual(after.functions.slice(0, before.functions.length), before.functions);
    assert.deepEqual(after.globals.slice(0, before.globals.length), before.globals);
    assert.deepEqual(after.types.slice(0, before.types.length), before.types);
    const bytesOf = (module: typeof before) =>
      module.customSections.map(({ start, end }) => [...module.bytes.subarray(start, end)]);
    assert.deepEqual(bytesOf(after), bytesOf(before));
  });

  const refused: readonly (readonly [string, readonly number[], RegExp])[] = [
    ['atomic instructions', [0xfe, 0x03, 0x00], /threads/],
    ['garbage-collected objects', [0xfb, 0x00, 0x00], /garbage-collected/],
    ['calls of references', [0x14, 0x00], /typed references/],
    ['casts of references', [0xd4], /references/],
    ['stack switching', [0xe0, 0x00], /stack switching/],
    ['a second memory', [0x28, 0x40, 0x00], /more than one memory/],
    ['128-bit arithmetic', [0xfc, 19], /128-bit/],
  ];
  for (const [what, code, message] of refused) {
    it(`that uses ${what} is refused by name`, async () => {
      const body = [code.length + 2, 0, ...code, 0x0b];
      const bytes = Uint8Array.from([
        ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0],
        ...[10, body.length + 1, 1, ...body],
      ]);
      const error = await throwsKind('FORMAT_UNSUPPORTED', message, () =>
        rewriteModule(readModule(bytes), { metered: true }),
      );
      assert.ok(Number(error.details.offset) >= 22);
    });
  }

  it('of some megabytes stays valid, made by a compiler as it is', () => {
    const file = 'node_modules/@bytecodealliance/jco-transpile/vendor/wasm-tools.core.wasm';
    const module = readModule(new Uint8Array(readFileSync(path.join(projectRoot(), file))));
    for (const metered of [true, false]) {
      const { bytes } = rewriteModule(module, { metered });
      assert.ok(WebAssembly.validate(bytes as BufferSource));
    }
  });

  it('has 49,998 locals at most', async () => {
    const wat = (count: number) => `(module (func (export "f") (local ${'i32 '.repeat(count)}) (loop)))`;
    assert.ok(WebAssembly.validate((await rewrite(wat(49_998))).bytes as BufferSource));
    await throwsKind('FORMAT_UNSUPPORTED', /49999 locals/, () => rewrite(wat(49_999)));
  });

  it('takes exception references', async () => {
    // (func (param exnref) local.get 0 throw_ref): V8 of Node 20 does not know them, so only the shape is looked at.
    const bytes = Uint8Array.from([
      ...[
        0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 5, 1, 0x60, 1, 0x69, 0, 3, 2, 1, 0, 10, 7, 1, 5, 0, 0x20, 0, 0x0a,
        0x0b,
      ],
    ]);
    const module = readModule(bytes);
    assert.deepEqual(module.types, [{ parameters: ['exnref'], results: [] }]);
    assert.ok(rewriteModule(module, { metered: true }).bytes.length > bytes.length);
  });
});
