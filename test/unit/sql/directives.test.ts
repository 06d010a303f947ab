import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { throwsKind } from '../../support/core-error.ts';
import { writeDatabase } from '../../support/duckdb-file.ts';
import { openTestSession, startEngine, type TestSession } from '../../support/sql-session.ts';

describe('directives above statements', () => {
  const engine = startEngine();
  let t: TestSession;
  before(async () => {
    t = await openTestSession(engine);
    await writeDatabase(path.join(t.folder, 'sales.duckdb'), [
      'create table orders as select range as id from range(3)',
      "create type mood as enum ('sad', 'glad')",
      "create table moods as select 'glad'::mood as m",
      'create schema old',
      'create table old.orders as select 99 as id',
    ]);
    await t.run('create table mine as select 10 as id; create table orders as select 7 as id');
  });
  after(async () => {
    await t.close();
    await engine.dispose();
  });

  const checks = async (sql: string) =>
    (await t.session.check({ sql })).diagnostics.map(({ kind, start, end }) => [kind, sql.slice(start, end)]);

  it('tell the columns of statements with a chart to who checks them, where they are known', async () => {
    const sql = `create table made as select 1 as n, 'x' as s;
-- @chart bar x=s
from made;
-- @db sales.duckdb
-- @chart bar
select id, 'a' as word from orders;
-- @chart bar x=a
select $value as a, 1 as b;
-- @chart bar x=id
select id from mine where id > $least;
-- @chart bar
selec 1;
-- @chart bar
pivot mine on id;
-- no chart
select 5 as five;
create table later as select a from nothing_there;
-- @chart bar
from later`;
    const { columns = [] } = await t.session.check({ sql });
    assert.deepEqual(
      columns.map(({ statement, columns: found }) => [
        statement,
        found.map(({ name, type }) => `${name} ${type}`),
      ]),
      [
        [1, ['n INTEGER', 's VARCHAR']],
        [2, ['id BIGINT', 'word VARCHAR']],
        [4, ['id INTEGER']],
      ],
    );
    const one = await t.session.check({ sql, statements: [2] });
    assert.deepEqual(
      one.columns?.map(({ statement }) => statement),
      [2],
    );
    assert.equal((await t.session.check({ sql: 'select 1 as x' })).columns, undefined);
  });

  it('keep as many rows as @limit says, of its statement alone', async () => {
    const sql = '-- @limit 2\nselect * from range(5);\nselect * from range(5)';
    const { statements } = await t.run(sql);
    const counts = statements.map(({ rowCount, truncated }) => [rowCount, truncated]);
    assert.deepEqual(counts, [
      [2, true],
      [5, false],
    ]);
    const [least] = (await t.run(sql, { maxRows: 1 })).statements;
    assert.equal(least?.rowCount, 1);
  });

  it('put the tables of a @db in front for one statement', async () => {
    const sql = '-- @db sales.duckdb\nselect count(*) from orders, mine';
    assert.deepEqual(await t.rows(sql), [['3']]);
    assert.deepEqual(await t.rows('select id from orders'), [['7']]);
    assert.deepEqual(await t.rows('-- @db sales.duckdb\nselect id from old.orders'), [['99']]);
    assert.deepEqual(await t.rows('-- @db sales.duckdb\nselect m from moods'), [['glad']]);
    assert.deepEqual(await t.rows('select database_name from duckdb_databases() where not internal'), [
      ['memory'],
    ]);
  });

  it('of a database show what it has to whoever asks for the catalog and for summaries', async () => {
    const asked = { database: 'sales.duckdb' };
    const { version, catalog } = await t.session.catalog(asked);
    const own = catalog?.tables.filter(
      ({ database, schema }) => database === catalog.current.database && schema === catalog.current.schema,
    );
    assert.deepEqual(
      own?.map(({ name, columns }) => [name, columns.map((column) => column.name)]),
      [
        ['moods', ['m']],
        ['orders', ['id']],
      ],
    );
    assert.deepEqual(catalog?.databases, ['memory']);
    assert.deepEqual(await t.session.catalog({ ...asked, version }), { version });
    assert.deepEqual(await t.session.summary({ source: 'orders', ...asked }), {
      rowCount: 3,
      isEstimate: true,
      columns: [],
    });
    const gone = await t.session.catalog({ database: 'none.duckdb' });
    assert.deepEqual(gone.catalog?.current, { database: 'memory', schema: 'main' });
    assert.equal((await t.session.summary({ source: 'orders', database: 'text' })).rowCount, 1);
    assert.deepEqual(await t.rows('select id from orders'), [['7']]);
  });

  it('take @db relative to the folder of the run', async () => {
    const folder = path.join(t.folder, 'sub');
    mkdirSync(folder, { recursive: true });
    assert.deepEqual(await t.rows('-- @db ../sales.duckdb\nselect max(id) from orders', { folder }), [['2']]);
  });

  it('are known to checks and to descriptions', async () => {
    const good = '-- @db sales.duckdb\nselect m from moods;\nselect id from mine';
    assert.deepEqual(await checks(good), []);
    assert.deepEqual(await checks(`${good};\nselect m from moods`), [['SQL_BIND', 'moods']]);
    const { columns } = await t.session.describe({ sql: '-- @db sales.duckdb\nselect id from orders' });
    assert.deepEqual(columns, [{ name: 'id', type: 'BIGINT' }]);
    const wrong = '-- @db sales.duckdb\nselect idd from orders';
    assert.deepEqual(await checks(wrong), [['SQL_BIND', 'idd']]);
  });

  it('read a database that may not be written', async () => {
    const error = await throwsKind('SQL_RUN', /sales.*read-only/, () =>
      t.run('-- @db sales.duckdb\ninsert into orders values (1)'),
    );
    assert.doesNotMatch(error.message, /__quern/);
  });

  it('use a file that the session has attached', async () => {
    await t.run("attach 'sales.duckdb' as s");
    assert.deepEqual(await t.rows('-- @db sales.duckdb\nselect count(*) from orders'), [['3']]);
    assert.deepEqual(await t.rows('select count(*) from s.orders'), [['3']]);
    await t.run('detach s');
  });

  it('work in a transaction again and again, and after one that was aborted', async () => {
    const sql = '-- @db sales.duckdb\nselect count(*) from orders';
    await t.run(`begin; ${sql};\n${sql};\ncommit`);
    await throwsKind('SQL_RUN', /a0/, () =>
      t.run("begin;\n-- @db sales.duckdb\nselect x::int from (select 'a' || id from orders) t(x)"),
    );
    await t.run('rollback');
    assert.deepEqual(await t.rows('select id from orders'), [['7']]);
    assert.deepEqual(await t.rows(sql), [['3']]);
    for (let i = 0; i < 3; i++) assert.deepEqual(await checks(sql), []);
  });

  it('see a file that took the place of the one before', async () => {
    await writeDatabase(path.join(t.folder, 'next.duckdb'), ['create table fresh as select 5 as v']);
    renameSync(path.join(t.folder, 'next.duckdb'), path.join(t.folder, 'sales.duckdb'));
    assert.deepEqual(await t.rows('-- @db sales.duckdb\nselect v from fresh'), [['5']]);
  });

  it('fail at their own place, in runs and in checks alike', async () => {
    const outside = mkdtempSync(path.join(tmpdir(), 'quern-outside-'));
    writeFileSync(path.join(outside, 'x.duckdb'), '');
    writeFileSync(path.join(t.folder, 'text.csv'), 'a\n1\n');
    try {
      for (const [directive, kind, place] of [
        ['-- @limit many', 'PARAMS_INVALID', '-- @limit many'],
        ['-- @db nope.duckdb', 'FILE_NOT_FOUND', 'nope.duckdb'],
        ['-- @db text.csv', 'FORMAT_DATA', 'text.csv'],
        [`-- @db ${outside}/x.duckdb`, 'PATH_DENIED', `${outside}/x.duckdb`],
        ['-- @db https://example.com/x.duckdb', 'CAPABILITY_DENIED', 'https://example.com/x.duckdb'],
      ] as const) {
        const sql = `select 1;\n${directive}\nselect 2`;
        const { details } = await throwsKind(kind, /./, () => t.run(sql));
        const at = sql.slice(Number(details.start), Number(details.end));
        assert.deepEqual([at, details.statement], [place, 1]);
        assert.deepEqual(await checks(sql), [[kind, place]]);
      }
    } finally {
      rmSync(outside, { recursive: true, force: true });
    }
  });

  it('number the question marks of a statement', async () => {
    const parameters = { 1: 'a', 2: 5 };
    assert.deepEqual(await t.rows('select ? || ?', { parameters }), [['a5']]);
    assert.deepEqual(await t.rows('prepare p as select $1 + 1; execute p(4)'), [['5']]);
    // In runs of their own, with names, and with a value that the run gives.
    await t.run('prepare q as select $low::int + $high::int as sum');
    assert.deepEqual(await t.rows('execute q(low := 1, high := 2)'), [['3']]);
    assert.deepEqual(await t.rows('execute p($n)', { parameters: { n: 8 } }), [['9']]);
    await throwsKind('SQL_RUN', /^Values were not provided .*: 1/, () => t.run('execute p'));
  });
});
