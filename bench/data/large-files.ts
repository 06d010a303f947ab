import { rmSync } from 'node:fs';
import path from 'node:path';
import { HostHome } from '../../test/support/host-process.ts';
import { timeMs } from '../measure.ts';
import { peakMb } from '../process-figures.ts';
import type { Bar, Row } from '../report.ts';
import { type DataFiles, makeLargeCsv, makeLargeParquet } from './files.ts';

const PEAK_BAR: readonly Bar[] = [{ of: 'ours', atMost: 600 }];

/** What a host needs at most for queries over a CSV file of 4 GB and a Parquet file of 2 GB: each has a host of its own. */
export async function largeFileRows(folder: string, files: DataFiles): Promise<Row[]> {
  const csv = path.join(folder, 'large.csv');
  makeLargeCsv(csv, files);
  const rows = await peaks(folder, {
    'count(*) of a CSV file of 4 GB': { sql: `select count(*) from '${csv}'`, bars: PEAK_BAR },
    'groups of a CSV file of 4 GB': { sql: `select origin, avg(delay) from '${csv}' group by all`, bars: [] },
    'filter of a CSV file of 4 GB': { sql: `select count(*) from '${csv}' where delay > 100`, bars: [] },
    'sample of a CSV file of 4 GB': { sql: `from '${csv}' using sample 1000 rows`, bars: [] },
  });
  rmSync(csv);
  const parquet = path.join(folder, 'large.parquet');
  await makeLargeParquet(parquet);
  const more = await peaks(folder, {
    'sum of a column of a Parquet file of 2 GB': { sql: `select sum(x) from '${parquet}'`, bars: [] },
    'sample of a Parquet file of 2 GB': { sql: `from '${parquet}' using sample 1000 rows`, bars: [] },
    'filter of a Parquet file of 2 GB': {
      sql: `select count(*) from '${parquet}' where k % 7 = 0`,
      bars: [],
    },
  });
  rmSync(parquet);
  return [...rows, ...more];
}

async function peaks(
  folder: string,
  queries: Readonly<Record<string, { readonly sql: string; readonly bars: readonly Bar[] }>>,
): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [what, { sql, bars }] of Object.entries(queries)) {
    const home = new HostHome();
    try {
      const { pid = 0 } = await home.start();
      const connection = await home.connect();
      const { session } = await connection.request('sql/open', { folder });
      const milliseconds = await timeMs(() => connection.request('sql/run', { session, sql }));
      rows.push({
        what: `${what}: peak memory of the host`,
        ours: peakMb(pid) ?? Number.NaN,
        unit: 'MiB',
        bars,
      });
      rows.push({ what: `${what}: time`, ours: milliseconds, unit: 'ms' });
    } finally {
      await home.dispose();
    }
  }
  return rows;
}
