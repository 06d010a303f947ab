import path from 'node:path';
import type { HostConnection } from '../../../connect/host-connection.ts';
import { CoreError } from '../../../protocol/errors.ts';
import type { TestRunParams, TestRunResult } from '../../../protocol/tests.ts';
import type { Cli } from '../cli.ts';
import { loadPlugins } from '../run/load-plugins.ts';
import { findPlugins } from '../run/plugin-files.ts';
import { pluginFolderOf } from './test-files.ts';

/** Options of `quern test`, parsed. */
export interface TestOptions {
  readonly plugins?: readonly string[];
  readonly allow?: readonly string[];
  readonly folder?: string;
  readonly filter?: string;
  readonly env?: readonly string[];
  readonly slow?: boolean;
  readonly update?: boolean;
  readonly jobs?: number;
  readonly timeoutMs?: number;
}

/** Runs files of tests, each in a session of its own with the plugins that belong to it. */
export class TestFiles {
  readonly #cli: Cli;
  readonly #connection: HostConnection;
  readonly #options: TestOptions;
  readonly #environment: Readonly<Record<string, string>>;
  readonly #loaded = new Map<string, Promise<void>>();

  constructor(
    cli: Cli,
    run: {
      readonly connection: HostConnection;
      readonly options: TestOptions;
      readonly environment: Readonly<Record<string, string>>;
    },
  ) {
    this.#cli = cli;
    this.#connection = run.connection;
    this.#options = run.options;
    this.#environment = run.environment;
  }

  /**
   * Runs all of them, some at a time.
   *
   * @param tell is called with each result in the order of the files
   * @throws ReportedFailure when plugins do not compile; CoreError CANCELLED, HOST_LOST
   */
  async run(
    files: readonly string[],
    tell: (result: TestRunResult) => Promise<void>,
  ): Promise<readonly TestRunResult[]> {
    const results: Promise<TestRunResult>[] = [];
    const done: TestRunResult[] = [];
    let next = 0;
    const begin = (): void => {
      const file = files[next++];
      if (file === undefined) return;
      const result = this.#file(file);
      // Whoever waits for it hears of its failure; this only goes on.
      void result.then(begin, () => {});
      results.push(result);
    };
    for (let job = 0; job < (this.#options.jobs ?? 1); job++) begin();
    for (let index = 0; index < files.length; index++) {
      const result = await results[index];
      if (result === undefined) throw new Error('a file of tests was not begun');
      done.push(result);
      await tell(result);
    }
    return done;
  }

  async #file(file: string): Promise<TestRunResult> {
    const own = pluginFolderOf(file);
    const named = this.#options.plugins?.map((folder) => path.resolve(folder));
    const folders = named ?? (own === undefined ? [] : [own]);
    for (const folder of folders) await this.#load(folder);
    const [namespace = 'default', ...includes] = [...folders, 'default'];
    const { allow, folder, timeoutMs } = this.#options;
    const params: TestRunParams = {
      path: file,
      allow: [process.cwd(), ...(allow ?? []).map((each) => path.resolve(each))],
      namespace,
      includes,
      environment: this.#environment,
      ...(folder !== undefined && { folder: path.resolve(folder) }),
      ...(timeoutMs !== undefined && { timeoutMs }),
    };
    try {
      return await this.#connection.request('test/run', params, { signal: this.#cli.signal });
    } catch (error) {
      if (this.#cli.interrupted || !(error instanceof CoreError) || error.kind === 'HOST_LOST') throw error;
      return brokenFile(file, error);
    }
  }

  #load(folder: string): Promise<void> {
    const plugins = { namespace: folder, files: findPlugins(folder) };
    const loading = this.#loaded.get(folder) ?? loadPlugins(this.#cli, this.#connection, plugins);
    this.#loaded.set(folder, loading);
    return loading;
  }
}

/** A file that could not be run to its end. */
function brokenFile(file: string, { message }: CoreError): TestRunResult {
  const record = {
    line: 1,
    endLine: 1,
    outcome: 'failed',
    runs: 0,
    micros: 0,
    failure: { message },
  } as const;
  return { path: file, outcome: 'failed', records: [record], micros: 0 };
}
