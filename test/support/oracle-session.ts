import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { connectToHost } from '../../wasm-core/connect/connect.ts';
import { distFolder } from './dist.ts';
import type { TextRows } from './native-duckdb.ts';
import { resultRows } from './result-rows.ts';

/** A session in a real host process of its own. */
export interface OracleSession {
  /** The rows of the last statement, as the editor's page and the command line write them. */
  rows(sql: string): Promise<TextRows>;
  /** Ends the session and the host. */
  close(): Promise<void>;
}

/**
 * @param options.folder where relative paths of statements start
 * @param options.allow further folders that statements may use
 */
export async function openOracleSession(options: {
  readonly folder: string;
  readonly allow: readonly string[];
}): Promise<OracleSession> {
  const home = mkdtempSync(path.join(tmpdir(), 'quern-oracle-'));
  const host = await connectToHost({
    home,
    socket: path.join(home, 'host.sock'),
    hostPath: path.join(distFolder(), 'host.js'),
    start: true,
    client: 'oracle-test/1',
  });
  const { session } = await host.request('sql/open', options);
  return {
    rows: async (sql) => {
      const { statements } = await host.request('sql/run', { session, sql, limits: { timeoutMs: 60_000 } });
      const last = statements.at(-1);
      return last === undefined ? [] : resultRows(last);
    },
    close: async () => {
      const closed = new Promise<void>((resolve) => void host.onClose(resolve));
      await host.request('host/shutdown', undefined);
      await closed;
      rmSync(home, { recursive: true, force: true });
    },
  };
}
