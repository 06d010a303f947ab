import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { quern } from '../support/cli.ts';
import { HostHome } from '../support/host-process.ts';
import { sqliteFile } from '../support/sqlite-files.ts';

const TABLES = {
  movies: { path: 'data/*.csv', options: { delim: ';' }, columns: { code: 'VARCHAR' } },
  'with space': { path: 'data' },
  people: { path: 'data/app.bin', format: 'sqlite', options: { table: 'person' } },
  faulty: { path: 'data/a.csv', format: 'cvs' },
};

describe('named tables on the command line', function () {
  this.timeout(180_000);
  const home = new HostHome();
  const folder = path.join(home.folder, 'work');
  const write = (name: string, text: string) => writeFileSync(path.join(folder, name), text);
  const run = (...args: readonly string[]) => quern(home, args, { cwd: folder });

  before(async () => {
    mkdirSync(path.join(folder, 'data'), { recursive: true });
    write('data/a.csv', 'title;code\nHeat;007\n');
    write('data/b.csv', 'title;code\nRan;010\n');
    const database = await sqliteFile(
      "create table pet (name text); create table person (name text); insert into person values ('Ada')",
    );
    writeFileSync(path.join(folder, 'data/app.bin'), database);
    write('quern.json', JSON.stringify({ tables: TABLES }));
  });
  after(async () => {
    await quern(home, ['stop']);
    await home.dispose();
  });

  it('are read by name, with the options and types of their entry', async () => {
    const { stdout, stderr, code } = await run('run', '--format', 'csv', '-e', 'from movies order by code');
    assert.equal(code, 0, stderr);
    assert.deepEqual(stdout.trim().split(/\r?\n/), ['title,code', 'Heat,007', 'Ran,010']);
  });

  it('are tables of a SQLite database too', async () => {
    const { stdout, stderr } = await run('run', '--format', 'csv', '-e', 'from people');
    assert.deepEqual(stdout.trim().split(/\r?\n/), ['name', 'Ada'], stderr);
  });

  it('follow quern.json from one run to the next, in a host that stays', async () => {
    const sql = 'select count(*) as n from films';
    const before = await run('run', '--format', 'csv', '-e', sql);
    assert.equal(before.code, 1);
    assert.match(before.stderr, /films does not exist/);
    write('quern.json', JSON.stringify({ tables: { ...TABLES, films: TABLES.movies } }));
    const after = await run('run', '--format', 'csv', '-e', sql);
    assert.deepEqual(after.stdout.trim().split(/\r?\n/), ['n', '2'], after.stderr);
  });

  it('fail the statements that read one at fault, and no others', async () => {
    const sound = await run('run', '--format', 'csv', '-e', 'select 1 as x');
    assert.equal(sound.code, 0, sound.stderr);
    const { code, stderr } = await run('run', '-e', 'from faulty');
    assert.equal(code, 1);
    assert.match(
      stderr,
      /The table faulty of quern\.json cannot be read: .*\$\.tables\.faulty\.format is "cvs"/,
    );
  });

  it('are known to quern check and quern test', async () => {
    write('good.sql', 'select title, code from movies;\n');
    write('bad.sql', 'select nope from movies;\nfrom faulty;\n');
    const good = await run('check', 'good.sql');
    assert.equal(good.code, 0, good.stdout + good.stderr);
    const bad = await run('check', 'bad.sql');
    assert.equal(bad.code, 1);
    assert.match(bad.stdout, /bad\.sql:1:8:.*nope/);
    assert.match(bad.stdout, /bad\.sql:2:6:.*The table faulty of quern\.json/);
    write('movies.test', 'query T\nselect code from movies order by code\n----\n007\n010\n');
    const tested = await run('test', 'movies.test');
    assert.equal(tested.code, 0, tested.stdout + tested.stderr);
  });
});
