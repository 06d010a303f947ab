import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { CompileOutcome } from '../../server/compilers/compile-types.ts';
import { compileFile } from '../../server/compilers/node/compile-file.ts';
import { type Compilers, createCompilers } from '../../server/compilers/node/compilers.ts';
import { readManifest } from '../../wasm-core/binary/manifest.ts';
import { readModule } from '../../wasm-core/binary/reader.ts';
import { sourceLines } from '../../wasm-core/binary/source-lines/source-lines.ts';
import { distFolder } from '../support/dist.ts';
import { bareInstance } from '../support/toolchains.ts';

/*
 * Compilers that the machine has, or has not: where one is missing, the diagnostic must say so, and what it says is
 * checked.
 */

describe('the toolchains of this machine', () => {
  let folder: string;
  let compilers: Compilers;
  before(() => {
    compilers = createCompilers(distFolder());
  });
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'qt-'));
    mkdirSync(path.join(folder, 'plugins'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  after(() => compilers.dispose());

  async function compile(files: Readonly<Record<string, string>>): Promise<CompileOutcome> {
    const [main = ''] = Object.keys(files);
    for (const [name, text] of Object.entries(files)) {
      const file = path.join(folder, 'plugins', name);
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
    return await compileFile(compilers, path.join(folder, 'plugins', main));
  }
  /** What a source compiles to; undefined after the check that its missing toolchain is named. */
  async function module(
    tool: string,
    files: Readonly<Record<string, string>>,
  ): Promise<Uint8Array | undefined> {
    const { wasm, diagnostics } = await compile(files);
    if (isMissing(tool, diagnostics)) return undefined;
    assert.deepEqual(diagnostics, []);
    assert(wasm !== undefined);
    return wasm;
  }
  function isMissing(tool: string, diagnostics: CompileOutcome['diagnostics']): boolean {
    const [first] = diagnostics;
    if (first?.code !== `toolchain/${tool}`) return false;
    assert.match(
      first.message,
      new RegExp(
        `needs? .*none was found\\.(?:.|\\n)*Looked for: (?:.|\\n)*Install .*quern\\.tools \\(${tool}\\)`,
      ),
    );
    return true;
  }

  it('compile C with the SDK’s header, declared by a comment', async () => {
    const source = `#include "quern.h"
/* Twice a number.
 * @udf twice(x BIGINT) -> BIGINT
 */
static int64_t twice(int64_t x) { return x * 2; }
QUERN_FUNCTION(BIGINT, twice, BIGINT)
`;
    const wasm = await module('clang', { 'twice.c': source });
    if (wasm === undefined) return;
    assert.equal(bareInstance(wasm).twice?.(21n), 42n);
    const [declared] = readManifest(readModule(wasm))?.functions ?? [];
    assert.equal(declared?.doc, 'Twice a number.');
  }).timeout(60_000);

  it('compile C++, and a folder of C as its compile_flags.txt says', async () => {
    const cpp = await module('clang', {
      'max.cpp': `#include <stdint.h>
// @udf largest(x BIGINT, y BIGINT) -> BIGINT
template <class T> static T larger(T x, T y) { return x > y ? x : y; }
extern "C" __attribute__((export_name("largest"))) int64_t largest(int64_t x, int64_t y) { return larger(x, y); }
`,
    });
    if (cpp !== undefined) assert.equal(bareInstance(cpp).largest?.(3n, 7n), 7n);
    const project = await module('clang', {
      'sum/compile_flags.txt': '-DSTEP=5\n-Iinclude\n',
      'sum/include/step.h': 'long long step(long long x);\n',
      'sum/a.c': `#include "step.h"\n// @udf two_steps(x BIGINT) -> BIGINT\n__attribute__((export_name("two_steps"))) long long two_steps(long long x) { return step(step(x)); }\n`,
      'sum/b.c': '#include "step.h"\nlong long step(long long x) { return x + STEP; }\n',
    });
    if (project !== undefined) assert.equal(bareInstance(project).two_steps?.(1n), 11n);
  }).timeout(60_000);

  it('tell faults of C at their places, in headers of the plugin too', async () => {
    const { diagnostics } = await compile({
      'bad.c':
        '#include "own.h"\n// @udf f(x BIGINT) -> BIGINT\nlong long f(long long é) { return é + nope; }\n',
      'own.h': 'wrong_type thing;\n',
    });
    if (isMissing('clang', diagnostics)) return;
    assert.deepEqual(
      diagnostics.map(({ code, file, range }) => [code, file && path.basename(file), range.start]),
      [
        ['clang', 'own.h', { line: 0, character: 0 }],
        ['clang', undefined, { line: 2, character: 38 }],
      ],
    );
  }).timeout(60_000);

  it('compile Rust with the SDK’s module, and say where a fault is', async () => {
    const source = (body: string): string => `#[macro_use]
mod quern;
mod own;

// Twice a number.
// @udf twice(x BIGINT) -> BIGINT
quern_function! {
    fn twice(x: i64) -> i64 { ${body} }
}
`;
    const own = { 'own.rs': 'pub fn double(x: i64) -> i64 { x * 2 }\n' };
    const wasm = await module('rustc', { 'twice.rs': source('own::double(x)'), ...own });
    if (wasm === undefined) return;
    assert.equal(bareInstance(wasm).twice?.(21n), 42n);
    assert.ok(wasm.byteLength < 2_000_000, `${wasm.byteLength} bytes`);
    const { diagnostics } = await compile({ 'twice.rs': source('own::double("é", x)'), ...own });
    assert.deepEqual(
      diagnostics.map(({ code, range }) => [code, range.start.line]),
      [['rustc/E0061', 7]],
    );
    const related = diagnostics[0]?.related?.map(({ file }) => path.basename(file));
    assert.ok(related?.includes('own.rs'), String(related));
  }).timeout(120_000);

  it('build a crate with cargo, whose functions are declared in its files', async () => {
    const manifest =
      '[package]\nname = "geo"\nversion = "0.1.0"\nedition = "2021"\n\n[lib]\ncrate-type = ["cdylib"]\n';
    const lib = (body: string): string =>
      `mod more;\n// @udf thrice(x BIGINT) -> BIGINT\n#[no_mangle]\npub extern "C" fn thrice(x: i64) -> i64 { ${body} }\n`;
    const more = 'pub fn three() -> i64 { 3 }\n';
    const files = { 'geo/Cargo.toml': manifest, 'geo/src/more.rs': more };
    const good = await compile({ ...files, 'geo/src/lib.rs': lib('more::three() * x') });
    if (isMissing('rustc', good.diagnostics) || isMissing('cargo', good.diagnostics)) return;
    assert.deepEqual(good.diagnostics, []);
    assert(good.wasm !== undefined);
    assert.equal(good.name, 'geo');
    assert.equal(good.places.get('thrice')?.file, path.join(folder, 'plugins/geo/src/lib.rs'));
    assert.equal(bareInstance(good.wasm).thrice?.(5n), 15n);
    const bad = await compile({ ...files, 'geo/src/lib.rs': lib('more::four() * x') });
    assert.deepEqual(
      bad.diagnostics.map(({ code, file, range }) => [code, file && path.basename(file), range.start]),
      [['rustc/E0425', 'lib.rs', { line: 3, character: 48 }]],
    );
  }).timeout(300_000);

  it('compile Zig', async () => {
    const source =
      '/// Twice a number.\n/// @udf zig_twice(x BIGINT) -> BIGINT\nexport fn zig_twice(x: i64) i64 {\n    return x * 2;\n}\n';
    const wasm = await module('zig', { 'zig_twice.zig': source });
    if (wasm === undefined) return;
    assert.equal(bareInstance(wasm).zig_twice?.(21n), 42n);
    const { diagnostics } = await compile({ 'zig_twice.zig': source.replace('* 2', '* two') });
    assert.deepEqual(
      diagnostics.map(({ code, range }) => [code, range.start, range.end]),
      [['zig', { line: 3, character: 15 }, { line: 3, character: 18 }]],
    );
  }).timeout(300_000);

  it('build a module of Go', async () => {
    const wasm = await module('go', {
      'gone/go.mod': 'module gone\n\ngo 1.24\n',
      'gone/main.go':
        'package main\n\n// @udf go_twice(x BIGINT) -> BIGINT\n//\n//go:wasmexport go_twice\nfunc goTwice(x int64) int64 { return x * 2 }\n\nfunc main() {}\n',
    });
    if (wasm === undefined) return;
    const [declared] = readManifest(readModule(wasm))?.functions ?? [];
    assert.equal(declared?.name, 'go_twice');
  }).timeout(300_000);

  describe('for a release', () => {
    const as = '/** @udf */ export function shout(s: string): string { return s.toUpperCase(); }';
    const wat = `(module (@custom "quern" "{\\"abi\\":1,\\"functions\\":[{\\"name\\":\\"three\\",\\"parameters\\":[],\\"returns\\":\\"INTEGER\\"}]}")
      (func $two (result i32) i32.const 1 i32.const 1 i32.add)
      (func (export "three") (result i32) (local i32) call $two i32.const 1 i32.add))`;
    const c =
      '// @udf twice(x BIGINT) -> BIGINT\n__attribute__((export_name("twice"))) long long twice(long long x) { return x * 2; }\n';
    const cases: readonly (readonly [string, string])[] = [
      ['shout.ts', as],
      ['three.wat', wat],
      ['twice.c', c],
    ];
    for (const [name, text] of cases) {
      it(`make ${name} smaller, with its functions and without its lines`, async () => {
        const file = path.join(folder, 'plugins', name);
        writeFileSync(file, text);
        const debug = await compileFile(compilers, file);
        const release = await compileFile(compilers, file, { preset: 'release' });
        if (isMissing('clang', release.diagnostics)) return;
        assert.deepEqual(release.diagnostics, []);
        assert(debug.wasm !== undefined && release.wasm !== undefined);
        assert.ok(release.wasm.byteLength < debug.wasm.byteLength);
        assert.deepEqual(release.functions, debug.functions);
        assert.deepEqual(readManifest(readModule(release.wasm)), readManifest(readModule(debug.wasm)));
        const linesOf = (wasm: Uint8Array): unknown =>
          sourceLines(
            wasm,
            [readModule(wasm).bodies[0]?.end ?? 0].map((end) => end - 1),
          );
        assert.notEqual(linesOf(debug.wasm), undefined);
        assert.equal(linesOf(release.wasm), undefined);
      }).timeout(60_000);
    }

    it('compute the constants of WebAssembly text', async () => {
      const file = path.join(folder, 'plugins', 'three.wat');
      writeFileSync(file, wat);
      const { wasm } = await compileFile(compilers, file, { preset: 'release' });
      assert(wasm !== undefined);
      assert.equal(bareInstance(wasm).three?.(), 3);
      const { bodies } = readModule(wasm);
      // No locals, i32.const 3, end.
      assert.deepEqual([...wasm.subarray(bodies[0]?.start, bodies[0]?.end)], [0, 0x41, 3, 0x0b]);
    });
  });
});
