import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createDuckDbEngine } from '../wasm-core/sql/duckdb/node/engine.ts';
import { exportFigures } from './data/export.ts';
import { makeDataFiles } from './data/files.ts';
import { largeFileRows } from './data/large-files.ts';
import { firstRows, scanRows } from './data/scans.ts';
import type { SuiteResult } from './report.ts';

/** Asks for the rows that take minutes and 4 GB of disk. */
const WITH_LARGE_FILES = 'QUERN_BENCH_LARGE';

/** Data files: how fast they are read and written, and what large ones need. */
export async function dataSuite(): Promise<SuiteResult> {
  const base = mkdtempSync(path.join(tmpdir(), 'quern-bench-'));
  const resultsFolder = path.join(base, 'results');
  mkdirSync(resultsFolder);
  const isLarge = process.env[WITH_LARGE_FILES] === '1';
  try {
    const files = await makeDataFiles(base);
    const engine = createDuckDbEngine({ distFolder: path.resolve('dist') });
    const allow = [path.dirname(files.parquet)];
    const session = await engine.openSession({ folder: base, allow, resultsFolder });
    const rows = [...(await scanRows(session, files)), ...(await firstRows(session, files))];
    await engine.dispose();
    return {
      title: 'Data files',
      notes: [
        'A scan reads three columns of all rows; first rows go to a results file.',
        'Exports are of 10 million rows of five columns; ours waits until they are on the disk, the peer does not; of Parquet, ours makes smaller dictionaries, and its file is 17 % larger.',
        isLarge
          ? 'Each query of a large file has a host of its own, whose peak is what the system counted (VmHWM).'
          : `${WITH_LARGE_FILES}=1 measures files of 4 GB and 2 GB, too.`,
      ],
      rows: [...rows, ...(await exportFigures()), ...(isLarge ? await largeFileRows(base, files) : [])],
    };
  } finally {
    rmSync(base, { recursive: true, force: true });
  }
}
