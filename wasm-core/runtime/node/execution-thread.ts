import { Worker } from 'node:worker_threads';
import { CoreError } from '../../protocol/errors.ts';
import type { CompiledModule } from '../compiled-module.ts';
import type { Job, Outcome } from '../job.ts';
import { type JobMessage, type JobReply, moduleKey } from './worker-messages.ts';

/** How many modules a worker keeps; the one used longest ago goes first. */
const MAX_MODULES = 64;

/** One execution worker as its lane sees it. It runs one job at a time. */
export class ExecutionThread {
  private readonly worker: Worker;
  /** Keys of modules that the worker holds, in the order of their last use. */
  private readonly keys = new Set<string>();
  private pending: ((reply: JobReply) => void) | undefined;
  private ended = false;

  /**
   * @param workerPath the bundle of execution-worker.ts
   * @param onExit called once, when the thread has ended for whatever reason
   */
  constructor(workerPath: string, onExit: () => void) {
    // The guest gets nothing of ours: no environment, no flags.
    this.worker = new Worker(workerPath, { env: {}, execArgv: [], argv: [] });
    this.worker.unref();
    this.worker.on('message', (reply: JobReply) => this.settle(reply));
    this.worker.on('messageerror', (error) => this.settle(lost(error)));
    this.worker.on('error', (error) => {
      this.ended = true;
      this.settle(lost(error));
    });
    this.worker.on('exit', () => {
      this.ended = true;
      this.settle(lost(undefined));
      onExit();
    });
  }

  /** Whether the thread can run another job. */
  get alive(): boolean {
    return !this.ended;
  }

  /** Whether the worker has a module already. */
  knows(compiled: CompiledModule): boolean {
    return this.keys.has(moduleKey(compiled));
  }

  /**
   * Runs a job; the thread must be idle.
   *
   * @throws CoreError of the job; MEMORY_LIMIT or INTERNAL when the thread ended by itself
   */
  run(job: Job): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      this.worker.ref();
      this.pending = (reply) => {
        this.worker.unref();
        if (reply.type === 'done') resolve(reply.outcome);
        else reject(new CoreError(reply.kind, reply.message, reply.details));
      };
      if (this.ended) this.settle(lost(undefined));
      else this.post(job);
    });
  }

  /** Ends the thread, whatever it does. Resolves when it has ended. Idempotent. */
  async terminate(): Promise<void> {
    await this.worker.terminate();
  }

  private settle(reply: JobReply): void {
    const settle = this.pending;
    this.pending = undefined;
    settle?.(reply);
  }

  private post(job: Job): void {
    const { compiled, ...rest } = job;
    const key = moduleKey(compiled);
    const isNew = !this.keys.delete(key);
    this.keys.add(key);
    const forget = this.keys.size > MAX_MODULES ? [...this.keys].slice(0, 1) : [];
    for (const old of forget) this.keys.delete(old);
    const message: JobMessage = { job: rest, key, forget, ...(isNew && { compiled }) };
    if (rest.type === 'call') {
      this.worker.postMessage(message);
      return;
    }
    // A copy of its own: posting a view would send the whole buffer behind it, and the caller keeps the input.
    const input = new Uint8Array(rest.input);
    this.worker.postMessage({ ...message, job: { ...rest, input } }, [input.buffer]);
  }
}

function lost(error: unknown): JobReply {
  const details = {};
  if (error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY') {
    const message = 'The run used more memory than its worker has. Send less input or ask for less output.';
    return { type: 'failed', kind: 'MEMORY_LIMIT', message, details };
  }
  const reason = error instanceof Error ? `: ${error.message}` : '';
  const message = `The execution worker ended unexpectedly${reason}. Run it again.`;
  return { type: 'failed', kind: 'INTERNAL', message, details };
}
