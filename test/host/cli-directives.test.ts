import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { quern } from '../support/cli.ts';
import { HostHome } from '../support/host-process.ts';

const SQL = `-- name: orders
-- @db data/sales.duckdb
-- @limit 2
select id from orders order by id; -- @limit 1
-- @limit 3
select range as n from range($count);
select 'all' as word from range(4);
`;

describe('directives and parameters on the command line', function () {
  this.timeout(180_000);
  const home = new HostHome();
  const folder = path.join(home.folder, 'work');
  const run = (...args: readonly string[]) => quern(home, ['run', ...args], { cwd: home.folder });

  before(async () => {
    mkdirSync(path.join(folder, 'data'), { recursive: true });
    const instance = await DuckDBInstance.create(path.join(folder, 'data', 'sales.duckdb'), { threads: '1' });
    const connection = await instance.connect();
    await connection.run('create table orders as select range + 10 as id from range(5)');
    connection.closeSync();
    instance.closeSync();
    writeFileSync(path.join(folder, 'q.sql'), SQL);
  });
  after(async () => {
    await quern(home, ['stop']);
    await home.dispose();
  });

  it('say how each statement is run, relative to its file', async () => {
    const { stdout, stderr, code } = await run(path.join(folder, 'q.sql'), '--param', 'count=9');
    assert.equal(code, 0, stderr);
    assert.deepEqual(stdout.match(/\d+|all/g), ['10', '11', '0', '1', '2', 'all', 'all', 'all', 'all']);
  });

  it('hold in formats that print the last statement, too', async () => {
    const { stdout } = await run(
      '--format',
      'csv',
      '-e',
      '-- @limit 2\nselect range as n from range(?)',
      '--param',
      '1=5',
    );
    assert.deepEqual(stdout.trim().split(/\r?\n/), ['n', '0', '1']);
  });

  it('show the line of a directive that is wrong', async () => {
    writeFileSync(path.join(folder, 'wrong.sql'), 'select 1 as x;\n-- @db nope.duckdb\nselect 2;\n');
    const { stdout, stderr, code } = await run(path.join(folder, 'wrong.sql'));
    assert.equal(code, 1);
    assert.match(stdout, /x/);
    assert.match(stderr, /wrong\.sql:2:8: There is no file 'nope\.duckdb'\.[\s\S]*\^{11}\n/);
  });
});
