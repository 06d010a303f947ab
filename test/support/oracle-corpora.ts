import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { projectRoot } from './project.ts';

/** Folders of `QUERN_CORPORA` that hold data files. */
const FOLDERS = ['duckdb-v1.4.3/data', 'csv-spectrum', 'parquet-testing'];

/** Endings that DuckDB reads by path. */
const READABLE = /\.(csv|tsv|json|jsonl|ndjson|parquet)(\.gz|\.zst)?$/i;

/** A set of data files that others wrote. */
export interface Corpus {
  readonly name: string;
  /** Absolute, as are the files. */
  readonly folder: string;
  readonly files: readonly string[];
}

/** The corpora that `QUERN_CORPORA` names; none without it. */
export function corpora(): Corpus[] {
  const base = process.env.QUERN_CORPORA;
  if (base === undefined || base === '') return [];
  const root = path.resolve(projectRoot(), base);
  return FOLDERS.filter((name) => existsSync(path.join(root, name))).map((name) => ({
    name,
    folder: path.join(root, name),
    files: readdirSync(path.join(root, name), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && READABLE.test(entry.name))
      .map((entry) => path.join(entry.parentPath, entry.name))
      .sort(),
  }));
}

/** Files that try a reader, by name: what a person may well have in a folder. */
const ODD_FILES: Readonly<Record<string, string | Buffer>> = {
  'quoted newlines.csv': 'a,b\n1,"two\nlines"\n2,"a ""quote"", a comma"\n',
  'crlf.csv': 'a;b\r\n1;x\r\n2;y\r\n',
  'bom.csv': '\ufeffname,größe\nå,1.50\nß,-2\n',
  'empty.csv': '',
  'header only.csv': 'a,b,c\n',
  'one column.csv': 'x\n1\n\n3\n',
  'ragged.csv': 'a,b,c\n1,2,3\n4,5\n6,7,8,9\n',
  'unclosed quote.csv': 'a,b\n1,"x\n2,y\n',
  'not utf8.csv': Buffer.from([0x61, 0x0a, 0xff, 0xfe, 0x0a]),
  'dates.tsv': 'd\tt\n2024-02-29\t2024-02-29 10:00:00\n2024-03-01\t2024-03-01 11:30:00.5\n',
  'wide numbers.csv': 'n\n9223372036854775807\n18446744073709551616\n1e400\n',
  'packed.csv.gz': gzipSync('a,b\n1,x\n2,y\n'),
  'not packed.csv.gz': 'a,b\n1,x\n',
  'array.json': '[{"a": 1, "b": [1.5, null]}, {"a": 2, "c": {"d": "2024-02-29"}}]',
  'lines.ndjson': '{"a": 1}\n{"a": "two"}\n{"b": null}\n',
  'big.json': '[{"n": 9007199254740993, "m": 123456789012345678901234567890}]',
  'broken.json': '[{"a": 1}, {"a":',
  'broken.ndjson': '{"a": 1}\n{"a": \n{"a": 3}\n',
  'empty.json': '',
  'scalar.json': '42',
  'text.parquet': 'this is no Parquet file',
  'magic only.parquet': 'PAR1PAR1',
  'brackets [1].csv': 'a\n1\n',
};

/** Writes a small set of odd files, for when there are no corpora. */
export function makeOddFiles(folder: string): Corpus {
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of Object.entries(ODD_FILES)) writeFileSync(path.join(folder, name), content);
  return { name: 'odd files', folder, files: Object.keys(ODD_FILES).map((name) => path.join(folder, name)) };
}
