import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { finishBytes } from '../../../server/compilers/finish.ts';
import { checkPlugin, PLUGIN_CHECKS, PLUGIN_ERRORS } from '../../../server/plugins/checks/all-checks.ts';
import { withCustomSection } from '../../../wasm-core/binary/custom-section.ts';
import { readManifest } from '../../../wasm-core/binary/manifest.ts';
import { readModule } from '../../../wasm-core/binary/reader.ts';
import { projectRoot } from '../../support/project.ts';
import { assemblePlugin } from '../../support/wat.ts';

const workspace = { module: 'm', granted: [], memoryMb: 64 };
const CODES = new Set([...PLUGIN_CHECKS.map(({ code }) => code), ...PLUGIN_ERRORS]);

/** Real modules: of the examples in C and Rust, and one with most of what the checks look for. */
async function modules(): Promise<Uint8Array[]> {
  const files = ['c/radix.wasm', 'c/xxhash.wasm'].map((file) =>
    path.join(projectRoot(), 'examples/plugins', file),
  );
  const rich = await assemblePlugin(
    `(module (import "host" "now_ms" (func $now (result f64))) (import "host" "random" (func (param i32 i32)))
      (memory (export "memory") 1) (table 2 funcref) (elem (i32.const 0) $now $bits) (func $init) (start $init)
      (type $t (func (result f64))) (data (i32.const 0) "abc")
      (func $bits (export "bits") (param f64) (result i64) (i64.reinterpret_f64 (f64.sqrt (local.get 0))))
      (func (export "at") (result f64) (call_indirect (type $t) (i32.const 0)))
      (func (export "other")))`,
    [
      {
        name: 'bits',
        export: 'bits',
        parameters: [{ name: 'x', type: 'DOUBLE' }],
        returns: 'BIGINT',
        deterministic: true,
        doc: '',
      },
      { name: 'at', export: 'at', parameters: [], returns: 'DOUBLE', deterministic: true, doc: '' },
    ],
  );
  return [...files.map((file) => new Uint8Array(readFileSync(file))), rich];
}

describe('the checks of plugins', () => {
  it('find relaxed SIMD, whether or not this engine knows it', async () => {
    const text =
      '(module (func (export "f") (param f32) (result f32) (local v128) (drop (local.get 0)) (f32.const 0)))';
    const bytes = await assemblePlugin(text, [
      {
        name: 'f',
        export: 'f',
        parameters: [{ name: 'x', type: 'FLOAT' }],
        returns: 'FLOAT',
        deterministic: true,
        doc: '',
      },
    ]);
    // `drop` and the two bytes of padding are no room for an instruction of SIMD: one is put in the place of f32.const.
    const at = Buffer.from(bytes).indexOf(Buffer.of(0x43, 0, 0, 0, 0));
    assert.notEqual(at, -1);
    const relaxed = bytes.slice();
    // f32x4.relaxed_min is 0xfd 0x8d 0x02; two nops fill the rest.
    relaxed.set([0xfd, 0x8d, 0x02, 0x01, 0x01], at);
    const module = readModule(relaxed);
    const manifest = readManifest(module);
    const found = checkPlugin(module, { manifest, isGenerated: false, workspace });
    assert.deepEqual(
      found.map(({ check, about }) => [check.code, about]),
      [['nondeterministic', { type: 'instruction', offset: at, function: 'f' }]],
    );
  });

  it('end with a diagnostic, and no error of ours, for 10,000 broken modules', async () => {
    const seeds = await modules();
    const seen = new Set<string>();
    const check = async (bytes: Uint8Array): Promise<void> => {
      const outcome = await finishBytes({ language: 'wasm', path: '/w/m.wasm', bytes });
      const refused = outcome.diagnostics.filter(({ severity, isLint }) => severity === 'error' && !isLint);
      assert.equal(outcome.wasm === undefined, refused.length > 0);
      for (const { code, message } of outcome.diagnostics) {
        assert(CODES.has(code), code);
        assert.notEqual(message, '');
        seen.add(code);
      }
    };
    for (const seed of seeds) await check(seed);
    const mutant = fc.record({
      seed: fc.constantFrom(...seeds),
      cut: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { freq: 3 }),
      flips: fc.array(
        fc.tuple(
          fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
          fc.integer({ min: 1, max: 255 }),
        ),
        { minLength: 1, maxLength: 4 },
      ),
    });
    await fc.assert(
      fc.asyncProperty(mutant, async ({ seed, cut, flips }) => {
        const bytes = seed.slice(0, cut === null ? seed.length : Math.floor(cut * seed.length));
        for (const [where, by] of flips) {
          const at = Math.floor(where * bytes.length);
          bytes[at] = (bytes[at] ?? 0) ^ by;
        }
        await check(bytes);
      }),
      { numRuns: 10_000 },
    );
    assert(seen.has('module-invalid'), [...seen].join());
  }).timeout(300_000);

  it('are quick with a million functions, and with a function of 10 MB', async () => {
    const many = await manyFunctions();
    const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
    for (const bytes of [many, await longFunction()]) {
      const before = digest(bytes);
      const { diagnostics } = await finishBytes({ language: 'wasm', path: '/w/m.wasm', bytes });
      assert(diagnostics.length < 10, 'what is told fits a list');
      assert.equal(digest(bytes), before);
    }
  }).timeout(120_000);
});

/** A module of process and a million functions beside it, none of them exported. */
async function manyFunctions(): Promise<Uint8Array> {
  const count = 1_000_000;
  const header = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
  const types = section(1, [1, 0x60, 0, 0]);
  const functions = section(3, [...leb(count), ...new Uint8Array(count)]);
  const exports = section(7, [1, 6, ...Buffer.from('_start'), 0, 0]);
  const body = [2, 0, 0x0b];
  const code = new Uint8Array(count * 3);
  for (let i = 0; i < code.length; i++) code[i] = body[i % 3] ?? 0;
  const parts = [
    header,
    types,
    functions,
    section(5, [1, 0, 1]),
    exports,
    section(10, [...leb(count)], code),
  ];
  return withCustomSection(Buffer.concat(parts), { name: 'note', content: Uint8Array.of(1) });
}

/** A module with a function of SQL of 10 MB of arithmetic. */
async function longFunction(): Promise<Uint8Array> {
  const header = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
  const pairs = 3_500_000;
  const body = new Uint8Array(2 + pairs * 3 + 2);
  for (let i = 0; i < pairs; i++) body.set([0x41, 1, 0x1a], 1 + i * 3);
  body.set([0x41, 7, 0x0b], body.length - 3);
  const manifest = JSON.stringify({ abi: 1, functions: [{ name: 'f', returns: 'INTEGER' }] });
  const parts = [
    header,
    section(1, [1, 0x60, 0, 1, 0x7f]),
    section(3, [1, 0]),
    section(7, [1, 1, ...Buffer.from('f'), 0, 0]),
    section(10, [1, ...leb(body.length)], body),
  ];
  return withCustomSection(Buffer.concat(parts), { name: 'quern', content: Buffer.from(manifest) });
}

function section(id: number, content: readonly number[], rest: Uint8Array = new Uint8Array()): Uint8Array {
  const head = Uint8Array.from(content);
  return Buffer.concat([Uint8Array.of(id, ...leb(head.length + rest.length)), head, rest]);
}

function leb(value: number): number[] {
  const bytes: number[] = [];
  for (let left = value; ; left = Math.floor(left / 128)) {
    if (left < 128) return [...bytes, left];
    bytes.push((left % 128) | 128);
  }
}
