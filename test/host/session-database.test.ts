import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, realpathSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { HostConnection } from '../../wasm-core/connect/host-connection.ts';
import { quern } from '../support/cli.ts';
import { eventually } from '../support/eventually.ts';
import { exitOf, HostHome } from '../support/host-process.ts';
import { statementRows } from '../support/sql-session.ts';

describe('A database that stays', function () {
  this.timeout(300_000);
  const home = new HostHome();
  const folder = path.join(realpathSync(home.folder), 'data');
  const inFolder = (name: string): string => path.join(folder, name);
  before(() => mkdirSync(folder));
  after(() => home.dispose());

  const open = async (connection: HostConnection, name: string, readOnly = false): Promise<string> => {
    const { session } = await connection.request('sql/open', { folder, database: inFolder(name), readOnly });
    return session;
  };
  const rows = async (
    connection: HostConnection,
    session: string,
    sql: string,
  ): Promise<(string | null)[][]> =>
    statementRows((await connection.request('sql/run', { session, sql })).statements.at(-1));

  it('has what was committed after its host was killed in the middle of writing', async () => {
    let committed = 0;
    for (let round = 0; round < 2; round++) {
      const child = await home.start();
      const connection = await home.connect();
      const session = await open(connection, 'killed.duckdb');
      await connection.request('sql/run', {
        session,
        sql: 'create table if not exists t (i integer, text varchar)',
      });
      const found = await rows(
        connection,
        session,
        'select count(*), coalesce(max(i) + 1, 0), count(distinct i) from t',
      );
      const [count, next, distinct] = (found[0] ?? []).map(Number);
      assert.ok(Number(count) >= committed, `${count} of ${committed} rows are there`);
      assert.deepEqual([next, distinct], [count, count], 'no row is missing or there twice');
      committed = Number(count);
      // A transaction that is not committed is not there, however much it has written.
      const { statements } = await connection.request('sql/run', {
        session,
        sql: 'select count(*) from t where i < 0',
      });
      assert.deepEqual(statementRows(statements[0]), [['0']]);
      const inserts: Promise<unknown>[] = [];
      for (let i = 0; i < 40; i++) {
        const sql = `insert into t values (${committed + i}, repeat('x', 20000))`;
        inserts.push(
          connection.request('sql/run', { session, sql }).then(() => {
            committed++;
            if (i === 12 + round * 7) child.kill('SIGKILL');
          }),
        );
      }
      await Promise.allSettled(inserts);
      await exitOf(child);
      assert.ok(existsSync(inFolder('killed.duckdb.wal')), 'the log was not yet written into the file');
    }
    const child = await home.start();
    const connection = await home.connect();
    const session = await open(connection, 'killed.duckdb');
    const [[count] = []] = await rows(
      connection,
      session,
      'select count(*) from t where length(text) = 20000',
    );
    assert.ok(Number(count) >= committed && committed > 20, `${count} of ${committed}`);
    await connection.request('sql/run', { session, sql: 'begin; insert into t values (-1, null)' });
    child.kill('SIGKILL');
    await exitOf(child);
    await home.start();
    const after = await home.connect();
    const reopened = await open(after, 'killed.duckdb');
    assert.deepEqual(await rows(after, reopened, 'select count(*) from t where i < 0'), [['0']]);
    assert.deepEqual(await rows(after, reopened, 'select count(*) from t'), [[count]]);
  });

  it('is written when nothing runs, and when its session ends', async () => {
    const connection = await home.connect();
    const session = await open(connection, 'idle.duckdb');
    const log = inFolder('idle.duckdb.wal');
    await connection.request('sql/run', { session, sql: 'create table t as select 1 as x' });
    assert.ok(statSync(log).size > 0);
    await eventually('the log is written', () =>
      existsSync(log) && statSync(log).size > 0 ? undefined : true,
    );
    await connection.request('sql/run', { session, sql: 'insert into t values (2)' });
    await connection.request('sql/close', { session });
    assert.ok(!existsSync(log) || statSync(log).size === 0);
    const again = await open(connection, 'idle.duckdb');
    assert.deepEqual(await rows(connection, again, 'select x from t order by x'), [['1'], ['2']]);
    await connection.request('sql/close', { session: again });
  });

  it('outlives an engine that was lost', async () => {
    const connection = await home.connect();
    const session = await open(connection, 'lost.duckdb');
    await connection.request('sql/run', { session, sql: 'create table t as select 1 as x' });
    const stuck = 'select count(*) from (select list_sort(range(30000000)) from range(10))';
    await assert.rejects(connection.request('sql/run', { session, sql: stuck, limits: { timeoutMs: 50 } }));
    assert.deepEqual(await rows(connection, session, 'select x from t'), [['1']]);
    await connection.request('sql/close', { session });
  });

  it('is refused to a second writer, and to a reader beside one, with the process that has it', async () => {
    const connection = await home.connect();
    const session = await open(connection, 'one.duckdb');
    await connection.request('sql/run', { session, sql: 'create table t as select 7 as x' });
    for (const readOnly of [false, true]) {
      await assert.rejects(
        open(connection, 'one.duckdb', readOnly),
        (error: Error & { details?: { pid?: number } }) => {
          assert.match(error.message, /is open for writing in another session of this host, process \d+\./);
          assert.equal(error.details?.pid, connection.pid);
          return true;
        },
      );
    }
    const other = ['--socket', path.join(home.folder, 'other.sock')];
    const args = [...other, 'run', '-e', 'select x from t', '--db', 'one.duckdb'];
    const refused = await quern(home, args, { cwd: folder });
    assert.equal(refused.code, 1);
    assert.match(
      refused.stderr,
      new RegExp(`one\\.duckdb' is open for writing in process ${connection.pid}\\.`),
    );
    await connection.request('sql/close', { session });
    const { code, stdout, stderr } = await quern(home, [...args, '--format', 'csv', '--db-readonly'], {
      cwd: folder,
    });
    assert.equal(code, 0, stderr);
    assert.equal(stdout, 'x\n7\n');
    await quern(home, [...other, 'stop']);
    assert.ok(!readdirSync(folder).some((name) => name.startsWith('one') && name.endsWith('.quern-lock')));
    const first = await open(connection, 'one.duckdb', true);
    const second = await open(connection, 'one.duckdb', true);
    for (const reader of [first, second]) {
      assert.deepEqual(await rows(connection, reader, 'select x from t'), [['7']]);
      await assert.rejects(
        connection.request('sql/run', { session: reader, sql: 'drop table t' }),
        /read-only/,
      );
      await connection.request('sql/close', { session: reader });
    }
  });

  it('is the one that quern.json names, and none where nobody asks', async () => {
    const own = path.join(folder, 'own');
    mkdirSync(own);
    const connection = await home.connect();
    const memory = await connection.request('sql/open', { folder: own });
    await connection.request('sql/run', { session: memory.session, sql: 'create table t as select 1 as x' });
    assert.deepEqual(readdirSync(own), []);
    writeFileSync(path.join(own, 'quern.json'), '{ "database": "work.duckdb" }');
    const { session } = await connection.request('sql/open', { folder: own });
    await connection.request('sql/run', { session, sql: 'create table t as select 2 as x' });
    await connection.request('sql/close', { session });
    const again = await connection.request('sql/open', { folder: own });
    assert.deepEqual(await rows(connection, again.session, 'select x from t'), [['2']]);
    const none = await connection.request('sql/open', { folder: own, database: ':memory:' });
    await assert.rejects(rows(connection, none.session, 'select x from t'), { kind: 'SQL_BIND' });
  });

  it('is refused outside the folders of the session, and where it is no database', async () => {
    const connection = await home.connect();
    const outside = path.join(path.dirname(folder), 'outside.duckdb');
    await assert.rejects(connection.request('sql/open', { folder, database: outside }), {
      kind: 'PATH_DENIED',
    });
    assert.ok(!existsSync(outside) && !existsSync(`${outside}.quern-lock`));
    writeFileSync(
      inFolder('text.duckdb'),
      'this is not a database, but a text that is long enough to be read\n'.repeat(200),
    );
    await assert.rejects(open(connection, 'text.duckdb'), { kind: 'SQL_RUN' });
    assert.ok(!existsSync(inFolder('text.duckdb.quern-lock')));
    const { session } = await connection.request('sql/open', { folder });
    assert.deepEqual(await rows(connection, session, 'select 1 as x'), [['1']], 'the host lives');
  });
});
