import { rm } from 'node:fs/promises';
import { CoreError } from '../protocol/errors.ts';
import type { CatalogResult, DescribeResult, RunResult, SqlDiagnostic } from '../protocol/methods.ts';
import type { EngineRunOptions, EngineSession, SessionPlugin } from '../sql/engine.ts';
import type { Call, Client } from './context.ts';

/** What a session is made of. */
export interface SessionEntryOptions {
  readonly id: string;
  /** Absolute: where relative paths start, and whose `quern.json` applies. */
  readonly folder: string;
  /** Namespaces whose functions it offers, the most important first. */
  readonly namespaces: readonly string[];
  /** Set when clients share it: equal identities are one session. */
  readonly sharedAs: string | undefined;
  readonly resultsFolder: string;
  readonly start: () => Promise<EngineSession>;
  readonly plugins: () => Promise<SessionPlugin[]>;
}

/** A session, the connections that hold it, and what it runs. */
export class SessionEntry {
  readonly id: string;
  readonly folder: string;
  readonly namespaces: readonly string[];
  readonly sharedAs: string | undefined;
  /** Connections that opened it and have not closed it. */
  readonly holders = new Set<Client>();
  readonly #options: SessionEntryOptions;
  readonly #engine: Promise<EngineSession>;
  readonly #runs = new Set<AbortController>();
  #stalePlugins = true;
  #refreshing: Promise<void> = Promise.resolve();
  #disposing: Promise<void> | undefined;

  constructor(options: SessionEntryOptions) {
    this.id = options.id;
    this.folder = options.folder;
    this.namespaces = options.namespaces;
    this.sharedAs = options.sharedAs;
    this.#options = options;
    this.#engine = options.start();
    // Whoever waits for it is told; this only says that it is looked after.
    this.#engine.catch(() => {});
  }

  /** Absolute folder of its results, which its statements may read and write. */
  get resultsFolder(): string {
    return this.#options.resultsFolder;
  }

  /** Resolves when it can be used. @throws CoreError FILE_NOT_FOUND, SQL_ENGINE_LOST */
  async started(): Promise<void> {
    await this.#engine;
  }

  /** Says that a module of one of its namespaces came or went; the next request takes it up. */
  pluginsChanged(): void {
    this.#stalePlugins = true;
  }

  /** Runs statements, telling the caller how far they are. @throws CoreError as `EngineSession.run` */
  async run(options: Omit<EngineRunOptions, 'signal' | 'onProgress'>, call: Call): Promise<RunResult> {
    const run = new AbortController();
    const cancel = (): void => run.abort();
    call.signal.addEventListener('abort', cancel, { once: true });
    this.#runs.add(run);
    try {
      const engine = await this.#ready();
      if (call.signal.aborted || run.signal.aborted)
        throw new CoreError('CANCELLED', 'The query was cancelled.');
      const onProgress = (percent: number): void => call.client.notify('progress', { id: call.id, percent });
      return await engine.run({ ...options, signal: run.signal, onProgress });
    } finally {
      this.#runs.delete(run);
      call.signal.removeEventListener('abort', cancel);
    }
  }

  async check(options: {
    readonly sql: string;
    readonly folder?: string;
  }): Promise<readonly SqlDiagnostic[]> {
    return (await this.#ready()).check(options);
  }

  async describe(options: { readonly sql: string; readonly folder?: string }): Promise<DescribeResult> {
    return (await this.#ready()).describe(options);
  }

  async catalog(): Promise<CatalogResult> {
    return (await this.#ready()).catalog();
  }

  /** Ends whatever it runs and whatever waits to run. */
  cancel(): void {
    for (const run of this.#runs) run.abort();
  }

  /** Ends it and deletes its results. Idempotent. */
  dispose(): Promise<void> {
    this.#disposing ??= this.#end();
    return this.#disposing;
  }

  async #end(): Promise<void> {
    this.cancel();
    const engine = await this.#engine.catch(() => undefined);
    await engine?.dispose();
    await rm(this.#options.resultsFolder, { recursive: true, force: true });
  }

  async #ready(): Promise<EngineSession> {
    const engine = await this.#engine;
    if (this.#stalePlugins) {
      this.#stalePlugins = false;
      const refresh = async (): Promise<void> => engine.setPlugins(await this.#options.plugins());
      this.#refreshing = this.#refreshing.then(refresh, refresh);
      this.#refreshing.catch(() => this.pluginsChanged());
    }
    await this.#refreshing;
    return engine;
  }
}
