import { CoreError } from '../protocol/errors.ts';
import type { CallValue, Usage } from '../protocol/methods.ts';
import type { LogLine } from '../protocol/plugins.ts';
import type { CompiledModule } from './compiled-module.ts';
import type { InstancePools, PoolsStats } from './instance-pools.ts';
import type { Job, Outcome } from './job.ts';
import type { ShortLane, ShortLaneStats } from './short-lane.ts';
import type { StateOverlay } from './state/state-overlay.ts';

/** What a run has beside its job. */
export interface RunOptions {
  /** Ends the run. */
  readonly signal: AbortSignal;
  /** Whoever asks for it: where several wait, those that have the fewest runs under way come first. */
  readonly owner?: object;
  /** The module's state as the run sees it; what it sets is in there when it has succeeded. */
  readonly state?: StateOverlay;
}

/** A run of `process` with what goes with it. */
export type ExecuteJob = Omit<Extract<Job, { type: 'execute' }>, 'type'> & RunOptions;

/** A typed call with what goes with it. */
export type CallJob = Omit<Extract<Job, { type: 'call' }>, 'type'> & RunOptions;

/** What `execute` gives. */
export interface ExecuteOutcome {
  /** Fresh bytes, owned by the caller. */
  readonly output: Uint8Array;
  readonly usage: Usage;
  readonly logs: readonly LogLine[];
}

/** What `call` gives. */
export interface CallOutcome {
  readonly result: CallValue;
  readonly usage: Usage;
  readonly logs: readonly LogLine[];
}

/** What an executor did so far, and what it holds. */
export interface ExecutorStats {
  readonly short: ShortLaneStats;
  readonly long: LaneStats;
  /** Of the caller's thread; workers have pools of their own. */
  readonly pools: PoolsStats;
}

/** What a lane of workers did so far, and what it holds. */
export interface LaneStats {
  readonly runs: number;
  readonly workers: number;
  readonly waiting: number;
  /** Workers that were ended in the middle of a run, by a deadline or a cancellation. */
  readonly terminated: number;
}

/** Runs modules, each run on an instance as good as new, and ends those that take too long. */
export interface Executor {
  /**
   * Runs a job here and now when it is short.
   *
   * @returns undefined when it is not: nothing has happened then, and `execute` or `call` will run it elsewhere
   * @throws CoreError as `runJob`
   */
  tryRun(job: Job, state?: StateOverlay): Outcome | undefined;
  /**
   * Runs a job in a thread of its own, whether it is short or not.
   *
   * @throws CoreError DEADLINE_EXCEEDED (`limits.timeoutMs` from now on, waiting included), CANCELLED, those of `runJob`
   */
  runLong(job: Job, options: RunOptions): Promise<Outcome>;
  /** Runs `process`. @throws CoreError as `runLong` */
  execute(job: ExecuteJob): Promise<ExecuteOutcome>;
  /** Calls one function for SQL. @throws CoreError as `runLong` */
  call(job: CallJob): Promise<CallOutcome>;
  /** Makes an instance ahead of a module's first run. What is wrong with it is told by the run. */
  prewarm(compiled: CompiledModule, memoryMb: number): void;
  /** Lets go of the instances of a module. */
  drop(digest: string): void;
  /** Lets go of idle instances and memories. */
  shrink(): void;
  stats(): ExecutorStats;
  /** Ends what runs with CANCELLED, and the workers. Idempotent. */
  dispose(): Promise<void>;
}

/** A place where jobs run beside the caller. */
export interface Lane {
  /**
   * @param options.signal when it aborts the run is ended, and the promise rejects at once with the signal's reason
   * @throws CoreError
   */
  run(job: Job, options: Pick<RunOptions, 'signal' | 'owner'>): Promise<Outcome>;
  stats(): LaneStats;
  /** Ends everything; waiting and running jobs reject with CANCELLED. Idempotent. */
  dispose(): Promise<void>;
}

/**
 * An executor over two lanes: `short` runs a job at once in the caller's thread, and gives up on what is not short;
 * `long` runs it in a thread that can be terminated.
 */
export class LaneExecutor implements Executor {
  private readonly short: ShortLane;
  private readonly long: Lane;
  private readonly pools: InstancePools;
  private disposed = false;

  constructor(lanes: { readonly short: ShortLane; readonly long: Lane; readonly pools: InstancePools }) {
    this.short = lanes.short;
    this.long = lanes.long;
    this.pools = lanes.pools;
  }

  tryRun(job: Job, state?: StateOverlay): Outcome | undefined {
    if (this.disposed) throw cancelled();
    return this.short.tryRun(job, state);
  }

  async runLong(job: Job, { signal, state, owner }: RunOptions): Promise<Outcome> {
    if (signal.aborted) throw cancelled();
    const sent = state && job.inputs ? { ...job, inputs: { ...job.inputs, state: state.entries() } } : job;
    const { timeoutMs } = job.limits;
    const ended = new AbortController();
    const cancel = (): void => ended.abort(cancelled());
    // One deadline, derived once; lanes get one signal for it and for the caller's cancellation.
    const timer = setTimeout(() => ended.abort(deadlineExceeded(timeoutMs)), timeoutMs);
    signal.addEventListener('abort', cancel, { once: true });
    try {
      const outcome = await this.long.run(sent, { signal: ended.signal, ...(owner && { owner }) });
      state?.apply(outcome.writes);
      return outcome;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', cancel);
    }
  }

  async execute({ signal, state, ...job }: ExecuteJob): Promise<ExecuteOutcome> {
    const { value, usage, logs } = await this.run(
      { type: 'execute', ...job },
      { signal, ...(state && { state }) },
    );
    if (!(value instanceof Uint8Array)) throw new Error('a run of process gave no bytes');
    return { output: value, usage, logs };
  }

  async call({ signal, state, ...job }: CallJob): Promise<CallOutcome> {
    const { value, usage, logs } = await this.run(
      { type: 'call', ...job },
      { signal, ...(state && { state }) },
    );
    if (value instanceof Uint8Array) throw new Error('a typed call gave bytes');
    return { result: value, usage, logs };
  }

  prewarm(compiled: CompiledModule, memoryMb: number): void {
    try {
      if (compiled.metered) this.pools.poolFor(compiled, memoryMb).prewarm(1);
    } catch (error) {
      if (!(error instanceof CoreError)) throw error;
    }
  }

  drop(digest: string): void {
    this.pools.drop(digest);
  }

  shrink(): void {
    this.pools.shrink();
  }

  stats(): ExecutorStats {
    return { short: this.short.stats(), long: this.long.stats(), pools: this.pools.stats() };
  }

  async dispose(): Promise<void> {
    this.disposed = true;
    this.pools.dispose();
    await this.long.dispose();
  }

  private async run(job: Job, options: RunOptions): Promise<Outcome> {
    if (options.signal.aborted) throw cancelled();
    return this.tryRun(job, options.state) ?? (await this.runLong(job, options));
  }
}

/** The error of a run that its caller ended. */
export function cancelled(): CoreError {
  return new CoreError('CANCELLED', 'The run was cancelled.');
}

/** The error of a run that took longer than it was allowed. */
export function deadlineExceeded(timeoutMs: number): CoreError {
  const message = `The run did not end within ${timeoutMs} ms and was stopped. If it needs longer, raise limits.timeoutMs (at most 600000).`;
  return new CoreError('DEADLINE_EXCEEDED', message, { timeoutMs });
}
