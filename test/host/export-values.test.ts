import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { HostConnection } from '../../wasm-core/connect/host-connection.ts';
import type { ExportFormat, ExportOptions } from '../../wasm-core/protocol/export.ts';
import type { StatementResult } from '../../wasm-core/protocol/methods.ts';
import { EXPORTED_VALUES, exportedQuery } from '../support/export-values.ts';
import { HostHome } from '../support/host-process.ts';
import { type NativeDuckDb, openNativeDuckDb, type TextRows } from '../support/native-duckdb.ts';
import { resultRows } from '../support/result-rows.ts';

/*
 * Every type at its edges, written in every format from a query and from the rows of an earlier run, and read back by
 * native DuckDB.
 */

/** How rows of a file come back, each as its number and its value's text. */
interface ReadBack {
  readonly format: ExportFormat;
  readonly options?: ExportOptions;
  /** A query over the file for native DuckDB. @param type that the values had */
  readonly query: (file: string, type: string) => string;
}

const BY_NATIVE: readonly ReadBack[] = [
  {
    format: 'parquet',
    query: (file, type) => `select id, cast(v as ${type}) from read_parquet('${file}') order by id`,
  },
  {
    format: 'csv',
    query: (file, type) =>
      `select id, cast(v as ${type}) from read_csv('${file}', ${CSV}, delim = ',') order by id`,
  },
  {
    format: 'tsv',
    query: (file, type) =>
      `select id, cast(v as ${type}) from read_csv('${file}', ${CSV}, delim = '\t') order by id`,
  },
];

/** As they are written: every text that is quoted is no NULL. */
const CSV =
  "header = true, quote = '\"', escape = '\"', auto_detect = false, allow_quoted_nulls = false, strict_mode = false, columns = {id: 'INTEGER', v: 'VARCHAR'}";

describe('host: exported values', function () {
  this.timeout(600_000);
  const home = new HostHome();
  const folder = path.join(home.folder, 'data');
  let connection: HostConnection;
  let native: NativeDuckDb;
  let session: string;
  before(async () => {
    mkdirSync(folder);
    connection = await home.connect();
    ({ session } = await connection.request('sql/open', { folder }));
    native = await openNativeDuckDb(folder);
  });
  after(async () => {
    native.close();
    await home.dispose();
  });

  const run = async (sql: string): Promise<StatementResult> => {
    const statement = (await connection.request('sql/run', { session, sql })).statements.at(-1);
    assert.ok(statement);
    return statement;
  };
  let files = 0;
  /** Writes a query's rows from the query and from the rows that it gave. @returns both files */
  const write = async (sql: string, format: ExportFormat, options: ExportOptions = {}): Promise<string[]> => {
    const place = () => ({ session, path: path.join(folder, `f${++files}`), format, options });
    const { file, columns, rowCount } = await run(sql);
    assert.ok(file);
    const result = { path: file.path, columns, rowCount };
    const written = [
      await connection.request('sql/export', { ...place(), sql }),
      await connection.request('sql/export', { ...place(), result }),
    ];
    for (const { rowCount: count } of written) assert.equal(count, rowCount);
    return written.map(({ path: file }) => file);
  };

  for (const values of EXPORTED_VALUES) {
    const sql = exportedQuery(values);
    it(`of ${values.type} are the same in CSV, TSV and Parquet`, async () => {
      const expected = await native.rows(sql);
      for (const { format, options, query } of BY_NATIVE) {
        for (const file of await write(sql, format, options)) {
          assert.deepEqual(await native.rows(query(file, values.type)), expected, `${format} ${file}`);
        }
      }
    });

    it(`of ${values.type} are the same when SQL inserts are run`, async () => {
      const expected = await native.rows(sql);
      for (const [index, file] of (await write(sql, 'sql', { table: `t "${values.type}"` })).entries()) {
        const table = `"t ""${values.type.replaceAll('"', '""')}"""`;
        if (index > 0) await native.connection.run(`drop table ${table}`);
        await native.connection.run(readFileSync(file, 'utf8'));
        assert.deepEqual(await native.rows(`from ${table} order by id`), expected);
        assert.deepEqual(
          await native.rows(`select typeof(v) from ${table} limit 1`),
          await native.rows(`select typeof(v) from (${sql}) limit 1`),
        );
      }
    });

    it(`of ${values.type} are the same in Arrow files and streams, and in JSON as they are on stdout`, async () => {
      const expected = resultRows(await run(sql));
      for (const format of ['arrow', 'arrow-stream'] as const) {
        for (const file of await write(sql, format)) {
          assert.deepEqual(await arrowRows(file, format), expected, `${format} ${file}`);
        }
      }
      const [fromQuery = '', fromRows = ''] = await write(sql, 'ndjson');
      const lines = readFileSync(fromQuery, 'utf8');
      assert.equal(readFileSync(fromRows, 'utf8'), lines);
      assert.equal(
        lines
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line)).length,
        expected.length,
      );
    });
  }

  /** Read by Quern itself: native DuckDB has no reader for them. */
  async function arrowRows(file: string, format: 'arrow' | 'arrow-stream'): Promise<TextRows> {
    const named = `${file}.${format === 'arrow' ? 'arrow' : 'arrows'}`;
    const { copyFileSync } = await import('node:fs');
    copyFileSync(file, named);
    return resultRows(await run(`from '${named}' order by id`));
  }
});
