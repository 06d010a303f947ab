import { Worker } from 'node:worker_threads';
import type { WorkerReply, WorkerRequest } from '../compile-types.ts';

/** How long one source may compile before its thread is ended. */
const TIMEOUT_MS = 60_000;

/** How long a thread stays without work: a compiler holds up to 200 MB. */
const IDLE_MS = 3 * 60_000;

/** What is to be compiled. */
export type SourceRequest = Omit<WorkerRequest, 'id'>;

interface Waiting {
  readonly id: number;
  readonly request: SourceRequest;
  readonly resolve: (reply: WorkerReply) => void;
}

/** The source that is being compiled, and the timer that ends a compiler that hangs. */
interface Running extends Waiting {
  readonly timer: NodeJS.Timeout;
}

/**
 * One compiler in a thread of its own, started with the first request and again after it failed or was idle for long. It
 * gets one source after the other, so that what is wanted first can go first, and what hangs or crashes takes nothing
 * else along.
 */
export class CompilerThread {
  private worker: Worker | undefined;
  private nextId = 1;
  private waiting: Waiting[] = [];
  private running: Running | undefined;
  private isDisposed = false;
  private idle: NodeJS.Timeout | undefined;

  /**
   * @param name of the compiler, for messages
   * @param file absolute path of the thread's bundle
   * @param idleMs how long the thread stays without work
   */
  constructor(
    private readonly name: string,
    private readonly file: string,
    private readonly idleMs = IDLE_MS,
  ) {}

  /** Whether the thread is there, and its memory taken. */
  get isStarted(): boolean {
    return this.worker !== undefined;
  }

  /**
   * Compiles one source.
   *
   * @returns the thread's reply; when the thread fails or takes longer than a minute, a reply that says so
   */
  compile(request: SourceRequest): Promise<WorkerReply> {
    return new Promise((resolve) => {
      this.waiting.push({ id: this.nextId++, request, resolve });
      this.next();
    });
  }

  /** Moves requests before all others that wait. */
  first(isFirst: (request: SourceRequest) => boolean): void {
    const first = this.waiting.filter(({ request }) => isFirst(request));
    const later = this.waiting.filter(({ request }) => !isFirst(request));
    this.waiting = [...first, ...later];
  }

  async dispose(): Promise<void> {
    this.isDisposed = true;
    clearTimeout(this.idle);
    const { worker, waiting } = this;
    this.worker = undefined;
    this.waiting = [];
    const message = `The ${this.name} compiler was stopped.`;
    this.end(failure(message));
    for (const { id, resolve } of waiting) resolve({ id, ...failure(message) });
    await worker?.terminate();
  }

  private next(): void {
    clearTimeout(this.idle);
    if (this.running !== undefined || this.isDisposed) return;
    const waiting = this.waiting.shift();
    if (waiting === undefined) {
      this.idle = setTimeout(() => this.rest(), this.idleMs);
      // A thread that rests keeps no process alive.
      this.idle.unref();
      return;
    }
    const worker = this.started();
    const timer = setTimeout(() => {
      const message = `The ${this.name} compiler took longer than ${TIMEOUT_MS / 1000} s and was stopped.`;
      this.fail(worker, message);
    }, TIMEOUT_MS);
    this.running = { ...waiting, timer };
    worker.postMessage({ id: waiting.id, ...waiting.request });
  }

  /** Ends a thread that has nothing to do; the next source gets another. */
  private rest(): void {
    const { worker } = this;
    this.worker = undefined;
    void worker?.terminate();
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
      if (reply.id === this.running?.id) this.end(reply);
    });
    worker.on('error', (error) => this.fail(worker, `The ${this.name} compiler failed: ${error.message}`));
    worker.on('exit', () => {
      const reason = crash === '' ? 'It ended by itself.' : crash;
      this.fail(worker, `The ${this.name} compiler failed: ${reason}`);
    });
    this.worker = worker;
    return worker;
  }

  /** Answers the source that a thread failed at; the next one gets another thread. */
  private fail(worker: Worker, message: string): void {
    if (this.worker !== worker) return;
    this.worker = undefined;
    void worker.terminate();
    this.end(failure(message));
  }

  private end(reply: Omit<WorkerReply, 'id'>): void {
    const { running } = this;
    this.running = undefined;
    if (running !== undefined) {
      clearTimeout(running.timer);
      running.resolve({ ...reply, id: running.id });
    }
    this.next();
  }
}

function failure(message: string): Omit<WorkerReply, 'id'> {
  const diagnostic = { severity: 'error', code: 'INTERNAL', message, start: 0, end: 0 } as const;
  return { diagnostics: [diagnostic], places: [] };
}
