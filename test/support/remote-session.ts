import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { HostConnection, RequestOptions } from '../../wasm-core/connect/host-connection.ts';
import type { StatementResult } from '../../wasm-core/protocol/methods.ts';
import type { RemoteParams } from '../../wasm-core/protocol/remote.ts';
import type { TextRows } from './native-duckdb.ts';
import { projectRoot } from './project.ts';
import { resultRows } from './result-rows.ts';

/** A session of a host whose statements read a test's server. */
export class RemoteSession {
  readonly connection: HostConnection;
  readonly session: string;
  /** What the last run's statements told their user. */
  warnings: readonly string[] = [];

  private constructor(connection: HostConnection, session: string) {
    this.connection = connection;
    this.session = session;
  }

  /** @param folder where `quern.json` may lie */
  static async open(
    connection: HostConnection,
    folder: string,
    remote: RemoteParams = {},
  ): Promise<RemoteSession> {
    const allow = [dataFolder()];
    const { session } = await connection.request('sql/open', { folder, allow, remote });
    return new RemoteSession(connection, session);
  }

  /** @returns the last statement's */
  async run(sql: string, options: RequestOptions = {}): Promise<StatementResult> {
    const { statements } = await this.connection.request('sql/run', { session: this.session, sql }, options);
    this.warnings = statements.flatMap(({ warnings }) => warnings ?? []);
    const last = statements.at(-1);
    if (last === undefined) throw new Error('nothing was run');
    return last;
  }

  async rows(sql: string): Promise<TextRows> {
    return resultRows(await this.run(sql));
  }
}

/** The folder of the data files that tests read. */
export function dataFolder(): string {
  return path.join(projectRoot(), 'node_modules/vega-datasets/data');
}

/** The bytes of a data file. */
export function dataFile(name: string): Buffer {
  return readFileSync(path.join(dataFolder(), name));
}
