import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { WasmLines, WasmOverview, WasmRow } from '../../wasm-core/protocol/wasm-viewer.ts';
import { quern } from '../support/cli.ts';
import { HostHome } from '../support/host-process.ts';
import { assemble } from '../support/wat.ts';

const WAT = `(module
  (import "host" "log" (func $log (param i32 i32)))
  (memory (export "memory") 1 2)
  (func $twice (export "twice") (param $x i32) (result i32) (i32.mul (local.get $x) (i32.const 2)))
  (func $main (export "main") (call $log (i32.const 0) (call $twice (i32.const 21)))))`;

describe('quern inspect', function () {
  this.timeout(60_000);
  const home = new HostHome();
  const inspect = (...args: readonly string[]) => quern(home, ['inspect', ...args]);

  before(async () => {
    const module = await assemble(WAT);
    writeFileSync(path.join(home.folder, 'good.wasm'), module);
    writeFileSync(path.join(home.folder, 'cut.wasm'), module.subarray(0, module.length - 60));
    writeFileSync(path.join(home.folder, 'other.wasm'), await assemble(WAT.replace('(export "twice")', '')));
    writeFileSync(path.join(home.folder, 'text.wasm'), 'select 42');
  });
  after(() => home.dispose());

  it('shows what is in a module, without a host', async () => {
    const { code, stdout, stderr } = await inspect('good.wasm');
    assert.equal(stderr, '');
    assert.equal(code, 0);
    assert.match(
      stdout,
      /^WebAssembly module, \d+ bytes\n3 functions, 1 of them imported\nmemory 1 2\nneeds log\n/,
    );
    assert.match(stdout, /^ +host +log +function +\(func \(param i32 i32\)\)$/m);
    assert.match(stdout, /^ +twice +function +\(func \(param i32\) \(result i32\)\)$/m);
    assert.match((await quern(home, ['status'])).stdout, /not running|no host/i);
  });

  it('shows a function with offsets and its calls', async () => {
    const { stdout } = await inspect('good.wasm', '--function', 'main');
    const lines = stdout.split('\n');
    assert.equal(lines[0], '(func $main (;2;) (type 2)');
    assert.match(lines[3] ?? '', /^[0-9a-f]{8} {2}call \$twice$/);
    assert.match(stdout, /^;; calls host\.log|^;; calls log, twice$/m);
    assert.match(stdout, /^;; is called by nothing$/m);
  });

  it('gives the text of a function and of the module', async () => {
    const one = await inspect('good.wasm', '--function', '1', '--wat');
    assert.match(
      one.stdout,
      /^\(func \$twice \(;1;\) \(type 1\) \(param \$x i32\) \(result i32\)\n {2}local\.get \$x\n/,
    );
    const all = await inspect('good.wasm', '--wat');
    assert.deepEqual([...(await assemble(all.stdout)).subarray(0, 8)], [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
    assert.match(all.stdout, /\(export "main" \(func \$main\)\)/);
  });

  it('gives everything as JSON', async () => {
    const overview = JSON.parse((await inspect('good.wasm', '--json')).stdout) as WasmOverview & {
      readonly functions: readonly WasmRow[];
    };
    assert.equal(overview.functionCount, 3);
    assert.deepEqual(
      overview.functions.map(({ cells }) => cells[1]),
      ['log', 'twice', 'main'],
    );
    const code = JSON.parse(
      (await inspect('good.wasm', '--json', '--function', 'twice')).stdout,
    ) as WasmLines;
    assert.equal(code.total, 4);
    assert.equal(code.lines.at(-1)?.text, 'end');
  });

  it('tells what differs from another module', async () => {
    const { stdout } = await inspect('good.wasm', '--compare', 'other.wasm');
    assert.match(stdout, /2 functions are the same/);
    assert.match(stdout, /^ +added +export +twice/m);
  });

  it('shows what could be read of a broken file, and fails', async () => {
    const cut = await inspect('cut.wasm');
    assert.equal(cut.code, 1);
    assert.match(cut.stdout, /ends too early \(at byte \d+\)/);
    assert.match(cut.stdout, /^ +type +at 8/m);
    const text = await inspect('text.wasm');
    assert.equal(text.code, 1);
    assert.match(text.stdout, /does not begin with "\\0asm"/);
  });

  it('tells which file or function is not there', async () => {
    const file = await inspect('none.wasm');
    assert.equal(file.code, 1);
    assert.match(file.stderr, /There is no file .*none\.wasm/);
    const fn = await inspect('good.wasm', '--function', 'nope');
    assert.equal(fn.code, 1);
    assert.match(fn.stderr, /no function nope; it has 3, from 0 to 2/);
    assert.equal((await inspect('good.wasm', '--wat', '--json')).code, 2);
  });
});
