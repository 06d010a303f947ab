import assert from 'node:assert/strict';
import { readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { throwsKind } from '../../support/core-error.ts';
import { survivesDamage } from '../../support/damaged-files.ts';
import { openTestSession, startEngine, type TestSession } from '../../support/sql-session.ts';
import { leftFile, sqliteFile } from '../../support/sqlite-files.ts';

describe('databases of SQLite', () => {
  const engine = startEngine();
  let test: TestSession;
  const file = (name: string) => path.join(test.folder, name);
  const write = (name: string, bytes: Uint8Array | string) => writeFileSync(file(name), bytes);
  const text = (sql: string) => test.rows(`select columns(*)::varchar from (${sql})`);

  before(async () => {
    test = await openTestSession(engine);
    write(
      'shop.sqlite',
      await sqliteFile(`create table item(id integer primary key, name text, price real, sold boolean, day date, at datetime, raw blob, amount decimal(10,2));
        insert into item values (1, 'a', 0.1, 1, '2024-02-29', '2024-02-29 10:00:00.5', x'00ff', 12.5),
          (9223372036854775807, 'Ä 𝔘 ''q''', -1e300, 0, '1999-12-31', '1970-01-01T00:00:00Z', x'', 3), (-5, null, null, null, null, null, null, null);
        create table "odd ""name"""("a b" int, second text); insert into "odd ""name""" values (7, 'seven');
        create view cheap as select name, price * 2 as twice, count(*) over () as n from item where price < 1;`),
    );
  });
  after(async () => {
    await test.close();
    await engine.dispose();
  });

  it('are read by table, with types as they are declared, values exact', async () => {
    assert.deepEqual(await text("from sqlite_scan('shop.sqlite', 'item') order by id"), [
      ['-5', null, null, null, null, null, null, null],
      ['1', 'a', '0.1', 'true', '2024-02-29', '2024-02-29 10:00:00.5', '\\x00\\xFF', '12.5'],
      ['9223372036854775807', "Ä 𝔘 'q'", '-1e+300', 'false', '1999-12-31', '1970-01-01 00:00:00', '', '3.0'],
    ]);
    const { columns } = await test.session.describe({ sql: "from sqlite_scan('shop.sqlite', 'item')" });
    assert.equal(
      columns.map(({ type }) => type).join(),
      'BIGINT,VARCHAR,DOUBLE,BOOLEAN,DATE,TIMESTAMP,BLOB,DOUBLE',
    );
    assert.deepEqual(await test.rows(`from sqlite_scan('shop.sqlite', 'odd "name"')`), [['7', 'seven']]);
    assert.deepEqual(
      await test.rows(
        "select name, twice, n from read_sqlite('shop.sqlite', \"table\" := 'cheap') where name = 'a'",
      ),
      [['a', '0.2', '2']],
    );
    assert.deepEqual(await test.rows("select count(*) from sqlite_scan('shop.sqlite', 'item')"), [['3']]);
  });

  it('are attached, and their tables are then known to checks and the catalog', async () => {
    const sql = `attach 'shop.sqlite' as shop; select price from shop.item where id = 1; select nope from shop.cheap`;
    const { diagnostics } = await test.session.check({ sql });
    assert.deepEqual(
      diagnostics.map(({ start, end }) => sql.slice(start, end)),
      ['nope'],
    );
    assert.deepEqual(
      await test.rows("attach 'shop.sqlite' as shop (type sqlite); select price from shop.item where id = 1"),
      [['0.1']],
    );
    assert.deepEqual(
      await test.rows('select a.id from shop.item a join shop.cheap b using (name) where b.twice > 0'),
      [['1']],
    );
    await assert.rejects(() =>
      test.run("insert into shop.item values (4, 'd', 1, true, null, null, null, null)"),
    );
    assert.deepEqual(await test.rows('detach shop; select 42'), [['42']]);
    assert.deepEqual(await test.rows('-- @db shop.sqlite\nselect name from item where id = 1'), [['a']]);
    assert.deepEqual(await test.rows("attach if not exists 'shop.sqlite'; select count(*) from shop.item"), [
      ['3'],
    ]);
    await test.run('detach shop');
    const { catalog } = await test.session.catalog({ database: 'shop.sqlite' });
    const own = catalog?.tables.filter(({ database }) => database === catalog.current.database);
    assert.deepEqual(own?.map(({ name }) => name).sort(), ['cheap', 'item', 'odd "name"']);
  });

  it('with one table are it, by their path; with more, the message names them', async () => {
    write('one file.db', await sqliteFile('create table only(a int); insert into only values (1), (2)'));
    assert.deepEqual(await test.rows("from 'one file.db'"), [['1'], ['2']]);
    await throwsKind('SQL_BIND', /tables 'item', 'odd "name"', 'cheap': name one with sqlite_scan/, () =>
      test.run("from 'shop.sqlite'"),
    );
    await throwsKind('SQL_BIND', /no table 'itm'\. Did you mean 'item'\?/, () =>
      test.run("from sqlite_scan('shop.sqlite', 'itm')"),
    );
    await test.run("attach 'duck.db' as duck; create table duck.t as select 1 a; detach duck");
    await throwsKind(
      'FORMAT_DATA',
      /'duck\.db' is a database of DuckDB.*attach 'duck\.db' as d \(read_only\)/,
      () => test.run("from 'duck.db'"),
    );
  });

  it('are read page by page: 200,000 rows, and as they are now', async () => {
    const sql = (n: number) =>
      `create table n(i integer primary key, t text); with recursive r(i) as (select 0 union all select i + 1 from r where i < ${n - 1}) insert into n select i, 'row ' || i from r`;
    write('many.db3', await sqliteFile(sql(200_000)));
    assert.deepEqual(
      await test.rows("select count(*), sum(i)::varchar, min(t), count(distinct t) from 'many.db3'"),
      [['200000', '19999900000', 'row 0', '200000']],
    );
    assert.deepEqual(await test.rows("select t from 'many.db3' limit 1 offset 150000"), [['row 150000']]);
    write('many.db3', await sqliteFile(sql(3)));
    assert.deepEqual(await test.rows("select count(*) from 'many.db3'"), [['3']]);
  });

  it('with a write-ahead log are read with it, and nothing is written', async () => {
    write('log.db', leftFile('log.db'));
    assert.deepEqual(await test.rows("from 'log.db'"), [['1', 'checkpointed']]);
    write('log.db-wal', leftFile('log.db-wal'));
    const before = readFileSync(file('log.db'));
    assert.deepEqual(await test.rows("select a, b from 'log.db' order by a"), [
      ['1', 'checkpointed'],
      ['2', 'in the log'],
    ]);
    assert.deepEqual(
      await test.rows("select x.b from 'log.db' x join 'one file.db' y on x.a = y.a order by 1"),
      [['checkpointed'], ['in the log']],
    );
    assert.deepEqual(readFileSync(file('log.db')), before);
    assert.deepEqual(readFileSync(file('log.db-wal')), Buffer.from(leftFile('log.db-wal')));
    assert.deepEqual(
      readdirSync(test.folder).filter((name) => /-shm|-journal/.test(name)),
      [],
    );
  });

  it('that were left in the middle of a transaction say so', async () => {
    write('hot.db', leftFile('hot.db'));
    write('hot.db-journal', leftFile('hot.db-journal'));
    await throwsKind('FORMAT_DATA', /'hot\.db' cannot be read: SQLite says: .*not closed properly/, () =>
      test.run("from 'hot.db'"),
    );
  });

  it('with a value of another type than its column say which, and how to read it', async () => {
    write(
      'loose.db',
      await sqliteFile(
        "create table t(n int, d date); insert into t values (1, '2024-01-01'), ('two', 'soon')",
      ),
    );
    await throwsKind(
      'FORMAT_DATA',
      /'loose\.db': column 'n' of table 't' is BIGINT, but has 'two'.*all_varchar/,
      () => test.run("from 'loose.db'"),
    );
    assert.deepEqual(await test.rows("from sqlite_scan('loose.db', 't', all_varchar := true)"), [
      ['1', '2024-01-01'],
      ['two', 'soon'],
    ]);
  });

  it('are refused outside of the allowed folders, also behind a link', async () => {
    const outside = path.join(path.dirname(test.folder), 'outside.sqlite');
    writeFileSync(outside, await sqliteFile('create table t(a)'));
    symlinkSync(outside, file('link.sqlite'));
    for (const sql of [
      "from 'link.sqlite'",
      "attach 'link.sqlite' as x",
      "from sqlite_scan('../outside.sqlite', 't')",
      '-- @db link.sqlite\nselect 1',
    ]) {
      await throwsKind('PATH_DENIED', /outside the folders/, () => test.run(sql));
    }
  });

  it('that are damaged in 400 ways give rows or an error that names them, and the next query is right', async function () {
    this.timeout(600_000);
    const bytes = await sqliteFile(
      "pragma page_size = 512; create table t(a int, b text); create index i on t(b); insert into t values (1, 'one'), (2, 'two'), (3, hex(zeroblob(400)))",
    );
    const failed = await survivesDamage(test, {
      bytes,
      name: 'damaged.sqlite',
      sql: "from sqlite_scan('damaged.sqlite', 't', all_varchar := true)",
      runs: 400,
    });
    assert.ok(failed > 40, `only ${failed} of them failed`);
    await throwsKind('FORMAT_DATA', /not a database of SQLite/, () => {
      write('text.sqlite', 'this is text');
      return test.run("from 'text.sqlite'");
    });
  });
});
