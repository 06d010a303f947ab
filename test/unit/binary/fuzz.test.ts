import assert from 'node:assert/strict';
import fc from 'fast-check';
import { checkAbi } from '../../../wasm-core/binary/abi.ts';
import { u32Bytes } from '../../../wasm-core/binary/byte-writer.ts';
import { parseManifest, readManifest, writeManifest } from '../../../wasm-core/binary/manifest.ts';
import { readModule } from '../../../wasm-core/binary/reader.ts';
import { rewriteModule } from '../../../wasm-core/binary/rewrite.ts';
import { CoreError } from '../../../wasm-core/protocol/errors.ts';
import {
  assemble,
  assemblePlugin,
  ECHO_WAT,
  REVERSE_WAT,
  sqlFunction,
  UPPER_WAT,
} from '../../support/wat.ts';

/** Reads, rewrites and checks; whatever is thrown must be a CoreError, and valid stays valid. */
function exercise(bytes: Uint8Array): void {
  const valid = WebAssembly.validate(bytes as BufferSource);
  try {
    const module = readModule(bytes);
    for (const metered of [false, true]) {
      const rewritten = rewriteModule(module, { metered }).bytes;
      const stays = WebAssembly.validate(rewritten as BufferSource);
      assert.equal(stays, valid, valid ? 'the rewriter broke a valid module' : 'it made a bad module valid');
    }
    checkAbi(module, readManifest(module));
  } catch (error) {
    if (!(error instanceof CoreError)) throw error;
    assert.ok(!valid || error.kind !== 'FORMAT_WASM', `V8 takes it, we do not: ${error.message}`);
  }
}

async function corpus(): Promise<Uint8Array[]> {
  const everything = `(module
    (type $t (func (param i32 i64) (result f64)))
    (import "env" "abort" (func (param i32 i32 i32 i32)))
    (import "env" "memory" (memory 1 5))
    (import "env" "table" (table 2 4 funcref))
    (import "env" "global" (global (mut i32)))
    (tag $e (param i32))
    (global $g (mut i64) (i64.const 3))
    (func $s) (start $s)
    (func (export "f") (type $t) (f64.const 1))
    (elem (i32.const 0) $s $s)
    (data (i32.const 0) "some data"))`;
  return [
    await assemble(CODE_WAT),
    await assemble(ECHO_WAT),
    await assemble(UPPER_WAT),
    await assemble(everything),
    await assemblePlugin(REVERSE_WAT, [sqlFunction('slug', ['VARCHAR'], 'VARCHAR')]),
  ];
}

/** Some of every kind of instruction that the rewriter tells apart. */
const CODE_WAT = `(module
  (type $t (func (param i32) (result i32))) (memory 1) (table 3 9 funcref) (tag $e (param i32))
  (global $g (mut i32) (i32.const 1)) (data $d "abc") (elem $s func $f)
  (func $f (export "f") (type $t) (local i64 v128)
    (block $b (loop $l (br_if $b (local.get 0)) (br_table $b $l (i32.const 1))))
    (if (i32.eqz (local.get 0)) (then (return (i32.const 2))) (else (nop)))
    (drop (call_indirect (type $t) (i32.const 1) (call $f (global.get $g))))
    (memory.fill (i32.const 0) (i32.const 1) (i32.const 2)) (memory.init $d (i32.const 0) (i32.const 0) (i32.const 1))
    (table.init 0 $s (i32.const 0) (i32.const 0) (i32.const 1)) (table.set 0 (i32.const 0) (ref.func $f))
    (drop (table.grow 0 (ref.null func) (i32.const 1))) (data.drop $d) (elem.drop $s)
    (drop (f64.add (f64.const 1.5) (f64.promote_f32 (f32.const 2)))) (local.set 1 (i64.const -5))
    (local.set 2 (i8x16.shuffle 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 (v128.const i64x2 1 2) (v128.load (i32.const 8))))
    (drop (select (i32.const 1) (i32x4.extract_lane 1 (local.get 2)) (memory.grow (i32.const 0))))
    (try (do (throw $e (i32.const 1))) (catch $e (drop)) (catch_all (rethrow 0)))
    (try (do (try (do (nop)) (delegate 0))))
    (return_call $f (local.get 0))))`;

describe('any bytes', () => {
  it('give a result or a CoreError, when they are random', () => {
    const random = fc.uint8Array({ maxLength: 300 });
    fc.assert(fc.property(random, exercise), { numRuns: 2000 });
    const withHeader = random.map((tail) => Uint8Array.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, ...tail]));
    fc.assert(fc.property(withHeader, exercise), { numRuns: 3000 });
  });

  it('give a result or a CoreError, when they are a valid module with bytes changed, cut or put in', async () => {
    const modules = await corpus();
    const edit = fc.record({
      module: fc.constantFrom(...modules),
      at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      remove: fc.nat(6),
      insert: fc.uint8Array({ maxLength: 6 }),
      end: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    const check = (e: typeof edit extends fc.Arbitrary<infer T> ? T : never): void => {
      const start = Math.floor(e.at * e.module.length);
      const changed = [...e.module.subarray(0, start), ...e.insert, ...e.module.subarray(start + e.remove)];
      exercise(Uint8Array.from(changed));
      exercise(e.module.slice(0, Math.floor(e.end * e.module.length)));
    };
    fc.assert(fc.property(edit, check), { numRuns: 6000 });
  });

  it('give a result or a CoreError at every truncation and for every single changed byte', async () => {
    for (const module of await corpus()) {
      for (let i = 0; i < module.length; i++) {
        exercise(module.slice(0, i));
        for (const byte of [0, 1, 0x7f, 0x80, 0xff]) {
          const changed = module.slice();
          changed[i] = byte;
          exercise(changed);
        }
      }
    }
  });

  it('take time that grows with their number, however deep the blocks and long the tables of labels', () => {
    const shapes = {
      blocks: (n: number) => [...repeat([0x02, 0x40], n), ...repeat([0x0b], n)],
      loops: (n: number) => [...repeat([0x03, 0x40], n), ...repeat([0x0b], n)],
      tables: (n: number) => repeat([0x41, 0, 0x0e, 5, 0, 0, 0, 0, 0, 0], n),
      calls: (n: number) => repeat([0x10, 0], n),
    };
    for (const [shape, code] of Object.entries(shapes)) {
      const time = (n: number): number => {
        const module = readModule(moduleOf([0, ...code(n), 0x0b]));
        const start = performance.now();
        rewriteModule(module, { metered: true });
        return performance.now() - start;
      };
      // The fastest of several: others use the processor, too.
      const fastest = (n: number, times: number) => Math.min(...Array.from({ length: times }, () => time(n)));
      const small = fastest(5000, 5);
      const large = fastest(150_000, 5);
      // Thirty times as much is about thirty times as long; quadratic would be nine hundred times.
      assert.ok(large < 200 * small + 100, `${shape}: ${small} ms, then ${large} ms`);
    }
  });

  it('give a manifest or a CoreError, when they are any JSON', () => {
    const anyManifest = fc.oneof(fc.json(), fc.string(), shapedManifest());
    const check = (text: string): void => {
      try {
        const manifest = parseManifest(text, { source: 'test' });
        assert.deepEqual(parseManifest(JSON.stringify(manifest), { source: 'test' }), manifest);
      } catch (error) {
        if (!(error instanceof CoreError)) throw error;
        assert.equal(error.kind, 'FORMAT_MANIFEST');
      }
    };
    fc.assert(fc.property(anyManifest, check), { numRuns: 2000 });
  });

  it('keep a manifest through any module', async () => {
    for (const module of await corpus()) {
      const manifest = parseManifest('{"abi":1,"doc":"é","functions":[]}', { source: 'test' });
      const once = writeManifest(module, manifest);
      assert.deepEqual(readManifest(readModule(once)), manifest);
      assert.deepEqual(writeManifest(once, manifest), once, 'writing again replaces');
    }
  });
});

/** JSON that has the members of a manifest, with right and wrong values. */
function shapedManifest(): fc.Arbitrary<string> {
  const wild = fc.oneof(fc.constant('VARCHAR'), fc.constant('slug'), fc.jsonValue({ maxDepth: 1 }));
  const fn = fc.record(
    {
      name: wild,
      export: wild,
      parameters: fc.array(fc.record({ name: wild, type: wild })),
      returns: wild,
      doc: wild,
    },
    { requiredKeys: [] },
  );
  return fc
    .record({ abi: fc.constantFrom(1, 1, 2, '1'), functions: fc.array(fn), doc: wild }, { requiredKeys: [] })
    .map((m) => JSON.stringify(m));
}

function repeat(bytes: readonly number[], times: number): number[] {
  return Array.from({ length: times }, () => bytes).flat();
}

/** A module with one function of no parameters and results. */
function moduleOf(body: readonly number[]): Uint8Array {
  const size = u32Bytes(body.length);
  const header = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0];
  return Uint8Array.from([...header, 10, ...u32Bytes(1 + size.length + body.length), 1, ...size, ...body]);
}
