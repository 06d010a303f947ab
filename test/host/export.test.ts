import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { tableFromIPC } from 'apache-arrow';
import type { HostConnection } from '../../wasm-core/connect/host-connection.ts';
import type { ExportFormat, ExportParams } from '../../wasm-core/protocol/export.ts';
import { HostHome } from '../support/host-process.ts';
import { assemblePlugin, sqlFunction } from '../support/wat.ts';

/** More rows than any test waits for. */
const ENDLESS = 'select range as i, repeat(range::varchar, 20) as s from range(4000000000)';
const FORMATS: readonly ExportFormat[] = ['csv', 'parquet', 'xlsx', 'json', 'arrow', 'sql'];

describe('host: exports', function () {
  this.timeout(300_000);
  const home = new HostHome();
  const folder = path.join(home.folder, 'data');
  const outside = path.join(home.folder, 'outside');
  let connection: HostConnection;
  let session: string;
  before(async () => {
    mkdirSync(folder);
    mkdirSync(outside);
    connection = await home.connect();
    ({ session } = await connection.request('sql/open', { folder }));
  });
  after(() => home.dispose());
  beforeEach(() => {
    for (const name of readdirSync(folder)) rmSync(path.join(folder, name), { recursive: true });
  });

  const file = (name: string) => path.join(folder, name);
  const text = (name: string) => readFileSync(file(name), 'utf8');
  const write = (name: string, params: Partial<ExportParams>, signal?: AbortSignal) =>
    connection.request(
      'sql/export',
      { session, path: file(name), format: 'csv', ...params },
      signal === undefined ? {} : { signal },
    );
  const run = async (sql: string, maxRows?: number) => {
    const params = { session, sql, ...(maxRows !== undefined && { maxRows }) };
    const statement = (await connection.request('sql/run', params)).statements.at(-1);
    assert.ok(statement?.file);
    return { path: statement.file.path, columns: statement.columns, rowCount: statement.rowCount };
  };

  it('give the rows of a run as they were, whatever happened to its tables', async () => {
    const result = await run('create or replace table t as select range i from range(70000); from t');
    await connection.request('sql/run', { session, sql: 'drop table t' });
    for (const format of FORMATS) {
      const { rowCount, statements } = await write(`t.${format}`, { format, result });
      assert.deepEqual([rowCount, statements], [70_000, []]);
    }
    const lines = `i\n${Array.from({ length: 70_000 }, (_, i) => i).join('\n')}\n`;
    assert.equal(text('t.csv'), lines);
  });

  it('give the rows of the last statement of a text, and what the others gave', async () => {
    const sql = 'select 1 a; select $n as b, 2 as c';
    const { statements, rowCount, byteLength } = await write('x.csv', { sql, parameters: { n: 'é' } });
    assert.equal(text('x.csv'), 'b,c\né,2\n');
    assert.deepEqual([rowCount, byteLength, statements.length], [1, 9, 2]);
    assert.deepEqual(
      statements.map(({ file: rows }) => rows !== undefined),
      [true, false],
    );
  });

  it('keep to the rows that were asked for, in every format', async () => {
    const result = await run('select range i from range(5000)', 3);
    for (const format of FORMATS) {
      await write(`r.${format}`, { format, result });
      await write(`q.${format}`, { format, sql: 'from range(5000) r(i)', maxRows: 3 });
    }
    for (const name of ['r', 'q']) {
      assert.equal(text(`${name}.csv`), 'i\n0\n1\n2\n');
      assert.deepEqual(JSON.parse(text(`${name}.json`)), [{ i: 0 }, { i: 1 }, { i: 2 }]);
      assert.deepEqual(
        [...(tableFromIPC(readFileSync(file(`${name}.arrow`))).getChild('i') ?? [])],
        [0n, 1n, 2n],
      );
      assert.equal(text(`${name}.sql`).split('\n').slice(-4).join(), '  (0),,  (1),,  (2);,');
    }
  });

  it('take what the engine does not copy: rows that changed, calls, and pivots', async () => {
    await connection.request('sql/run', { session, sql: 'create or replace table p (k varchar, v integer)' });
    for (const format of ['csv', 'json'] as const) {
      await write('i', {
        format,
        sql: "insert into p values ('a', 1), ('b', 2) returning v",
        overwrite: true,
      });
      await write('p', { format, sql: 'pivot p on k using sum(v)', overwrite: true });
      await write('s', { format, sql: 'summarize p', overwrite: true });
    }
    assert.deepEqual(JSON.parse(text('i')), [{ v: 1 }, { v: 2 }]);
    assert.deepEqual(JSON.parse(text('p')), [{ a: 2, b: 4 }]);
    assert.equal(JSON.parse(text('s')).length, 2);
  });

  it('write columns under the names that the user knows', async () => {
    const wat = '(module (func (export "seven") (param i32) (result i32) (i32.const 7)))';
    const bytes = await assemblePlugin(wat, [sqlFunction('seven', ['INTEGER'], 'INTEGER')]);
    const base64 = Buffer.from(bytes).toString('base64');
    await connection.request('module/load', { name: 'seven', namespace: folder, bytes: { base64 } });
    await write('n.csv', { sql: 'select seven(1)' });
    assert.equal(text('n.csv'), 'seven(1)\n7\n');
    await write('n.parquet', { format: 'parquet', sql: 'select seven(1)' });
    assert.deepEqual((await run("select * from 'n.parquet'")).columns, [
      { name: 'seven(1)', type: 'INTEGER' },
    ]);
  });

  it('take the options of a format', async () => {
    const sql = "select 'a;b' as x, null as y, '' as z";
    await write('o.csv', { sql, options: { delimiter: ';', header: false, nullText: 'NA' } });
    assert.equal(text('o.csv'), '"a;b";NA;\n');
    for (const compression of ['gzip', 'zstd'] as const) {
      await write(`o.csv.${compression === 'gzip' ? 'gz' : 'zst'}`, { sql, options: { compression } });
    }
    assert.equal((await run("from 'o.csv.gz'")).rowCount, 1);
    assert.equal((await run("from 'o.csv.zst'")).rowCount, 1);
    for (const compression of ['none', 'snappy', 'gzip', 'zstd', 'lz4', 'brotli'] as const) {
      await write('o.parquet', { sql, format: 'parquet', options: { compression }, overwrite: true });
      assert.equal((await run("from 'o.parquet'")).rowCount, 1, compression);
    }
    await write('o.sql', { sql, format: 'sql', options: { table: 'it"s', createTable: false } });
    assert.equal(text('o.sql'), `INSERT INTO "it""s" ("x", "y", "z") VALUES\n  ('a;b', NULL, '');\n`);
  });

  it('are refused with what to do, and nothing is left', async () => {
    writeFileSync(file('there.csv'), 'old');
    symlinkSync(outside, file('link'));
    const sql = 'select 1 a';
    const result = await run(sql);
    const refused: readonly [string, Partial<ExportParams>, string][] = [
      ['there.csv', { sql }, 'FILE_EXISTS'],
      ['none/x.csv', { sql }, 'FILE_NOT_FOUND'],
      ['link', { sql }, 'PATH_DENIED'],
      ['link/x.csv', { sql }, 'PATH_DENIED'],
      ['../x.csv', { sql }, 'PATH_DENIED'],
      ['.', { sql, overwrite: true }, 'FILE_IS_DIRECTORY'],
      ['x.csv', { path: '/dev/null', sql, overwrite: true, chosen: true }, 'FILE_IO'],
      ['x.csv', { sql, result }, 'PARAMS_INVALID'],
      ['x.csv', {}, 'PARAMS_INVALID'],
      ['x.csv', { sql: ' -- nothing' }, 'PARAMS_INVALID'],
      ['x.csv', { sql, options: { table: 't' } }, 'PARAMS_INVALID'],
      ['x.csv', { sql, options: { delimiter: '\n' } }, 'PARAMS_INVALID'],
      ['x.csv', { sql, options: { compression: 'snappy' } }, 'PARAMS_INVALID'],
      ['x.csv', { result: { ...result, path: file('there.csv') } }, 'PARAMS_INVALID'],
      ['x.csv', { result: { ...result, path: `${result.path}.x` } }, 'FILE_NOT_FOUND'],
      ['x.csv', { result: { ...result, rowCount: 2 } }, 'FORMAT_DATA'],
      ['x.csv', { result: { ...result, columns: [...result.columns, ...result.columns] } }, 'FORMAT_DATA'],
      ['x.json', { format: 'json', result: { ...result, rowCount: 2 } }, 'FORMAT_DATA'],
      [
        'x.json',
        { format: 'json', result: { ...result, columns: [...result.columns, ...result.columns] } },
        'FORMAT_DATA',
      ],
      ['x.csv', { sql: 'create or replace table z as select 1' }, 'SQL_RUN'],
      ['x.json', { format: 'json', sql: 'create or replace table z as select 1' }, 'SQL_RUN'],
      ['x.csv', { sql: 'select nope' }, 'SQL_BIND'],
      [
        'x.parquet',
        { format: 'parquet', sql: "select '-170141183460469231731687303715884105728'::hugeint" },
        'SQL_RUN',
      ],
      ['x.xlsx', { format: 'xlsx', sql: "select repeat('x', 32768) s" }, 'FORMAT_UNSUPPORTED'],
      ['x.xlsx', { format: 'xlsx', sql: 'select 1', options: { sheet: 'a/b' } }, 'PARAMS_INVALID'],
    ];
    for (const [name, params, kind] of refused) {
      await assert.rejects(write(name, { ...params }), { kind }, `${name} ${JSON.stringify(params)}`);
      assert.deepEqual(
        readdirSync(folder).sort(),
        ['link', 'there.csv'],
        `${name} ${JSON.stringify(params)}`,
      );
    }
    assert.equal(text('there.csv'), 'old');
    assert.deepEqual(readdirSync(outside), []);
    assert.equal((await write('ok.csv', { sql })).rowCount, 1);
  });

  it('go anywhere when the user chose the path, and through links to what they lead to', async () => {
    writeFileSync(path.join(outside, 'real.csv'), 'old');
    symlinkSync(path.join(outside, 'real.csv'), file('link.csv'));
    const written = await write('link.csv', { sql: 'select 1 a', chosen: true, overwrite: true });
    assert.equal(readFileSync(path.join(outside, 'real.csv'), 'utf8'), 'a\n1\n');
    assert.equal(path.basename(written.path), 'real.csv');
    const odd = path.join(outside, "it's a #1 100% é.csv");
    await write('', { path: odd, sql: 'select 2 b', chosen: true });
    assert.equal(readFileSync(odd, 'utf8'), 'b\n2\n');
    rmSync(outside, { recursive: true });
    mkdirSync(outside);
  });

  for (const format of FORMATS) {
    it(`leave nothing when they are cancelled: ${format}`, async () => {
      writeFileSync(file('old'), 'old');
      for (const name of ['old', 'new']) {
        const cancel = new AbortController();
        const writing = write(name, { format, sql: ENDLESS, overwrite: true }, cancel.signal);
        // Something of it is on the disk.
        await until(() => readdirSync(folder).some((entry) => entry.endsWith('.quern-part')), writing);
        cancel.abort();
        await assert.rejects(writing, { kind: 'CANCELLED' });
        assert.deepEqual(readdirSync(folder), ['old']);
        assert.equal(text('old'), 'old');
      }
    });

    it(`leave what was there when they fail in the middle: ${format}`, async () => {
      writeFileSync(file('old'), 'old');
      const sql = "select case when i < 300000 then i else error('boom') end as i from range(400000) r(i)";
      await assert.rejects(write('old', { format, sql, overwrite: true }), { kind: 'SQL_RUN' });
      assert.deepEqual(readdirSync(folder), ['old']);
      assert.equal(text('old'), 'old');
    });
  }

  it('leave nothing when the engine has to be ended', async () => {
    const wat = '(module (func (export "hang") (param i32) (result i32) (loop $l (br $l)) (unreachable)))';
    const bytes = await assemblePlugin(wat, [sqlFunction('hang', ['INTEGER'], 'INTEGER')]);
    const base64 = Buffer.from(bytes).toString('base64');
    await connection.request('module/load', { name: 'hang', namespace: folder, bytes: { base64 } });
    const sql = 'select case when i < 200000 then i else hang(i::integer) end as i from range(300000) r(i)';
    const hanging = write('x', { sql, limits: { timeoutMs: 3000 } });
    await assert.rejects(hanging, { kind: 'DEADLINE_EXCEEDED' });
    assert.deepEqual(readdirSync(folder), []);
    assert.equal((await write('ok.csv', { sql: 'select 1' })).rowCount, 1);
  });

  it('tell how far they are', async () => {
    const result = await run('select range i, range::varchar s from range(3000000)');
    for (const format of ['csv', 'ndjson'] as const) {
      const percents: number[] = [];
      const params = { session, path: file(`p.${format}`), format, result };
      await connection.request('sql/export', params, {
        onProgress: (percent) => void percents.push(percent),
      });
      assert.ok(percents.length > 1, `${format}: ${percents}`);
      assert.deepEqual(
        [...percents].sort((a, b) => a - b),
        percents,
      );
    }
  });
});

/** Resolves when something is so; what fails first is thrown. */
async function until(isSo: () => boolean, running: Promise<unknown>): Promise<void> {
  let ended = false;
  running.then(
    () => {
      ended = true;
    },
    () => {
      ended = true;
    },
  );
  while (!isSo()) {
    if (ended) await running;
    await new Promise((resolve) => setImmediate(resolve));
  }
}
