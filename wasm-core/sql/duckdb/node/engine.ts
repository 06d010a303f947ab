import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { CoreError } from '../../../protocol/errors.ts';
import type { Engine, EngineSession, SessionOptions } from '../../engine.ts';
import { DuckDbSession } from './duckdb-session.ts';
import { EngineWorker } from './engine-worker.ts';

/**
 * The engine on DuckDB-Wasm: a worker thread for each session, and one spare that is started ahead, since a start takes
 * about a second.
 *
 * @param options.distFolder absolute folder of the built bundles and their files
 * @param options.keepSpare whether to start one ahead; false where memory and processor time are dearer than waiting
 * @returns an engine; nothing is started until the first session opens
 */
export function createDuckDbEngine(options: {
  readonly distFolder: string;
  readonly keepSpare?: boolean;
}): Engine {
  return new DuckDbEngine(options);
}

/** How long after a session took the spare the next one is started, so that it does not slow that session's first run. */
const SPARE_DELAY_MS = 1500;

class DuckDbEngine implements Engine {
  readonly #distFolder: string;
  readonly #keepSpare: boolean;
  readonly #sessions = new Set<DuckDbSession>();
  #module: Promise<WebAssembly.Module> | undefined;
  #spare: Promise<EngineWorker> | undefined;
  #spareTimer: NodeJS.Timeout | undefined;
  #disposed = false;

  constructor(options: { readonly distFolder: string; readonly keepSpare?: boolean }) {
    this.#distFolder = options.distFolder;
    this.#keepSpare = options.keepSpare ?? true;
  }

  async openSession(options: SessionOptions): Promise<EngineSession> {
    const session = new DuckDbSession({
      ...options,
      takeWorker: () => this.#takeWorker(),
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

  async dispose(): Promise<void> {
    this.#disposed = true;
    clearTimeout(this.#spareTimer);
    const spare = this.#spare;
    this.#spare = undefined;
    await Promise.all([...this.#sessions].map((session) => session.dispose()));
    const worker = await spare?.catch(() => undefined);
    await worker?.terminate(closed());
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
