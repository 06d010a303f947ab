import assert from 'node:assert/strict';
import { type Ending, HostileHost, processWith } from '../support/hostile-host.ts';

const EXHAUSTED: Ending = ['FUEL_EXHAUSTED', /fuel/];
/** Far more time than the fuel lasts. */
const LIMITS = { fuel: 1_000_000, timeoutMs: 60_000 };
const FOREVER = '(loop $again (br $again)) (unreachable)';
const MEMORY = '(memory (export "memory") 1000)';

/** What would go on for ever, or for very long, and is stopped by its fuel alone. */
const GUESTS: Readonly<Record<string, string>> = {
  'loops for ever': processWith(FOREVER),
  'loops for ever by tail calls': processWith('(return_call $process (local.get $p) (local.get $n))'),
  'recurses without end': processWith(
    '(i32.add (i32.const 1) (call $process (local.get $p) (local.get $n)))',
  ),
  'loops in its start function': processWith('(i32.const 0)', {
    extra: `${MEMORY} (func $start ${FOREVER}) (start $start)`,
  }),
  'loops in alloc': processWith('(i32.const 0)', {
    extra: `${MEMORY} (func (export "alloc") (param i32) (result i32) ${FOREVER})`,
  }),
  'loops in output_len': processWith('(i32.const 8)', {
    extra: `${MEMORY} (func (export "output_len") (result i32) ${FOREVER})`,
  }),
  'fills its memory once': processWith(
    '(memory.fill (i32.const 0) (i32.const 7) (i32.const 65536000)) (i32.const 0)',
    { extra: MEMORY },
  ),
  'copies its memory once': processWith(
    '(memory.copy (i32.const 1) (i32.const 0) (i32.const 65535999)) (i32.const 0)',
    { extra: MEMORY },
  ),
  'grows a table for ever': processWith(
    '(loop $again (drop (table.grow $t (ref.null func) (i32.const 1000))) (br $again)) (unreachable)',
    { extra: `${MEMORY} (table $t 1 funcref)` },
  ),
  'asks for memory for ever': processWith(
    '(loop $again (drop (memory.grow (i32.const 65535))) (br $again)) (unreachable)',
  ),
  'logs for ever': processWith(
    '(loop $again (call $log (i32.const 0) (i32.const 65536)) (br $again)) (unreachable)',
    { extra: `(import "host" "log" (func $log (param i32 i32))) ${MEMORY}` },
  ),
};

describe('host: guests that run out of fuel', function () {
  this.timeout(120_000);
  const host = new HostileHost();
  before(() => host.start());
  after(() => host.dispose());

  for (const [what, wat] of Object.entries(GUESTS)) {
    it(`stops one that ${what} by its fuel, long before its deadline`, async () => {
      // Recursion may end at the stack's limit before, on whatever machine that is small.
      const ending: Ending = what.startsWith('recurses') ? ['TRAP', /recursion is too deep/] : EXHAUSTED;
      const started = performance.now();
      await host.ends(wat, ending, LIMITS);
      assert.ok(performance.now() - started < 10_000);
    });
  }

  it('stops shallow recursion by its fuel too', () =>
    host.ends(
      processWith('(i32.add (i32.const 1) (call $process (local.get $p) (local.get $n)))'),
      EXHAUSTED,
      {
        ...LIMITS,
        fuel: 500,
      },
    ));

  it('stops one loop at the same count each time', async () => {
    const wat = processWith(
      `(loop $more (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br_if $more (i32.lt_u (local.get $i) (i32.const 1000)))) (i32.const 0)`,
    );
    const used = new Set<number | undefined>();
    for (let i = 0; i < 3; i++) used.add((await host.run(wat, { limits: LIMITS })).usage.fuel);
    const [fuel] = used;
    assert.equal(used.size, 1);
    assert.ok(fuel);
    assert.equal((await host.run(wat, { limits: { fuel } })).usage.fuel, fuel);
    await host.ends(wat, EXHAUSTED, { fuel: fuel - 1 });
  });

  it('stops two hundred bombs in a row and is as it was', async () => {
    const module = await host.load(processWith(FOREVER));
    for (let i = 0; i < 200; i++) {
      const run = host.connection.request('module/execute', { module, input: { utf8: '' }, limits: LIMITS });
      assert.equal(await run.then(undefined, (e: { readonly kind?: string }) => e.kind), 'FUEL_EXHAUSTED');
    }
    assert.equal((await host.run(processWith('(i32.const 8)'))).usage.pages > 0, true);
  });
});
