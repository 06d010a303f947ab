import { rm } from 'node:fs/promises';
import path from 'node:path';
import { CoreError } from '../../protocol/errors.ts';
import { DEFAULT_LIMITS } from '../../protocol/limits.ts';
import type { RunResult, StatementResult } from '../../protocol/methods.ts';
import type { SessionDatabase } from '../../sql/engine.ts';
import type { Call } from '../context.ts';
import type { SessionEntry } from '../session-entry.ts';

/** The database that a file of tests runs in. */
export class TestDatabase {
  readonly #session: SessionEntry;
  readonly #call: Call;
  readonly #signal: AbortSignal;
  readonly #testFolder: string;
  #file: SessionDatabase | undefined;
  #isLoaded = false;
  /** Counts what took the place of the session's own connection. */
  #reconnects = 0;
  /** Extensions that are not there before the file requires them. */
  #leaveOut: readonly string[] = [];
  #extensions: Promise<ReadonlySet<string>> | undefined;

  /** @param options.testFolder files in it are deleted before they are loaded; others never are */
  constructor(options: {
    readonly session: SessionEntry;
    readonly call: Call;
    readonly signal: AbortSignal;
    readonly testFolder: string;
  }) {
    this.#session = options.session;
    this.#signal = options.signal;
    this.#testFolder = options.testFolder;
    // Nobody asked how far single statements are.
    const { name } = options.call.client;
    const client = { greeted: true, name, notify: () => {}, subscribe: () => {} };
    this.#call = { id: options.call.id, signal: options.signal, client };
  }

  /** @throws CoreError as `sql/run` */
  async run(sql: string, connection?: string): Promise<readonly StatementResult[]> {
    const own = this.#reconnects === 0 ? undefined : ` ${this.#reconnects}`;
    const name = connection ?? own;
    const options = {
      sql,
      memoryMb: DEFAULT_LIMITS.memoryMb,
      ...(name !== undefined && { connection: name }),
    };
    const result: RunResult = await this.#session.run(options, this.#call);
    return result.statements;
  }

  /** Begins without extensions that the file requires further down. @throws CoreError as `EngineSession.reopen` */
  async leaveOut(extensions: readonly string[]): Promise<void> {
    this.#leaveOut = extensions;
    if (extensions.length > 0) await this.restart();
  }

  /** Begins with the database of a file, or with an empty one in memory. @throws CoreError as `EngineSession.reopen` */
  async load(database: SessionDatabase | undefined): Promise<void> {
    const file = database?.path;
    const isNew = file !== undefined && database?.readOnly === false && this.#isOurs(file);
    // What was open before may hold the file.
    await this.#session.reopen(undefined, { leaveOut: this.#leaveOut });
    if (isNew)
      await Promise.all([file, `${file}.wal`].map((old) => rm(old, { force: true, recursive: true })));
    this.#file = database;
    this.#isLoaded = true;
    await this.restart();
  }

  /** Closes the database and opens it again. @throws CoreError as `EngineSession.reopen` */
  async restart(): Promise<void> {
    if (this.#signal.aborted) throw new CoreError('CANCELLED', 'The run was cancelled.');
    this.#reconnects = 0;
    await this.#session.reopen(this.#file, { leaveOut: this.#leaveOut });
  }

  /** Lets go of all files, so that their folder can be deleted. Never throws. */
  async close(): Promise<void> {
    await this.#session.reopen().catch(() => {});
  }

  /** Whether `load` opened the database, be it one in memory. */
  get isLoaded(): boolean {
    return this.#isLoaded;
  }

  /** From now on statements run on a new connection. */
  reconnect(): void {
    this.#reconnects++;
  }

  /** Loads an extension, if it was left out so far. @throws CoreError as `run` */
  async loadLeftOut(extension: string): Promise<void> {
    if (!this.#leaveOut.includes(extension)) return;
    this.#leaveOut = this.#leaveOut.filter((name) => name !== extension);
    this.#extensions = undefined;
    await this.run(`load ${extension}`);
    if (extension === 'icu') await this.run("set TimeZone = 'UTC'");
  }

  /** Extensions that are loaded. */
  extensions(read: (statement: StatementResult) => Promise<readonly string[]>): Promise<ReadonlySet<string>> {
    this.#extensions ??= this.run('select extension_name from duckdb_extensions() where loaded').then(
      async ([statement]) => new Set(statement === undefined ? [] : await read(statement)),
    );
    return this.#extensions;
  }

  #isOurs(file: string): boolean {
    const relative = path.relative(this.#testFolder, path.resolve(file));
    return relative !== '' && !relative.startsWith('..') && !path.isAbsolute(relative);
  }
}
