import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { CompileOutcome } from '../../server/compilers/compile-types.ts';
import { CompilerThread } from '../../server/compilers/node/compiler-thread.ts';
import { type Compilers, createCompilers } from '../../server/compilers/node/compilers.ts';
import { readManifest } from '../../wasm-core/binary/manifest.ts';
import { readModule } from '../../wasm-core/binary/reader.ts';
import { type BarePlugin, instantiate } from '../support/bare-plugin.ts';
import { distFolder } from '../support/dist.ts';
import { projectRoot } from '../support/project.ts';

describe('the compilers', () => {
  let compilers: Compilers;
  before(() => {
    compilers = createCompilers(distFolder());
  });
  after(() => compilers.dispose());

  function compile(language: 'wat' | 'assemblyscript', text: string): Promise<CompileOutcome> {
    const file = `/w/plugin.${language === 'wat' ? 'wat' : 'ts'}`;
    return compilers.compile({ language, path: file, root: '/w', text });
  }
  async function plugin(text: string): Promise<BarePlugin> {
    const { wasm, diagnostics } = await compile('assemblyscript', text);
    assert.deepEqual(diagnostics, []);
    assert(wasm !== undefined);
    return instantiate(wasm);
  }
  /** The diagnostics but for what is no more than advice. */
  async function faults(language: 'wat' | 'assemblyscript', text: string): Promise<unknown[]> {
    const { diagnostics } = await compile(language, text);
    return diagnostics.filter(({ isLint }) => !isLint);
  }
  /** The first diagnostic: its code, the text under it and the message. */
  async function firstError(language: 'wat' | 'assemblyscript', text: string): Promise<string[]> {
    const { diagnostics, wasm } = await compile(language, text);
    const [first] = diagnostics;
    assert(first !== undefined, 'no diagnostic');
    assert.equal(wasm, undefined);
    const { start, end } = first.range;
    const line = text.split('\n')[start.line] ?? '';
    const under = line.slice(start.character, end.line === start.line ? end.character : undefined);
    return [first.code, under, first.message];
  }

  describe('of AssemblyScript', () => {
    it('carry every scalar type through its WebAssembly form', async () => {
      const types = ['bool', 'i8', 'i16', 'i32', 'i64', 'u8', 'u16', 'u32', 'u64', 'f32', 'f64'];
      const source = types.map((t) => `/** @udf */ export function same_${t}(x: ${t}): ${t} { return x; }`);
      const same = await plugin(source.join('\n'));
      const cases: [string, number | bigint, number | bigint][] = [
        ['bool', 1, 1],
        ['bool', 0, 0],
        ['i8', -128, -128],
        ['i16', -32_768, -32_768],
        ['i32', -2_147_483_648, -2_147_483_648],
        ['i64', -(2n ** 63n), -(2n ** 63n)],
        ['u8', 255, 255],
        ['u16', 65_535, 65_535],
        ['u32', 4_294_967_295, -1],
        ['u64', 2n ** 64n - 1n, -1n],
        ['f32', 0.1, Math.fround(0.1)],
        ['f64', -0.1, -0.1],
      ];
      for (const [type, given, expected] of cases) {
        assert.equal(same.number(`same_${type}`, given), expected, type);
      }
    });

    it('carry text of every kind, and NULL out', async () => {
      const text = await plugin(`
        /** @udf */ export function same(s: string): string { return s; }
        /** @udf */ export function both(a: string, b: string): string | null { return a == b ? null : a + b; }
        /** @udf */ export function half(s: string): string { return s.substring(0, 1); }`);
      for (const s of ['', 'a', 'é', '日本', '😀', 'a\0b', 'x'.repeat(100_000)])
        assert.equal(text.text('same', s), s);
      assert.equal(text.text('both', 'a', 'b'), 'ab');
      assert.equal(text.text('both', '', ''), null);
      assert.equal(text.text('half', '😀'), '\ufffd');
    });

    it('carry bytes in a million calls without growing', async () => {
      const bytes = await plugin(`
        /** @udf */ export function turned(b: Uint8Array): Uint8Array | null { return b.length == 0 ? null : b.reverse(); }`);
      const turned = (b: Uint8Array) => bytes.bytes(BigInt(bytes.raw('turned', b)));
      assert.deepEqual(turned(Uint8Array.of(0, 255, 7)), Uint8Array.of(7, 255, 0));
      assert.equal(turned(new Uint8Array()), null);
      turned(new Uint8Array(1_000));
      const before = bytes.pages();
      const input = new Uint8Array(1_000);
      for (let i = 0; i < 1_000_000; i++) bytes.raw('turned', input);
      assert.equal(bytes.pages(), before);
    }).timeout(120_000);

    it('read the mark as a decorator and as a tag, with its options', async () => {
      const { wasm } = await compile(
        'assemblyscript',
        `/** Plain. */ @udf export function a(x: i32): i32 { return x; }
        @udf({ name: "bee", deterministic: false })
        export function b(x: i32): i32 { return x; }
        /**
         * Two
         * lines.
         * @udf name: cee, deterministic: false
         * @param x not for the documentation
         */
        export function c(x: i32): i32 { return x; }
        export function not_marked(x: i32): i32 { return x; }`,
      );
      assert(wasm !== undefined);
      const functions = readManifest(readModule(wasm))?.functions ?? [];
      assert.deepEqual(
        functions.map((fn) => [fn.name, fn.deterministic, fn.doc]),
        [
          ['a', true, 'Plain.'],
          ['bee', false, ''],
          ['cee', false, 'Two lines.'],
        ],
      );
    });

    it('leave a process export and an allocator of the source alone', async () => {
      const { wasm, diagnostics } = await compile(
        'assemblyscript',
        `export function alloc(n: i32): usize { return heap.alloc(n); }
        export function process(pointer: usize, length: i32): i64 { return (<i64>pointer << 32) | length; }
        /** @udf */ export function one(s: string): i32 { return s.length; }`,
      );
      assert.deepEqual(diagnostics, []);
      assert(wasm !== undefined);
      const bare = instantiate(wasm);
      assert.deepEqual(bare.process(Buffer.from('as it was')), new Uint8Array(Buffer.from('as it was')));
      assert.equal(bare.raw('one', Buffer.from('four')), 4);
    });

    it('keep names for stack traces and what was thrown', async () => {
      const thrower = await plugin(
        '/** @udf */ export function deep(x: i32): i32 { return inner(x); }\n@inline function never(): void {}\nfunction inner(x: i32): i32 { if (x > 0) throw new Error("no"); return x; }',
      );
      assert.throws(() => thrower.number('deep', 1), /abort at 3:/);
    });

    it('say what SQL cannot call, at its place', async () => {
      const cases: [string, string, RegExp][] = [
        ['/** @udf */ export function a(x: Set<i32>): i32 { return 1; }', 'Set<i32>', /may use bool, i8/],
        ['/** @udf */ export function a(x: i32 = 1): i32 { return x; }', 'x: i32 = 1', /optional/],
        ['/** @udf */ export function a(x: i32 | null): i32 { return 1; }', 'i32 | null', /Opt<i32>/],
        ['/** @udf */ export function a(x: i32): void {}', 'void', /may use bool/],
        ['/** @udf */ export function a<T>(x: i32): i32 { return x; }', 'a', /generic/],
        ['/** @udf */ export function aB(x: i32): i32 { return x; }', 'aB', /such as a_b/],
        ['@udf({ nmae: "b" }) export function a(x: i32): i32 { return x; }', 'nmae', /no option nmae/],
        ['@udf("b") export function a(x: i32): i32 { return x; }', '"b"', /takes an object/],
      ];
      for (const [text, under, message] of cases) {
        const [code, word, said] = await firstError('assemblyscript', text);
        assert.deepEqual([code, word], ['udf/signature', under], text);
        assert.match(said ?? '', message);
      }
    });

    it('say which import of the module is not there', async () => {
      const [code, , message] = await firstError(
        'assemblyscript',
        '/** @udf */ export function now(): f64 { return Date.now() as f64; }',
      );
      assert.equal(code, 'import-unknown');
      assert.match(message ?? '', /env\.Date\.now/);
    });

    it('end with a diagnostic on every broken text', async () => {
      for (const text of [
        '@udf',
        '/** @udf */ export function',
        '/** @udf */ export function f(s: string): string {',
        '\0@udf',
        '/* @udf',
      ]) {
        assert.notEqual((await compile('assemblyscript', text)).diagnostics.length, 0, text);
      }
    });
  });

  describe('of WebAssembly text', () => {
    it('keep the custom section as it is written', async () => {
      const { wasm, functions } = await compile(
        'wat',
        '(module (@custom "quern" "{\\"abi\\":1,\\"functions\\":[{\\"name\\":\\"f\\",\\"returns\\":\\"INTEGER\\",\\"doc\\":\\"\\c3\\a9😀\\"}]}") (func (export "f") (result i32) i32.const 1))',
      );
      assert(wasm !== undefined);
      assert.equal(functions[0]?.doc, 'é😀');
      assert.equal(readManifest(readModule(wasm))?.functions[0]?.doc, 'é😀');
    });

    it('tell what is wrong, at its place', async () => {
      const cases: [string, string, string, RegExp][] = [
        [
          '(module (func (export "process") local.get $nope))',
          'wat/undefined-name',
          '$nope',
          /no local \$nope/,
        ],
        ['(module (func i32.const 99999999999 drop))', 'wat/parse', '99999999999', /out of range/],
        ['(module (func i32.const 0 i32.ad))', 'wat/parse', 'i32.ad', /no instruction i32\.ad; did you mean/],
        ['(module (; open', 'wat/parse', '(;', /never closed/],
        ['(module (data "abc\n"))', 'wat/parse', '"abc', /not closed on its line/],
        ['(module (func (export "é") (result i32) f32.const 1))', 'wat/type', 'f32.const', /type mismatch/i],
        ['(module (func (export "a")) (func (export "a")))', 'wat/type', 'export', /duplicate export/i],
        ['(module (func (export "f")))', 'export-missing', '(module', /none of it can be used/],
        [
          '(module (import "env" "print" (func)) (func (export "process") (param i32 i32) (result i32) unreachable))',
          'import-unknown',
          '(import "env" "print" (func))',
          /env\.print/,
        ],
        [
          '(module (@custom "quern" "{}"))',
          'manifest-invalid',
          '(@custom "quern"',
          /\$\.abi is missing; write 1/,
        ],
        ['', 'wat/parse', '', /expected/i],
      ];
      for (const [text, code, under, message] of cases) {
        const found = await firstError('wat', text);
        assert.deepEqual(found.slice(0, 2), [code, under], text);
        assert.match(found[2] ?? '', message);
      }
    });

    it('tell every type error of a module', async () => {
      const text = '(module\n (func (result i32) f32.const 1)\n (func (result i64) i32.const 1))';
      const { diagnostics } = await compile('wat', text);
      assert.deepEqual(
        diagnostics.map((d) => d.range.start.line),
        [1, 2],
      );
    });

    it('take what V8 takes, also where other tools do not', async () => {
      const tail =
        '(module (memory (export "memory") 1) (func $f (export "process") (param i32 i32) (result i32) (return_call $f (local.get 0) (local.get 1))))';
      assert.deepEqual(await faults('wat', tail), []);
    });

    it('are quick with large and with deeply nested text', async () => {
      const functions = '(func (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))\n'.repeat(
        20_000,
      );
      const started = Date.now();
      const process =
        '(memory (export "memory") 1)(func (export "process") (param i32 i32) (result i32) unreachable)';
      assert.deepEqual(await faults('wat', `(module ${process} ${functions})`), []);
      await compile('wat', '('.repeat(200_000));
      await compile('wat', `(module (func ${'(block '.repeat(50_000)}`);
      assert(Date.now() - started < 20_000);
      assert.deepEqual(await faults('wat', `(module ${process})`), []);
    });
  });

  it('start again after a thread has ended', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'qc-'));
    const file = path.join(folder, 'worker.mjs');
    writeFileSync(file, "console.error('RangeError: too deep'); process.exit(1);");
    const thread = new CompilerThread('test', file);
    for (let i = 0; i < 2; i++) {
      const { diagnostics } = await thread.compile({ entry: 'a', root: folder, text: '' });
      assert.match(diagnostics[0]?.message ?? '', /^The test compiler failed: /);
    }
    await thread.dispose();
    rmSync(folder, { recursive: true });
  });
});

describe('dist/compile.js', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'qc-'));
  after(() => rmSync(folder, { recursive: true }));

  function run(...files: string[]): {
    status: number | null;
    lines: Record<string, unknown>[];
    stderr: string;
  } {
    const command = [path.join(distFolder(), 'compile.js'), ...files];
    const { status, stdout, stderr } = spawnSync(process.execPath, command, {
      cwd: folder,
      encoding: 'utf8',
    });
    const lines = stdout.split('\n').filter((l) => l !== '');
    return { status, lines: lines.map((l) => JSON.parse(l) as Record<string, unknown>), stderr };
  }

  it('prints a line for each file, in their order', () => {
    writeFileSync(
      path.join(folder, 'good.wat'),
      '(module ;; @udf one() -> INTEGER\n (func (export "one") (result i32) (i32.const 1)))',
    );
    writeFileSync(path.join(folder, 'good.ts'), '/** @udf */ export function two(): i32 { return 2; }');
    const { status, lines } = run('good.wat', 'good.ts');
    assert.equal(status, 1, 'the comment does not stand on a line of its own');
    writeFileSync(
      path.join(folder, 'good.wat'),
      ';; @udf one() -> INTEGER\n(module (func (export "one") (result i32) (i32.const 1)))',
    );
    const again = run('good.wat', 'good.ts');
    assert.equal(again.status, 0);
    assert.deepEqual(
      again.lines.map((l) => [l.path, l.name, (l.diagnostics as unknown[]).length]),
      [
        ['good.wat', 'good', 0],
        ['good.ts', 'good', 0],
      ],
    );
    const wasm = Buffer.from(String(again.lines[1]?.wasm), 'base64');
    assert.equal(instantiate(wasm).number('two'), 2);
    assert.equal(lines[0]?.wasm, null);
  });

  it('tells what it cannot read', () => {
    writeFileSync(path.join(folder, 'bad.wasm'), 'no');
    const { status, lines, stderr } = run('missing.wat', '.', 'bad.wasm', 'x.txt');
    const codes = lines.map((l) => (l.diagnostics as { code: string }[])[0]?.code);
    assert.equal(status, 1);
    assert.deepEqual(codes, ['FILE_NOT_FOUND', 'FILE_IS_DIRECTORY', 'module-invalid', 'FILE_NOT_FOUND']);
    assert.equal(stderr, '');
    assert.equal(run().status, 2);
  });

  it('takes a sidecar for a foreign module', () => {
    // (module (func (export "answer") (result i32) i32.const 42))
    const bytes = '0061736d010000000105016000017f030201000' + '70a0106616e737765720000' + '0a06010400412a0b';
    writeFileSync(path.join(folder, 'foreign.wasm'), Buffer.from(bytes, 'hex'));
    assert.equal(run('foreign.wasm').status, 1);
    writeFileSync(
      path.join(folder, 'foreign.quern.json'),
      '{"abi":1,"functions":[{"name":"answer","returns":"INTEGER"}]}',
    );
    const { status, lines } = run('foreign.wasm');
    assert.equal(status, 0, JSON.stringify(lines));
    assert.deepEqual(
      (lines as { functions: { name: string }[] }[]).map((line) => line.functions.map((f) => f.name)),
      [['answer']],
    );
  });
});

describe('the transform for asc', () => {
  it('gives the module that the editor gives', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'qc-'));
    const file = path.join(projectRoot(), 'examples/plugins/text.ts');
    const transform = path.join(distFolder(), 'sdk/assemblyscript/transform.mjs');
    const asc = path.join(projectRoot(), 'node_modules/assemblyscript/bin/asc.js');
    const output = path.join(folder, 'text.wasm');
    await new Promise<void>((resolve, reject) => {
      const args = [asc, file, '--transform', transform, '-O2', '--outFile', output];
      execFile(process.execPath, args, { cwd: projectRoot() }, (error) =>
        error ? reject(error) : resolve(),
      );
    });
    const wasm = readFileSync(output);
    const names = readManifest(readModule(wasm))?.functions.map((fn) => fn.name);
    assert.deepEqual(names, ['slug', 'levenshtein', 'title_case']);
    assert.equal(instantiate(wasm).text('slug', 'Ça va?'), 'ca-va');
    rmSync(folder, { recursive: true });
  });
});
