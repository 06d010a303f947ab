import assert from 'node:assert/strict';
import { checkAbi, processForm, signatureText } from '../../../wasm-core/binary/abi.ts';
import { coreSignature } from '../../../wasm-core/binary/function-exports.ts';
import { readModule } from '../../../wasm-core/binary/reader.ts';
import type { PluginFunction } from '../../../wasm-core/protocol/plugins.ts';
import { assemble, ECHO_WAT, manifestOf, REVERSE_WAT, sqlFunction, UPPER_WAT } from '../../support/wat.ts';

async function problems(wat: string, functions?: readonly PluginFunction[]): Promise<string[]> {
  const module = readModule(await assemble(wat));
  const manifest = functions && manifestOf(functions);
  return checkAbi(module, manifest).map((p) => `${p.code}: ${p.message}`);
}

describe('coreSignature', () => {
  const cases: readonly (readonly [PluginFunction, string])[] = [
    [sqlFunction('f', [], 'INTEGER'), '() -> i32'],
    [sqlFunction('f', ['BOOLEAN', 'TINYINT', 'UINTEGER'], 'USMALLINT'), '(i32, i32, i32) -> i32'],
    [sqlFunction('f', ['BIGINT', 'UBIGINT', 'FLOAT', 'DOUBLE'], 'DOUBLE'), '(i64, i64, f32, f64) -> f64'],
    [sqlFunction('f', ['VARCHAR', 'INTEGER', 'BLOB'], 'VARCHAR'), '(i32, i32, i32, i32, i32) -> i64'],
    [sqlFunction('f', ['BLOB'], 'BLOB'), '(i32, i32) -> i64'],
    [sqlFunction('f', ['DATE', 'TIME', 'DECIMAL(18,2)'], 'TIMESTAMP_S'), '(i32, i64, i64) -> i64'],
    [sqlFunction('f', ['HUGEINT', 'UUID', 'DECIMAL(38,0)'], 'INTERVAL'), '(i32, i32, i32) -> i32'],
    [sqlFunction('f', ['DOCUMENT', 'DOUBLE'], 'BOOLEAN'), '(f64) -> i32'],
  ];
  for (const [fn, expected] of cases) {
    it(`of ${fn.parameters.map((p) => p.type).join(', ') || 'nothing'} -> ${fn.returns} is ${expected}`, () => {
      const signature = coreSignature(fn);
      assert.equal(signature && signatureText(signature), expected);
    });
  }
});

describe('processForm', () => {
  it('tells the three forms apart', async () => {
    assert.equal(processForm(readModule(await assemble(ECHO_WAT))), 'prefixed');
    assert.equal(processForm(readModule(await assemble(UPPER_WAT))), 'packed');
    assert.equal(processForm(readModule(await assemble(REVERSE_WAT))), 'output_len');
    assert.equal(processForm(readModule(await assemble('(module (func (export "process")))'))), undefined);
  });

  it('is program for a module with _start and no usable process', async () => {
    const form = async (exports: string) => processForm(readModule(await assemble(`(module ${exports})`)));
    const process = '(func (export "process") (param i32 i32) (result i32) (i32.const 0))';
    assert.equal(await form('(func (export "_start"))'), 'program');
    assert.equal(await form('(func (export "_start")) (func (export "process"))'), 'program');
    assert.equal(await form(`(func (export "_start")) ${process}`), 'prefixed');
    assert.equal(await form('(func (export "_start") (result i32) (i32.const 0))'), undefined);
  });
});

describe('checkAbi', () => {
  it('finds nothing wrong with a good plugin', async () => {
    assert.deepEqual(await problems(ECHO_WAT), []);
    const wat = `(module (import "host" "log" (func (param i32 i32)))
      (func (export "add") (param i32 i32) (result i32) (i32.const 0)))`;
    assert.deepEqual(await problems(wat, [sqlFunction('add', ['INTEGER', 'INTEGER'], 'INTEGER')]), []);
  });

  it('says how a declared function differs from the exported one', async () => {
    const wat =
      '(module (memory (export "memory") 1) (func (export "slug") (param i32) (result i32) (i32.const 0)))';
    assert.deepEqual(await problems(wat, [sqlFunction('slug', ['VARCHAR'], 'VARCHAR')]), [
      'ABI_MISMATCH: slug is declared as slug(VARCHAR) -> VARCHAR, whose WebAssembly type is (i32, i32) -> i64, but the module exports it as (i32) -> i32. Change one to fit the other.',
    ]);
  });

  it('names a declared function that is not exported', async () => {
    const [problem] = await problems('(module (func (export "x")))', [sqlFunction('y', [], 'DOUBLE')]);
    assert.match(
      problem ?? '',
      /^ABI_MISMATCH: .*does not export y\. Export a function y of type \(\) -> f64/,
    );
  });

  it('refuses imports that are not given, with advice for another WASI', async () => {
    const wat = (module: string) => `(module (import "${module}" "fd_paint" (func (param i32)))
      (func (export "process") (param i32 i32) (result i32) (i32.const 0)) (memory (export "memory") 1))`;
    const [unknown] = await problems(wat('wasi_snapshot_preview1'));
    assert.match(
      unknown ?? '',
      /^IMPORT_UNKNOWN: .*fd_paint.*host\.log, .*env\.abort, env\.memory, .*the functions of wasi_snapshot_preview1\.$/,
    );
    const [other] = await problems(wat('wasi_unstable'));
    assert.match(other ?? '', /^IMPORT_UNKNOWN: .*wasi_unstable\.fd_paint.*; build for WASI preview 1/);
  });

  it('takes functions of WASI with their types', async () => {
    const wat = (type: string) => `(module (import "wasi_snapshot_preview1" "fd_seek" (func ${type}))
      (func (export "_start")) (memory (export "memory") 1))`;
    assert.deepEqual(await problems(wat('(param i32 i64 i32 i32) (result i32)')), []);
    const [problem] = await problems(wat('(param i32 i32 i32 i32) (result i32)'));
    assert.match(problem ?? '', /^ABI_MISMATCH: .*fd_seek as .*its type is \(i32, i64, i32, i32\) -> i32/);
  });

  it('takes programs, which must export their memory', async () => {
    assert.deepEqual(await problems('(module (func (export "_start")) (memory (export "memory") 1))'), []);
    const [problem] = await problems('(module (func (export "_start")) (memory 1))');
    assert.match(problem ?? '', /^ABI_MISMATCH: _start .*Export it as memory/);
    const [other] = await problems(
      '(module (func (export "_start") (param i32)) (memory (export "memory") 1))',
    );
    assert.match(other ?? '', /^EXPORT_MISSING: .*_start/);
  });

  it('refuses a known import of another type or kind', async () => {
    const tail =
      '(func (export "process") (param i32 i32) (result i32) (i32.const 0)) (memory (export "memory") 1))';
    const [type] = await problems(`(module (import "host" "log" (func (param i64))) ${tail}`);
    assert.match(type ?? '', /^ABI_MISMATCH: .*host\.log as \(i64\) -> \(\); its type is \(i32, i32\)/);
    const [kind] = await problems(`(module (import "host" "log" (global i32)) ${tail}`);
    assert.match(kind ?? '', /^IMPORT_UNKNOWN: .*the global host\.log/);
  });

  it('refuses a module with nothing to call, and says what it exports', async () => {
    const [problem] = await problems('(module (func (export "add")) (func (export "sub")))');
    assert.match(problem ?? '', /^EXPORT_MISSING: The module exports add, sub, and none of it can be used/);
  });

  it('refuses a process of another type', async () => {
    const [problem] = await problems('(module (func (export "process") (param i32)))');
    assert.match(problem ?? '', /^ABI_MISMATCH: process is exported as \(i32\) -> \(\)/);
  });

  it('asks for the memory of a function that takes text', async () => {
    const wat = '(module (memory 1) (func (export "n") (param i32 i32) (result i32) (i32.const 0)))';
    const [problem] = await problems(wat, [sqlFunction('n', ['VARCHAR'], 'INTEGER')]);
    assert.match(
      problem ?? '',
      /^ABI_MISMATCH: n takes or gives bytes, but the module does not export its memory/,
    );
  });

  it('refuses another version of the ABI', async () => {
    const wat = `(module (memory (export "memory") 1) (func (export "quern_abi_2"))
      (func (export "process") (param i32 i32) (result i32) (i32.const 0)))`;
    const [problem] = await problems(wat);
    assert.match(problem ?? '', /^ABI_MISMATCH: .*quern_abi_2/);
  });
});
