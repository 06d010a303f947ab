import { Worker } from 'node:worker_threads';
import * as l10n from '@vscode/l10n';
import type {
  FromWasmThread,
  ToWasmThread,
  WasmThreadRequest,
} from '../../wasm-core/protocol/wasm-viewer.ts';

/** Of JavaScript's memory, MiB: a hostile file ends its thread, and nothing else. */
const MAX_HEAP_MB = 2048;

interface Waiting {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** A thread that reads one `.wasm` file. Requests are answered in their order. */
export class InspectorThread {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #nextId = 1;
  #end: Error | undefined;

  /** @param file absolute path of the thread's program */
  constructor(file: string) {
    this.#worker = new Worker(file, { resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB } });
    this.#worker.on('message', (reply: FromWasmThread) => this.#take(reply));
    this.#worker.on('error', (error) =>
      this.#close(new Error(l10n.t('Reading the file failed: {0}', error.message))),
    );
    this.#worker.on('exit', () => this.#close(new Error(l10n.t('The reader of the file has ended.'))));
  }

  /** Whether the thread has ended, so that every request fails. */
  get hasEnded(): boolean {
    return this.#end !== undefined;
  }

  /** Sends a request. @throws Error with what the thread says, or when it ends before it answers */
  request(message: ToWasmThread): Promise<unknown> {
    if (this.#end !== undefined) return Promise.reject(this.#end);
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ id, message } satisfies WasmThreadRequest);
    });
  }

  /** Ends the thread; what was asked and not answered fails. */
  dispose(): void {
    this.#close(new Error(l10n.t('The file was closed.')));
    void this.#worker.terminate();
  }

  #take(reply: FromWasmThread): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if ('error' in reply) waiting?.reject(new Error(reply.error));
    else waiting?.resolve(reply.answer);
  }

  #close(error: Error): void {
    this.#end ??= error;
    for (const { reject } of this.#waiting.values()) reject(this.#end);
    this.#waiting.clear();
  }
}
