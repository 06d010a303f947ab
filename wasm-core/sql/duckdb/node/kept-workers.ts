import { CoreError } from '../../../protocol/errors.ts';
import type { EngineWorker } from './engine-worker.ts';

/** How long a worker waits for the next session, milliseconds. */
const KEEP_MS = 10_000;

/** So many wait at most. */
const MAX_KEPT = 2;

/** So much memory a worker may have grown to; the engine never gives any back. */
const MAX_MEMORY_BYTES = 1024 * 2 ** 20;

/** Workers of sessions that ended, for the next ones of their kind: a start takes about a second, a new database less. */
export class KeptWorkers {
  readonly #kept: EngineWorker[] = [];
  #timer: NodeJS.Timeout | undefined;

  /** One that is still up; undefined when there is none. */
  take(): EngineWorker | undefined {
    for (let worker = this.#kept.pop(); worker !== undefined; worker = this.#kept.pop()) {
      if (!worker.ended) return worker;
    }
    return undefined;
  }

  /** Keeps a worker for a while; ends it at once where enough are kept, or when it holds too much memory. */
  put(worker: EngineWorker): void {
    if (worker.ended) return;
    if (this.#kept.length >= MAX_KEPT || worker.memoryBytes > MAX_MEMORY_BYTES) {
      void worker.terminate(unused());
      return;
    }
    this.#kept.push(worker);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      for (const kept of this.takeAll()) void kept.terminate(unused());
    }, KEEP_MS);
    this.#timer.unref();
  }

  /** All of them; the caller ends them. */
  takeAll(): EngineWorker[] {
    clearTimeout(this.#timer);
    return this.#kept.splice(0);
  }
}

function unused(): CoreError {
  return new CoreError('SESSION_UNKNOWN', 'The session was closed.');
}
