import path from 'node:path';
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import { CoreError } from '../../../protocol/errors.ts';
import type { RemoteCacheResult } from '../../../protocol/remote.ts';
import type { RemoteRights, ThreadAsk, ThreadStart, ThreadTell } from '../remote-messages.ts';

/** An engine that may read something on a network. */
export interface AttachedEngine {
  /** The engine's end of the way to the thread. */
  readonly port: MessagePort;
  setRights(rights: RemoteRights): void;
  /** Whether the thread is gone: then the port leads nowhere, and another has to be attached. */
  readonly isLost: boolean;
  /** Idempotent. */
  detach(): void;
}

/**
 * The main thread's half of the thread that fetches. It is started when it is first needed, so that a host whose sessions
 * may read nothing on a network has none.
 */
export class RemoteThread {
  readonly #options: ThreadStart & {
    readonly distFolder: string;
    readonly warn: (message: string) => void;
  };
  readonly #pending = new Map<
    number,
    { resolve(result: RemoteCacheResult): void; reject(error: Error): void }
  >();
  #worker: Worker | undefined;
  #lastId = 0;

  /** @param options.distFolder absolute folder of the built bundles */
  constructor(
    options: ThreadStart & { readonly distFolder: string; readonly warn: (message: string) => void },
  ) {
    this.#options = options;
  }

  /** @param wake a shared place that is counted up for each message to the engine */
  attach(wake: { readonly signals: SharedArrayBuffer; readonly index: number }): AttachedEngine {
    const worker = this.#started();
    const engine = ++this.#lastId;
    const { port1, port2 } = new MessageChannel();
    const tell = (message: ThreadAsk): void => worker.postMessage(message);
    worker.postMessage({ type: 'attach', engine, port: port1, ...wake } satisfies ThreadAsk, [port1]);
    const isLost = (): boolean => this.#worker !== worker;
    return {
      port: port2,
      setRights: (rights) => tell({ type: 'rights', engine, rights }),
      get isLost() {
        return isLost();
      },
      detach: () => tell({ type: 'detach', engine }),
    };
  }

  /** What is kept of files on a network. @param options.clear deletes what nobody reads, and tells of that */
  async cache(options: { readonly clear: boolean }): Promise<RemoteCacheResult> {
    const worker = this.#started();
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      worker.postMessage({ type: 'cache', id, ...options } satisfies ThreadAsk);
    });
  }

  /** Ends the thread, and what is on its way with it. Idempotent. */
  async dispose(): Promise<void> {
    const worker = this.#worker;
    this.#ended();
    await worker?.terminate();
  }

  #started(): Worker {
    if (this.#worker !== undefined) return this.#worker;
    const { distFolder, cacheFolder, cacheBytes, warn } = this.#options;
    const worker = new Worker(path.join(distFolder, 'remote-worker.js'), {
      workerData: { cacheFolder, cacheBytes } satisfies ThreadStart,
    });
    // Files alone must not keep the process alive.
    worker.unref();
    worker.on('message', (message: ThreadTell) => {
      if (message.type === 'warning') return warn(message.text);
      this.#pending.get(message.id)?.resolve(message.result);
      this.#pending.delete(message.id);
    });
    worker.on('error', (error) => warn(`The thread that reads files on a network was lost: ${error.stack}`));
    worker.on('exit', () => {
      if (this.#worker === worker) this.#ended();
    });
    this.#worker = worker;
    return worker;
  }

  #ended(): void {
    this.#worker = undefined;
    for (const { reject } of this.#pending.values()) {
      reject(new CoreError('REMOTE_UNREACHABLE', 'The thread that reads files on a network has ended.'));
    }
    this.#pending.clear();
  }
}
