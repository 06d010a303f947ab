import assert from 'node:assert/strict';
import fc from 'fast-check';
import { checkAbi } from '../../../wasm-core/binary/abi.ts';
import { importMemory } from '../../../wasm-core/binary/import-memory.ts';
import { parseManifest, readManifest, writeManifest } from '../../../wasm-core/binary/manifest.ts';
import { readModule } from '../../../wasm-core/binary/reader.ts';
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
    const rewritten = importMemory(bytes).bytes;
    if (valid)
      assert.ok(WebAssembly.validate(rewritten as BufferSource), 'the rewriter broke a valid module');
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
    await assemble(ECHO_WAT),
    await assemble(UPPER_WAT),
    await assemble(everything),
    await assemblePlugin(REVERSE_WAT, [sqlFunction('slug', ['VARCHAR'], 'VARCHAR')]),
  ];
}

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
