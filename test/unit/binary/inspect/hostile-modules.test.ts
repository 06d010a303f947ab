import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ByteSink } from '../../../../wasm-core/binary/byte-sink.ts';
import { concat, nameBytes, sectionBytes, u32Bytes } from '../../../../wasm-core/binary/byte-writer.ts';
import { WASM_LISTS } from '../../../../wasm-core/protocol/wasm-viewer.ts';
import { throwsKind } from '../../../support/core-error.ts';
import { inspect } from '../../../support/inspect.ts';
import { readProjectFile } from '../../../support/project.ts';
import { assembleAny } from '../../../support/wasm-tools.ts';
import { modulesOf } from '../../../support/wast.ts';
import { assemble, assemblePlugin, ECHO_WAT, REVERSE_WAT, sqlFunction } from '../../../support/wat.ts';

const HEADER = Uint8Array.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);

/** Asks everything there is to ask; each question has an answer, whatever the bytes. */
function askEverything(bytes: Uint8Array): void {
  const { inspector, ask } = inspect(bytes);
  const overview = ask({ kind: 'overview' });
  for (const list of WASM_LISTS) {
    const page = ask({ kind: 'rows', list, search: 'a', sort: 1, descending: true, first: 0, count: 10 });
    assert.ok(page.rows.length <= page.total);
  }
  for (let index = 0; index < Math.min(overview.functionCount, 5); index++) {
    const { total } = ask({ kind: 'lines', function: index, first: 0, count: 1000 });
    assert.equal(ask({ kind: 'find', function: index, text: 'no such text', from: 0 }).line, -1);
    assert.ok(ask({ kind: 'calls', function: index }).reachable.functionCount >= 1);
    assert.ok(total <= overview.byteLength);
  }
  assert.ok(ask({ kind: 'named', text: 'a' }).function < overview.functionCount);
  for (const piece of inspector.text()) assert.equal(typeof piece, 'string');
}

const EVERYTHING = `(module $m
  (rec (type $s (sub (struct (field i8) (field (mut (ref null $s)))))) (type $a (array i16)))
  (type $t (func (param i32) (result i32)))
  (import "env" "f" (func $imported (param i64))) (import "env" "g" (global (mut i32)))
  (memory $mem i64 1 5) (memory 1) (table $tab 3 9 funcref) (tag $e (param i32))
  (global $g (mut i32) (i32.const 1)) (data $d "abc") (data (memory 1) (i32.const 4) "xyz") (elem $el func $f)
  (elem (table $tab) (i32.const 0) funcref (ref.func $f) (ref.null func)) (elem declare func $f)
  (func $f (export "f") (type $t) (local $l i64) (local v128)
    (block $b (result i32) (try_table (catch $e $b) (throw $e (i32.const 1))) (i32.const 0)) (drop)
    (loop $l2 (br_table $l2 0 (local.get 0))) (call_indirect (type $t) (i32.const 1) (i32.const 2)) (drop)
    (i32.atomic.rmw.add offset=4 (i64.const 1) (i32.const 2)) (drop) (f64.const 1.5) (drop)
    (array.new_fixed $a 1 (i32.const 3)) (drop) (ref.test (ref null $s) (ref.null any)) (drop)
    (call $imported (i64.const -9)) (return_call $f (local.get 0)))
  (@custom "producers" "\\01\\08language\\01\\03WAT\\011"))`;

async function corpus(): Promise<Uint8Array[]> {
  const script = modulesOf(readProjectFile('test/fixtures/wast/semantics.wast'));
  const texts = script.flatMap((module) => (module.form === 'text' ? [module.wat] : []));
  return await Promise.all([
    ...[EVERYTHING, ECHO_WAT].map(assembleAny),
    ...texts.slice(0, 5).map(assemble),
    assemblePlugin(REVERSE_WAT, [sqlFunction('slug', ['VARCHAR'], 'VARCHAR')]),
  ]);
}

describe('a hostile file', () => {
  it('is answered for, when it is a module with bytes changed or the end missing', async () => {
    const modules = await corpus();
    const mutant = fc
      .tuple(
        fc.constantFrom(...modules),
        fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 4 }),
        fc.option(fc.nat(), { freq: 3 }),
      )
      .map(([module, changes, length]) => {
        const bytes = module.slice();
        for (const [at, byte] of changes) bytes[8 + (at % (bytes.length - 8))] = byte;
        return length === null ? bytes : bytes.subarray(0, length % (bytes.length + 1));
      });
    fc.assert(fc.property(mutant, askEverything), { numRuns: 10_000 });
  }).timeout(120_000);

  it('is answered for, when its bytes are random', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 100 }), askEverything), { numRuns: 1000 });
    const withHeader = fc.uint8Array({ maxLength: 200 }).map((tail) => concat([HEADER, tail]));
    fc.assert(fc.property(withHeader, askEverything), { numRuns: 2000 });
  });

  it('tells where it breaks off, and what stands before that', async () => {
    const whole = await assembleAny('(module (func (export "f") (i32.const 1) (drop) (i32.const 2) (drop)))');
    const { ask } = inspect(whole.subarray(0, whole.length - 2));
    const { problems, exportCount } = ask({ kind: 'overview' });
    assert.match(problems[0]?.message ?? '', /ends too early \(at byte \d+\)/);
    assert.equal(exportCount, 1);
    const { lines, problem } = ask({ kind: 'lines', function: 0, first: 0, count: 9 });
    assert.deepEqual(
      lines.map(({ text }) => text),
      ['i32.const 1', 'drop', 'i32.const 2'],
    );
    assert.match(problem ?? '', /function ends within a block/);
  });

  it('tells which instruction is unknown, and shows those before it', () => {
    const body = [0, 0x01, 0x01, 0xe7, 0x0b];
    const code = Uint8Array.from([1, body.length, ...body]);
    const types = sectionBytes(1, Uint8Array.from([1, 0x60, 0, 0]));
    const bytes = concat([HEADER, types, sectionBytes(3, Uint8Array.from([1, 0])), sectionBytes(10, code)]);
    const { lines, problem } = inspect(bytes).ask({ kind: 'lines', function: 0, first: 0, count: 9 });
    assert.equal(lines.length, 2);
    assert.match(problem ?? '', /0xe7 is not an instruction that Quern knows \(at byte 25\)/);
  });

  it('is refused a function that it does not have', async () => {
    const { inspector } = inspect(await assembleAny('(module (func))'));
    await throwsKind('FUNCTION_UNKNOWN', /no function 1; it has 1, from 0 to 0/, () => inspector.text(1));
    await throwsKind('FUNCTION_UNKNOWN', /no function main/, () => inspector.functionNamed('main'));
  });
});

/** A module whose functions have the bodies, each with its local declarations. */
function moduleOf(bodies: Iterable<Uint8Array>, count: number): Uint8Array {
  const code = new ByteSink(1024 * 1024);
  for (const byte of u32Bytes(count)) code.u8(byte);
  for (const body of bodies) {
    code.u32(body.length);
    for (const byte of body) code.u8(byte);
  }
  const types = new Uint8Array(count);
  return concat([
    HEADER,
    sectionBytes(1, Uint8Array.from([1, 0x60, 0, 0])),
    sectionBytes(3, concat([Uint8Array.from(u32Bytes(count)), types])),
    sectionBytes(10, code.view()),
  ]);
}

describe('a very large file', () => {
  it('is shown with a million functions', () => {
    const count = 1_000_000;
    function* bodies(): Generator<Uint8Array> {
      for (let i = 0; i < count; i++) yield Uint8Array.from([0, 0x10, ...u32Bytes((i * 7) % count), 0x0b]);
    }
    const { ask } = inspect(moduleOf(bodies(), count));
    assert.equal(ask({ kind: 'overview' }).functionCount, count);
    const wish = { kind: 'rows', list: 'functions', first: 0, count: 2, descending: true } as const;
    assert.deepEqual(
      ask({ ...wish, search: '', sort: 0 }).rows.map(({ cells }) => cells[0]),
      ['999999', '999998'],
    );
    assert.equal(ask({ ...wish, search: '99999' }).total, 19);
    const calls = ask({ kind: 'calls', function: 1 });
    assert.deepEqual(
      calls.callees.map((callee) => callee.index),
      [7],
    );
    assert.equal(calls.callerCount, 1);
    assert.ok(calls.reachable.functionCount > 1000);
  }).timeout(120_000);

  it('is shown with a function of 10 MB', () => {
    const body = new Uint8Array(10_000_000).fill(0x01);
    body[0] = 0;
    body[body.length - 1] = 0x0b;
    const { ask } = inspect(moduleOf([body], 1));
    const lines = ask({ kind: 'lines', function: 0, first: 9_999_000 - 1, count: 5 });
    assert.equal(lines.total, 9_999_999);
    assert.equal(lines.lines[0]?.text, 'nop');
    assert.equal(ask({ kind: 'find', function: 0, text: 'end', from: 9_000_000 }).line, 9_999_998);
  }).timeout(120_000);

  it('is shown with 100,000 blocks in each other', () => {
    const depth = 100_000;
    const blocks = Array.from({ length: depth }, () => [0x02, 0x40]).flat();
    const { inspector, ask } = inspect(
      moduleOf([Uint8Array.from([0, ...blocks, ...Array(depth + 1).fill(0x0b)])], 1),
    );
    const { lines } = ask({ kind: 'lines', function: 0, first: depth - 1, count: 2 });
    assert.deepEqual(
      lines.map((line) => [line.depth, line.text]),
      [
        [depth - 1, `block ;; label = @${depth}`],
        [depth - 1, 'end'],
      ],
    );
    let length = 0;
    for (const piece of inspector.text(0)) length += piece.length;
    assert.ok(length < 30_000_000, `${length} characters of text`);
  }).timeout(120_000);

  it('is shown with a name of a megabyte, shortened', () => {
    const name = 'x'.repeat(1_000_000);
    const exports = concat([Uint8Array.from([1]), nameBytes(name), Uint8Array.from([0, 0])]);
    const plain = moduleOf([Uint8Array.from([0, 0x0b])], 1);
    const bytes = concat([plain.subarray(0, 18), sectionBytes(7, exports), plain.subarray(18)]);
    const { rows } = inspect(bytes).ask({
      kind: 'rows',
      list: 'exports',
      search: '',
      descending: false,
      first: 0,
      count: 1,
    });
    assert.equal(rows[0]?.cells[0]?.length, 1001);
  });
});
