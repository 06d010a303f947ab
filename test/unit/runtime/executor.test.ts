import assert from 'node:assert/strict';
import { DEFAULT_LIMITS } from '../../../wasm-core/protocol/limits.ts';
import type { CompiledModule } from '../../../wasm-core/runtime/compiled-module.ts';
import type { Executor } from '../../../wasm-core/runtime/executor.ts';
import { createExecutor } from '../../../wasm-core/runtime/node/create-executor.ts';
import { throwsKind } from '../../support/core-error.ts';
import { bundleExecutionWorker } from '../../support/execution-worker.ts';
import { compileWat, ECHO_WAT, LOOP_WAT, sqlFunction } from '../../support/wat.ts';

describe('the executor', () => {
  let executor: Executor;
  let worker: Awaited<ReturnType<typeof bundleExecutionWorker>>;
  let echo: CompiledModule;
  let loop: CompiledModule;
  before(async () => {
    worker = await bundleExecutionWorker();
    echo = await compileWat(ECHO_WAT, 'echo');
    loop = await compileWat(LOOP_WAT, 'loop');
  });
  after(() => worker.remove());
  beforeEach(() => {
    executor = createExecutor({ workerPath: worker.workerPath });
  });
  afterEach(() => executor.dispose());

  interface RunOptions {
    readonly text?: string;
    readonly timeoutMs?: number;
    readonly memoryMb?: number;
    readonly signal?: AbortSignal;
  }

  async function run(compiled: CompiledModule, options: RunOptions = {}): Promise<string> {
    const { text = 'hello', signal = new AbortController().signal, ...limits } = options;
    const outcome = await executor.execute({
      compiled,
      form: 'prefixed',
      input: Buffer.from(text),
      limits: { ...DEFAULT_LIMITS, ...limits },
      signal,
    });
    return Buffer.from(outcome.output).toString();
  }

  it('runs process on a fresh instance each time and tells what it used', async () => {
    const counting =
      await compileWat(`(module (memory (export "memory") 1) (global $n (mut i32) (i32.const 0))
      (func (export "process") (param i32 i32) (result i32)
        (global.set $n (i32.add (global.get $n) (i32.const 1)))
        (i32.store (i32.const 0) (i32.const 1)) (i32.store8 (i32.const 4) (i32.add (global.get $n) (i32.const 48)))
        (i32.const 0)))`);
    assert.equal(await run(counting), '1');
    assert.equal(await run(counting), '1');
    const { usage, logs } = await executor.execute({
      compiled: echo,
      form: 'prefixed',
      input: Buffer.from('x'.repeat(200_000)),
      limits: DEFAULT_LIMITS,
      signal: new AbortController().signal,
    });
    assert.deepEqual({ pages: usage.pages, lane: usage.lane, logs }, { pages: 6, lane: 'short', logs: [] });
    assert.ok(usage.micros > 0);
  });

  it('calls a typed function', async () => {
    const add = await compileWat(
      '(module (func (export "add") (param i64 i64) (result i64) (i64.add (local.get 0) (local.get 1))))',
    );
    const { result } = await executor.call({
      compiled: add,
      function: sqlFunction('add', ['BIGINT', 'BIGINT'], 'BIGINT'),
      arguments: ['9007199254740993', 1],
      limits: DEFAULT_LIMITS,
      signal: new AbortController().signal,
    });
    assert.equal(result, '9007199254740994');
  });

  it('ends an infinite loop by its timeout, and the next run works', async () => {
    const started = performance.now();
    const error = await throwsKind('DEADLINE_EXCEEDED', /within 200 ms.*limits\.timeoutMs/, () =>
      run(loop, { timeoutMs: 200 }),
    );
    assert.equal(error.details.timeoutMs, 200);
    assert.ok(performance.now() - started < 5000);
    assert.equal(await run(echo), 'hello');
  });

  it('ends a start function that never returns', async () => {
    const wat = `(module (memory (export "memory") 1) (func $s (loop (br 0))) (start $s)
      (func (export "process") (param i32 i32) (result i32) (i32.const 0)))`;
    const starting = await compileWat(wat);
    await throwsKind('DEADLINE_EXCEEDED', /200 ms/, () => run(starting, { timeoutMs: 200 }));
  });

  it('leaves other runs unharmed while it ends loops', async () => {
    const loops = Array.from({ length: 4 }, () =>
      throwsKind('DEADLINE_EXCEEDED', /./, () => run(loop, { timeoutMs: 300 })),
    );
    const echoes = Array.from({ length: 20 }, (_, i) => run(echo, { text: `run ${i}` }));
    assert.deepEqual(
      await Promise.all(echoes),
      Array.from({ length: 20 }, (_, i) => `run ${i}`),
    );
    await Promise.all(loops);
  });

  it('counts the wait for a worker towards the deadline', async () => {
    executor = createExecutor({ workerPath: worker.workerPath, sliceFuel: 0 });
    const blocking = [run(loop, { timeoutMs: 600 }), run(loop, { timeoutMs: 600 })];
    for (const run of blocking) run.catch(() => undefined);
    await throwsKind('DEADLINE_EXCEEDED', /100 ms/, () => run(echo, { timeoutMs: 100 }));
    await Promise.allSettled(blocking);
  });

  it('ends a run at once when its signal aborts, running, waiting or not yet begun', async () => {
    const controllers = Array.from({ length: 3 }, () => new AbortController());
    const runs = controllers.map(({ signal }) =>
      throwsKind('CANCELLED', /cancelled/, () => run(loop, { signal, timeoutMs: 60_000 })),
    );
    await new Promise((resolve) => setTimeout(resolve, 150));
    for (const controller of controllers) controller.abort();
    await Promise.all(runs);
    await throwsKind('CANCELLED', /cancelled/, () => run(echo, { signal: AbortSignal.abort() }));
    assert.equal(await run(echo), 'hello');
  });

  it('caps memory: a guest that grows without end gets -1 and no more', async () => {
    const greedy = await compileWat(`(module (memory (export "memory") 1)
      (func (export "process") (param i32 i32) (result i32)
        (block $full (loop $more
          (br_if $full (i32.eq (i32.const -1) (memory.grow (i32.const 1)))) (br $more)))
        (i32.store (i32.const 0) (i32.const 4)) (i32.store (i32.const 4) (memory.size)) (i32.const 0)))`);
    const output = await run(greedy, { memoryMb: 3 });
    assert.equal(Buffer.from(output).readUInt32LE(0), 48);
  });

  it('gives every error of a guest its kind, and what it logged before', async () => {
    const logging = await compileWat(`(module (import "host" "log" (func $log (param i32 i32)))
      (memory (export "memory") 1) (data (i32.const 0) "so far")
      (func (export "process") (param i32 i32) (result i32)
        (call $log (i32.const 0) (i32.const 6)) (unreachable)))`);
    const error = await throwsKind('TRAP', /unreachable/, () => run(logging));
    assert.deepEqual(error.details.logs, [{ level: 'info', text: 'so far' }]);
    const deep = await compileWat(`(module (memory (export "memory") 1)
      (func $f (export "process") (param i32 i32) (result i32) (call $f (local.get 0) (local.get 1))))`);
    await throwsKind('TRAP', /recursion is too deep/, () => run(deep));
    assert.equal(await run(echo), 'hello');
  });

  it('runs a hundred modules, more than a worker keeps', async () => {
    executor = createExecutor({ workerPath: worker.workerPath, sliceFuel: 0 });
    for (let i = 0; i < 100; i++) {
      const module = await compileWat(ECHO_WAT.replace('1024', String(1024 + i * 8)), `echo${i}`);
      assert.equal(await run(module, { text: String(i) }), String(i));
    }
    assert.equal(await run(echo), 'hello');
  });

  it('cancels what runs and waits when it is disposed, and refuses what comes after', async () => {
    const runs = Array.from({ length: 5 }, () => throwsKind('CANCELLED', /cancelled/, () => run(loop)));
    await new Promise((resolve) => setTimeout(resolve, 100));
    await executor.dispose();
    await Promise.all(runs);
    await throwsKind('CANCELLED', /cancelled/, () => run(echo));
  });

  it('says so when its worker is not there, again and again', async () => {
    const broken = createExecutor({ workerPath: '/nowhere/execution-worker.js', sliceFuel: 0 });
    const job = {
      compiled: echo,
      form: 'prefixed',
      input: new Uint8Array(0),
      limits: DEFAULT_LIMITS,
    } as const;
    for (let i = 0; i < 3; i++) {
      await throwsKind('INTERNAL', /worker ended unexpectedly/, () =>
        broken.execute({ ...job, signal: new AbortController().signal }),
      );
    }
    await broken.dispose();
  });

  it('starts workers anew after they ended for want of work', async () => {
    const brief = createExecutor({ workerPath: worker.workerPath, idleMs: 50, sliceFuel: 0 });
    const job = {
      compiled: echo,
      form: 'prefixed',
      input: Buffer.from('x'),
      limits: DEFAULT_LIMITS,
    } as const;
    for (let i = 0; i < 3; i++) {
      const { output } = await brief.execute({ ...job, signal: new AbortController().signal });
      assert.equal(Buffer.from(output).toString(), 'x');
      await new Promise((resolve) => setTimeout(resolve, 120));
    }
    await brief.dispose();
  });
});
