import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { tableFromIPC } from 'apache-arrow';
import wabt from 'wabt';
import type { RunResult, StatementResult } from '../../wasm-core/protocol/methods.ts';
import type { PluginFunction } from '../../wasm-core/protocol/plugins.ts';
import { compileModule } from '../../wasm-core/runtime/compile-module.ts';
import { createDuckDbEngine } from '../../wasm-core/sql/duckdb/node/engine.ts';
import type { Engine, EngineRunOptions, EngineSession, SessionPlugin } from '../../wasm-core/sql/engine.ts';
import type { ExportTarget } from '../../wasm-core/sql/export-target.ts';
import { distFolder } from './dist.ts';

/** A real engine session over a temporary folder, and the ways that tests look at it. */
export interface TestSession {
  readonly session: EngineSession;
  readonly folder: string;
  run(sql: string, options?: Partial<EngineRunOptions>): Promise<RunResult>;
  /** Rows of the last statement as texts, NULL as `null`. */
  rows(sql: string, options?: Partial<EngineRunOptions>): Promise<(string | null)[][]>;
  close(): Promise<void>;
}

/** Starts the engine that a file's tests share. */
export function startEngine(): Engine {
  return createDuckDbEngine({ distFolder: distFolder() });
}

/** @param allow absolute folders beside the session's own */
export async function openTestSession(engine: Engine, allow: readonly string[] = []): Promise<TestSession> {
  const base = mkdtempSync(path.join(tmpdir(), 'quern-sql-'));
  const folder = path.join(base, 'data');
  const resultsFolder = path.join(base, 'results');
  mkdirSync(folder);
  mkdirSync(resultsFolder);
  const session = await engine.openSession({ folder, allow, resultsFolder });
  const run = (sql: string, options: Partial<EngineRunOptions> = {}) =>
    session.run({ sql, memoryMb: 64, signal: new AbortController().signal, ...options });
  return {
    session,
    folder,
    run,
    rows: async (sql, options) => {
      const { statements } = await run(sql, options);
      return statementRows(statements.at(-1));
    },
    close: async () => {
      await session.dispose();
      rmSync(base, { recursive: true, force: true });
    },
  };
}

/** A target for a run's rows. */
export function parquetTo(file: string): ExportTarget {
  return { file, format: 'parquet', options: {} };
}

/** Rows of a statement's results file as texts. */
export function statementRows(statement: StatementResult | undefined): (string | null)[][] {
  if (statement?.file === undefined) return [];
  const table = tableFromIPC(readFileSync(statement.file.path));
  return table
    .toArray()
    .map((row) =>
      Object.values(row.toJSON() as Record<string, unknown>).map((value) =>
        value === null ? null : String(value),
      ),
    );
}

/** A plugin assembled from WAT, offered under the functions given. */
export async function watPlugin(
  wat: string,
  functions: readonly Partial<PluginFunction>[],
): Promise<SessionPlugin> {
  const assembler = await wabt();
  const module = assembler.parseWat('test.wat', wat);
  const bytes = module.toBinary({}).buffer;
  const digest = Buffer.from(
    await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>),
  ).toString('hex');
  return {
    compiled: await compileModule({ bytes, digest, name: 'test' }),
    functions: functions.map((fn) => ({
      name: 'f',
      export: fn.name ?? 'f',
      parameters: [],
      returns: 'INTEGER',
      deterministic: true,
      doc: '',
      ...fn,
    })),
  };
}
