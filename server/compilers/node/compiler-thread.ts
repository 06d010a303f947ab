import { Worker } from 'node:worker_threads';
import type { WorkerReply, WorkerRequest } from '../compile-types.ts';

/** How long one source may compile before its thread is ended. */
const TIMEOUT_MS = 60_000;

interface Waiting {
  readonly resolve: (reply: WorkerReply) => void;
  readonly timer: NodeJS.Timeout;
}

/** One compiler in a thread of its own, started with the first request and again after it failed. */
export class CompilerThread {
  private worker: Worker | undefined;
  private nextId = 1;
  private readonly waiting = new Map<number, Waiting>();

  /**
   * @param name of the compiler, for messages
   * @param file absolute path of the thread's bundle
   */
  constructor(
    private readonly name: string,
    private readonly file: string,
  ) {}

  /**
   * Compiles one source.
   *
   * @returns the thread's reply; when the thread fails or takes longer than a minute, a reply that says so
   */
  compile(request: Omit<WorkerRequest, 'id'>): Promise<WorkerReply> {
    const worker = this.started();
    const id = this.nextId++;
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.fail(
          worker,
          `The ${this.name} compiler took longer than ${TIMEOUT_MS / 1000} s and was stopped.`,
        );
      }, TIMEOUT_MS);
      this.waiting.set(id, { resolve, timer });
      worker.postMessage({ id, ...request });
    });
  }

  async dispose(): Promise<void> {
    const worker = this.worker;
    if (worker === undefined) return;
    this.fail(worker, `The ${this.name} compiler was stopped.`);
    await worker.terminate();
  }

  private started(): Worker {
    if (this.worker !== undefined) return this.worker;
    // A compiler that crashes writes a report to its streams and ends; none of it belongs on ours.
    const worker = new Worker(this.file, { stdout: true, stderr: true });
    let crash = '';
    worker.stderr.setEncoding('utf8').on('data', (text: string) => {
      crash ||= /^\W*(\w*Error: .*)$/m.exec(text)?.[1] ?? '';
    });
    worker.on('message', (reply: WorkerReply) => {
      const waiting = this.waiting.get(reply.id);
      if (waiting === undefined) return;
      this.waiting.delete(reply.id);
      clearTimeout(waiting.timer);
      waiting.resolve(reply);
    });
    worker.on('error', (error) => this.fail(worker, `The ${this.name} compiler failed: ${error.message}`));
    worker.on('exit', () => {
      const reason = crash === '' ? 'It ended by itself.' : crash;
      this.fail(worker, `The ${this.name} compiler failed: ${reason}`);
    });
    this.worker = worker;
    return worker;
  }

  /** Answers everything that waits for a thread, and lets the next request start another. */
  private fail(worker: Worker, message: string): void {
    if (this.worker !== worker) return;
    this.worker = undefined;
    void worker.terminate();
    const waiting = [...this.waiting];
    this.waiting.clear();
    for (const [id, { resolve, timer }] of waiting) {
      clearTimeout(timer);
      const diagnostic = { severity: 'error', code: 'INTERNAL', message, start: 0, end: 0 } as const;
      resolve({ id, diagnostics: [diagnostic], places: [] });
    }
  }
}
