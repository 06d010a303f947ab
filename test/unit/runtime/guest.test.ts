import assert from 'node:assert/strict';
import type { Guest } from '../../../wasm-core/runtime/guest.ts';
import { createLogSink } from '../../../wasm-core/runtime/host-functions/log.ts';
import { throwsKind } from '../../support/core-error.ts';
import { beginGuest } from '../../support/guest.ts';
import { compileWat } from '../../support/wat.ts';

async function guestOf(wat: string, options: Parameters<typeof beginGuest>[1] = {}) {
  return beginGuest(await compileWat(wat), options);
}

/** Calls an export as its callers do: what it throws goes through `toError`. */
function call(guest: Guest, name: string, ...args: number[]): unknown {
  try {
    return guest.function(name)(...args);
  } catch (error) {
    throw guest.toError(error, name);
  }
}

const GROWING = `(module (memory (export "memory") 1)
  (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0))))`;

describe('a guest', () => {
  it('cannot grow its memory past the cap', async () => {
    const guest = await guestOf(GROWING, { memoryMb: 1 });
    assert.equal(call(guest, 'grow', 15), 1);
    assert.equal(call(guest, 'grow', 1), -1);
    assert.equal(guest.pages(), 16);
  });

  it('cannot grow its memory past its own maximum either', async () => {
    const guest = await guestOf(GROWING.replace('") 1)', '") 1 3)'), { memoryMb: 64 });
    assert.equal(call(guest, 'grow', 3), -1);
    assert.equal(call(guest, 'grow', 2), 1);
  });

  it('has a view that follows memory as it grows', async () => {
    const guest = await guestOf(GROWING);
    assert.equal(guest.view().byteLength, 65_536);
    assert.equal(guest.view(), guest.view(), 'and is the same while it does not');
    call(guest, 'grow', 1);
    assert.equal(guest.view().byteLength, 131_072);
  });

  it('that needs more memory to start than the cap is refused with the number to set', async () => {
    const wat = '(module (memory (export "memory") 40))';
    await throwsKind('MEMORY_LIMIT', /needs 40 pages.*Set limits\.memoryMb to 3/, () => guestOf(wat));
  });

  it('that imports something unknown is refused', async () => {
    const wat = '(module (import "env" "print" (func (param i32))))';
    await throwsKind('IMPORT_UNKNOWN', /print/, () => guestOf(wat));
  });

  it('whose start function traps gives TRAP', async () => {
    const wat = '(module (func $boom (unreachable)) (start $boom))';
    const error = await throwsKind('TRAP', /the start of test trapped: .*unreachable/, () => guestOf(wat));
    assert.deepEqual(error.details.stack, ['boom']);
  });

  it('whose data does not fit its memory gives TRAP', async () => {
    const wat = '(module (memory 1) (data (i32.const 65530) "too long for it"))';
    await throwsKind('TRAP', /out of bounds/, () => guestOf(wat));
  });

  const traps: readonly (readonly [string, string, RegExp])[] = [
    ['reaches unreachable', '(unreachable)', /unreachable instruction/],
    ['reads past its memory', '(i32.load (i32.const -8))', /outside its memory/],
    ['divides by zero', '(i32.div_s (i32.const 1) (local.get 0))', /divided by zero/],
    ['takes a remainder by zero', '(i32.rem_u (i32.const 1) (local.get 0))', /remainder/],
    [
      'divides the lowest integer by -1',
      '(i32.div_s (i32.const 0x80000000) (i32.const -1))',
      /does not fit its type/,
    ],
    ['converts a float that does not fit', '(i32.trunc_f64_s (f64.const 1e20))', /cannot hold it/],
    [
      'calls an empty table entry',
      '(call_indirect (result i32) (i32.const 0))',
      /empty or has another type|another type/,
    ],
    ['calls past its table', '(call_indirect (result i32) (i32.const 99))', /index that is not there/],
    ['recurses without end', '(call $f (local.get 0))', /recursion is too deep/],
  ];
  for (const [what, body, message] of traps) {
    it(`that ${what} gives TRAP in plain words`, async () => {
      const guest = await guestOf(`(module (memory 1) (table 1 funcref)
        (func $f (export "f") (param i32) (result i32) ${body}))`);
      const error = await throwsKind('TRAP', message, () => call(guest, 'f', 0));
      assert.equal((error.details.stack as string[])[0], 'f');
    });
  }

  it('that throws an exception of its own gives TRAP', async () => {
    const guest = await guestOf('(module (tag $e) (func (export "f") (throw $e)))');
    await throwsKind('TRAP', /exception that nothing caught/, () => call(guest, 'f'));
  });

  it('names the functions on its stack, the innermost first', async () => {
    const guest = await guestOf(`(module
      (func $inner (unreachable)) (func $middle (call $inner)) (func (export "outer") (call $middle)))`);
    const error = await throwsKind('TRAP', /outer of test trapped: .* \(in inner\)/, () =>
      call(guest, 'outer'),
    );
    assert.deepEqual((error.details.stack as string[]).slice(0, 2), ['inner', 'middle']);
  });

  it('that calls abort gives TRAP with the message and the place', async () => {
    const text = (s: string) =>
      [...Buffer.from(s, 'utf16le')].map((b) => `\\${b.toString(16).padStart(2, '0')}`).join('');
    const guest = await guestOf(`(module (import "env" "abort" (func $abort (param i32 i32 i32 i32)))
      (memory (export "memory") 1)
      (data (i32.const 4) "\\08\\00\\00\\00${text('oops')}") (data (i32.const 60) "\\08\\00\\00\\00${text('a.ts')}")
      (func (export "f") (call $abort (i32.const 8) (i32.const 64) (i32.const 3) (i32.const 7)))
      (func (export "wild") (call $abort (i32.const -1) (i32.const 0) (i32.const 3) (i32.const 7))))`);
    const error = await throwsKind(
      'TRAP',
      /^f of test trapped: it called abort with "oops" at a\.ts:3:7\.$/,
      () => call(guest, 'f'),
    );
    assert.equal(error.details.line, 3);
    await throwsKind('TRAP', /abort without a message/, () => call(guest, 'wild'));
  });

  it('logs lines, cut at 8 KiB, a thousand of them', async () => {
    const sink = createLogSink();
    const guest = await guestOf(
      `(module (import "host" "log" (func $log (param i32 i32)))
        (memory (export "memory") 1) (data (i32.const 0) "hello")
        (func (export "f") (param i32 i32) (call $log (local.get 0) (local.get 1))))`,
      { onLog: ({ level, text }) => sink.log(level, text) },
    );
    call(guest, 'f', 0, 5);
    assert.deepEqual(sink.lines, [{ level: 'info', text: 'hello' }]);
    call(guest, 'f', 0, 9000);
    assert.equal(sink.lines[1]?.text.length, 8193);
    for (let i = 0; i < 1100; i++) call(guest, 'f', 0, 5);
    assert.equal(sink.lines.length, 1001);
    await throwsKind('MEMORY_BOUNDS', /65530.*ends at 65536/, () => call(guest, 'f', 65_530, 7));
  });

  it('is read only within its memory, whatever pointers and lengths it gives', async () => {
    const guest = await guestOf('(module (memory (export "memory") 1))');
    assert.equal(guest.read(0, 65_536).byteLength, 65_536);
    assert.equal(guest.read(65_536, 0).byteLength, 0);
    for (const [pointer, length] of [
      [0, 65_537],
      [65_537, 0],
      [-1, 1],
      [1, -1],
      [-8, 16],
      [0x7fffffff, 0x7fffffff],
      [-1, -1],
      [0, 0xffffffff],
    ] as const) {
      await throwsKind('MEMORY_BOUNDS', /its memory ends at 65536/, () => guest.read(pointer, length));
    }
  });

  it('without memory has an empty view and no pages', async () => {
    const guest = await guestOf('(module (func (export "f")))');
    assert.equal(guest.view().byteLength, 0);
    assert.equal(guest.pages(), 0);
    await throwsKind('MEMORY_BOUNDS', /no memory/, () => guest.argumentBuffer(10));
  });

  it('that is disposed lets go of everything, twice if need be', async () => {
    const guest = await guestOf(GROWING);
    guest.dispose();
    guest.dispose();
    assert.equal(guest.view().byteLength, 0);
    await throwsKind('EXPORT_MISSING', /grow/, () => guest.function('grow'));
  });
});

describe('the argument buffer', () => {
  it('comes from alloc, is reused, and is freed before a larger one is asked for', async () => {
    const guest = await guestOf(`(module (memory (export "memory") 4)
      (global $top (mut i32) (i32.const 16)) (global $freed (export "freed") (mut i32) (i32.const 0))
      (func (export "alloc") (param i32) (result i32)
        (global.get $top) (global.set $top (i32.add (global.get $top) (local.get 0))))
      (func (export "free") (param i32 i32) (global.set $freed (local.get 1))))`);
    assert.equal(guest.argumentBuffer(100), 16);
    assert.equal(guest.argumentBuffer(200), 16);
    assert.equal(guest.argumentBuffer(300), 16 + 256);
    assert.equal((guest.exports.freed as WebAssembly.Global).value, 256);
  });

  it('lies above __heap_base when there is no alloc', async () => {
    const guest = await guestOf(`(module (memory (export "memory") 1)
      (global (export "__heap_base") i32 (i32.const 1001)))`);
    assert.equal(guest.argumentBuffer(10), 1008);
    assert.equal(guest.argumentBuffer(70_000), 1008);
    assert.equal(guest.pages(), 3);
  });

  it('lies in pages of its own when there is neither', async () => {
    const guest = await guestOf(GROWING);
    assert.equal(guest.argumentBuffer(10), 65_536);
    assert.equal(guest.argumentBuffer(65_536), 65_536);
    assert.equal(guest.argumentBuffer(65_537), 65_536);
    assert.equal(guest.pages(), 3);
    call(guest, 'grow', 1);
    assert.equal(guest.argumentBuffer(200_000), 4 * 65_536, 'the guest took the pages after it');
  });

  it('is refused with numbers when memory is at its cap', async () => {
    const guest = await guestOf(GROWING);
    await throwsKind('MEMORY_LIMIT', /1 pages.*cannot get \d+ more/, () => guest.argumentBuffer(2_000_000));
  });

  const allocs: readonly (readonly [string, string, 'MEMORY_LIMIT' | 'MEMORY_BOUNDS' | 'TRAP', RegExp])[] = [
    ['returns 0', '(i32.const 0)', 'MEMORY_LIMIT', /alloc returned 0/],
    ['returns a pointer past the end', '(i32.const -1)', 'MEMORY_BOUNDS', /returned address 4294967295/],
    ['returns too little room', '(i32.const 65500)', 'MEMORY_BOUNDS', /address 65500/],
    ['traps', '(unreachable)', 'TRAP', /alloc of test trapped/],
  ];
  for (const [what, body, kind, message] of allocs) {
    it(`is refused with ${kind} when alloc ${what}`, async () => {
      const guest = await guestOf(`(module (memory (export "memory") 1)
        (func (export "alloc") (param i32) (result i32) ${body}))`);
      await throwsKind(kind, message, () => guest.argumentBuffer(100));
    });
  }
});
