import { type Executor, LaneExecutor } from '../executor.ts';
import { InstancePools } from '../instance-pools.ts';
import { MemoryPool } from '../memory-pool.ts';
import { ShortLane } from '../short-lane.ts';
import { garbageCollector } from './garbage.ts';
import { interruptGuestsPromptly } from './prompt-interrupts.ts';
import { WorkerLane } from './worker-lane.ts';

const DEFAULT_WORKERS = 2;
const IDLE_MS = 30_000;

/**
 * An executor that runs what is short in the calling thread, and the rest in worker threads.
 *
 * @param options.workerPath absolute path of the bundle `execution-worker.js`
 * @param options.workers most threads at a time, 2 by default; they start when needed and end after 30 idle seconds
 * @param options.idleMs how long an idle thread stays
 * @param options.sliceFuel fuel of a run in the calling thread; 0: everything runs in workers
 */
export function createExecutor(options: {
  readonly workerPath: string;
  readonly workers?: number;
  readonly idleMs?: number;
  readonly sliceFuel?: number;
}): Executor {
  const { workerPath, workers = DEFAULT_WORKERS, idleMs = IDLE_MS, sliceFuel } = options;
  interruptGuestsPromptly();
  const pools = new InstancePools(new MemoryPool({ collectGarbage: garbageCollector() }));
  return new LaneExecutor({
    short: new ShortLane({ pools, ...(sliceFuel !== undefined && { sliceFuel }) }),
    long: new WorkerLane({ workerPath, workers, idleMs }),
    pools,
  });
}
