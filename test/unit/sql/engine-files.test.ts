import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Engine } from '../../../wasm-core/sql/engine.ts';
import { throwsKind } from '../../support/core-error.ts';
import { openTestSession, startEngine, type TestSession } from '../../support/sql-session.ts';

describe("the engine's file system", () => {
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
  const file = (...names: string[]): string => path.join(test.folder, ...names);

  it("writes what the profiler gives to the disk, and nowhere outside of the session's folders", async () => {
    await test.run("pragma enable_profiling = 'json'; pragma profiling_output = 'profile.json'; select 42");
    const profile = JSON.parse(readFileSync(file('profile.json'), 'utf8')) as Record<string, unknown>;
    assert.match(String(profile.query_name), /select 42/);
    await test.run("pragma profiling_output = '/quern-outside.json'").catch(() => {});
    await throwsKind('PATH_DENIED', /outside the folders/, () => test.run('select 43'));
    assert.equal(existsSync('/quern-outside.json'), false);
    await test.run("pragma profiling_output = 'profile.json'; pragma disable_profiling").catch(() => {});
    await test.run('pragma disable_profiling');
  });

  it('reads the files of a folder that is named', async () => {
    mkdirSync(file('parts', 'below'), { recursive: true });
    writeFileSync(file('parts', 'a.csv'), 'n\n1\n');
    writeFileSync(file('parts', 'below', 'b.csv'), 'n\n2\n');
    assert.deepEqual(await test.rows("select n from read_csv('parts') order by n"), [['1'], ['2']]);
  });

  it('replaces what is in a folder when it is told to, and only then', async () => {
    const copy = (k: number, options: string) =>
      test.run(`copy (select ${k} as k, ${k} as v) to 'out' (format csv, partition_by (k)${options})`);
    await copy(1, '');
    await throwsKind('SQL_RUN', /OVERWRITE/, () => copy(2, ''));
    await copy(2, ', overwrite');
    const left = readdirSync(file('out'), { recursive: true }).map(String);
    assert.deepEqual(
      left.filter((name) => name.endsWith('.csv')).map((name) => path.dirname(name)),
      ['k=2'],
    );
  });

  it('removes the log of a database with its checkpoint, so that it is not replayed over what came after', async () => {
    await test.run("attach 'logged.db'; create table logged.t as select range as i from range(10)");
    await test.run('checkpoint logged; detach logged');
    assert.equal(existsSync(file('logged.db.wal')), false);
    await test.run("attach 'logged.db'; alter table logged.t add column j int default 7; checkpoint logged");
    await test.run(
      'insert into logged.t values (10, 0); update logged.t set j = 8 where i = 0; detach logged',
    );
    await test.run("attach 'logged.db'");
    assert.deepEqual(await test.rows('select count(*), sum(j)::int from logged.t'), [['11', '71']]);
  });

  it('tells when a file was changed', async () => {
    writeFileSync(file('new.txt'), 'new');
    const [row] = await test.rows(
      "select epoch(now()) - epoch(last_modified) < 600 from read_text('new.txt')",
    );
    assert.deepEqual(row, ['true']);
  });

  it("reads the engine's log while it is written", async () => {
    await test.run(
      "call enable_logging('QueryLog', storage = 'file', storage_config = {'path': 'log.csv', 'normalize': false})",
    );
    await test.run('select 1234');
    const rows = await test.rows("select message from 'log.csv' where message = 'select 1234'");
    await test.run('call disable_logging()');
    assert.deepEqual(rows, [['select 1234']]);
  });

  it('reads ~ as the folder that home_directory names', async () => {
    mkdirSync(file('home'));
    writeFileSync(file('home', 'mine.csv'), 'n\n5\n');
    await test.run(`set home_directory = '${file('home')}'`);
    assert.deepEqual(await test.rows("from '~/mine.csv'"), [['5']]);
    await test.run('reset home_directory');
    await throwsKind('PATH_DENIED', /outside the folders/, () => test.run("from '~/mine.csv'"));
  });
});
