import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { tableFromArrays, tableToIPC } from 'apache-arrow';
import fc from 'fast-check';
import { CoreError } from '../../../wasm-core/protocol/errors.ts';
import { throwsKind } from '../../support/core-error.ts';
import { openTestSession, startEngine, type TestSession } from '../../support/sql-session.ts';
import { sqliteFile } from '../../support/sqlite-files.ts';

/** Partitions of a folder, which a file in the last one ends: it cannot be read. */
const YEARS = ['2023', '2024', '2025', '__HIVE_DEFAULT_PARTITION__', '2030'];

describe('what WHERE says of files that the engine does not know', () => {
  const engine = startEngine();
  let test: TestSession;
  const write = (name: string, bytes: Uint8Array | string) => {
    mkdirSync(path.dirname(path.join(test.folder, name)), { recursive: true });
    writeFileSync(path.join(test.folder, name), bytes);
  };

  before(async () => {
    test = await openTestSession(engine);
    for (const [index, year] of YEARS.entries()) {
      const day = `2026-11-0${index + 1}`;
      const bytes = tableToIPC(tableFromArrays({ v: Int32Array.of(index, index + 10) }), 'file');
      write(`sales/year=${year}/a.arrow`, year === '2030' ? bytes.subarray(0, bytes.length - 200) : bytes);
      write(`days/day=${day}/kind=${index % 2 === 0 ? 'even' : 'odd'}/a.arrow`, bytes);
    }
    write(
      'shop.sqlite',
      await sqliteFile(`create table item(id integer primary key, n int, name text, other text collate nocase, price real);
        create index by_name on item(name);
        insert into item values (1, 10, 'a', 'a', 0.5), (2, 'ten', 'b', 'A', 1), (3, null, 'A', 'b', null), (4, -7, null, null, 2),
          (5, 9007199254740993, '', 'ä', 3);
        create view cheap as select * from item where price < 1;`),
    );
    write(
      'plain.sqlite',
      await sqliteFile(`create table t(id integer primary key, n int, name text, other text collate nocase, price real, day date);
        create index by_n on t(n); create index by_other on t(other);
        with recursive c(i) as (select 0 union all select i + 1 from c where i < 60)
        insert into t select i, case when i % 7 = 0 then null else i % 11 - 5 end,
          case when i % 9 = 0 then null else substr('aAbBäÄ ', i % 7 + 1, 1 + i % 2) end,
          case when i % 8 = 0 then null else substr('AaBb', i % 4 + 1, 1) end, i / 4.0, date('2026-11-01', i || ' days') from c`),
    );
  });
  after(async () => {
    await test.close();
    await engine.dispose();
  });

  it('leaves out files by the values of their partitions', async () => {
    const sales = (rest: string) => test.rows(`select v from 'sales/*/*.arrow' as s where ${rest}`);
    assert.deepEqual(await sales('year = 2024'), [['1'], ['11']]);
    assert.deepEqual(await sales('2025 > s.year and v > 5'), [['10'], ['11']]);
    assert.deepEqual(await sales('YEAR in (2025, 1999)'), [['2'], ['12']]);
    assert.deepEqual(await sales('year between 2023 and 2024 and v % 10 = 1'), [['1'], ['11']]);
    await throwsKind('FORMAT_DATA', /year=2030/, () => sales('year >= 2024'));
    await throwsKind('FORMAT_DATA', /year=2030/, () => sales('year = 2024 or v = 1'));
    await throwsKind('FORMAT_DATA', /year=2030/, () => sales('year is null'));
    const days = (rest: string) =>
      test.rows(
        `select distinct day::varchar, kind from read_arrow('days/**/*.arrow') where ${rest} order by 1`,
      );
    assert.deepEqual(await days("day >= '2026-11-03' and day < date '2026-11-05'"), [
      ['2026-11-03', 'even'],
      ['2026-11-04', 'odd'],
    ]);
    assert.deepEqual(await days("kind = 'odd' and day <> '2026-11-02'"), [['2026-11-04', 'odd']]);
    const named =
      "read_arrow('sales/*/*.arrow', filename := true) where filename = 'sales/year=2024/a.arrow'";
    assert.deepEqual(await test.rows(`select count(*) from ${named}`), [['2']]);
  });

  it('is asked of SQLite, which has indexes', async () => {
    // A row that is no answer is not read, and its text in a column of integers is no error.
    for (const item of ["sqlite_scan('shop.sqlite', 'item')", 'shop.item']) {
      await test.run("attach if not exists 'shop.sqlite' as shop");
      assert.deepEqual(await test.rows(`select n from ${item} where id = 1`), [['10']]);
      assert.deepEqual(await test.rows(`select n from ${item} i where i.name = 'a' and i.id < 9`), [['10']]);
      assert.deepEqual(await test.rows(`select id from ${item} where other in ('a', 'ä') order by id`), [
        ['1'],
        ['5'],
      ]);
      await throwsKind('FORMAT_DATA', /'n' of table 'item' is BIGINT, but has 'ten'/, () =>
        test.run(`select n from ${item} where price > 0`),
      );
      await throwsKind('FORMAT_DATA', /'ten'/, () =>
        test.run(`select n from ${item} where id = 1 or n = 10`),
      );
    }
    assert.deepEqual(await test.rows('-- @db shop.sqlite\nselect n from item where id >= 4'), [
      ['-7'],
      ['9007199254740993'],
    ]);
    assert.deepEqual(await test.rows('select id from shop.item where n = 10'), [['1']]);
    await test.run('detach shop');
  });

  it('is said of one relation alone, whatever else reads the same file', async () => {
    const all = "sqlite_scan('plain.sqlite', 't')";
    const count = async (sql: string) => (await test.rows(sql))[0]?.[0];
    assert.equal(await count(`select count(*) from ${all} where id = 1`), '1');
    assert.equal(await count(`select (select count(*) from ${all}) from ${all} where id = 1`), '61');
    assert.equal(
      await count(`with t as (from ${all}) select (select count(*) from t) from ${all} where id = 1`),
      '61',
    );
    assert.equal(await count(`select count(*) from ${all} a join ${all} b using (id) where a.id < 3`), '3');
    await test.run(`create macro counted() as (select count(*) from ${all}); create view v as from ${all}`);
    assert.equal(await count(`select counted() from ${all} where id = 1`), '61');
    assert.equal(await count('select count(*) from v where id = 1'), '1');
    assert.equal(await count("select count(*) from 'plain.sqlite' t(n, id) where id = 1"), '4');
    assert.equal(await count(`select count(*) from ${all} tablesample 100% where id = 1`), '1');
    const place = (more: string) =>
      count(`select ordinality${more} from ${all} with ordinality where id = 20`);
    assert.equal(await place(''), await place(', counted()'));
    // A view of the session in the place of the path.
    await test.run(`create view "x.db" as select id, 1 as n from ${all} union all select 1, 1`);
    assert.equal(await count('select count(*) from "x.db" where id = 1'), '2');
    // A macro in the place of the function.
    await test.run(`create macro read_sqlite(path) as table (select count(*) as id from ${all})`);
    assert.equal(await count("select id from read_sqlite('plain.sqlite') where id = 61"), '61');
    await test.run('drop macro table read_sqlite');
    await test.run('drop macro counted; drop view v; drop view "x.db"');
  });

  it('gives the rows that the engine would have found by itself', async () => {
    await test.run("attach 'plain.sqlite' as plain; create macro hidden() as (select 1)");
    const column = fc.constantFrom(
      'id',
      'ID',
      'n',
      'name',
      'other',
      'price',
      'day',
      't.n',
      't.name',
      'kind',
      'year',
    );
    const value = fc.constantFrom(
      ...['0', '-3', '4', '30', '1.5', 'null', "'a'", "'A'", "'ä'", "''", "'4'", "' '", "date '2026-11-20'"],
      ...["'2026-11-03'", '9007199254740993', 'true', "'even'", "'b'", '2024', '2 + 2'],
    );
    const comparison = fc.oneof(
      fc.tuple(column, fc.constantFrom('=', '<', '<=', '>', '>=', '<>'), value).map((p) => p.join(' ')),
      fc.tuple(value, fc.constantFrom('=', '<', '>='), column).map((p) => p.join(' ')),
      fc.tuple(column, value, value).map(([c, a, b]) => `${c} in (${a}, ${b})`),
      fc.tuple(column, value, value).map(([c, a, b]) => `${c} between ${a} and ${b}`),
      column.map((c) => `${c} is null`),
      column.map((c) => `lower(${c}::varchar) = 'a'`),
    );
    const { where } = fc.letrec<{ where: string }>((tie) => ({
      where: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        comparison,
        fc.tuple(tie('where'), tie('where')).map(([a, b]) => `${a} and ${b}`),
        fc.tuple(tie('where'), tie('where')).map(([a, b]) => `(${a} or ${b})`),
        tie('where').map((a) => `not (${a})`),
      ),
    }));
    const from = fc.constantFrom(
      "'plain.sqlite' t",
      'plain.t',
      "sqlite_scan('plain.sqlite', 't') as t",
      "'days/**/*.arrow' t",
    );
    const collation = fc.constantFrom('', '', 'nocase');
    const outcome = async (sql: string) => {
      try {
        return (await test.rows(sql)).map((row) => row.join('|')).sort();
      } catch (error) {
        if (error instanceof CoreError) return error.kind;
        throw error;
      }
    };
    await fc.assert(
      fc.asyncProperty(from, where, collation, async (relation, condition, collate) => {
        await test.run(`set default_collation = '${collate}'`);
        const told = await outcome(`select *, 1 as one from ${relation} where ${condition}`);
        // A macro with a query might read the same file, so that nothing is said of it.
        const untold = await outcome(`select *, hidden() as one from ${relation} where ${condition}`);
        assert.deepEqual(told, untold);
      }),
      { numRuns: 300 },
    );
    await test.run("set default_collation = ''");
  });
});
