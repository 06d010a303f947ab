import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { HistoryEntry } from '../../wasm-core/protocol/history.ts';
import type { StatementResult } from '../../wasm-core/protocol/methods.ts';
import { type CommandOutcome, quern } from '../support/cli.ts';
import { exitOf, HostHome } from '../support/host-process.ts';
import { statementRows } from '../support/sql-session.ts';

describe('The history of runs', function () {
  this.timeout(180_000);
  const home = new HostHome();
  const folder = path.join(realpathSync(home.folder), 'data');
  before(() => {
    mkdirSync(folder);
    writeFileSync(path.join(folder, 'days.csv'), 'day,n\nmon,1\ntue,2\n');
  });
  after(async () => {
    await quern(home, ['stop']);
    await home.dispose();
  });

  const run = (...args: string[]): Promise<CommandOutcome> => quern(home, ['run', ...args], { cwd: folder });
  async function entries(...args: string[]): Promise<HistoryEntry[]> {
    const { code, stdout, stderr } = await quern(home, ['history', '--json', ...args]);
    assert.equal(code, 0, stderr);
    return JSON.parse(stdout).entries;
  }

  it('holds what was run, over which files, and what came of it', async () => {
    assert.equal((await quern(home, ['history'])).stdout, 'No run is recorded.\n');
    const { code, stderr } = await run('-e', "  select * from 'days.csv' where n >= $n", '--param', 'n=1');
    assert.equal(code, 0, stderr);
    const [entry, ...others] = await entries();
    assert.ok(entry !== undefined);
    assert.deepEqual(others, []);
    assert.equal(entry.sql, "select * from 'days.csv' where n >= $n");
    assert.deepEqual(entry.parameters, { n: 1 });
    assert.equal(entry.folder, folder);
    assert.match(entry.client, /^quern-cli\//);
    assert.equal(entry.rowCount, 2);
    assert.ok(entry.outcome.type === 'done');
    assert.deepEqual(
      entry.outcome.statements.map(({ kind, rowCount }) => [kind, rowCount]),
      [['SELECT', 2]],
    );
    const file = path.join(folder, 'days.csv');
    const digest = createHash('sha256').update(readFileSync(file)).digest('hex');
    const [input, ...more] = entry.inputs;
    assert.deepEqual(more, []);
    assert.equal(input?.path, file);
    assert.equal(input.byteLength, 18);
    assert.equal(input.digest, `sha256:${digest}`);
  });

  it('holds failures, and neither files that were written nor what was not to be recorded', async () => {
    assert.equal((await run('-e', 'select nothing')).code, 1);
    assert.equal((await run('-e', "copy (select 1) to 'out.csv'")).code, 0);
    assert.equal((await run('-e', "copy (select 1) to 'out.csv'")).code, 0);
    assert.equal((await run('-e', 'select 1', '--no-history')).code, 0);
    assert.equal((await quern(home, ['run', '-e', 'select 1'], { env: { QUERN_HISTORY: '0' } })).code, 0);
    const [second, first, failed] = await entries('--limit', '3');
    assert.deepEqual([first?.inputs, second?.inputs], [[], []]);
    assert.equal(failed?.outcome.type === 'failed' && failed.outcome.kind, 'SQL_BIND');
    assert.match((failed?.outcome.type === 'failed' && failed.outcome.message) || '', /nothing/);
    const { stdout } = await quern(home, ['history', '--limit', '3']);
    assert.match(stdout, /^[0-9a-f]{12} +\S+Z +SQL_BIND +select nothing$/m);
  });

  it('does not hold values that are secrets, wherever they might show', async () => {
    const value = 'hunter-2-hunter';
    const cast = await run('-e', 'select $password::integer', '--param', `password=${value}`);
    assert.equal(cast.code, 1);
    assert.match(cast.stderr, /hunter-2-hunter/, 'the engine repeats it');
    const asked = await run(
      '-e',
      'select $x as x, $y as y',
      '--secret-param',
      `x=${value}`,
      '--param',
      'y=2',
    );
    assert.equal(asked.code, 0, asked.stderr);
    const [entry, failed] = await entries('--limit', '2');
    assert.deepEqual(entry?.parameters, { y: 2 });
    assert.deepEqual(entry?.withheld, ['x']);
    assert.deepEqual(failed?.withheld, ['password']);
    const texts = readdirSync(path.join(home.folder, 'history')).map((name) =>
      readFileSync(path.join(home.folder, 'history', name), 'utf8'),
    );
    assert.ok(!texts.join().includes(value));
  });

  it('names the plugins that were called, by the digest of their bytes', async () => {
    const wat =
      ';; @udf twice(a INTEGER) -> INTEGER\n(module (func (export "twice") (param i32) (result i32) (i32.shl (local.get 0) (i32.const 1))))\n';
    mkdirSync(path.join(folder, 'plugins'));
    writeFileSync(path.join(folder, 'plugins', 'twice.wat'), wat);
    const { code, stderr, stdout } = await run('-e', 'select twice(21) as a');
    assert.equal(code, 0, stderr);
    assert.match(stdout, /42/);
    const [entry] = await entries('--limit', '1');
    const [plugin] = entry?.plugins ?? [];
    assert.deepEqual([plugin?.name, plugin?.functions], ['twice', ['twice']]);
    assert.match(plugin?.digest ?? '', /^[0-9a-f]{64}$/);
  });

  it('is what several hosts of the home recorded, also one that was killed, and is cleared for all', async () => {
    const sockets = ['a.sock', 'b.sock'].map((name) => path.join(home.folder, name));
    const runs = sockets.flatMap((socket, host) =>
      [0, 1, 2].map((index) =>
        quern(home, ['--socket', socket, 'run', '-e', `select ${host} as h, ${index} as i`]),
      ),
    );
    for (const { code, stderr } of await Promise.all(runs)) assert.equal(code, 0, stderr);
    const found = await entries('--limit', '6', '--text', ' as h, ');
    assert.deepEqual(
      found.map(({ sql }) => sql).sort(),
      [0, 1].flatMap((host) => [0, 1, 2].map((index) => `select ${host} as h, ${index} as i`)),
    );
    for (const socket of sockets) {
      const { stdout } = await quern(home, ['--socket', socket, 'status', '--json']);
      process.kill(JSON.parse(stdout).pid, 'SIGKILL');
    }
    assert.equal((await entries('--text', ' as h, ')).length, 6);
    const before = (await entries()).length;
    const cleared = await quern(home, ['history', '--clear', '--folder', folder, '--json']);
    const { deleted } = JSON.parse(cleared.stdout);
    assert.ok(deleted > 0 && deleted < before, `${deleted} of ${before}`);
    assert.equal((await entries('--folder', folder)).length, 0);
    assert.equal((await entries()).length, before - deleted);
    await quern(home, ['history', '--clear']);
    assert.deepEqual(await entries(), []);
  });

  it('holds a run that was answered in the moment in which its host was told to stop', async () => {
    const other = new HostHome();
    try {
      const child = await other.start();
      const connection = await other.connect();
      const { session } = await connection.request('sql/open', { folder });
      await connection.request('sql/run', { session, sql: 'select 7 as last' });
      child.kill('SIGTERM');
      await exitOf(child);
      const { stdout } = await quern(other, ['history']);
      assert.match(stdout, /select 7 as last/);
      await quern(other, ['stop']);
    } finally {
      await other.dispose();
    }
  });
});

describe('Results that are kept', function () {
  this.timeout(180_000);
  const home = new HostHome();
  const folder = path.join(realpathSync(home.folder), 'data');
  before(() => {
    mkdirSync(folder);
    writeFileSync(path.join(folder, 'days.csv'), 'day,n\nmon,1\ntue,2\n');
  });
  after(() => home.dispose());

  it('are opened again by the id of their run, after the host was another', async () => {
    process.env.QUERN_CACHE_MIN_MS = '0';
    let id = '';
    try {
      const child = await home.start();
      const connection = await home.connect();
      const { session } = await connection.request('sql/open', { folder });
      const sql = "select * from 'days.csv'; select random() as r; create table t as select 1 as x";
      const { statements, history } = await connection.request('sql/run', { session, sql, cache: 'use' });
      const random = statementRows(statements[1]);
      const repeated = await connection.request('sql/run', {
        session,
        sql: "select * from 'days.csv'",
        cache: 'use',
      });
      assert.deepEqual(statementRows(repeated.statements[0]), statementRows(statements[0]));
      await assert.rejects(
        connection.request('sql/run', { session, sql: 'select 1', cache: 'some' as 'use' }),
        {
          kind: 'PARAMS_INVALID',
        },
      );
      child.kill('SIGKILL');
      await exitOf(child);
      await home.start();
      const other = await home.connect();
      const opened = await other.request('sql/open', { folder });
      const { entries } = await other.request('history/list', {});
      id = entries.find((entry) => entry.sql === sql)?.id ?? '';
      assert.equal(history, id);
      const { file, columns = [], rowCount = 0 } = statements[0] ?? {};
      const result = { path: file?.path ?? '', columns, rowCount };
      await assert.rejects(other.request('result/summary', { session: opened.session, result }), {
        kind: 'FILE_NOT_FOUND',
        message: 'The rows of that run are gone with its session; run the statement again.',
      });
      writeFileSync(path.join(folder, 'days.csv'), 'day,n\n');
      const kept = await other.request('history/result', { session: opened.session, id });
      const [days, again, created] = kept.statements;
      assert.deepEqual(statementRows(days as StatementResult), [
        ['mon', '1'],
        ['tue', '2'],
      ]);
      assert.deepEqual(statementRows(again as StatementResult), random);
      assert.ok(Date.parse(days?.cached?.time ?? '') <= Date.now());
      assert.equal(created, null);
      await other.request('history/clear', {});
      await assert.rejects(other.request('history/result', { session: opened.session, id }), {
        kind: 'HISTORY_UNKNOWN',
      });
    } finally {
      delete process.env.QUERN_CACHE_MIN_MS;
    }
  });

  it('are given again by quern run, which says so', async () => {
    const slow = "select count(*) as n from range(3000000) a(i) where sqrt(i)::varchar like '%77%'";
    const run = (...args: string[]) => quern(home, ['--socket', home.socket, 'run', '-e', slow, ...args]);
    const first = await run('--cache', 'use');
    assert.doesNotMatch(first.stderr, /cached/);
    const second = await run('--cache', 'use');
    assert.match(second.stderr, /^1 row in .*; cached, .* when run at \S+Z; --cache refresh runs it again$/m);
    assert.equal(second.stdout, first.stdout);
    assert.doesNotMatch((await run('--cache', 'refresh')).stderr, /cached/);
    assert.doesNotMatch((await run()).stderr, /cached/);
  });
});
