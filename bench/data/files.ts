import { appendFileSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';

/** The files that the suite reads, by what they are. */
export interface DataFiles {
  /** 13 MB, of the examples. */
  readonly parquet: string;
  /** 225 MB. */
  readonly csv: string;
  /** 500,000 rows. */
  readonly json: string;
}

const FLIGHTS = path.resolve('examples/data/flights-3m.parquet');
/** The 3 million flights are 106 MB as CSV. */
const CSV_ROWS = 6_390_000;
const JSON_ROWS = 500_000;

/** Writes the files that are not there yet, by native DuckDB. @param folder absolute, temporary */
export async function makeDataFiles(folder: string): Promise<DataFiles> {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  const csv = path.join(folder, 'flights.csv');
  const json = path.join(folder, 'flights.ndjson');
  const flights = `select * from '${FLIGHTS}'`;
  const many = [1, 2, 3].map(() => flights).join(' union all ');
  await connection.run(`copy (from (${many}) limit ${CSV_ROWS}) to '${csv}'`);
  await connection.run(`copy (from (${flights}) limit ${JSON_ROWS}) to '${json}' (format json)`);
  connection.closeSync();
  return { parquet: FLIGHTS, csv, json };
}

/**
 * A CSV file of 4 GB, the rows of another over and over.
 *
 * @returns how many rows it has
 */
export function makeLargeCsv(file: string, { csv }: Pick<DataFiles, 'csv'>): number {
  const bytes = readFileSync(csv);
  const body = bytes.subarray(bytes.indexOf(0x0a) + 1);
  writeFileSync(file, bytes);
  let rows = CSV_ROWS;
  for (; statSync(file).size < LARGE_CSV_BYTES; rows += CSV_ROWS) appendFileSync(file, body);
  return rows;
}

const LARGE_CSV_BYTES = 4 * 2 ** 30;
const LARGE_PARQUET_ROWS = 90_000_000;

/**
 * A Parquet file of 2 GB, `i`, `k` and `x`, without compression.
 *
 * @returns how many rows it has
 */
export async function makeLargeParquet(file: string): Promise<number> {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  const rows = `select i, hash(i) as k, i / 3 as x from range(${LARGE_PARQUET_ROWS}) t(i)`;
  await connection.run(
    `copy (${rows}) to '${file}' (format parquet, compression uncompressed, dictionary_size_limit 1)`,
  );
  connection.closeSync();
  return LARGE_PARQUET_ROWS;
}
