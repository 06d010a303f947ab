import assert from 'node:assert/strict';
import { throwsKind } from '../../support/core-error.ts';
import { openTestSession, startEngine, type TestSession } from '../../support/sql-session.ts';

/** DuckDB invalidates an instance that attaches one name twice in a transaction. */
const INVALIDATES = "begin; attach ':memory:' as a; detach a; attach ':memory:' as a";

describe('an engine that DuckDB has given up', () => {
  const engine = startEngine();
  let test: TestSession;
  beforeEach(async () => {
    test = await openTestSession(engine);
    await test.run('create table t as select 1');
    await assert.rejects(test.run(INVALIDATES));
  });
  afterEach(() => test.close());
  after(() => engine.dispose());

  const lost = (ask: () => Promise<unknown>) =>
    throwsKind('SQL_ENGINE_LOST', /was lost \(DuckDB gave it up: Database name a was already used/, ask);

  it('is told of by the next run, and replaced', async () => {
    // The error itself may be told as one of the statement, so that it is the next that finds out.
    await test.run('select 1').catch((error) => assert.match(String(error), /DuckDB gave it up/));
    assert.deepEqual(await test.rows('select 42'), [['42']]);
    await throwsKind('SQL_BIND', /Table with name t does not exist/, () => test.run('from t'));
  });

  it('is told of by a check, and replaced', async () => {
    await lost(() => test.session.check({ sql: 'select 1' }));
    const { diagnostics } = await test.session.check({ sql: 'select nope' });
    assert.equal(diagnostics[0]?.kind, 'SQL_BIND');
  });

  it('is told of by the catalog, and replaced', async () => {
    await lost(() => test.session.catalog());
    assert.deepEqual((await test.session.catalog()).catalog?.tables, []);
  });
});

describe('a transaction that was aborted', () => {
  it('says so to each statement until it ends, in words', async () => {
    const engine = startEngine();
    const test = await openTestSession(engine);
    try {
      await assert.rejects(test.run("begin; select 'a'::int"));
      for (const sql of [
        'select 1',
        'prepare p as select 1',
        'create table t (a int)',
        'set variable v = 1',
      ]) {
        await test
          .run(sql)
          .then(undefined, (error) => assert.doesNotMatch(String(error), /exception_type/, sql));
      }
      await throwsKind('SQL_RUN', /^Current transaction is aborted/, () => test.run('select 1'));
      await test.run('rollback');
      assert.deepEqual(await test.rows('select 42'), [['42']]);
    } finally {
      await test.close();
      await engine.dispose();
    }
  });
});
