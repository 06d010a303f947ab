import assert from 'node:assert/strict';
import { initializeReactor, runProgram } from '../../../../wasm-core/runtime/wasi/program.ts';
import { throwsKind } from '../../../support/core-error.ts';
import { instantiateWasi, programGuest, type WasiInstance } from '../../../support/wasi.ts';
import { assemble } from '../../../support/wat.ts';

async function program(body: string, name = '_start'): Promise<WasiInstance> {
  return instantiateWasi(
    await assemble(`(module
      (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
      (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
      (memory (export "memory") 1)
      (data (i32.const 0) "\\10\\00\\00\\00\\02\\00\\00\\00")
      (data (i32.const 16) "hi")
      (func $say (param $fd i32)
        (drop (call $write (local.get $fd) (i32.const 0) (i32.const 1) (i32.const 8))))
      (func (export "${name}") ${body}))`),
  );
}

async function run(body: string): Promise<string> {
  const instance = await program(body);
  return Buffer.from(runProgram(programGuest(instance), instance.io)).toString();
}

const SAY_OUT = '(call $say (i32.const 1))';
const SAY_ERR = '(call $say (i32.const 2))';

describe('runProgram', () => {
  it('gives what was written when the program returns or exits with 0', async () => {
    assert.equal(await run(SAY_OUT), 'hi');
    assert.equal(await run(`${SAY_OUT} (call $exit (i32.const 0)) (unreachable)`), 'hi');
    assert.equal(await run(''), '');
  });

  it('gives GUEST_ERROR for another exit code, also when nothing was said', async () => {
    const silent = await throwsKind('GUEST_ERROR', /exit code 9\. It wrote nothing/, () =>
      run(`${SAY_OUT} (call $exit (i32.const 9))`),
    );
    assert.deepEqual(silent.details, { code: 9, stderr: '' });
    await throwsKind('GUEST_ERROR', /exit code 1\. Its last words: hihi\./, () =>
      run(`${SAY_ERR}${SAY_ERR} (call $exit (i32.const 1))`),
    );
  });

  it('keeps to the exit that a program made, whatever it does afterwards', async () => {
    const caught = '(try (do (call $exit (i32.const 4))) (catch_all))';
    for (const after of ['', '(unreachable)', SAY_OUT, '(call $exit (i32.const 0))']) {
      await throwsKind('GUEST_ERROR', /exit code 4/, () => run(`${caught} ${after}`));
    }
  });

  it('gives TRAP for a trap, and logs what was begun to be said', async () => {
    const instance = await program(`${SAY_ERR} (unreachable)`);
    await throwsKind('TRAP', /_start trapped/, () => runProgram(programGuest(instance), instance.io));
    assert.deepEqual(instance.logs, ['info: hi']);
  });

  it('keeps the last 2 KiB of standard error for the error', async () => {
    const many = `(local $i i32) (loop $again ${SAY_ERR}
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $again (i32.lt_u (local.get $i) (i32.const 3000)))) (call $exit (i32.const 1))`;
    const error = await throwsKind('GUEST_ERROR', /exit code 1/, () => run(many));
    assert.equal(error.details.stderr, 'hi'.repeat(1024));
  });
});

describe('initializeReactor', () => {
  it('gives GUEST_ERROR when the start exits, also with 0', async () => {
    const instance = await program('(call $exit (i32.const 0))', '_initialize');
    await throwsKind('GUEST_ERROR', /exit code 0 instead of returning/, () =>
      initializeReactor(programGuest(instance)),
    );
  });
});
