import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { tableFromArrays, tableToIPC } from 'apache-arrow';
import { CoreError } from '../../../wasm-core/protocol/errors.ts';
import {
  openTestSession,
  parquetTo,
  startEngine,
  statementRows,
  type TestSession,
} from '../../support/sql-session.ts';

describe('the SQL engine', () => {
  const engine = startEngine();
  let test: TestSession;
  const file = (name: string) => path.join(test.folder, name);
  const write = (name: string, text: string | Uint8Array) => writeFileSync(file(name), text);

  before(async () => {
    test = await openTestSession(engine);
  });
  after(async () => {
    await test.close();
    await engine.dispose();
  });

  /** Asserts that a run fails with a kind, at a piece of the text, and that the session lives. */
  async function fails(
    sql: string,
    expected: { kind: string; at?: string; message?: RegExp; target?: ReturnType<typeof parquetTo> },
  ): Promise<void> {
    await assert.rejects(test.run(sql, expected.target && { target: expected.target }), (error: unknown) => {
      assert.ok(error instanceof CoreError, String(error));
      assert.equal(error.kind, expected.kind, error.message);
      const { start, end } = error.details as { start: number; end: number };
      if (expected.at !== undefined) assert.equal(sql.slice(start, end), expected.at);
      if (expected.message !== undefined) assert.match(error.message, expected.message);
      assert.doesNotMatch(error.message, /exception_type|__quern|\n\s+at /);
      return true;
    });
    assert.deepEqual(await test.rows('select 42'), [['42']]);
  }

  describe('reads files', () => {
    it('of each format by its ending, relative to the folder', async () => {
      write('a.csv', 'x,y\n1,one\n2,two\n');
      write('a.tsv', 'x\ty\n3\tthree\n');
      write('a.json', '[{"x": 4, "y": "four"}]');
      write('a.ndjson', '{"x": 5, "y": "five"}\n{"x": 6, "y": "six"}\n');
      write('a.arrow', tableToIPC(tableFromArrays({ x: Int32Array.from([7]), y: ['seven'] }), 'file'));
      write('a.arrows', tableToIPC(tableFromArrays({ x: Int32Array.from([8]), y: ['eight'] }), 'stream'));
      await test.run("copy (select 9 x, 'nine' y) to 'a.parquet'");
      const all = ['csv', 'tsv', 'json', 'ndjson', 'arrow', 'arrows', 'parquet'].map(
        (ending) => `select x::int x, y from 'a.${ending}'`,
      );
      const rows = await test.rows(`${all.join(' union all ')} order by x`);
      const words = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];
      assert.deepEqual(
        rows,
        words.map((word, index) => [String(index + 1), word]),
      );
    });

    it('by a pattern, in order', async () => {
      mkdirSync(file('many/deep'), { recursive: true });
      for (const n of [3, 1, 2]) write(`many/${n}.csv`, `n\n${n}\n`);
      write('many/deep/4.csv', 'n\n4\n');
      assert.deepEqual(await test.rows("select n, filename from read_csv('many/*.csv', filename = true)"), [
        ['1', 'many/1.csv'],
        ['2', 'many/2.csv'],
        ['3', 'many/3.csv'],
      ]);
      assert.deepEqual(await test.rows("select sum(n)::int from 'many/**/*.csv'"), [['10']]);
      assert.deepEqual(await test.rows("select count(*) from 'many/[12].csv'"), [['2']]);
    });

    it('as they are now, also after they were replaced, overwritten or deleted', async () => {
      write('now.csv', 'a\n1\n');
      assert.deepEqual(await test.rows("from 'now.csv'"), [['1']]);
      write('now.csv', 'a\n2\n3\n');
      assert.deepEqual(await test.rows("from 'now.csv'"), [['2'], ['3']]);
      write('now.csv.new', 'a\n9\n');
      renameSync(file('now.csv.new'), file('now.csv'));
      assert.deepEqual(await test.rows("from 'now.csv'"), [['9']]);
      await test.run("copy (select 5 a) to 'now.csv'");
      assert.deepEqual(await test.rows("from 'now.csv'"), [['5']]);
      rmSync(file('now.csv'));
      await fails("from 'now.csv'", { kind: 'FILE_NOT_FOUND', at: "'now.csv'" });
    });

    it('of Arrow anew when they have changed', async () => {
      const arrow = (value: number) => tableToIPC(tableFromArrays({ x: Int32Array.from([value]) }), 'file');
      write('b.arrow', arrow(1));
      assert.deepEqual(await test.rows("from 'b.arrow'"), [['1']]);
      write('b.arrow', new Uint8Array([...arrow(2), 0]).subarray(0, arrow(2).length));
      assert.deepEqual(await test.rows("from 'b.arrow'"), [['2']]);
    });

    it('relative to the folder of the run', async () => {
      mkdirSync(file('sub'), { recursive: true });
      write('sub/here.csv', 'a\n7\n');
      assert.deepEqual(await test.rows("from 'here.csv'", { folder: file('sub') }), [['7']]);
    });
  });

  describe('writes files', () => {
    it('over what was there, whole', async () => {
      write('out.csv', 'x'.repeat(1000));
      await test.run("copy (select 1 a, 'b' b) to 'out.csv'");
      assert.equal(readFileSync(file('out.csv'), 'utf8'), 'a,b\n1,b\n');
    });

    it('as Parquet to a path that only the request may name', async () => {
      const target = path.join(test.folder, '../elsewhere.parquet');
      await test.run('select range i from range(10)', { target: parquetTo(target) });
      renameSync(target, file('elsewhere.parquet'));
      assert.deepEqual(await test.rows("select count(*) from 'elsewhere.parquet'"), [['10']]);
    });

    it('as Parquet, as many rows as the request or the directive keeps', async () => {
      const target = parquetTo(file('some.parquet'));
      const count = async (sql: string, maxRows?: number) => {
        await test.run(sql, { target, ...(maxRows !== undefined && { maxRows }) });
        return test.rows("select count(*), max(i), first(i) from 'some.parquet'");
      };
      const sql = 'select range i from range(10) order by i desc';
      assert.deepEqual(await count(sql, 4), [['4', '9', '9']]);
      assert.deepEqual(await count(`-- @limit 3\n${sql}`, 4), [['3', '9', '9']]);
      assert.deepEqual(await count(`-- @limit 300\n${sql}`), [['10', '9', '9']]);
      assert.deepEqual(await count(`-- @limit 2\nwith t as (${sql}) from t -- all of it`), [['2', '9', '9']]);
      await test.run('-- @limit 1\nshow tables', { target });
    });

    it('as Parquet, and tells errors where they are', async () => {
      const target = parquetTo(file('none.parquet'));
      await fails('select 1, nope', { kind: 'SQL_BIND', at: 'nope', target });
      await fails('-- @limit 3\nselect 1, nope', { kind: 'SQL_BIND', at: 'nope', target });
    });

    it('of its own format, attached', async () => {
      await test.run("attach 'kept.duckdb' as kept; create table kept.t as select 1 a; detach kept");
      assert.deepEqual(await test.rows("attach 'kept.duckdb' as again (read_only); from again.t"), [['1']]);
      await test.run('detach again');
    });
  });

  describe('keeps to the folders that were allowed', () => {
    it('by absolute and by relative path, for reading and for writing', async () => {
      await fails("from '/etc/hosts.csv'", {
        kind: 'PATH_DENIED',
        at: "'/etc/hosts.csv'",
        message: /--allow '\/etc'/,
      });
      await fails("from read_text('/etc/hosts')", { kind: 'PATH_DENIED' });
      await fails("from '../../*.csv'", { kind: 'PATH_DENIED' });
      await fails("copy (select 1) to '../escaped.csv'", { kind: 'PATH_DENIED' });
      await fails("attach '../escaped.duckdb'", { kind: 'PATH_DENIED' });
      assert.equal(existsSync(path.join(test.folder, '../escaped.csv')), false);
    });

    it('through symbolic links', async () => {
      symlinkSync('/etc', file('link'));
      await fails("from read_text('link/hosts')", { kind: 'PATH_DENIED' });
      await fails("from read_text('link/h*')", { kind: 'PATH_DENIED' });
    });

    it('and off the network', async () => {
      await fails("from 'https://example.invalid/a.parquet'", {
        kind: 'REMOTE_DENIED',
        message: /network/,
      });
      await fails('load httpfs', { kind: 'SQL_RUN' });
    });
  });

  describe('says what is wrong', () => {
    it('at the word that does not parse', () =>
      fails('select 1;\nselec 2', { kind: 'SQL_PARSE', at: 'selec' }));
    it('behind text that is not ASCII', () =>
      fails("select 'ä😀' as x, nope from range(1)", { kind: 'SQL_BIND', at: 'nope' }));
    it('at a column that is not there', () =>
      fails('select r.nope from range(1) r', { kind: 'SQL_BIND', at: 'r.nope' }));
    it('at a function that is not there', () =>
      fails('select slugg(1)', { kind: 'SQL_BIND', at: 'slugg', message: /slugg/ }));
    it('of a cast', () => fails("select cast('x' || range as int) from range(1)", { kind: 'SQL_RUN' }));
    it('of a missing file', () =>
      fails("from 'none.parquet'", { kind: 'FILE_NOT_FOUND', at: "'none.parquet'" }));
    it('of a folder', async () => {
      mkdirSync(file('folder.csv'), { recursive: true });
      await fails("from read_csv('folder.csv')", { kind: 'FILE_IS_DIRECTORY', message: /folder/ });
    });
    it('of a file that is not what its ending says', async () => {
      write('text.parquet', 'this is text, and long enough to be looked at');
      await fails("from 'text.parquet'", {
        kind: 'FORMAT_DATA',
        at: "'text.parquet'",
        message: /not Parquet/i,
      });
      write('text.arrow', 'this is text');
      await fails("from 'text.arrow'", { kind: 'FORMAT_DATA', at: "'text.arrow'", message: /Arrow/ });
      write('text.json', '{"a": ');
      await fails("from 'text.json'", { kind: 'FORMAT_DATA' });
    });
    it('of a CSV with broken rows', async () => {
      write('broken.csv', `a,b\n${'1,2\n'.repeat(30_000)}x,"unclosed\n`);
      await fails("select sum(a), sum(b) from read_csv('broken.csv', columns = {a: 'INT', b: 'INT'})", {
        kind: 'FORMAT_DATA',
        at: "'broken.csv'",
        message: /Line: 30002/,
      });
    });
    it('of a parameter without a value', () =>
      fails('select 1, $nope', { kind: 'PARAMS_INVALID', at: '$nope', message: /--param nope/ }));
  });

  describe('runs statements', () => {
    it('in order, with the count of what they changed', async () => {
      const { statements } = await test.run(
        'create table c as select range a from range(5); insert into c values (1), (2); from c',
      );
      assert.deepEqual(
        statements.map(({ kind, rowCount, file: rows }) => [kind, rowCount, rows !== undefined]),
        [
          ['CREATE', 5, false],
          ['INSERT', 2, false],
          ['SELECT', 7, true],
        ],
      );
    });

    it('with parameters of each type', async () => {
      const parameters = { n: 41, s: "it's", b: true, nothing: null };
      assert.deepEqual(await test.rows('select $n + 1, $s, $b::int, $nothing', { parameters }), [
        ['42', "it's", '1', null],
      ]);
    });

    it('and cuts rows off at the cap, saying so', async () => {
      const { statements } = await test.run('from range(100000)', { maxRows: 5000 });
      assert.equal(statements[0]?.truncated, true);
      assert.equal(statements[0]?.rowCount, 5000);
      assert.equal(
        statements[0]?.file?.pages.reduce((sum, page) => sum + page.rowCount, 0),
        5000,
      );
    });

    it('with ENUM values as text, at any depth', async () => {
      const sql = "select 'b'::enum('a', 'b') e, ['a'::enum('a', 'it''s')] l, 1 e from range(3)";
      const { statements } = await test.run(sql);
      assert.deepEqual(statementRows(statements[0]).length, 3);
      assert.deepEqual(
        statements[0]?.columns.map(({ name, type }) => [name, type]),
        [
          ['e', "ENUM('a', 'b')"],
          ['l', "ENUM('a', 'it''s')[]"],
          ['e', 'INTEGER'],
        ],
      );
    });

    it('of PIVOT, which is several statements inside', async () => {
      assert.deepEqual(await test.rows("pivot (values ('a', 1), ('b', 2)) t(k, v) on k using sum(v)::int"), [
        ['1', '2'],
      ]);
    });

    it('in pages that cover every row once', async () => {
      const { statements } = await test.run('select range i, range::varchar s from range(100000)');
      const rows = statements[0]?.file?.pages ?? [];
      assert.ok(rows.length > 3);
      let next = 0;
      for (const page of rows) {
        assert.equal(page.firstRow, next);
        next += page.rowCount;
      }
      assert.equal(next, 100_000);
    });
  });

  describe('stops', () => {
    const endless = 'select sum(i) from range(100000000000) t(i)';
    it('when it is cancelled, and keeps its tables', async () => {
      await test.run('create or replace temp table kept_table as select 1 a');
      const controller = new AbortController();
      setTimeout(() => controller.abort(), 200);
      await assert.rejects(test.run(endless, { signal: controller.signal }), { kind: 'CANCELLED' });
      assert.deepEqual(await test.rows('from kept_table'), [['1']]);
    });
    it('at its deadline', async () => {
      await assert.rejects(test.run(endless, { timeoutMs: 200 }), { kind: 'DEADLINE_EXCEEDED' });
      assert.deepEqual(await test.rows('select 1'), [['1']]);
    });
    it('and reports progress until then', async () => {
      const seen: number[] = [];
      await assert.rejects(
        test.run(endless, { timeoutMs: 500, onProgress: (percent) => seen.push(percent) }),
      );
      assert.ok(seen.length > 0 && seen.every((percent) => percent >= -1 && percent <= 100));
    });
  });

  describe('checks without running', () => {
    const check = async (sql: string) => {
      const { diagnostics } = await test.session.check({ sql });
      return diagnostics.map(({ kind, start, end, statement }) => [kind, sql.slice(start, end), statement]);
    };
    it('each statement by itself', async () => {
      assert.deepEqual(await check('select 1; selec 2; select nope from range(1); select 3'), [
        ['SQL_PARSE', 'selec', 1],
        ['SQL_BIND', 'nope', 2],
      ]);
    });
    it('with what earlier statements define, which does not stay', async () => {
      const sql = `create table made as select 1 a; create view seen as from made; create macro plus(x) as x + 1;
        create temp table t(b int); select plus(a) from seen, t; select b from made`;
      assert.deepEqual(await check(sql), [['SQL_BIND', 'b', 5]]);
      await fails('from made', { kind: 'SQL_BIND', at: 'made' });
    });
    it("with the session's own temporary tables", async () => {
      await test.run(
        'create or replace temp table mine as select 1 a; create or replace temp view over_mine as from mine',
      );
      assert.deepEqual(await check('select a from mine; select a from over_mine; select b from mine'), [
        ['SQL_BIND', 'b', 2],
      ]);
    });
    it('without effect on files or rows', async () => {
      await test.run('create or replace table rows_here as select 1 a');
      assert.deepEqual(
        await check("delete from rows_here; copy (select 1) to 'never.csv'; drop table rows_here"),
        [],
      );
      assert.equal(existsSync(file('never.csv')), false);
      assert.deepEqual(await test.rows('from rows_here'), [['1']]);
    });
    it('Arrow files, also while a statement that reads them runs', async () => {
      const rows = tableToIPC(tableFromArrays({ x: Int32Array.from({ length: 5000 }, (_, i) => i) }), 'file');
      for (let attempt = 0; attempt < 10; attempt++) {
        write(`both${attempt}.arrow`, rows);
        const sql = `select sum(a.x * b.x)::bigint s from 'both${attempt}.arrow' a, 'both${attempt}.arrow' b`;
        const [found, run] = await Promise.all([
          check(`${sql}; select nope from 'both${attempt}.arrow'`),
          test.rows(sql),
          test.session.catalog(),
        ]);
        assert.deepEqual(found, [['SQL_BIND', 'nope', 1]]);
        assert.deepEqual(run, [['156187506250000']]);
      }
    });
    it('while a statement runs', async () => {
      const controller = new AbortController();
      const run = test.run('select sum(i) from range(100000000000) t(i)', { signal: controller.signal });
      assert.deepEqual(await check('select nope'), [['SQL_BIND', 'nope', 0]]);
      controller.abort();
      await assert.rejects(run, { kind: 'CANCELLED' });
    });
  });

  it('describes a query, and nothing for one that does not bind', async () => {
    const described = await test.session.describe({
      sql: "select 1 a, {'x': 1.5, 'Y y': ['z']} b, map {'k': date '2020-01-01'} c",
    });
    assert.deepEqual(described.columns, [
      { name: 'a', type: 'INTEGER' },
      { name: 'b', type: 'STRUCT(x DECIMAL(2,1), "Y y" VARCHAR[])' },
      { name: 'c', type: 'MAP(VARCHAR, DATE)' },
    ]);
    assert.deepEqual((await test.session.describe({ sql: 'select nope' })).columns, []);
  });

  it('names the types of a result as it describes them', async () => {
    const sql = 'select * from test_all_types()';
    const { columns } = await test.session.describe({ sql });
    const { statements } = await test.run(sql);
    assert.deepEqual(statements[0]?.columns, columns);
  });

  it('keeps sessions apart', async () => {
    const other = await openTestSession(engine);
    try {
      await test.run('create or replace table apart as select 1 a');
      await assert.rejects(other.run('from apart'), { kind: 'SQL_BIND' });
    } finally {
      await other.close();
    }
  });

  it('holds its own settings whatever a statement sets', async () => {
    await test.run(
      "set temp_directory = '/tmp'; set errors_as_json = false; set enable_external_file_cache = true",
    );
    await fails('select nope', { kind: 'SQL_BIND', at: 'nope' });
    const [row] = await test.rows(
      "select current_setting('temp_directory'), current_setting('enable_external_file_cache')::int",
    );
    assert.deepEqual(row, ['', '0']);
  });
});
