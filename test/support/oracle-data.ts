import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { projectRoot } from './project.ts';

/** The folder of `vega-datasets`. */
export function vegaFolder(): string {
  return path.join(projectRoot(), 'node_modules/vega-datasets/data');
}

/**
 * Makes the files that the oracle queries find under `{made}`: NDJSON, folders for globs, and a Hive-partitioned set of
 * Parquet files, which native DuckDB writes.
 *
 * @param folder an empty folder
 * @param native used to write Parquet
 */
export async function makeOracleData(folder: string, native: DuckDBConnection): Promise<void> {
  const cars = JSON.parse(readFileSync(path.join(vegaFolder(), 'cars.json'), 'utf8')) as unknown[];
  writeLines(path.join(folder, 'cars.ndjson'), cars);
  writeFileSync(path.join(folder, 'nested.ndjson'), NESTED_LINES);
  await writeStocks(folder, native);
  mkdirSync(path.join(folder, 'union'));
  writeFileSync(path.join(folder, 'union/1.csv'), 'symbol,price\nA,1.5\nB,2\n');
  writeFileSync(path.join(folder, 'union/2.csv'), 'price,symbol,dow\n3,C,mon\n,D,\n');
}

/** As text, since JavaScript would round the large number. */
const NESTED_LINES = String.raw`{"id":1,"tags":["a","b;c"],"at":{"x":1.5,"y":null},"when":"2024-02-29T10:00:00Z","big":9007199254740993}
{"id":2,"tags":[],"at":null,"text":"größe\n\"quoted\"","mixed":1}
{"id":3,"tags":["😀"],"at":{"x":-1e-7,"z":[true,null]},"mixed":"two"}
`;

async function writeStocks(folder: string, native: DuckDBConnection): Promise<void> {
  mkdirSync(path.join(folder, 'stocks'));
  const [header = '', ...rows] = readFileSync(path.join(vegaFolder(), 'stocks.csv'), 'utf8')
    .trim()
    .split('\n');
  for (const symbol of new Set(rows.map((row) => row.split(',')[0] ?? ''))) {
    const own = rows.filter((row) => row.startsWith(`${symbol},`));
    writeFileSync(path.join(folder, 'stocks', `${symbol}.csv`), `${[header, ...own].join('\n')}\n`);
  }
  await native.run(`copy (select symbol, year(strptime(date, '%b %-d %Y')) as year, price
    from '${folder}/stocks/*.csv') to '${folder}/by' (format parquet, partition_by (symbol, year))`);
}

function writeLines(file: string, values: readonly unknown[]): void {
  writeFileSync(file, values.map((value) => `${JSON.stringify(value)}\n`).join(''));
}
