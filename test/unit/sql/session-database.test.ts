import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Engine, EngineSession } from '../../../wasm-core/sql/engine.ts';
import { startEngine, statementRows } from '../../support/sql-session.ts';

describe('The database of a session', function () {
  this.timeout(180_000);
  let engine: Engine;
  let base = '';
  let sessions = 0;
  before(() => {
    engine = startEngine();
    base = mkdtempSync(path.join(tmpdir(), 'quern-database-'));
  });
  after(async () => {
    await engine.dispose();
    rmSync(base, { recursive: true, force: true });
  });

  async function open(folder: string): Promise<EngineSession> {
    const resultsFolder = path.join(base, `results-${++sessions}`);
    for (const each of [folder, resultsFolder]) mkdirSync(each, { recursive: true });
    const database = { path: path.join(folder, 'a.duckdb'), readOnly: false };
    return engine.openSession({ folder, allow: [], resultsFolder, database });
  }
  const run = async (session: EngineSession, sql: string): Promise<(string | null)[][]> =>
    statementRows(
      (await session.run({ sql, memoryMb: 64, signal: new AbortController().signal })).statements.at(-1),
    );

  it('has what was committed behind a checkpoint, at whatever moment it is cut off', async () => {
    const folder = path.join(base, 'one');
    const session = await open(folder);
    const log = path.join(folder, 'a.duckdb.wal');
    const logBytes = (): number => (existsSync(log) ? statSync(log).size : 0);
    await run(session, 'create table t as select 1 as x');
    assert.ok(logBytes() > 0);
    await run(session, 'checkpoint');
    assert.equal(logBytes(), 0, 'the log is written into the database');
    await run(session, 'insert into t values (2)');
    await run(session, 'checkpoint; insert into t values (3); insert into t values (4)');
    // What a process that is killed leaves: the files as they are.
    const left = path.join(base, 'two');
    cpSync(folder, left, { recursive: true });
    const other = await open(left);
    assert.deepEqual(await run(other, 'select x from t order by x'), [['1'], ['2'], ['3'], ['4']]);
    await run(other, 'insert into t values (5)');
    await other.dispose();
    assert.ok(
      !existsSync(path.join(left, 'a.duckdb.wal')) || statSync(path.join(left, 'a.duckdb.wal')).size === 0,
    );
    const again = await open(left);
    assert.deepEqual(await run(again, 'select count(*), max(x) from t'), [['5', '5']]);
    await again.dispose();
    await session.dispose();
    assert.equal(logBytes(), 0, 'and so it is at the end');
  });
});
