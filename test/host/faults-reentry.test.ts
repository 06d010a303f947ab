import assert from 'node:assert/strict';
import { throwsKind } from '../support/core-error.ts';
import { bytesOf, HostileHost, processWith, SHORT } from '../support/hostile-host.ts';

/** The host's own calls into `alloc` come back through these. */
const IMPORTS = `(import "host" "get_state" (func $get (param i32 i32) (result i32)))
  (import "host" "set_state" (func $set (param i32 i32 i32 i32)))
  (import "host" "log" (func $log (param i32 i32)))
  (memory (export "memory") 1) (data (i32.const 16) "key")`;
const SET = '(call $set (i32.const 16) (i32.const 3) (i32.const 16) (i32.const 3))';
const GET = '(call $get (i32.const 16) (i32.const 3))';

function reentrant(alloc: string): string {
  const extra = `${IMPORTS} (global $armed (mut i32) (i32.const 0))
    (func (export "alloc") (param $size i32) (result i32)
      (if (i32.eqz (global.get $armed)) (then (return (i32.const 1024)))) ${alloc})`;
  return processWith(`${SET} (global.set $armed (i32.const 1)) (drop ${GET}) (i32.const 8)`, { extra });
}

describe('host: guests that call the host from inside its calls', function () {
  this.timeout(120_000);
  const host = new HostileHost();
  before(() => host.start());
  after(() => host.dispose());

  it('ends endless recursion between alloc and get_state with an error', async () => {
    await throwsKind('TRAP', /./, () => host.run(reentrant(GET), { limits: { timeoutMs: 5000 } }));
  });

  it('stops an alloc that loops inside get_state at the deadline', () =>
    host.ends(reentrant('(loop $again (br $again)) (unreachable)'), ['DEADLINE_EXCEEDED', /400 ms/], SHORT));

  it('ends an alloc that gives a false pointer inside get_state with MEMORY_BOUNDS', () =>
    host.ends(reentrant('(i32.const -16)'), ['MEMORY_BOUNDS', /its memory ends at/]));

  it('lets alloc log, set state and grow memory inside get_state', async () => {
    const wat = reentrant(`(call $log (i32.const 16) (i32.const 3)) ${SET}
      (drop (memory.grow (i32.const 1))) (i32.const 65536)`);
    const { output, usage } = await host.run(wat);
    assert.equal(bytesOf(output).length, 0);
    assert.equal(usage.pages, 2);
  });
});
