import assert from 'node:assert/strict';
import { DEFAULT_LIMITS, type ResolvedLimits } from '../../../wasm-core/protocol/limits.ts';
import type { CompiledModule } from '../../../wasm-core/runtime/compiled-module.ts';
import type { Executor } from '../../../wasm-core/runtime/executor.ts';
import type { Job } from '../../../wasm-core/runtime/job.ts';
import { createExecutor } from '../../../wasm-core/runtime/node/create-executor.ts';
import type { RunInputs } from '../../../wasm-core/runtime/run-context.ts';
import { StateOverlay } from '../../../wasm-core/runtime/state/state-overlay.ts';
import { throwsKind } from '../../support/core-error.ts';
import { bundleExecutionWorker } from '../../support/execution-worker.ts';
import { compileWat, LOOP_WAT, UPPER_WAT } from '../../support/wat.ts';

/** Spins as often as its input has bytes, times 1,000, after it has counted itself in its state and logged. */
const SPIN_WAT = `(module
  (import "host" "get_state_into" (func $get (param i32 i32 i32 i32) (result i32)))
  (import "host" "set_state" (func $set (param i32 i32 i32 i32)))
  (import "host" "log" (func $log (param i32 i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "n") (data (i32.const 16) "run")
  (func (export "process") (param $p i32) (param $n i32) (result i64) (local $i i32)
    (drop (call $get (i32.const 0) (i32.const 1) (i32.const 8) (i32.const 1)))
    (i32.store8 (i32.const 8) (i32.add (i32.load8_u (i32.const 8)) (i32.const 1)))
    (call $set (i32.const 0) (i32.const 1) (i32.const 8) (i32.const 1))
    (call $log (i32.const 16) (i32.const 3))
    (local.set $i (i32.mul (local.get $n) (i32.const 1000)))
    (block $done (loop $next
      (br_if $done (i32.eqz (local.get $i)))
      (local.set $i (i32.sub (local.get $i) (i32.const 1)))
      (br $next)))
    (i64.or (i64.shl (i64.const 8) (i64.const 32)) (i64.const 1))))`;

describe('the two lanes', () => {
  let executor: Executor;
  let worker: Awaited<ReturnType<typeof bundleExecutionWorker>>;
  let upper: CompiledModule;
  let spin: CompiledModule;
  let loop: CompiledModule;
  before(async () => {
    worker = await bundleExecutionWorker();
    upper = await compileWat(UPPER_WAT, 'upper');
    spin = await compileWat(SPIN_WAT, 'spin');
    loop = await compileWat(LOOP_WAT, 'loop');
  });
  after(() => worker.remove());
  beforeEach(() => {
    executor = createExecutor({ workerPath: worker.workerPath });
  });
  afterEach(() => executor.dispose());

  const inputs: RunInputs = { capabilities: ['log', 'state'] };

  function job(compiled: CompiledModule, input: string, limits: Partial<ResolvedLimits> = {}): Job {
    const bytes = Buffer.from(input);
    return {
      type: 'execute',
      compiled,
      form: compiled === loop ? 'prefixed' : 'packed',
      input: bytes,
      inputs,
      limits: { ...DEFAULT_LIMITS, ...limits },
    };
  }
  const signal = new AbortController().signal;

  it('run what is short at once, and tell the fuel', () => {
    const outcome = executor.tryRun(job(upper, 'hello'));
    assert.equal(Buffer.from(outcome?.value as Uint8Array).toString(), 'HELLO');
    assert.equal(outcome?.usage.lane, 'short');
    const again = executor.tryRun(job(upper, 'hello'));
    assert.equal(again?.usage.fuel, outcome?.usage.fuel);
    assert.ok((outcome?.usage.fuel ?? 0) > 50);
  });

  it('give up on what is long without a trace, and run it elsewhere for the same fuel', async () => {
    const state = new StateOverlay(new Map());
    const long = job(spin, 'x'.repeat(1000));
    assert.equal(executor.tryRun(long, state), undefined);
    assert.equal(state.isChanged, false);
    const outcome = await executor.runLong(long, { signal, state });
    assert.equal(outcome.usage.lane, 'long');
    assert.deepEqual(outcome.logs, [{ level: 'info', text: 'run' }]);
    assert.deepEqual(state.get('n'), Uint8Array.of(1), 'it counted once');
    const second = await executor.runLong(long, { signal, state });
    const third = await executor.runLong(long, { signal, state });
    assert.equal(second.usage.fuel, third.usage.fuel);
    assert.deepEqual(state.get('n'), Uint8Array.of(3), 'each saw the one before');
    const { fuel = 0 } = outcome.usage;
    await throwsKind('FUEL_EXHAUSTED', new RegExp(`${fuel - 1} units`), () =>
      executor.runLong(job(spin, 'x'.repeat(1000), { fuel: fuel - 1 }), { signal }),
    );
    const exact = job(spin, 'x'.repeat(1000), { fuel });
    assert.equal((await executor.runLong(exact, { signal })).usage.fuel, fuel);
  });

  it('end a run at its fuel where the fuel is less than a slice, whatever the clock says', async () => {
    await throwsKind('FUEL_EXHAUSTED', /loop used up its 1000 units/, () =>
      executor.tryRun(job(loop, '', { fuel: 1000 })),
    );
    const { fuel = 0 } = executor.tryRun(job(upper, 'hello'))?.usage ?? {};
    assert.ok(executor.tryRun(job(upper, 'hello', { fuel })));
    await throwsKind('FUEL_EXHAUSTED', /raise limits\.fuel/, () =>
      executor.tryRun(job(upper, 'hello', { fuel: fuel - 1 })),
    );
  });

  it('pass on a module whose runs are long without trying each of them', () => {
    const long = job(spin, 'x'.repeat(1000));
    for (let i = 0; i < 100; i++) assert.equal(executor.tryRun(long), undefined);
    const { overflows, passedOn } = executor.stats().short;
    assert.equal(overflows + passedOn, 100);
    assert.ok(overflows >= 2 && overflows < 10, `${overflows} were tried`);
  });

  it('run what is not metered in a worker alone', async () => {
    const unmetered = await compileWat(UPPER_WAT, 'upper', { metered: false });
    assert.equal(executor.tryRun(job(unmetered, 'x')), undefined);
    const { value, usage } = await executor.runLong(job(unmetered, 'hello'), { signal });
    assert.equal(Buffer.from(value as Uint8Array).toString(), 'HELLO');
    assert.equal(usage.fuel, undefined);
    const endless = await compileWat(LOOP_WAT, 'loop', { metered: false });
    const job2 = { ...job(endless, '', { timeoutMs: 200 }), form: 'prefixed' } as Job;
    await throwsKind('DEADLINE_EXCEEDED', /200 ms/, () => executor.runLong(job2, { signal }));
  });

  it('let a run that fails leave nothing in its state', async () => {
    const failing = await compileWat(SPIN_WAT.replace('(i64.or (i64.shl', '(unreachable) (i64.or (i64.shl'));
    const state = new StateOverlay(new Map());
    await throwsKind('TRAP', /unreachable/, () => executor.tryRun(job(failing, ''), state));
    await throwsKind('TRAP', /unreachable/, () => executor.runLong(job(failing, ''), { signal, state }));
    assert.equal(state.isChanged, false);
  });

  it('run short ones while a long one goes on', async () => {
    const running = throwsKind('DEADLINE_EXCEEDED', /600 ms/, () =>
      executor.runLong(job(loop, '', { timeoutMs: 600 }), { signal }),
    );
    await new Promise((resolve) => setTimeout(resolve, 200));
    for (let i = 0; i < 1000; i++) assert.ok(executor.tryRun(job(upper, 'short')));
    await running;
  });

  it('end a run whose error the guest caught', async () => {
    const catching = await compileWat(`(module
      (import "host" "set_state" (func $set (param i32 i32 i32 i32)))
      (memory (export "memory") 1)
      (func (export "process") (param i32 i32) (result i64)
        (try (do (call $set (i32.const 0) (i32.const 1) (i32.const 0) (i32.const 1))) (catch_all))
        (i64.const 0)))`);
    const denied = { ...job(catching, ''), inputs: { capabilities: [] } } as Job;
    await throwsKind('CAPABILITY_DENIED', /state/, () => executor.tryRun(denied));
  });
});
