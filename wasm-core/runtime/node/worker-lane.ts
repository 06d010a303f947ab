import type { CompiledModule } from '../compiled-module.ts';
import { cancelled, type Lane, type LaneStats } from '../executor.ts';
import type { Job, Outcome } from '../job.ts';
import { ExecutionThread } from './execution-thread.ts';

/** How a lane of execution workers is set up. */
export interface WorkerLaneOptions {
  /** The bundle of execution-worker.ts. */
  readonly workerPath: string;
  /** Most threads at a time, 1 or more. They start when they are needed. */
  readonly workers: number;
  /** A thread that had nothing to do for so long ends. */
  readonly idleMs: number;
}

interface Waiting {
  readonly job: Job;
  readonly signal: AbortSignal;
  readonly owner: object | undefined;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: unknown) => void;
}

interface Slot {
  readonly thread: ExecutionThread;
  state: 'idle' | 'busy' | 'ending';
  /** Whose run it is busy with. */
  owner?: object | undefined;
  idleTimer?: NodeJS.Timeout;
}

/**
 * Runs jobs in threads: first come first served, except that whoever has fewer runs under way goes before whoever has
 * more. A job whose signal aborts takes its thread with it.
 */
export class WorkerLane implements Lane {
  private readonly options: WorkerLaneOptions;
  private readonly slots = new Set<Slot>();
  private readonly queue: Waiting[] = [];
  private readonly abortRunning = new AbortController();
  private disposed = false;
  private runs = 0;
  private terminated = 0;

  constructor(options: WorkerLaneOptions) {
    this.options = options;
  }

  run(
    job: Job,
    { signal, owner }: { readonly signal: AbortSignal; readonly owner?: object },
  ): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      if (this.disposed) return reject(cancelled());
      const leaveQueue = (): void => {
        const index = this.queue.indexOf(waiting);
        if (index >= 0) this.queue.splice(index, 1);
        reject(signal.reason);
      };
      const waiting: Waiting = {
        job,
        signal,
        owner,
        resolve: (outcome) => {
          signal.removeEventListener('abort', leaveQueue);
          resolve(outcome);
        },
        reject: (error) => {
          signal.removeEventListener('abort', leaveQueue);
          reject(error);
        },
      };
      signal.addEventListener('abort', leaveQueue, { once: true });
      this.queue.push(waiting);
      this.pump();
    });
  }

  stats(): LaneStats {
    const { runs, terminated } = this;
    return { runs, workers: this.slots.size, waiting: this.queue.length, terminated };
  }

  async dispose(): Promise<void> {
    this.disposed = true;
    for (const waiting of this.queue.splice(0)) waiting.reject(cancelled());
    this.abortRunning.abort();
    await Promise.all([...this.slots].map((slot) => this.end(slot)));
  }

  /** Gives waiting jobs to threads while there are any for them. */
  private pump(): void {
    while (this.queue.length > 0 && !this.disposed) {
      const index = this.nextIndex();
      const slot = this.freeSlot(this.queue[index]?.job.compiled);
      const [waiting] = slot === undefined ? [] : this.queue.splice(index, 1);
      if (slot === undefined || waiting === undefined) return;
      slot.state = 'busy';
      slot.owner = waiting.owner;
      clearTimeout(slot.idleTimer);
      void this.runIn(slot, waiting);
    }
  }

  /** The position in the queue of the job that is next. */
  private nextIndex(): number {
    const busy = [...this.slots].filter((slot) => slot.state !== 'idle');
    let next = 0;
    let fewest = Number.POSITIVE_INFINITY;
    for (const [index, { owner }] of this.queue.entries()) {
      const running = busy.filter((slot) => slot.owner === owner).length;
      if (running >= fewest) continue;
      next = index;
      fewest = running;
      if (running === 0) break;
    }
    return next;
  }

  /** An idle thread, one that has the module already if there is one; else a new thread; else none. */
  private freeSlot(compiled: CompiledModule | undefined): Slot | undefined {
    const idle = [...this.slots].filter((slot) => slot.state === 'idle');
    const slot = idle.find(({ thread }) => compiled && thread.knows(compiled)) ?? idle[0];
    if (slot !== undefined) return slot;
    // Threads that are ending count: they still take memory, and short timeouts must not pile them up.
    return this.slots.size < this.options.workers ? this.startSlot() : undefined;
  }

  private startSlot(): Slot {
    const thread = new ExecutionThread(this.options.workerPath, () => {
      clearTimeout(slot.idleTimer);
      this.slots.delete(slot);
      this.pump();
    });
    const slot: Slot = { thread, state: 'idle' };
    this.slots.add(slot);
    return slot;
  }

  /** Never rejects: what the job gives goes to whoever waits for it. */
  private async runIn(slot: Slot, waiting: Waiting): Promise<void> {
    const { signal } = waiting;
    const stop = (): void => {
      waiting.reject(signal.aborted ? signal.reason : cancelled());
      this.terminated++;
      void this.end(slot);
    };
    this.runs++;
    signal.addEventListener('abort', stop, { once: true });
    this.abortRunning.signal.addEventListener('abort', stop, { once: true });
    try {
      waiting.resolve(await slot.thread.run(waiting.job));
    } catch (error) {
      waiting.reject(error);
    } finally {
      signal.removeEventListener('abort', stop);
      this.abortRunning.signal.removeEventListener('abort', stop);
      this.release(slot);
    }
  }

  private release(slot: Slot): void {
    if (slot.state !== 'busy') return;
    // A thread that broke is replaced once its exit was seen.
    slot.state = slot.thread.alive ? 'idle' : 'ending';
    if (slot.state === 'ending') return;
    slot.idleTimer = setTimeout(() => void this.end(slot), this.options.idleMs).unref();
    this.pump();
  }

  private async end(slot: Slot): Promise<void> {
    slot.state = 'ending';
    clearTimeout(slot.idleTimer);
    await slot.thread.terminate();
  }
}
