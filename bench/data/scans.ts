import { rmSync, statSync } from 'node:fs';
import { DuckDBInstance } from '@duckdb/node-api';
import type { EngineSession } from '../../wasm-core/sql/engine.ts';
import { inTurn, median, timeMs } from '../measure.ts';
import { type Bar, type Row, versus } from '../report.ts';
import type { DataFiles } from './files.ts';

const ROUNDS = 5;
const SCAN_BAR: readonly Bar[] = [{ of: 'ratio', atLeast: 0.6 }];
const FIRST_ROWS = 1000;

/** How fast whole files are read and aggregated, beside native DuckDB with one thread. */
export async function scanRows(session: EngineSession, files: DataFiles): Promise<Row[]> {
  const native = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect();
  const rows: Row[] = [];
  for (const [format, file] of Object.entries(files)) {
    const sql = `select sum(delay), max(origin), avg(distance) from '${file}'`;
    const ways = {
      ours: () => timeMs(() => run(session, sql)),
      theirs: () => timeMs(async () => (await native.run(sql)).fetchAllChunks()),
    };
    const times = await inTurn({ rounds: ROUNDS, ways });
    const megabytes = statSync(file).size / 1e6;
    const speed = (milliseconds: readonly number[]) => (megabytes * 1000) / median(milliseconds);
    rows.push(
      versus({
        what: `scan of ${Math.round(megabytes)} MB of ${format.toUpperCase()}, three columns`,
        ours: speed(times.ours),
        peer: speed(times.theirs),
        unit: 'MB/s',
        peerName: 'native DuckDB, one thread',
        bars: SCAN_BAR,
      }),
    );
  }
  native.closeSync();
  return rows;
}

/** How long the first rows of a file take, from the request to their results file. */
export async function firstRows(session: EngineSession, files: DataFiles): Promise<Row[]> {
  const first = async (what: string, file: string, atMost: number): Promise<Row> => {
    const times: number[] = [];
    for (let round = 0; round <= ROUNDS; round++) {
      times.push(await timeMs(() => run(session, `from '${file}' limit ${FIRST_ROWS}`)));
    }
    const bars: readonly Bar[] = [{ of: 'ours', atMost }];
    return { what, ours: median(times.slice(1)), unit: 'ms', bars };
  };
  return [
    await first(`first ${FIRST_ROWS} rows of a Parquet file of 13 MB`, files.parquet, 300),
    await first(`first ${FIRST_ROWS} rows of a CSV file of 225 MB`, files.csv, 800),
  ];
}

async function run(session: EngineSession, sql: string): Promise<void> {
  const { signal } = new AbortController();
  const { statements } = await session.run({ sql, memoryMb: 64, signal });
  for (const { file } of statements) if (file) rmSync(file.path);
}
