import path from 'node:path';
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import { type CoreError, fromRpcError } from '../../../protocol/errors.ts';
import { relayPython } from '../../scripts/node/python-relay.ts';
import { engineLost } from '../engine-error.ts';
import {
  type Ask,
  type RunListener,
  SIGNAL,
  STOP,
  type Tell,
  type WorkerAnswers,
  type WorkerRequest,
  type WorkerStart,
} from '../worker-messages.ts';

interface Pending {
  resolve(result: unknown): void;
  reject(error: Error): void;
  readonly listener: RunListener;
}

/**
 * The main thread's half of one engine worker: asks, answers, signals, and the end. When the thread ends, for whatever
 * reason, everything pending fails at once.
 */
export class EngineWorker {
  readonly #worker: Worker;
  readonly #signals: Int32Array;
  readonly #python: { dispose(): void };
  readonly #pending = new Map<number, Pending>();
  readonly ready: Promise<void>;
  readonly #exited: Promise<void>;
  #nextId = 1;
  #ended: CoreError | undefined;

  /** @param options.module `duckdb-eh.wasm`, compiled */
  constructor(options: { readonly distFolder: string; readonly module: WebAssembly.Module }) {
    const signals = new SharedArrayBuffer(SIGNAL.length * 4);
    this.#signals = new Int32Array(signals);
    const { port1, port2 } = new MessageChannel();
    const start: WorkerStart = { ...options, signals, python: port2 };
    this.#python = relayPython(port1, {
      distFolder: options.distFolder,
      wake: () => {
        Atomics.add(this.#signals, SIGNAL.python, 1);
        Atomics.notify(this.#signals, SIGNAL.python);
      },
    });
    this.#worker = new Worker(path.join(options.distFolder, 'engine-worker.js'), {
      workerData: start,
      transferList: [port2],
      // The engine prints what it cannot report otherwise; it goes nowhere rather than into somebody's terminal.
      stdout: true,
      stderr: true,
    });
    this.#exited = new Promise((resolve) => this.#worker.once('exit', () => resolve()));
    this.ready = this.#whenReady();
    // Whoever waits for the worker sees the failure; nobody has to.
    this.ready.catch(() => {});
  }

  /** What its engine's memory had grown to by the end of its last run, bytes. */
  get memoryBytes(): number {
    return Atomics.load(this.#signals, SIGNAL.memoryPages) * 65_536;
  }

  /** Resolves when nothing of the thread runs any more. */
  get exited(): Promise<void> {
    return this.#exited;
  }

  /** Whether the thread is gone. */
  get ended(): boolean {
    return this.#ended !== undefined;
  }

  /** @throws CoreError what the worker answered, or why it ended */
  ask<T extends WorkerRequest['type']>(
    request: Extract<WorkerRequest, { readonly type: T }>,
    listener: RunListener = {},
  ): Promise<WorkerAnswers[T]> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    const id = this.#nextId++;
    const message: Ask = { id, request };
    return new Promise((resolve, reject) => {
      this.#pending.set(id, {
        resolve: (result) => resolve(result as WorkerAnswers[T]),
        reject,
        listener,
      });
      this.#worker.postMessage(message, portsOf(request));
    });
  }

  /** Asks the run under way to stop at its next turn; `none` takes it back. */
  signalStop(reason: keyof typeof STOP): void {
    Atomics.store(this.#signals, SIGNAL.stop, STOP[reason]);
  }

  /** What the thread that fetches counts up for this worker. */
  get remoteWake(): { readonly signals: SharedArrayBuffer; readonly index: number } {
    return { signals: this.#signals.buffer as SharedArrayBuffer, index: SIGNAL.remote };
  }

  /** Whether it waits for a file on a network, and answers nothing meanwhile. */
  get waitsForNetwork(): boolean {
    return Atomics.load(this.#signals, SIGNAL.remoteWaits) !== 0;
  }

  /** How often guest code was entered and left, odd while inside, and which function that was. */
  guest(): { readonly entries: number; readonly function: number } {
    return {
      entries: Atomics.load(this.#signals, SIGNAL.guestEntries),
      function: Atomics.load(this.#signals, SIGNAL.guestFunction),
    };
  }

  /** Ends the thread at once, whatever it does. Idempotent. */
  async terminate(reason: CoreError): Promise<void> {
    this.#end(reason);
    await this.#worker.terminate();
  }

  #whenReady(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#worker.on('message', (message: Tell) => {
        if (message.type === 'ready') resolve();
        else if (message.type === 'bootFailed') reject(engineLost(`it did not start: ${message.message}`));
        else this.#hear(message);
      });
      this.#worker.on('error', (error) => this.#end(engineLost(error.message)));
      this.#worker.on('exit', (code) => this.#end(engineLost(`its thread ended with code ${code}`)));
      this.#worker.once('exit', () => reject(this.#ended));
    });
  }

  #hear(message: Exclude<Tell, { readonly type: 'ready' | 'bootFailed' }>): void {
    const pending = this.#pending.get(message.id);
    if (pending === undefined) return;
    if (message.type === 'progress') {
      pending.listener.onProgress?.(message.percent, message.text);
      return;
    }
    if (message.type === 'rows') {
      pending.listener.onRows?.(message.rows);
      return;
    }
    if (message.type === 'inputs') {
      pending.listener.onInputs?.(message.files);
      return;
    }
    this.#pending.delete(message.id);
    if (message.type === 'answer') pending.resolve(message.result);
    else pending.reject(fromRpcError(message.error));
  }

  #end(reason: CoreError): void {
    this.#ended ??= reason;
    this.#python.dispose();
    for (const pending of this.#pending.values()) pending.reject(this.#ended);
    this.#pending.clear();
  }
}

/** What goes over to the worker with a request. */
function portsOf(request: WorkerRequest): MessagePort[] {
  return request.type === 'setRemote' && request.port !== undefined ? [request.port as MessagePort] : [];
}
