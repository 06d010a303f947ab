import { rm } from 'node:fs/promises';
import type { CatalogParams, CatalogResult } from '../protocol/catalog.ts';
import { CoreError } from '../protocol/errors.ts';
import type { ExportedResult, ExportPlace } from '../protocol/export.ts';
import type { LiveRows, WatchedRun } from '../protocol/live-rows.ts';
import type { CheckResult, DescribeResult, ModuleInfo } from '../protocol/methods.ts';
import type { RemoteCredential } from '../protocol/remote.ts';
import type { SummaryParams, SummaryResult } from '../protocol/summary.ts';
import type {
  EngineCheckOptions,
  EngineRunOptions,
  EngineRunResult,
  EngineSession,
  ReopenOptions,
  SessionDatabase,
  SessionPlugin,
  SessionRemote,
  SessionTable,
} from '../sql/engine.ts';
import type { ExportTarget } from '../sql/export-target.ts';
import type { ResultAnswers, ResultQuestion } from '../sql/result/result-question.ts';
import type { Call, Client } from './context.ts';
import { type WrittenFile, writeWhole } from './export/write-whole.ts';
import { FunctionFigures } from './function-figures.ts';

/** What a session is made of. */
export interface SessionEntryOptions {
  readonly id: string;
  /** Absolute: where relative paths start, and whose `quern.json` applies. */
  readonly folder: string;
  /** Absolute folders beside it that may be read and written. */
  readonly allow: readonly string[];
  /** Namespaces whose functions it offers, the most important first. */
  readonly namespaces: readonly string[];
  /** Set when clients share it: equal identities are one session. */
  readonly sharedAs: string | undefined;
  readonly resultsFolder: string;
  readonly start: () => Promise<EngineSession>;
  /** Called once, when its engine is gone. */
  readonly ended: () => void;
  readonly plugins: () => Promise<SessionPlugin[]>;
  /** Modules of the namespaces, with and without functions. */
  readonly modules: () => readonly ModuleInfo[];
  /** Tables that the folder's `quern.json` names. */
  readonly tables: () => readonly SessionTable[];
  /** Changes when the workspace files of the namespaces do, which grant and limit. */
  readonly settingsState: () => string;
  /** What its statements may read on a network, as it is now. */
  readonly remote: (credentials: readonly RemoteCredential[]) => SessionRemote;
  /** Told when a run has ended that may have changed what statements see. */
  readonly changed: () => void;
}

/** What a run is told by its client. */
export type SessionRun = Omit<EngineRunOptions, 'signal' | 'onProgress' | 'onRows' | 'target'> & WatchedRun;

/** A session, the connections that hold it, and what it runs. */
export class SessionEntry {
  readonly id: string;
  readonly folder: string;
  readonly namespaces: readonly string[];
  readonly sharedAs: string | undefined;
  /** Connections that opened it and have not closed it. */
  readonly holders = new Set<Client>();
  /** What its plugin functions did last; they outlive an engine that is replaced. */
  readonly figures = new FunctionFigures();
  readonly #options: SessionEntryOptions;
  readonly #engine: Promise<EngineSession>;
  readonly #runs = new Set<AbortController>();
  #stalePlugins = true;
  #settingsState = '';
  #credentials: readonly RemoteCredential[] = [];
  #remote = '';
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

  /** Replaces what proves to servers who asks. */
  setCredentials(credentials: readonly RemoteCredential[]): void {
    this.#credentials = credentials;
  }

  /** Says that a module of one of its namespaces came or went; the next request takes it up. */
  pluginsChanged(): void {
    this.#stalePlugins = true;
  }

  /**
   * Runs statements, telling the caller how far they are.
   *
   * @param options.parquetPath takes the rows of the last one, wherever that is
   * @throws CoreError as `EngineSession.run`, and as `writeWhole`
   */
  async run(options: SessionRun & { readonly parquetPath?: string }, call: Call): Promise<EngineRunResult> {
    const { parquetPath, ...run } = options;
    if (parquetPath === undefined) return this.#run(run, call);
    const place = { path: parquetPath, format: 'parquet', overwrite: true, chosen: true } as const;
    return (await this.#write(place, call, (target) => this.#run({ ...run, target }, call))).value;
  }

  /** Runs a text and writes the rows of its last statement to a file. @throws CoreError as `run` */
  exportText(options: SessionRun, place: ExportPlace, call: Call): Promise<WrittenFile<EngineRunResult>> {
    return this.#write(place, call, (target) => this.#run({ ...options, target }, call));
  }

  /** Writes the rows of an earlier run to a file. @throws CoreError as `EngineSession.export`, and as `writeWhole` */
  exportResult(result: ExportedResult, place: ExportPlace, call: Call): Promise<WrittenFile<void>> {
    return this.#write(place, call, (target) =>
      this.#cancellable(call, (engine, watch) => engine.export({ result, target, ...watch })),
    );
  }

  /** Answers a question about the rows of an earlier run. @throws CoreError as `EngineSession.askResult` */
  askResult<Q extends ResultQuestion>(question: Q, call: Call): Promise<ResultAnswers[Q['type']]> {
    return this.#cancellable(call, (engine, { signal }) => engine.askResult({ question, signal }));
  }

  /** A run that writes a file or changes anything may change what statements see. */
  async #run(options: SessionRun & Pick<EngineRunOptions, 'target'>, call: Call): Promise<EngineRunResult> {
    const { live, ...run } = options;
    try {
      const result = await this.#cancellable(call, (engine, watch) => {
        const onRows = (rows: LiveRows): void => call.client.notify('rows', { id: call.id, ...rows });
        return engine.run({ ...run, ...watch, ...(live && { onRows }) });
      });
      for (const { cost } of result.statements) this.figures.ran(cost, Date.now());
      if (!result.statements.every(({ kind }) => kind === 'SELECT')) this.#options.changed();
      return result;
    } catch (error) {
      // What went before the statement that failed has happened.
      this.#options.changed();
      throw error;
    }
  }

  async #write<T>(
    { path, format, options = {}, overwrite = false, chosen = false }: ExportPlace,
    call: Call,
    write: (target: ExportTarget) => Promise<T>,
  ): Promise<WrittenFile<T>> {
    const within = chosen ? undefined : [this.folder, ...this.#options.allow];
    const written = await writeWhole({ path, overwrite, within }, call.signal, (file) =>
      write({ file, format, options }),
    );
    this.#options.changed();
    return written;
  }

  async #cancellable<T>(
    call: Call,
    work: (engine: EngineSession, watch: Pick<EngineRunOptions, 'signal' | 'onProgress'>) => Promise<T>,
  ): Promise<T> {
    const run = new AbortController();
    const cancel = (): void => run.abort();
    call.signal.addEventListener('abort', cancel, { once: true });
    this.#runs.add(run);
    try {
      const engine = await this.#ready();
      if (call.signal.aborted || run.signal.aborted)
        throw new CoreError('CANCELLED', 'The query was cancelled.');
      const onProgress = (percent: number, message?: string): void =>
        call.client.notify('progress', { id: call.id, percent, ...(message !== undefined && { message }) });
      return await work(engine, { signal: run.signal, onProgress });
    } finally {
      this.#runs.delete(run);
      call.signal.removeEventListener('abort', cancel);
    }
  }

  /** The plugins whose functions it offers now. */
  async plugins(): Promise<readonly SessionPlugin[]> {
    return this.#options.plugins();
  }

  /** Replaces the session's database. @throws CoreError as `EngineSession.reopen` */
  async reopen(database?: SessionDatabase, options?: ReopenOptions): Promise<void> {
    await (await this.#engine).reopen(database, options);
  }

  async check(options: EngineCheckOptions): Promise<CheckResult> {
    return (await this.#ready()).check(options);
  }

  async summary(options: Omit<SummaryParams, 'session'>): Promise<SummaryResult> {
    const summary = await (await this.#ready()).summary(options);
    const called = /^(\w+)\(\)$/.exec(options.source.trim())?.[1];
    return called === undefined ? summary : { ...summary, ...this.figures.of(called) };
  }

  async describe(options: { readonly sql: string; readonly folder?: string }): Promise<DescribeResult> {
    return (await this.#ready()).describe(options);
  }

  async catalog(options: Omit<CatalogParams, 'session'>): Promise<CatalogResult> {
    return (await this.#ready()).catalog(options);
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
    try {
      await engine?.dispose();
    } finally {
      this.#options.ended();
    }
    await rm(this.#options.resultsFolder, { recursive: true, force: true });
  }

  async #ready(): Promise<EngineSession> {
    const engine = await this.#engine;
    this.#settleRemote(engine);
    const settingsState = this.#options.settingsState();
    if (this.#stalePlugins || settingsState !== this.#settingsState) {
      this.#stalePlugins = false;
      this.#settingsState = settingsState;
      const refresh = async (): Promise<void> => {
        await engine.setTables(this.#options.tables());
        await engine.setPlugins(await this.#options.plugins(), this.#options.modules());
      };
      this.#refreshing = this.#refreshing.then(refresh, refresh);
      this.#refreshing.catch(() => this.pluginsChanged());
    }
    await this.#refreshing;
    return engine;
  }

  #settleRemote(engine: EngineSession): void {
    const remote = this.#options.remote(this.#credentials);
    const state = JSON.stringify(remote);
    if (state === this.#remote) return;
    this.#remote = state;
    engine.setRemote(remote);
  }
}
