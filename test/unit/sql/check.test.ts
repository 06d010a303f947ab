import assert from 'node:assert/strict';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Engine } from '../../../wasm-core/sql/engine.ts';
import { openTestSession, startEngine, type TestSession } from '../../support/sql-session.ts';

describe('a check of statements', () => {
  let engine: Engine;
  let test: TestSession;
  before(async () => {
    engine = startEngine();
    test = await openTestSession(engine);
  });
  after(async () => {
    await test.close();
    await engine.dispose();
  });

  /** Each fault as `kind: the text that it is at`. */
  async function faults(sql: string, statements?: readonly number[]): Promise<string[]> {
    const { diagnostics } = await test.session.check({ sql, ...(statements && { statements }) });
    return diagnostics.map(({ kind, start, end }) => `${kind}: ${sql.slice(start, end)}`);
  }
  async function clean(sql: string): Promise<void> {
    assert.deepEqual((await test.session.check({ sql })).diagnostics, [], sql);
  }

  describe('sees what earlier statements do', () => {
    it('attached databases, those there and those still to be made', async () => {
      await test.run("attach 'shop.duckdb' as s; create table s.goods as select 1 id, 'x' as name; detach s");
      assert.deepEqual(await faults("attach 'shop.duckdb' as s; select id, price from s.goods"), [
        'SQL_BIND: price',
      ]);
      assert.deepEqual(await faults("attach 'shop.duckdb'; select * from shop.bads"), [
        'SQL_BIND: shop.bads',
      ]);
      await clean("attach 'new.duckdb' as n; create table n.t (a int); select a from n.t; detach n");
      await clean(
        "attach ':memory:' as m; create schema m.x; create table m.x.t as select 1 a; use m.x; from t; use memory; detach m",
      );
      assert.equal(existsSync(path.join(test.folder, 'new.duckdb')), false);
      assert.deepEqual(await faults("attach ':memory:' as m; select 1; from m.t"), ['SQL_BIND: m.t']);
    });

    it('says nothing of what it cannot know', async () => {
      await clean("attach 'pg' as p (type postgres); select a from p.t");
      await clean("attach 'shop.duckdb' as s; create table s.more as select 1 a; select a from s.more");
      await clean(
        "attach ':memory:' as m; create table m.t (a int); create table here (b int); select b from here, m.t",
      );
      await clean("create type mood as enum (select 'a'); select enum_range(null::mood)");
      const text = "attach 'pg' as p (type postgres); selec a from p.t; select nope";
      assert.deepEqual(await faults(text), ['SQL_PARSE: selec', 'SQL_BIND: nope']);
    });

    it('variables, without running the query that gives their value', async () => {
      await clean("set variable x = 3; select getvariable('x') + 1");
      await clean("set variable names = ['a.csv']; select unnest(getvariable('names'))");
      await clean(
        "set variable n = (select sum(i) from range(100000000000) t(i)); select getvariable('n') + 1",
      );
      assert.deepEqual(await faults("set variable s = (select 'a'); select nope, getvariable('s')"), [
        'SQL_BIND: nope',
      ]);
      writeFileSync(path.join(test.folder, 'v.csv'), 'a\n1\n');
      await clean("set variable f = (select 'v.csv'); select a from read_csv(getvariable('f'))");
    });

    it('prepared statements', async () => {
      await clean('prepare p as select $1::int + 1; execute p(2); deallocate p');
      assert.deepEqual(await faults('prepare p as select 1; execute q'), ['SQL_BIND: execute']);
    });

    it('types, sequences, macros, indexes, changed and dropped tables', async () => {
      await clean(`create type mood as enum ('good', 'bad'); create schema s; create sequence s.ids;
        create table s.t (id int primary key default nextval('s.ids'), m mood);
        create macro twice(x) as x * 2; create macro rows(n) as table from range(n);
        alter table s.t add column more int; alter table s.t rename to u;
        select twice(more), m::mood from s.u, rows(3); insert into s.u values (1, 'good', 2) on conflict (id) do nothing`);
      await clean(
        'create table t (a int); create unique index i on t (a); insert into t values (1) on conflict (a) do nothing',
      );
      await clean(
        'create table c as from range(3) with no data; create table d as (from c) with data; select range from d',
      );
      assert.deepEqual(await faults('create table t (a int); drop table t; from t'), ['SQL_BIND: t']);
      await clean(
        'drop table if exists t; create table t (a int); drop table t; create table t (b int); select b from t',
      );
    });

    it('a change of a table that has many rows', async () => {
      await test.run('create or replace table big as select i as a, i as b from range(5000) t(i)');
      await clean(
        'alter table big add column c int; select c from big; create unique index ix on big (a); insert into big values (1, 2, 3) on conflict (a) do nothing',
      );
      assert.deepEqual(await test.rows('select count(*), max(b) from big'), [['5000', '4999']]);
      assert.deepEqual(await faults('select c from big'), ['SQL_BIND: c']);
    });

    it('settings that say how statements are read', async () => {
      await clean('set old_implicit_casting = true; select substring(12345, 2, 3)');
      assert.deepEqual(await faults('select substring(12345, 2, 3)'), ['SQL_BIND: substring']);
    });

    it('goes on behind an error that ends a transaction', async () => {
      const text =
        "create table t (a int); select * from 'nobody.csv'; create secret (type s3); select a, b from t";
      assert.deepEqual(await faults(text), [
        "FILE_NOT_FOUND: 'nobody.csv'",
        'SQL_RUN: create',
        'SQL_BIND: b',
      ]);
    });
  });

  it('takes parameters for whatever they may be', async () => {
    await clean(
      'select $x + 1; from read_csv($file); create view v as select $x as a; select * from range(3) limit $n',
    );
    await clean('create table t as select $x as a; select a from t');
    assert.deepEqual(await faults('select nope, $x'), ['SQL_BIND: nope']);
    assert.deepEqual(await faults('create view v as select nope, $x'), ['SQL_BIND: nope']);
  });

  it('is silent about what the engine takes as several statements, or as others', async () => {
    await clean(
      'create table r (a int, b int); pivot r on a using sum(b); from (pivot r on a in (1, 2) using sum(b))',
    );
    await clean(
      "pragma database_list; call pragma_version(); explain analyze select 1; copy (select 1) to 'o.csv'",
    );
    await clean(
      "export database 'out'; checkpoint; load json; begin; commit; rollback; begin transaction; vacuum; analyze",
    );
    assert.deepEqual(await faults('pivot nobody on a using sum(b)'), ['SQL_BIND: nobody']);
    assert.deepEqual(await faults('begin foo'), ['SQL_PARSE: foo']);
    assert.equal(existsSync(path.join(test.folder, 'out')), false);
  });

  it('leaves nothing behind', async () => {
    const state = async (): Promise<unknown[]> => [
      await test.rows(
        "select database_name from duckdb_databases() where database_name not like 'quern%' order by 1",
      ),
      await test.rows('select table_name from duckdb_tables() order by 1'),
      await test.rows('select name, value from duckdb_variables() order by 1'),
      await test.rows('select name from duckdb_prepared_statements() order by 1'),
      readdirSync(test.folder).sort(),
    ];
    await test.run("set variable mine = 42; prepare kept as select 'kept' as k");
    const before = await state();
    await clean(`attach ':memory:' as m; use m; create table t (a int); set variable mine = 'other'; set variable new = 1;
      prepare kept as select 1 as other; prepare more as select 2; deallocate more; reset variable mine; set search_path = 'm.main';
      use memory; create table u as select 1; copy (select 1) to 'made.csv'; insert into u values (2)`);
    assert.deepEqual(await state(), before);
    // The next check begins where this one did.
    await clean("select k from (select 'kept' as k); execute kept; select getvariable('mine') + 1");
    assert.deepEqual(await faults('from t'), ['SQL_BIND: t']);
    assert.deepEqual(await faults('execute more'), ['SQL_BIND: execute']);
  });

  describe('of some statements of a text', () => {
    const text = 'create table t (a int); select nope; select b from t; selec; select c from t';
    it('tells of these alone, and knows what they depend on', async () => {
      assert.deepEqual(await faults(text, [2]), ['SQL_BIND: b']);
      assert.deepEqual(await faults(text, [4, 1]), ['SQL_BIND: nope', 'SQL_BIND: c']);
      assert.deepEqual(await faults(text, [0]), []);
      assert.deepEqual(await faults(text, [99]), []);
    });

    it('says which it had no time for, one at least being done', async () => {
      const many = Array.from({ length: 300 }, (_, i) => `select nope${i} from range(10)`).join(';');
      const first = await test.session.check({ sql: many, budgetMs: 1 });
      const { unchecked = [] } = first;
      assert(unchecked.length > 0 && first.diagnostics.length > 0);
      assert.equal(unchecked.length + first.diagnostics.length, 300);
      const rest = await test.session.check({ sql: many, statements: unchecked });
      assert.equal(rest.diagnostics.length, unchecked.length);
      assert.equal(rest.unchecked, undefined);
    });
  });

  it('sees what a transaction of the session made that is still open', async () => {
    await test.run('begin; create table pending (a int)');
    await clean('select a from pending');
    assert.deepEqual(await faults('select b from pending'), ['SQL_BIND: b']);
    await test.run('rollback');
    assert.deepEqual(await faults('select a from pending'), ['SQL_BIND: pending']);
  });

  it('sees a file as it is now', async () => {
    const file = path.join(test.folder, 'now.csv');
    writeFileSync(file, 'a\n1\n');
    await clean("select a from 'now.csv'");
    writeFileSync(file, 'other,b\n1,2\n');
    assert.deepEqual(await faults("select a from 'now.csv'"), ['SQL_BIND: a']);
    await clean("select other, b from 'now.csv'");
  });
});
