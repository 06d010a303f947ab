import { readRemoteEntry } from '../../../protocol/remote-allow.ts';
import type { SessionRemote } from '../../engine.ts';
import type { AttachedEngine, RemoteThread } from '../../remote/node/remote-thread.ts';
import type { EngineWorker } from './engine-worker.ts';

/** What a session may read on a network, and the way of its worker to the thread that fetches. */
export class SessionNetwork {
  readonly #thread: RemoteThread | undefined;
  #remote: SessionRemote | undefined;
  #told: { readonly remote: SessionRemote; readonly worker: EngineWorker } | undefined;
  #attached: { readonly engine: AttachedEngine; readonly worker: EngineWorker } | undefined;

  /** @param thread absent: nothing is read */
  constructor(thread: RemoteThread | undefined) {
    this.#thread = thread;
  }

  set(remote: SessionRemote): void {
    this.#remote = remote;
  }

  /** Tells a worker what its statements may read, where it does not know. */
  async settle(worker: EngineWorker): Promise<void> {
    const remote = this.#remote;
    if (remote === undefined || this.#thread === undefined) return;
    const isLost = this.#attached?.engine.isLost === true;
    if (this.#told?.remote === remote && this.#told.worker === worker && !isLost) return;
    this.#told = { remote, worker };
    const port = this.#attach(worker, remote);
    const { allow, credentials, timeoutMs } = remote;
    this.#attached?.engine.setRights({ allow, credentials, timeoutMs });
    const gate = {
      allow: placesOf(allow),
      asks: placesOf(remote.asks),
      ...(remote.askedBy !== undefined && { askedBy: remote.askedBy }),
    };
    await worker.ask({ type: 'setRemote', gate, ...(port !== undefined && { port }) });
  }

  /** Ends what is on its way. Idempotent. */
  dispose(): void {
    this.#attached?.engine.detach();
    this.#attached = undefined;
  }

  /** A new way where the worker has none; a session that may read nothing needs none. */
  #attach(worker: EngineWorker, { allow }: SessionRemote): AttachedEngine['port'] | undefined {
    if (this.#attached !== undefined) {
      if (this.#attached.worker === worker && !this.#attached.engine.isLost) return undefined;
      this.dispose();
    }
    if (allow.length === 0 || this.#thread === undefined) return undefined;
    const engine = this.#thread.attach(worker.remoteWake);
    this.#attached = { engine, worker };
    return engine.port;
  }
}

function placesOf(texts: readonly string[]) {
  return texts.flatMap((text) => readRemoteEntry(text) ?? []);
}
