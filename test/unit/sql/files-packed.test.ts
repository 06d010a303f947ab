import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { throwsKind } from '../../support/core-error.ts';
import { survivesDamage } from '../../support/damaged-files.ts';
import { openTestSession, startEngine, type TestSession } from '../../support/sql-session.ts';

/** `a,b\n1,x\n2,ÿ\n`, and `{"a":1}\n{"a":2}\n`, as zstd 1.5 packs them. */
const ZSTD = {
  csv: 'KLUv/SQNaQAAYSxiCjEseAoyLMO/CgNQ7Xg=',
  ndjson: 'KLUv/SQQgQAAeyJhIjoxfQp7ImEiOjJ9Cu7trPI=',
};

describe('compressed and broken text files', () => {
  const engine = startEngine();
  let test: TestSession;
  const write = (name: string, bytes: Uint8Array | string) =>
    writeFileSync(path.join(test.folder, name), bytes);

  before(async () => {
    test = await openTestSession(engine);
  });
  after(async () => {
    await test.close();
    await engine.dispose();
  });

  it('of gzip and zstd are read by their endings', async () => {
    write('a.csv.gz', gzipSync('a,b\n1,x\n2,ÿ\n'));
    write('a.tsv.gz', gzipSync('a\tb\n1\tx\n2\tÿ\n'));
    write('a.csv.zst', Buffer.from(ZSTD.csv, 'base64'));
    for (const name of ['a.csv.gz', 'a.tsv.gz', 'a.csv.zst']) {
      assert.deepEqual(
        await test.rows(`from '${name}'`),
        [
          ['1', 'x'],
          ['2', 'ÿ'],
        ],
        name,
      );
    }
    write('a.ndjson.zst', Buffer.from(ZSTD.ndjson, 'base64'));
    write('a.json.gz', gzipSync('[{"a": 1}, {"a": 2}]'));
    for (const name of ['a.ndjson.zst', 'a.json.gz']) {
      assert.deepEqual(await test.rows(`from '${name}'`), [['1'], ['2']], name);
    }
  });

  it('with broken rows keep these apart, with the place and the reason of each', async () => {
    write('broken.csv', 'a,b\n1,x\nnope,y\n3\n4,z\n');
    const sql = "from read_csv('broken.csv', columns = {a: 'INTEGER', b: 'VARCHAR'}, store_rejects = true)";
    assert.deepEqual(await test.rows(sql), [
      ['1', 'x'],
      ['4', 'z'],
    ]);
    assert.deepEqual(
      await test.rows('select line, column_name, error_type::varchar, csv_line from reject_errors'),
      [
        ['3', 'a', 'CAST', 'nope,y'],
        ['4', 'b', 'MISSING COLUMNS', '3'],
      ],
    );
    assert.deepEqual(await test.rows('select file_path from reject_scans'), [['broken.csv']]);
    const { diagnostics } = await test.session.check({ sql: 'select line, nope from reject_errors' });
    assert.equal(diagnostics.length, 1);
  });

  it('of one endless line are told in few words', async () => {
    write('line.csv.gz', gzipSync(Buffer.alloc(4_000_000)));
    const error = await throwsKind('FORMAT_DATA', /line\.csv\.gz/, () => test.run("from 'line.csv.gz'"));
    assert.ok(error.message.length < 4000 && String(error.details.engineText).length < 4000);
  });

  it('in 300 ways damaged give rows or an error that names them, and the next query is right', async function () {
    this.timeout(600_000);
    const packed = gzipSync('a,b\n1,x\n2,y\n'.repeat(40));
    await survivesDamage(test, {
      bytes: packed,
      name: 'damaged.csv.gz',
      sql: "from read_csv('damaged.csv.gz', header = true)",
      runs: 150,
    });
    const zst = Buffer.from(ZSTD.csv, 'base64');
    await survivesDamage(test, {
      bytes: zst,
      name: 'damaged.csv.zst',
      sql: "from read_csv('damaged.csv.zst', header = true)",
      runs: 150,
    });
  });
});

describe('files that need a key', () => {
  const engine = startEngine();
  let test: TestSession;

  before(async () => {
    test = await openTestSession(engine);
  });
  after(async () => {
    await test.close();
    await engine.dispose();
  });

  it('of Parquet are refused by name, with how to give it', async () => {
    // A footer of 32 bytes that nobody can read without the key.
    const bytes = Buffer.concat([
      Buffer.from('PARE'),
      Buffer.alloc(64, 7),
      Buffer.from([32, 0, 0, 0]),
      Buffer.from('PARE'),
    ]);
    writeFileSync(path.join(test.folder, 'secret.parquet'), bytes);
    await throwsKind('FORMAT_DATA', /'secret\.parquet' is encrypted.*add_parquet_key/, () =>
      test.run("from 'secret.parquet'"),
    );
    assert.deepEqual(await test.rows('select 42'), [['42']]);
  });

  it('as databases of DuckDB by their path say how they are attached', async () => {
    await test.run("attach 'd.duckdb' as d; create table d.t as select 7 a; detach d");
    const sql = "from 'd.duckdb'";
    const error = await throwsKind(
      'FORMAT_DATA',
      /attach 'd\.duckdb' as d \(read_only\), then from d\.its_table; or write -- @db d\.duckdb/,
      () => test.run(sql),
    );
    assert.equal(sql.slice(Number(error.details.start), Number(error.details.end)), "'d.duckdb'");
    assert.deepEqual(await test.rows("attach 'd.duckdb' as d (read_only); from d.t"), [['7']]);
    await throwsKind('FILE_NOT_FOUND', /no file 'gone\.duckdb'/, () => test.run("from 'gone.duckdb'"));
    await throwsKind('PATH_DENIED', /outside the folders/, () => test.run("attach '../x.duckdb' as x"));
  });
});
