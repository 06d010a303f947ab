import type { ProcessForm } from '../wasm-core/binary/abi.ts';
import { DEFAULT_LIMITS } from '../wasm-core/protocol/limits.ts';
import type { PluginFunction } from '../wasm-core/protocol/plugins.ts';
import type { TypedValue } from '../wasm-core/protocol/typed-values.ts';
import { bindFunction } from '../wasm-core/runtime/bind-function.ts';
import type { CompiledModule } from '../wasm-core/runtime/compiled-module.ts';
import { InstancePools } from '../wasm-core/runtime/instance-pools.ts';
import { runJob } from '../wasm-core/runtime/job.ts';
import { MemoryPool } from '../wasm-core/runtime/memory-pool.ts';
import { garbageCollector } from '../wasm-core/runtime/node/garbage.ts';

/*
 * The two ways into the runtime that the calls suite measures. Whoever changes how a function is called or a module is
 * run from the host's own code changes it here, and nowhere else in the benchmarks.
 */

const pools = new InstancePools(new MemoryPool({ collectGarbage: garbageCollector() }));

/** A function of a plugin, ready to be called any number of times on one instance. */
export function boundFunction(
  compiled: CompiledModule,
  fn: PluginFunction,
): (...args: readonly TypedValue[]) => TypedValue {
  const guest = pools.poolFor(compiled, DEFAULT_LIMITS.memoryMb).acquire();
  guest.begin();
  return bindFunction(guest, fn, DEFAULT_LIMITS);
}

/** A module's `process`, every run on an instance as good as new. */
export function wholeRun(compiled: CompiledModule, form: ProcessForm): (input: Uint8Array) => Uint8Array {
  return (input) => {
    const job = { type: 'execute', compiled, form, input, limits: DEFAULT_LIMITS } as const;
    const { value } = runJob(job, { pools, lane: 'short' });
    if (!(value instanceof Uint8Array)) throw new Error('a run of process gave no bytes');
    return value;
  };
}
