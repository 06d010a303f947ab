import assert from 'node:assert/strict';
import {
  bytesOf,
  type Ending,
  GIVE_NUMBER,
  HostileHost,
  processWith,
  SHORT,
} from '../support/hostile-host.ts';
import { assemble } from '../support/wat.ts';

const DEADLINE: Ending = ['DEADLINE_EXCEEDED', /400 ms/];
const TOO_DEEP: Ending = ['TRAP', /recursion is too deep/];
const FOREVER = '(loop $again (br $again)) (unreachable)';

/** Guests that do not end by themselves, wherever they loop. */
const ENDLESS: Readonly<Record<string, string>> = {
  'loops for ever': processWith(FOREVER),
  'loops for ever by tail calls': processWith('(return_call $process (local.get $p) (local.get $n))'),
  'loops in its start function': processWith('(i32.const 0)', {
    extra: `(memory (export "memory") 1) (func $start ${FOREVER}) (start $start)`,
  }),
  'loops in alloc': processWith('(i32.const 0)', {
    extra: `(memory (export "memory") 1) (func (export "alloc") (param i32) (result i32) ${FOREVER})`,
  }),
  'loops in output_len': processWith('(i32.const 8)', {
    extra: `(memory (export "memory") 1) (func (export "output_len") (result i32) ${FOREVER})`,
  }),
  'fills its memory over and over': processWith(
    `(loop $again (memory.fill (i32.const 0) (i32.const 7) (i32.mul (memory.size) (i32.const 65536)))
      (br $again)) (unreachable)`,
    { extra: '(memory (export "memory") 1000)' },
  ),
  'copies its memory over and over': processWith(
    '(loop $again (memory.copy (i32.const 1) (i32.const 0) (i32.const 0x3e70000)) (br $again)) (unreachable)',
    { extra: '(memory (export "memory") 1000)' },
  ),
  'asks for memory that it does not get, for ever': processWith(
    '(loop $again (drop (memory.grow (i32.const 65535))) (br $again)) (unreachable)',
  ),
  'asks for table entries that it does not get, for ever': processWith(
    '(loop $again (drop (table.grow $t (ref.null func) (i32.const -2))) (br $again)) (unreachable)',
    { extra: '(memory (export "memory") 1) (table $t 1 funcref)' },
  ),
  'logs for ever': processWith(
    '(loop $again (call $log (i32.const 0) (i32.const 65536)) (br $again)) (unreachable)',
    { extra: '(import "host" "log" (func $log (param i32 i32))) (memory (export "memory") 1)' },
  ),
};

describe('host: guests that do not behave', function () {
  this.timeout(120_000);
  const host = new HostileHost();
  before(() => host.start());
  after(() => host.dispose());

  for (const [what, wat] of Object.entries(ENDLESS)) {
    it(`stops one that ${what} at its deadline`, () => host.ends(wat, DEADLINE, SHORT));
  }

  it('stops 20 endless ones at once', async () => {
    const module = await host.load(processWith(FOREVER));
    const run = () =>
      host.connection.request('module/execute', { module, input: { utf8: '' }, limits: { timeoutMs: 1000 } });
    const ended = await Promise.allSettled(Array.from({ length: 20 }, run));
    for (const end of ended) {
      assert.equal(end.status === 'rejected' && end.reason.kind, 'DEADLINE_EXCEEDED');
    }
    assert.equal(bytesOf((await host.run(processWith(GIVE_NUMBER))).output).length, 4);
  });

  it('ends endless recursion with TRAP, also in the start function and in alloc', async () => {
    const recurse =
      '(func $deeper (param i32) (result i32) (i32.add (i32.const 1) (call $deeper (local.get 0))))';
    const memory = `(memory (export "memory") 1) ${recurse}`;
    await host.ends(processWith('(call $deeper (local.get $p))', { extra: memory }), TOO_DEEP);
    const start = `${memory} (func $start (drop (call $deeper (i32.const 0)))) (start $start)`;
    await host.ends(processWith('(i32.const 0)', { extra: start }), TOO_DEEP);
    const alloc = `${memory} (func (export "alloc") (param i32) (result i32) (call $deeper (local.get 0)))`;
    await host.ends(processWith('(i32.const 0)', { extra: alloc }), TOO_DEEP);
  });

  it('ends recursion through a table with TRAP', async () => {
    const extra = `(memory (export "memory") 1) (type $f (func (param i32 i32) (result i32)))
      (table 1 funcref) (elem (i32.const 0) func $process)`;
    const call = '(call_indirect (type $f) (local.get $p) (local.get $n) (i32.const 0))';
    await host.ends(processWith(`(i32.add (i32.const 1) ${call})`, { extra }), TOO_DEEP);
  });

  it('gives a guest that grows its memory all that its limit allows, and no page more', async () => {
    const wat = processWith(
      `(loop $more (br_if $more (i32.ne (i32.const -1) (memory.grow (i32.const 1)))))
       (local.set $i (memory.size)) ${GIVE_NUMBER}`,
    );
    for (const memoryMb of [1, 3, 64]) {
      const { output, usage } = await host.run(wat, { limits: { memoryMb } });
      assert.equal(bytesOf(output).readUInt32LE(), memoryMb * 16);
      assert.equal(usage.pages, memoryMb * 16);
    }
  });

  it('does not give a guest 4 GiB in one step', async () => {
    const grow = `(local.set $i (memory.grow (i32.const 65535))) ${GIVE_NUMBER}`;
    assert.equal(bytesOf((await host.run(processWith(grow))).output).readInt32LE(), -1);
  });

  it('refuses memory that is more than the limit to begin with', async () => {
    const wat = processWith('(i32.const 0)', { extra: '(memory (export "memory") 65536)' });
    await host.ends(wat, ['MEMORY_LIMIT', /needs 65536 pages.*Set limits\.memoryMb to 4096/]);
  });

  it('ends with TRAP when the start function, alloc, a segment or process traps', async () => {
    const memory = '(memory (export "memory") 1)';
    const trap: Ending = ['TRAP', /trapped/];
    const extras = [
      `${memory} (func $start (unreachable)) (start $start)`,
      `${memory} (func (export "alloc") (param i32) (result i32) (unreachable))`,
      `${memory} (data (i32.const 65530) "too long for it")`,
      `${memory} (table 1 funcref) (elem (i32.const 9) func $process)`,
    ];
    for (const extra of extras) await host.ends(processWith('(i32.const 0)', { extra }), trap);
    await host.ends(processWith('(unreachable)'), ['TRAP', /unreachable/]);
    await host.ends(processWith('(i32.load (i32.const -8))'), ['TRAP', /outside its memory/]);
    await host.ends(processWith('(i32.div_u (i32.const 1) (local.get $n))'), ['TRAP', /divided by zero/]);
  });

  it('keeps a thousand lines of a guest that logs a million', async () => {
    const wat = processWith(
      `(loop $more (call $log (i32.const 0) (i32.const 3))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br_if $more (i32.lt_u (local.get $i) (i32.const 1000000)))) ${GIVE_NUMBER}`,
      { extra: '(import "host" "log" (func $log (param i32 i32))) (memory (export "memory") 1)' },
    );
    const { logs } = await host.run(wat);
    assert.ok((logs?.length ?? 0) <= 1001, `${logs?.length} lines`);
  });

  it('refuses bytes that are not a module, whatever is cut or flipped in them', async () => {
    const whole = await assemble(processWith(GIVE_NUMBER));
    const load = (bytes: Uint8Array): Promise<unknown> =>
      host.connection.request('module/load', {
        bytes: { base64: Buffer.from(bytes).toString('base64') },
        name: 'broken',
      });
    const outcome = (bytes: Uint8Array): Promise<unknown> =>
      load(bytes).then(
        () => 'loaded',
        (error: { readonly kind?: string }) => error.kind,
      );
    let shorter = 0;
    for (let at = 0; at < whole.length; at++) {
      // Cut between two sections it is a module that lacks what comes behind; without its names it is as good.
      const cut = await outcome(whole.subarray(0, at));
      if (cut === 'loaded') shorter++;
      else assert.match(String(cut), /^(FORMAT_WASM|EXPORT_MISSING)$/, `cut at ${at}`);
      const flipped = Uint8Array.from(whole, (byte, i) => (i === at ? byte ^ 0xff : byte));
      assert.match(
        String(await outcome(flipped)),
        /^(loaded|FORMAT_WASM|FORMAT_UNSUPPORTED|EXPORT_MISSING|ABI_MISMATCH|IMPORT_UNKNOWN)$/,
        `byte ${at}`,
      );
    }
    assert.equal(shorter, 1);
  });
});
