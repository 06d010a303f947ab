import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Engine, EngineSession } from '../../../wasm-core/sql/engine.ts';
import { throwsKind } from '../../support/core-error.ts';
import { startEngine, statementRows, watPlugin } from '../../support/sql-session.ts';

const WAT = `(module
  (memory (export "memory") 1)
  (func (export "twice") (param i32) (result i32) (i32.mul (local.get 0) (i32.const 2))))`;

describe('a session that is begun again', () => {
  const base = mkdtempSync(path.join(tmpdir(), 'quern-reopen-'));
  let engine: Engine;
  before(() => {
    engine = startEngine();
  });
  after(async () => {
    await engine.dispose();
    rmSync(base, { recursive: true, force: true });
  });

  let opened = 0;

  function open(): Promise<EngineSession> {
    const resultsFolder = path.join(base, `results${++opened}`);
    mkdirSync(resultsFolder);
    return engine.openSession({ folder: base, allow: [], resultsFolder, reusable: true });
  }

  async function rows(
    session: EngineSession,
    sql: string,
    connection?: string,
  ): Promise<(string | null)[][]> {
    const options = { sql, memoryMb: 64, signal: new AbortController().signal };
    const { statements } = await session.run({ ...options, ...(connection && { connection }) });
    return statementRows(statements.at(-1));
  }

  /** What a session sees that was left by others, and its settings. */
  const WORLD = `select list(name order by name) from (
    select table_name as name from duckdb_tables() union all select database_name from duckdb_databases() union all
    select function_name from duckdb_functions() where not internal and schema_name = 'main' union all
    select name || value from duckdb_settings() union all select name from duckdb_variables() union all
    select name from duckdb_prepared_statements() union all select type_name from duckdb_types() where not internal)`;

  const TRACES = [
    "create table t as select 1 as i; create view v as from t; create macro m(x) as x + 1; create type e as enum ('a')",
    'create temp table tt as select 1; set variable x = 1; prepare p as select 1; create temp macro tm() as 1',
    "attach ':memory:' as other; create table other.t (i int); use other; create schema s; set schema = 's'",
    "set memory_limit = '50MB'; set default_null_order = 'nulls_first'; set TimeZone = 'Asia/Tokyo'; set threads = 1",
    "attach 'kept.db'; create table kept.t (i int); begin; insert into kept.t values (1)",
    "set memory_limit = '1000kb'",
    "set enable_logging = true; set logging_level = 'trace'; select 1",
    'set enable_external_access = false',
    'set lock_configuration = true',
    'create sequence q; begin; create table unfinished (i int)',
  ];
  for (const traces of TRACES) {
    it(`has nothing left of ${traces.slice(0, 60)}`, async () => {
      const first = await open();
      const before = await rows(first, WORLD);
      // Some of them leave nothing that could be read.
      await rows(first, traces).catch(() => {});
      await first.dispose();
      const second = await open();
      assert.deepEqual(await rows(second, WORLD), before);
      await second.dispose();
    });
  }

  it('has plugins again', async () => {
    const session = await open();
    const parameters = [{ name: 'i', type: 'INTEGER' }] as const;
    await session.setPlugins([await watPlugin(WAT, [{ name: 'twice', parameters }])]);
    assert.deepEqual(await rows(session, 'select twice(4)'), [['8']]);
    assert.deepEqual(await rows(session, 'select twice(5)', 'other'), [['10']]);
    await session.reopen();
    assert.deepEqual(await rows(session, 'select twice(6)'), [['12']]);
    assert.deepEqual(await rows(session, 'select twice(7)', 'other'), [['14']]);
    await session.dispose();
  });

  it('has a file as its database, under its name', async () => {
    const session = await open();
    await session.reopen({ path: 'mine.db', readOnly: false });
    await rows(session, 'create table t as select 5 as i');
    await session.reopen({ path: 'mine.db', readOnly: true });
    assert.deepEqual(await rows(session, 'select i, current_database() from t'), [['5', 'mine']]);
    assert.deepEqual(await rows(session, 'from mine.t', 'other'), [['5']]);
    await throwsKind('SQL_RUN', /read-only/, () => rows(session, 'drop table t'));
    await session.dispose();
  });

  it('has an empty database when the file cannot be opened', async () => {
    const session = await open();
    await throwsKind('SQL_RUN', /nowhere/, () => session.reopen({ path: 'nowhere.db', readOnly: true }));
    await throwsKind('PATH_DENIED', /passwd/, () => session.reopen({ path: '/etc/passwd', readOnly: true }));
    assert.deepEqual(await rows(session, 'select count(*) from duckdb_tables()'), [['0']]);
    await session.dispose();
  });

  it('has connections whose transactions, tables and settings are their own', async () => {
    const session = await open();
    await rows(session, 'create table t (i int)');
    await rows(session, 'begin; insert into t values (1); create temp table mine (i int)', 'one');
    assert.deepEqual(await rows(session, 'select count(*) from t'), [['0']]);
    await throwsKind('SQL_BIND', /mine/, () => rows(session, 'from mine', 'two'));
    await rows(session, 'commit', 'one');
    assert.deepEqual(await rows(session, 'from t', 'two'), [['1']]);
    await session.dispose();
  });
});
