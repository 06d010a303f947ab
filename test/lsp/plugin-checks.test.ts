import assert from 'node:assert/strict';
import type { CompileOutcome } from '../../server/compilers/compile-types.ts';
import { type Compilers, createCompilers } from '../../server/compilers/node/compilers.ts';
import { PLUGIN_CHECKS, PLUGIN_ERRORS } from '../../server/plugins/checks/all-checks.ts';
import type { PluginWorkspace } from '../../server/plugins/checks/check.ts';
import { distFolder } from '../support/dist.ts';

/** What is told of a source: the code, the text that it stands under, and the message. */
type Told = readonly [code: string, under: string, message: string];

const PROCESS = '(func (export "process") (param i32 i32) (result i32) (local.get 0))';
const MEMORY = '(memory (export "memory") 1 2)';
const ALLOC = '(func (export "alloc") (param i32) (result i32) (local.get 0))';

/** A module with a function of SQL by its declaration and body. */
function udf(declaration: string, body: string): string {
  return `;; @udf ${declaration}\n(module ${body})`;
}

describe('the checks of plugins', () => {
  let compilers: Compilers;
  const seen = new Set<string>();
  before(() => {
    compilers = createCompilers(distFolder());
  });
  after(() => compilers.dispose());

  async function told(
    language: 'wat' | 'assemblyscript',
    text: string,
    workspace?: Partial<PluginWorkspace>,
  ): Promise<Told[]> {
    const file = `/w/plugin.${language === 'wat' ? 'wat' : 'ts'}`;
    const given = workspace && { module: 'plugin', granted: [], memoryMb: 64, ...workspace };
    const source = { language, path: file, root: '/w', text, ...(given && { workspace: given }) };
    return toldOf(text, await compilers.compile(source));
  }

  function toldOf(text: string, { diagnostics, wasm }: CompileOutcome): Told[] {
    const isRefused = diagnostics.some(({ severity, isLint }) => severity === 'error' && !isLint);
    assert.equal(
      wasm === undefined,
      isRefused,
      'what keeps a module from being loaded is an error that is no lint',
    );
    const lines = text.split('\n');
    return diagnostics.map(({ code, message, range: { start, end } }) => {
      seen.add(code);
      const last = end.line === start.line ? end.character : undefined;
      return [code, (lines[start.line] ?? '').slice(start.character, last), message];
    });
  }

  /** The one thing that is told of a source. */
  async function check(text: string, expected: readonly [code: string, under: string, message: RegExp]) {
    const all = await told('wat', text);
    assert.deepEqual(
      all.map(([code, under]) => [code, under]),
      [expected.slice(0, 2)],
      text,
    );
    assert.match(all[0]?.[2] ?? '', expected[2]);
  }

  it('say nothing of a module that is as it should be', async () => {
    assert.deepEqual(await told('wat', `(module ${MEMORY} ${ALLOC} ${PROCESS})`), []);
    const twice = '(func (export "f") (param f64) (result f64) (f64.add (local.get 0) (local.get 0)))';
    assert.deepEqual(await told('wat', udf('f(x DOUBLE) -> DOUBLE', twice)), []);
    const source = '/** @udf */ export function shout(s: string): string { return s.toUpperCase(); }';
    assert.deepEqual(await told('assemblyscript', source), []);
  });

  it('find exports that are missing, and those of another type', async () => {
    const missing = udf('f(x INTEGER) -> INTEGER', '(func (param i32) (result i32) (local.get 0))');
    await check(missing, [
      'export-missing',
      '@udf f(x INTEGER) -> INTEGER',
      /does not export f\. Export a function f/,
    ]);
    const wrong = udf('f(x BIGINT) -> INTEGER', '(func (export "f") (param i32) (result i32) (local.get 0))');
    await check(wrong, ['export-type', 'f', /whose WebAssembly type is \(i64\) -> i32/]);
    await check(`(module ${MEMORY} (func (export "process") (param f32)))`, [
      'export-type',
      'process',
      /its type must be/,
    ]);
    await check('(module (func (export "f")))', ['export-missing', '(module', /none of it can be used/]);
    await check(`(module ${PROCESS} ${ALLOC} (memory 1 2))`, [
      'memory-not-exported',
      'process',
      /Export it as memory/,
    ]);
  });

  it('find imports that are not there, of another type, and those that are not granted', async () => {
    const importing = (what: string) => `(module (import ${what}) ${MEMORY} ${ALLOC} ${PROCESS})`;
    const strange = '"env" "print_line" (func)';
    await check(importing(strange), ['import-unknown', `(import ${strange})`, /host\.log comes near to it/]);
    const inline = `(module (func $f (import "env" "nothing") (param i32)) ${MEMORY} ${ALLOC} ${PROCESS})`;
    await check(inline, [
      'import-unknown',
      '(import "env" "nothing")',
      /env\.nothing, which Quern does not give\./,
    ]);
    const other = '"host" "now_ms" (func (result i64))';
    await check(importing(other), ['import-type', `(import ${other})`, /its type is \(\) -> f64/]);
    const now = '"host" "now_ms" (func (result f64))';
    const grant = /clock, which plugin is not granted.*"capabilities": \{"plugin": \["clock"\]\}/;
    await check(importing(now), ['import-not-granted', `(import ${now})`, grant]);
    assert.deepEqual(await told('wat', importing(now), { granted: ['clock'] }), []);
    assert.deepEqual(await told('wat', importing('"host" "log" (func (param i32 i32))')), []);
  });

  it('find imports of AssemblyScript where it declares them', async () => {
    const source = `@external("host", "now_ms") declare function now(): f64;
/** @udf deterministic: false */ export function at(): f64 { return now(); }`;
    assert.deepEqual(
      (await told('assemblyscript', source)).map(([code, under]) => [code, under]),
      [['import-not-granted', 'now_ms']],
    );
    const [first] = await told(
      'assemblyscript',
      '/** @udf */ export function at(): f64 { return Date.now() as f64; }',
    );
    assert.deepEqual(first?.slice(0, 2), ['import-unknown', 'Date.now']);
    assert.match(first?.[2] ?? '', /host\.now_ms comes near to it/);
  });

  it('grant documents by whoever passes them', async () => {
    const fields = '(import "host" "field_bool" (func (param i32 i32) (result i32)))';
    const text = `(module (@custom "quern" "{\\"abi\\":1,\\"functions\\":[{\\"name\\":\\"keep\\",\\"parameters\\":[{\\"name\\":\\"d\\",\\"type\\":\\"DOCUMENT\\"}],\\"returns\\":\\"BOOLEAN\\"}]}") ${fields} ${MEMORY} ${ALLOC} (func (export "keep") (result i32) (call 0 (i32.const 0) (i32.const 0))))`;
    assert.deepEqual(await told('wat', text), []);
    await check(`(module ${fields} ${MEMORY} ${ALLOC} ${PROCESS})`, [
      'import-not-granted',
      fields,
      /document/,
    ]);
  });

  it('find memories without a maximum, and such as are too large at the start', async () => {
    const open = '(memory (export "memory") 3)';
    await check(`(module ${open} ${ALLOC} ${PROCESS})`, [
      'memory-without-maximum',
      open,
      /such as \(memory 3 16\)/,
    ]);
    const large = '(memory (export "memory") 2000 3000)';
    const text = `(module ${large} ${ALLOC} ${PROCESS})`;
    await check(text, ['memory-too-large', large, /which are 125 MiB, and a run may have 64 MiB/]);
    assert.deepEqual(await told('wat', text, { memoryMb: 125 }), []);
  });

  it('find start functions, and modules without alloc', async () => {
    const start = `(module ${MEMORY} ${ALLOC} ${PROCESS} (func $init) (start $init))`;
    await check(start, ['start-function', '(start $init)', /runs again for each instance/]);
    await check(`(module ${MEMORY} ${PROCESS})`, [
      'alloc-missing',
      'process',
      /Export alloc\(n i32\) -> i32/,
    ]);
    const base = '(global (export "__heap_base") i32 (i32.const 8))';
    assert.deepEqual(await told('wat', `(module ${base} ${MEMORY} ${PROCESS})`), []);
    const state = '(import "host" "get_state" (func (param i32 i32) (result i32)))';
    const stateful = await told('wat', `(module ${state} ${base} ${MEMORY} ${PROCESS})`, {
      granted: ['state'],
    });
    assert.deepEqual(
      stateful.map(([code, under]) => [code, under]),
      [['alloc-missing', state]],
    );
  });

  it('find what is not deterministic and is declared so', async () => {
    const clock = '(import "host" "now_ms" (func $now (result f64)))';
    const body = `${clock} (func $inner (result f64) (call $now)) (func (export "f") (result f64) (call $inner)) (func (export "g") (result f64) (f64.const 1))`;
    const text = `;; @udf f() -> DOUBLE\n;; @udf g() -> DOUBLE\n(module ${body})`;
    const found = await told('wat', text, { granted: ['clock'] });
    assert.deepEqual(
      found.map(([code, under]) => [code, under]),
      [['nondeterministic', 'f']],
    );
    assert.match(found[0]?.[2] ?? '', /may call host\.now_ms\. .*declare "deterministic": false/);
  });

  it('find chance behind an indirect call', async () => {
    const indirect = udf(
      'f() -> DOUBLE',
      `(type $t (func (result f64))) (import "host" "now_ms" (func $now (type $t))) (table 1 1 funcref) (elem (i32.const 0) $now)
  (func (export "f") (result f64) (call_indirect (type $t) (i32.const 0)))`,
    );
    const found = await told('wat', indirect, { granted: ['clock'] });
    assert.deepEqual(
      found.map(([code]) => code),
      ['nondeterministic'],
    );
  });

  it('find bits of a computed NaN that become a result', async () => {
    const bits = (value: string) =>
      udf(
        'f(x DOUBLE) -> BIGINT',
        `(func (export "f") (param $x f64) (result i64) (local $y f64)\n  ${value})`,
      );
    await check(bits('(i64.reinterpret_f64 (f64.div (local.get $x) (local.get $x)))'), [
      'nan-bits',
      'i64.reinterpret_f64 (f64.div (local.get $x) (local.get $x)))))',
      /sign and payload differ/,
    ]);
    const through = bits('(local.set $y (f64.sqrt (local.get $x))) (i64.reinterpret_f64 (local.get $y))');
    assert.deepEqual(
      (await told('wat', through)).map(([code]) => code),
      ['nan-bits'],
    );
    assert.deepEqual(await told('wat', bits('(i64.reinterpret_f64 (local.get $x))')), []);
    assert.deepEqual(await told('wat', bits('(i64.reinterpret_f64 (f64.neg (local.get $x)))')), []);
    const store = (returns: string) =>
      udf(
        `f(x DOUBLE) -> ${returns}`,
        `${MEMORY} ${ALLOC} (func (export "f") (param f64) (result ${returns === 'BLOB' ? 'i64' : 'f64'})
  (f64.store (i32.const 0) (f64.sqrt (local.get 0))) ${returns === 'BLOB' ? '(i64.const 0x800000000)' : '(f64.load (i32.const 0))'})`,
      );
    assert.deepEqual(
      (await told('wat', store('BLOB'))).map(([code]) => code),
      ['nan-bits'],
    );
    assert.deepEqual(await told('wat', store('DOUBLE')), []);
  });

  it('let a library that formats numbers be', async () => {
    const source = '/** @udf */ export function text(x: f64): string { return (x / 3.0).toString(); }';
    assert.deepEqual(await told('assemblyscript', source), []);
    const own = `/** @udf */ export function bits(x: f64): i64 {
  return reinterpret<i64>(x / 3.0);
}`;
    const [first] = await told('assemblyscript', own);
    assert.equal(first?.[0], 'nan-bits');
    assert.match(first?.[1] ?? '', /reinterpret<i64>|x \/ 3\.0/);
  });

  it('find exports that nobody can call', async () => {
    const body =
      '(func (export "f") (result i32) (i32.const 1)) (func (export "g") (result i32) (i32.const 2))';
    await check(udf('f() -> INTEGER', body), ['unused-export', 'g', /no declaration is for it/]);
    assert.deepEqual(
      (await told('wat', `(module ${body})`)).filter(([code]) => code === 'unused-export'),
      [],
    );
  });

  it("find names of DuckDB's functions", async () => {
    const named = (name: string) =>
      udf(
        `${name}(x INTEGER) -> INTEGER`,
        `(func (export "${name}") (param i32) (result i32) (local.get 0))`,
      );
    await check(named('levenshtein'), ['builtin-shadowed', 'levenshtein', /which this one hides/]);
    await check(named('lower'), ['builtin-reserved', 'lower', /this one is left out/]);
  });

  it('name what Quern does not read, where it stands', async () => {
    const cases: readonly [text: string, under: string, feature: RegExp][] = [
      [
        `(module (memory (export "memory") i64 1 2) ${ALLOC} ${PROCESS})`,
        '(memory (export "memory") i64 1 2)',
        /64-bit memory/,
      ],
      [`(module ${MEMORY} (memory 1 1) ${ALLOC} ${PROCESS})`, '(memory 1 1)', /more than one memory/],
      [`(module (type (struct)) ${MEMORY} ${ALLOC} ${PROCESS})`, '(struct', /garbage-collected types/],
      [
        '(module (memory 1 1 shared) (func (drop (i32.atomic.load (i32.const 0)))))',
        '(memory 1 1 shared)',
        /threads/,
      ],
    ];
    for (const [text, under, feature] of cases) {
      const [first] = await told('wat', text);
      assert.deepEqual(first?.slice(0, 2), ['proposal-unsupported', under], text);
      assert.match(first?.[2] ?? '', feature);
    }
  });

  it('tell of another version of the ABI, and of a manifest that is none', async () => {
    const version = `(module (global (export "quern_abi_7") i32 (i32.const 0)) ${MEMORY} ${ALLOC} ${PROCESS})`;
    await check(version, ['abi-version', '(module', /quern_abi_7/]);
    await check('(module (@custom "quern" "{}"))', [
      'manifest-invalid',
      '(@custom "quern"',
      /abi is missing/,
    ]);
  });

  it('tell what V8 has against a module that is only bytes', async () => {
    const header = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
    // A program whose _start leaves a value on the stack.
    const start = [...Buffer.from('_start')];
    const sections = [
      [1, 4, 1, 0x60, 0, 0],
      [3, 2, 1, 0],
      [5, 3, 1, 0, 1],
      [7, 19, 2, 6, ...start, 0, 0, 6, ...Buffer.from('memory'), 2, 0],
      [10, 6, 1, 4, 0, 0x41, 1, 0x0b],
    ];
    const bytes = Uint8Array.from([...header, ...sections.flat()]);
    const { diagnostics, wasm } = await compilers.compile({ language: 'wasm', path: '/w/a.wasm', bytes });
    assert.equal(wasm, undefined);
    assert.equal(diagnostics[0]?.code, 'module-invalid');
    seen.add('module-invalid');
    assert.match(diagnostics[0]?.message ?? '', /not a valid WebAssembly module: .*\(at byte \d+\)/);
  });

  it('are each told of here', () => {
    const codes = [...PLUGIN_CHECKS.map(({ code }) => code), ...PLUGIN_ERRORS];
    assert.deepEqual(
      codes.filter((code) => !seen.has(code)),
      [],
    );
  });
});
