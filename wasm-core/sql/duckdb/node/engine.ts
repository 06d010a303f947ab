import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { CoreError } from '../../../protocol/errors.ts';
import type { RemoteCacheResult } from '../../../protocol/remote.ts';
import type { Engine, EngineSession, SessionOptions } from '../../engine.ts';
import { RemoteThread } from '../../remote/node/remote-thread.ts';
import { DuckDbSession } from './duckdb-session.ts';
import { EngineWorker } from './engine-worker.ts';
import { KeptWorkers } from './kept-workers.ts';
import { SessionNetwork } from './session-network.ts';

/**
 * The engine on DuckDB-Wasm: a worker thread for each session, and one spare that is started ahead, since a start takes
 * about a second.
 *
 * @param options.distFolder absolute folder of the built bundles and their files
 * @param options.keepSpare whether to start one ahead; false where memory and processor time are dearer than waiting
 * @param options.remote what is kept of files on a network; absent: sessions read none
 * @returns an engine; nothing is started until the first session opens
 */
export function createDuckDbEngine(options: {
  readonly distFolder: string;
  readonly keepSpare?: boolean;
  readonly remote?: RemoteOptions;
}): Engine {
  return new DuckDbEngine(options);
}

/** Where an engine keeps what it reads on a network. */
export interface RemoteOptions {
  /** Absolute; it is made when something is kept. */
  readonly cacheFolder: string;
  /** More is not kept, bytes. */
  readonly cacheBytes: number;
  /** Takes sentences for the host's log and its clients. */
  readonly warn: (message: string) => void;
}

/** How long after a session took the spare the next one is started, or is asked again whether it would disturb a run. */
const SPARE_DELAY_MS = 1500;

class DuckDbEngine implements Engine {
  readonly #distFolder: string;
  readonly #keepSpare: boolean;
  readonly #remote: RemoteThread | undefined;
  readonly #sessions = new Set<DuckDbSession>();
  readonly #kept = new KeptWorkers();
  #module: Promise<WebAssembly.Module> | undefined;
  #spare: Promise<EngineWorker> | undefined;
  #spareTimer: NodeJS.Timeout | undefined;
  #disposed = false;

  constructor(options: {
    readonly distFolder: string;
    readonly keepSpare?: boolean;
    readonly remote?: RemoteOptions;
  }) {
    const { distFolder, remote } = options;
    this.#distFolder = distFolder;
    this.#keepSpare = options.keepSpare ?? true;
    this.#remote = remote && new RemoteThread({ ...remote, distFolder });
  }

  async openSession(options: SessionOptions): Promise<EngineSession> {
    const session = new DuckDbSession({
      ...options,
      network: new SessionNetwork(this.#remote),
      takeWorker: () => (options.reusable ? this.#takeKept() : this.#takeWorker()),
      ...(options.reusable && { keepWorker: (worker) => this.#keep(worker) }),
      onDispose: () => this.#sessions.delete(session),
    });
    this.#sessions.add(session);
    try {
      await session.start();
    } catch (error) {
      await session.dispose();
      throw error;
    }
    return session;
  }

  async remoteCache(options: { readonly clear: boolean }): Promise<RemoteCacheResult> {
    if (this.#remote !== undefined && !this.#disposed) return this.#remote.cache(options);
    return { folder: '', byteLength: 0, capBytes: 0, files: [] };
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
    clearTimeout(this.#spareTimer);
    const spare = this.#spare;
    this.#spare = undefined;
    await Promise.all([...this.#sessions].map((session) => session.dispose()));
    const worker = await spare?.catch(() => undefined);
    await worker?.terminate(closed());
    await this.#remote?.dispose();
    await Promise.all(this.#kept.takeAll().map((kept) => kept.terminate(closed())));
  }

  async #takeKept(): Promise<EngineWorker> {
    if (this.#disposed) throw closed();
    return this.#kept.take() ?? this.#startWorker();
  }

  #keep(worker: EngineWorker): void {
    if (this.#disposed) void worker.terminate(closed());
    else this.#kept.put(worker);
  }

  async #takeWorker(): Promise<EngineWorker> {
    if (this.#disposed) throw closed();
    const taken = this.#spare ?? this.#startWorker();
    this.#spare = undefined;
    if (this.#keepSpare) this.#startSpareSoon();
    return taken;
  }

  #startSpareSoon(): void {
    clearTimeout(this.#spareTimer);
    this.#spareTimer = setTimeout(() => {
      // A long run needs the processor and the memory more than the next session, which may never be opened.
      if ([...this.#sessions].some((session) => session.isRunning)) return this.#startSpareSoon();
      this.#spare ??= this.#startWorker();
      this.#spare.catch(() => {
        this.#spare = undefined;
      });
    }, SPARE_DELAY_MS);
    this.#spareTimer.unref();
  }

  async #startWorker(): Promise<EngineWorker> {
    this.#module ??= compileEngine(this.#distFolder);
    const worker = new EngineWorker({ distFolder: this.#distFolder, module: await this.#module });
    await worker.ready;
    return worker;
  }
}

async function compileEngine(distFolder: string): Promise<WebAssembly.Module> {
  return WebAssembly.compile(await readFile(path.join(distFolder, 'duckdb-eh.wasm')));
}

function closed(): CoreError {
  return new CoreError('SQL_ENGINE_LOST', 'The host is stopping; start it again with quern serve.');
}
