import { tableFromArrays, tableToIPC } from 'apache-arrow';
import avro from 'avsc';
import { writeXlsx } from 'hucre';
import { sqliteFile } from './sqlite-files.ts';

/** Numbers that no run of them looks like another, of which a compressor makes little. */
function numbers(count: number, seed: number): Float64Array {
  let state = seed;
  return Float64Array.from({ length: count }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state;
  });
}

/** A file of ten columns `c0` to `c9` of 50,000 numbers each, 4 MB, as Arrow writes it. */
export function wideArrow(): Uint8Array {
  const columns = Array.from({ length: 10 }, (_, i) => [`c${i}`, numbers(50_000, i + 1)] as const);
  return tableToIPC(tableFromArrays(Object.fromEntries(columns)), 'file');
}

/** Rows `(1, 'a')` to `(count, …)` as a workbook. */
export async function numberedWorkbook(count: number): Promise<Uint8Array> {
  const data = Array.from({ length: count }, (_, i) => ({ n: i + 1, t: `text ${(i * 7919) % 1000}` }));
  const columns = [
    { header: 'n', key: 'n' },
    { header: 't', key: 't' },
  ];
  return writeXlsx({ sheets: [{ name: 'All', columns, data }] });
}

/** The same rows as an Avro file of many blocks. */
export async function numberedAvro(count: number): Promise<Uint8Array> {
  const fields = [
    { name: 'n', type: 'int' },
    { name: 't', type: 'string' },
  ] as const;
  const type = avro.Type.forSchema({ type: 'record', name: 'r', fields: [...fields] });
  const encoder = new avro.streams.BlockEncoder(type, { blockSize: 16_384 });
  const chunks: Buffer[] = [];
  encoder.on('data', (chunk: Buffer) => chunks.push(chunk));
  const ended = new Promise((resolve) => encoder.on('end', resolve));
  for (let i = 0; i < count; i++) encoder.write({ n: i + 1, t: `text ${(i * 7919) % 1000}` });
  encoder.end();
  await ended;
  return Buffer.concat(chunks);
}

/** A database with a table `big` of 4 MB, and behind it `small (n, t)` with three rows and an index. */
export async function twoTables(): Promise<Uint8Array> {
  return sqliteFile(`
    create table big (n integer primary key, filling text);
    with recursive r (n) as (select 1 union all select n + 1 from r where n < 4000)
      insert into big select n, hex(randomblob(500)) from r;
    create table small (n integer, t text);
    insert into small values (1, 'one'), (2, 'two'), (3, 'three');`);
}
