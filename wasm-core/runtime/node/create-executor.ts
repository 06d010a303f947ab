import { type Executor, LaneExecutor } from '../executor.ts';
import { WorkerLane } from './worker-lane.ts';

const DEFAULT_WORKERS = 2;
const IDLE_MS = 30_000;

/**
 * An executor that runs everything in worker threads.
 *
 * @param options.workerPath absolute path of the bundle `execution-worker.js`
 * @param options.workers most threads at a time, 2 by default; they start when needed and end after 30 idle seconds
 * @param options.idleMs how long an idle thread stays
 */
export function createExecutor(options: {
  readonly workerPath: string;
  readonly workers?: number;
  readonly idleMs?: number;
}): Executor {
  const { workerPath, workers = DEFAULT_WORKERS, idleMs = IDLE_MS } = options;
  return new LaneExecutor({ long: new WorkerLane({ workerPath, workers, idleMs }) });
}
