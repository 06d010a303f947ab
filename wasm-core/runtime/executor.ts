import { CoreError } from '../protocol/errors.ts';
import type { TypedValue, Usage } from '../protocol/methods.ts';
import type { Job, Outcome } from './job.ts';

/** A run of `process` with the signal that cancels it. */
export type ExecuteJob = Omit<Extract<Job, { type: 'execute' }>, 'type'> & { readonly signal: AbortSignal };

/** A typed call with the signal that cancels it. */
export type CallJob = Omit<Extract<Job, { type: 'call' }>, 'type'> & { readonly signal: AbortSignal };

/** What `execute` gives. */
export interface ExecuteOutcome {
  /** Fresh bytes, owned by the caller. */
  readonly output: Uint8Array;
  readonly usage: Usage;
  readonly logs: readonly string[];
}

/** What `call` gives. */
export interface CallOutcome {
  readonly result: TypedValue;
  readonly usage: Usage;
  readonly logs: readonly string[];
}

/** Runs modules, each run on an instance and a memory of its own, and ends those that take too long. */
export interface Executor {
  /**
   * Runs `process`.
   *
   * @throws CoreError DEADLINE_EXCEEDED (`limits.timeoutMs` from now on, waiting included), CANCELLED, and those of
   *   `runJob`
   */
  execute(job: ExecuteJob): Promise<ExecuteOutcome>;
  /** Calls one function for SQL. @throws CoreError as `execute` */
  call(job: CallJob): Promise<CallOutcome>;
  /** Ends what runs with CANCELLED, and the workers. Idempotent. */
  dispose(): Promise<void>;
}

/** A place where jobs run. */
export interface Lane {
  /**
   * @param signal when it aborts the run is ended, and the promise rejects at once with the signal's reason
   * @throws CoreError
   */
  run(job: Job, signal: AbortSignal): Promise<Outcome>;
  /** Ends everything; waiting and running jobs reject with CANCELLED. Idempotent. */
  dispose(): Promise<void>;
}

/** An executor over lanes. There is one lane so far, `long`: a thread that can be terminated. */
export class LaneExecutor implements Executor {
  private readonly long: Lane;

  constructor(lanes: { readonly long: Lane }) {
    this.long = lanes.long;
  }

  async execute({ signal, ...job }: ExecuteJob): Promise<ExecuteOutcome> {
    const { value, usage, logs } = await this.run({ type: 'execute', ...job }, signal);
    if (!(value instanceof Uint8Array)) throw new Error('a run of process gave no bytes');
    return { output: value, usage, logs };
  }

  async call({ signal, ...job }: CallJob): Promise<CallOutcome> {
    const { value, usage, logs } = await this.run({ type: 'call', ...job }, signal);
    if (value instanceof Uint8Array) throw new Error('a typed call gave bytes');
    return { result: value, usage, logs };
  }

  async dispose(): Promise<void> {
    await this.long.dispose();
  }

  /** Derives the deadline, once, and hands lanes one signal for it and for the caller's cancellation. */
  private async run(job: Job, signal: AbortSignal): Promise<Outcome> {
    if (signal.aborted) throw cancelled();
    const { timeoutMs } = job.limits;
    const ended = new AbortController();
    const cancel = (): void => ended.abort(cancelled());
    const timer = setTimeout(() => ended.abort(deadlineExceeded(timeoutMs)), timeoutMs);
    signal.addEventListener('abort', cancel, { once: true });
    try {
      return await this.long.run(job, ended.signal);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', cancel);
    }
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
