import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { ExportFormat } from '../../wasm-core/protocol/export.ts';
import type { StatementResult } from '../../wasm-core/protocol/methods.ts';
import { createDuckDbEngine } from '../../wasm-core/sql/duckdb/node/engine.ts';
import type { EngineSession } from '../../wasm-core/sql/engine.ts';
import { inTurn, median, timeMs } from '../measure.ts';
import type { Row } from '../report.ts';
import { versus } from '../report.ts';

const ROW_COUNT = 10_000_000;
const ROUNDS = 3;

/** A table like those that people export: a key, small numbers, doubles, texts that repeat, days. */
const TABLE = `create table t as select range as id, (range * 7919 % 1000003)::integer as k, range / 7.0 as d,
  'name ' || (range % 10007) as s, date '2000-01-01' + (range % 9000)::integer as day from range(${ROW_COUNT})`;

/** Ten million rows to CSV and Parquet, from a query and from the rows of a run, beside native DuckDB's COPY. */
export async function exportFigures(): Promise<Row[]> {
  const base = mkdtempSync(path.join(tmpdir(), 'quern-bench-export-'));
  const [folder, resultsFolder] = [path.join(base, 'data'), path.join(base, 'results')];
  mkdirSync(folder);
  mkdirSync(resultsFolder);
  const engine = createDuckDbEngine({ distFolder: path.resolve('dist') });
  const native = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect();
  try {
    const session = await engine.openSession({ folder, allow: [], resultsFolder });
    await run(session, TABLE);
    await native.run(TABLE);
    const [kept] = await run(session, 'from t');
    const rows: Row[] = [];
    for (const format of ['csv', 'parquet'] as const) {
      const theirs = () => rate(folder, (file) => native.run(`copy t to '${file}' (format ${format})`));
      rows.push(
        await figure(`a query's rows to ${format}`, {
          ours: () => fromQuery(session, folder, format),
          theirs,
        }),
      );
      rows.push(
        await figure(`a run's rows to ${format}`, {
          ours: () => fromRun(session, folder, { format, kept }),
          theirs,
        }),
      );
    }
    return rows;
  } finally {
    await engine.dispose();
    native.closeSync();
    rmSync(base, { recursive: true, force: true });
  }
}

async function figure(
  what: string,
  { ours, theirs }: { readonly ours: () => Promise<number>; readonly theirs: () => Promise<number> },
): Promise<Row> {
  const rates = await inTurn({ rounds: ROUNDS, ways: { ours, theirs } });
  return versus({
    what,
    ours: median(rates.ours),
    peer: median(rates.theirs),
    unit: 'million rows/s',
    peerName: "native DuckDB's COPY, one thread",
    bars: [{ of: 'ratio', atLeast: 0.5 }],
  });
}

function fromQuery(session: EngineSession, folder: string, format: ExportFormat): Promise<number> {
  return rate(folder, (file) => run(session, 'from t', { file, format, options: {} }));
}

function fromRun(
  session: EngineSession,
  folder: string,
  { format, kept }: { readonly format: ExportFormat; readonly kept: StatementResult | undefined },
): Promise<number> {
  if (kept?.file === undefined) throw new Error('the run kept no rows');
  const result = { path: kept.file.path, columns: kept.columns, rowCount: kept.rowCount };
  const { signal } = new AbortController();
  return rate(folder, (file) => session.export({ result, target: { file, format, options: {} }, signal }));
}

/** Million rows a second, the file's way to the disk included where the writer waits for it. */
async function rate(folder: string, write: (file: string) => Promise<unknown>): Promise<number> {
  const file = path.join(folder, 'out');
  try {
    return ROW_COUNT / 1000 / (await timeMs(() => write(file)));
  } finally {
    rmSync(file, { force: true });
  }
}

async function run(
  session: EngineSession,
  sql: string,
  target?: { readonly file: string; readonly format: ExportFormat; readonly options: object },
): Promise<readonly StatementResult[]> {
  const { signal } = new AbortController();
  return (await session.run({ sql, memoryMb: 64, signal, ...(target && { target }) })).statements;
}
