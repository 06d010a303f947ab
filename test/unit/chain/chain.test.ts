import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type ChainOptions, runChain } from '../../../wasm-core/chain/chain.ts';
import { DEFAULT_LIMITS } from '../../../wasm-core/protocol/limits.ts';
import type { Executor } from '../../../wasm-core/runtime/executor.ts';
import { createExecutor } from '../../../wasm-core/runtime/node/create-executor.ts';
import { createRegistryStore } from '../../../wasm-core/runtime/node/registry-store.ts';
import { Registry } from '../../../wasm-core/runtime/registry.ts';
import { StateJournal } from '../../../wasm-core/runtime/state/state-journal.ts';
import { throwsKind } from '../../support/core-error.ts';
import { bundleExecutionWorker } from '../../support/execution-worker.ts';
import {
  assemble,
  assemblePlugin,
  LOOP_WAT,
  REVERSE_WAT,
  sqlFunction,
  UPPER_WAT,
} from '../../support/wat.ts';

describe('a chain', () => {
  let home: string;
  let registry: Registry;
  let executor: Executor;
  let worker: Awaited<ReturnType<typeof bundleExecutionWorker>>;
  before(async () => {
    home = await mkdtemp(path.join(tmpdir(), 'qc-'));
    worker = await bundleExecutionWorker();
    executor = createExecutor({ workerPath: worker.workerPath });
    const warn = assert.fail;
    registry = await Registry.open({ store: createRegistryStore({ home, warn }), warn });
    const add = '(module (func (export "one") (result i32) (i32.const 1)))';
    const fail = `(module (memory (export "memory") 1)
      (func (export "process") (param i32 i32) (result i32) (i32.const -3)))`;
    const modules: Readonly<Record<string, Uint8Array>> = {
      upper: await assemble(UPPER_WAT),
      reverse: await assemble(REVERSE_WAT),
      loop: await assemble(LOOP_WAT),
      fail: await assemble(fail),
      math: await assemblePlugin(add, [sqlFunction('one', [], 'INTEGER')]),
    };
    for (const [name, bytes] of Object.entries(modules))
      await registry.load({ bytes, name, namespace: 'default' });
  });
  after(async () => {
    await executor.dispose();
    await worker.remove();
    await rm(home, { recursive: true, force: true });
  });

  const runPlugin: ChainOptions['runPlugin'] = async ({ record, ...step }, { signal }) =>
    executor.execute({ compiled: await registry.compiled(record), ...step, signal });

  const run = async (steps: string[], options: { timeoutMs?: number; signal?: AbortSignal } = {}) =>
    runChain({
      registry,
      runPlugin,
      journal: new StateJournal({
        committed: () => ({ entries: new Map(), epoch: 0 }),
        commit: () => undefined,
      }),
      steps,
      namespace: 'default',
      input: Buffer.from('hello'),
      limits: { ...DEFAULT_LIMITS, timeoutMs: options.timeoutMs ?? DEFAULT_LIMITS.timeoutMs },
      caller: { signal: options.signal ?? new AbortController().signal },
    });

  it('gives the output of each step to the next, and tells what each used', async () => {
    const { output, steps } = await run(['upper', 'reverse', registry.get({ module: 'upper' }).info.uuid]);
    assert.equal(Buffer.from(output).toString(), 'OLLEH');
    assert.deepEqual(
      steps.map((step) => [step.module, 'lane' in step && step.lane]),
      [
        ['upper', 'short'],
        ['reverse', 'short'],
        ['upper', 'short'],
      ],
    );
  });

  it('runs sixty-four steps, and refuses none and more', async () => {
    const { output } = await run(Array.from({ length: 64 }, () => 'reverse'));
    assert.equal(Buffer.from(output).toString(), 'hello');
    await throwsKind('PARAMS_INVALID', /1 to 64 steps; this one has 0/, () => run([]));
    await throwsKind('PARAMS_INVALID', /this one has 65/, () =>
      run(Array.from({ length: 65 }, () => 'upper')),
    );
  });

  it('runs nothing when a step is unknown or has no process', async () => {
    const unknown = await throwsKind('MODULE_UNKNOWN', /^Step 2 \(uper\): .*Did you mean upper/, () =>
      run(['loop', 'uper']),
    );
    assert.equal(unknown.details.step, 2);
    const missing = await throwsKind(
      'EXPORT_MISSING',
      /^Step 2 \(math\): .*functions for SQL instead: one/,
      () => run(['loop', 'math']),
    );
    assert.equal(missing.details.module, 'math');
  });

  it('gives the error of a step with its kind and its place', async () => {
    const error = await throwsKind(
      'GUEST_ERROR',
      /^Step 2 \(fail\): process returned the error code -3/,
      () => run(['upper', 'fail', 'loop']),
    );
    assert.deepEqual([error.details.step, error.details.module, error.details.code], [2, 'fail', -3]);
  });

  it('has one deadline for all of it, which the error names', async () => {
    await throwsKind('DEADLINE_EXCEEDED', /^Step 2 \(loop\): .*within 400 ms/, () =>
      run(['upper', 'loop'], { timeoutMs: 400 }),
    );
  });

  it('is cancelled by its signal', async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 100);
    await throwsKind('CANCELLED', /^Step 1 \(loop\): /, () => run(['loop'], { signal: controller.signal }));
  });
});
