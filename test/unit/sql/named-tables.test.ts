import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { tableFromArrays, tableToIPC } from 'apache-arrow';
import { sessionTables } from '../../../wasm-core/host/session-tables.ts';
import type { ErrorKind } from '../../../wasm-core/protocol/errors.ts';
import { readWorkspaceFile } from '../../../wasm-core/protocol/workspace-file.ts';
import type { Engine } from '../../../wasm-core/sql/engine.ts';
import { throwsKind } from '../../support/core-error.ts';
import { openTestSession, startEngine, type TestSession } from '../../support/sql-session.ts';
import { handmadeWorkbook } from '../../support/workbooks.ts';

const TABLES = {
  movies: {
    path: 'data/movies-*.csv',
    options: { delim: ';', header: true, nullstr: ['', '-'] },
    columns: { code: 'VARCHAR' },
    description: 'Films, by year.',
  },
  plain: { path: './data/plain.csv' },
  'with space': { path: 'data/plain.csv', columns: { n: 'DECIMAL(6,2)' } },
  "o'clock": { path: ['data/a.json', 'data/b.json'] },
  arrow: { path: 'data/x.arrow' },
  arrows: { path: ['data/x.arrow', 'data/y.arrow'], columns: { i: 'BIGINT' } },
  'arrow by format': { path: 'data/x.arrow', format: 'arrow' },
  sheet: { path: 'data/book.xlsx', options: { sheet: 'Two' } },
  parted: { path: 'data/p.parquet', columns: { i: 'VARCHAR' } },
  gone: { path: 'data/gone.csv' },
  outside: { path: '../secret.csv' },
  faulty: { path: 'data/plain.csv', format: 'cvs' },
  unknownOption: { path: 'data/plain.csv', options: { delimx: ';' } },
  unknownType: { path: 'data/plain.csv', columns: { n: 'INTEGR' } },
  unknownColumn: { path: 'data/p.parquet', columns: { nope: 'INTEGER' } },
};

describe('named tables of a session', () => {
  let engine: Engine;
  let test: TestSession;
  before(async () => {
    engine = startEngine();
    test = await openTestSession(engine);
    const write = (name: string, text: string) => writeFileSync(path.join(test.folder, name), text);
    mkdirSync(path.join(test.folder, 'data'));
    write('data/movies-1.csv', 'title;code;year\nHeat;007;1995\nRan;-;1985\n');
    write('data/movies-2.csv', 'title;code;year\n"A;b";010;\n');
    write('data/plain.csv', 'n,s\n1,x\n2,y\n');
    write('data/a.json', '[{"a": 1}]');
    write('data/b.json', '[{"a": 2}]');
    write('../secret.csv', 'n\n1\n');
    for (const [file, i] of [
      ['x', 1],
      ['y', 2],
    ] as const) {
      const table = tableFromArrays({ i: Int32Array.of(i) });
      writeFileSync(path.join(test.folder, `data/${file}.arrow`), tableToIPC(table, 'file'));
    }
    const cells = (text: string) =>
      `<row><c t="inlineStr"><is><t>h</t></is></c></row><row><c><v>${text}</v></c></row>`;
    const sheets = [
      { name: 'One', rows: cells('1') },
      { name: 'Two', rows: cells('2') },
    ];
    writeFileSync(path.join(test.folder, 'data/book.xlsx'), handmadeWorkbook({ sheets }));
    await test.run(`copy (select 5 as i, 'é' as s) to 'data/p.parquet'`);
    await name(TABLES);
  });
  after(async () => {
    await test.close();
    await engine.dispose();
  });

  async function name(tables: object): Promise<void> {
    const { settings } = readWorkspaceFile(JSON.stringify({ tables }), { source: 'quern.json' });
    await test.session.setTables(sessionTables(settings, test.folder));
  }

  const rows: readonly [sql: string, expected: readonly (readonly (string | null)[])[]][] = [
    [
      'from movies order by title',
      [
        ['A;b', '010', null],
        ['Heat', '007', '1995'],
        ['Ran', null, '1985'],
      ],
    ],
    ['select count(*) from MOVIES m where m.year > 1990', [['1']]],
    ['select movies.code from movies where movies.title = $$Heat$$', [['007']]],
    [
      'from plain',
      [
        ['1', 'x'],
        ['2', 'y'],
      ],
    ],
    ['select typeof(n), typeof(s) from "with space" limit 1', [['DECIMAL(6,2)', 'VARCHAR']]],
    ['select sum(a)::int from "o\'clock"', [['3']]],
    ['select i, typeof(i), s from parted', [['5', 'VARCHAR', 'é']]],
    ['from arrow', [['1']]],
    ['select sum(i)::int, any_value(typeof(i)) from arrows', [['3', 'BIGINT']]],
    ['from "arrow by format"', [['1']]],
    ['select h::int from sheet', [['2']]],
    ['with movies as (select 7 as x) from movies', [['7']]],
    ['select p.s from plain p join plain q using (n) where q.n = 2', [['y']]],
    ['select (select count(*) from plain)::int', [['2']]],
  ];
  for (const [sql, expected] of rows) {
    it(`are read by their names: ${sql}`, async () => {
      assert.deepEqual(await test.rows(sql), expected);
      const { diagnostics } = await test.session.check({ sql });
      assert.deepEqual(diagnostics, []);
    });
  }

  it('have their columns described without a run', async () => {
    const { columns } = await test.session.describe({ sql: 'from movies' });
    assert.deepEqual(
      columns.map(({ name, type }) => `${name} ${type}`),
      ['title VARCHAR', 'code VARCHAR', 'year BIGINT'],
    );
  });

  const faults: readonly [sql: string, kind: ErrorKind, message: RegExp][] = [
    [
      'from gone',
      'FILE_NOT_FOUND',
      /^The table gone of quern\.json cannot be read: There is no file '.*gone\.csv'/,
    ],
    [
      'from outside',
      'PATH_DENIED',
      /^The table outside of quern\.json cannot be read: '.*secret\.csv' is outside/,
    ],
    ['from faulty', 'FORMAT_WORKSPACE', /tables\.faulty\.format is "cvs"/],
    ['from unknownOption', 'SQL_BIND', /^The table unknownOption of quern\.json .*"delimx"/],
    ['from unknownType', 'SQL_BIND', /^The table unknownType of quern\.json .*INTEGR/],
    ['from unknownColumn', 'SQL_BIND', /^The table unknownColumn of quern\.json .*"nope"/],
    ['select 1 + n from "GONE"', 'FILE_NOT_FOUND', /^The table gone of quern\.json cannot be read/],
    ['from moveis', 'SQL_BIND', /Did you mean "movies"/],
    ['insert into plain values (1)', 'SQL_BIND', /^plain is a table of quern\.json: it can be read/],
  ];
  for (const [sql, kind, message] of faults) {
    it(`say what is wrong with them where they are read: ${sql}`, async () => {
      await throwsKind(kind, message, () => test.run(sql));
      const { diagnostics } = await test.session.check({ sql });
      assert.deepEqual(
        diagnostics.map((found) => [found.kind, message.test(found.message)]),
        [[kind, true]],
      );
    });
  }

  it('say it at the name in the statement', async () => {
    const { diagnostics } = await test.session.check({ sql: 'select 1;\nselect * from "gone" where true' });
    assert.deepEqual(
      diagnostics.map(({ start, end, statement }) => ({ start, end, statement })),
      [{ start: 24, end: 30, statement: 1 }],
    );
  });

  it('leave errors of the statement alone', async () => {
    for (const sql of ['select nope from plain', 'select 1 +', 'from plain where s > 1 and']) {
      const { diagnostics } = await test.session.check({ sql });
      assert.equal(diagnostics.length, 1, sql);
      assert.doesNotMatch(diagnostics[0]?.message ?? '', /quern\.json/);
    }
    const { diagnostics } = await test.session.check({ sql: 'select nope from plain' });
    assert.match(diagnostics[0]?.message ?? '', /nope/);
  });

  it('give way to what the session makes', async () => {
    await test.run('create temp table plain as select 42 as own');
    assert.deepEqual(await test.rows('from plain'), [['42']]);
    assert.deepEqual((await test.session.check({ sql: 'select own from plain' })).diagnostics, []);
    await test.run('drop table plain');
    assert.equal((await test.rows('from plain')).length, 2);
    const text = 'create table plain as select 1 as mine; select mine from plain';
    assert.deepEqual((await test.session.check({ sql: text })).diagnostics, []);
  });

  it('are read by views and macros that outlive a change of the files', async () => {
    await test.run('create or replace view v as from plain; create or replace macro m() as table from plain');
    writeFileSync(path.join(test.folder, 'data/plain.csv'), 'n,s\n1,x\n2,y\n3,z\n');
    assert.deepEqual(
      await test.rows('select (select count(*) from v)::int, (select count(*) from m())::int'),
      [['3', '3']],
    );
    writeFileSync(path.join(test.folder, 'data/plain.csv'), 'n,s\n1,x\n2,y\n');
  });

  it('see files as they are at each run', async () => {
    const file = path.join(test.folder, 'data/fresh.csv');
    await name({ ...TABLES, fresh: { path: 'data/fresh.csv' } });
    writeFileSync(file, 'a\n1\n');
    assert.deepEqual(await test.rows('from fresh'), [['1']]);
    writeFileSync(file, 'a,b\n1,2\n');
    assert.deepEqual(await test.rows('select b from fresh'), [['2']]);
    assert.deepEqual((await test.session.check({ sql: 'select b from fresh' })).diagnostics, []);
  });

  it('follow their entries, also in a database that is begun again', async () => {
    await name({ other: { path: 'data/plain.csv' } });
    await throwsKind('SQL_BIND', /movies does not exist/, () => test.run('from movies'));
    assert.equal((await test.rows('from other')).length, 2);
    await test.session.reopen();
    assert.equal((await test.rows('from other')).length, 2);
    await name(TABLES);
    assert.equal((await test.rows('from movies')).length, 3);
  });

  it('are in the catalog, whose version changes with them', async () => {
    const { version, catalog } = await test.session.catalog();
    const named = catalog?.named.find((table) => table.name === 'movies');
    assert.deepEqual(named, {
      name: 'movies',
      files: [`${test.folder}/data/movies-*.csv`],
      description: 'Films, by year.',
    });
    assert.match(catalog?.named.find((table) => table.name === 'faulty')?.fault ?? '', /cvs/);
    await name({ ...TABLES, more: { path: 'x.csv' } });
    assert.notEqual((await test.session.catalog()).version, version);
  });

  it('are found in a folder whose name is a pattern', async () => {
    const folder = path.join(test.folder, 'a[1]*');
    mkdirSync(folder);
    writeFileSync(path.join(folder, 'x-1.csv'), 'q\n9\n');
    const { settings } = readWorkspaceFile(JSON.stringify({ tables: { odd: { path: 'x-*.csv' } } }), {
      source: 'quern.json',
    });
    await test.session.setTables(sessionTables(settings, folder));
    assert.deepEqual(await test.rows('from odd'), [['9']]);
  });

  it('leave an aborted transaction what it is', async () => {
    await name(TABLES);
    const twice = 'begin; create table once (i int); create table once (i int)';
    await throwsKind('SQL_BIND', /already exists/, () => test.run(twice));
    const error = await test.run('from plain').then(
      () => undefined,
      (failed: Error) => failed,
    );
    if (error !== undefined) assert.doesNotMatch(error.message, /quern\.json/);
    await test.run('rollback');
    assert.equal((await test.rows('from plain')).length, 2);
  });
});
