import assert from 'node:assert/strict';
import type { SessionPlugin } from '../../../wasm-core/sql/engine.ts';
import { openTestSession, startEngine, type TestSession, watPlugin } from '../../support/sql-session.ts';

/** A plugin whose function `plus` adds a number of its own. */
function plus(number: number): Promise<SessionPlugin> {
  const code = `(module
    (func (export "f") (param i64) (result i64) (i64.add (local.get 0) (i64.const ${number}))))`;
  const fn = {
    name: 'plus',
    export: 'f',
    parameters: [{ name: 'a', type: 'BIGINT' as const }],
    returns: 'BIGINT' as const,
  };
  return watPlugin(code, [fn]);
}

describe('functions that come while a query runs', function () {
  this.timeout(60_000);
  const engine = startEngine();
  let test: TestSession;
  before(async () => {
    test = await openTestSession(engine);
  });
  after(async () => {
    await test.close();
    await engine.dispose();
  });

  /** Has version 1, begins a query, gives another version in the middle of it, and looks at a text, as an editor does. */
  async function during<T>(run: () => Promise<T>, number: number): Promise<T> {
    await test.session.setPlugins([await plus(1)]);
    const running = run();
    await new Promise((resolve) => setTimeout(resolve, 100));
    await test.session.setPlugins([await plus(number)]);
    assert.deepEqual((await test.session.check({ sql: 'select plus(3)' })).diagnostics, []);
    return running;
  }

  it('leave rows that stream alone, and are there for the next', async () => {
    const { statements } = await during(() => test.run('select plus(i) from range(3000000) t(i)'), 2);
    assert.equal(statements[0]?.rowCount, 3_000_000);
    assert.deepEqual(await test.rows('select plus(40)'), [['42']]);
  });

  it('leave a sum alone', async () => {
    const sum = await during(() => test.rows('select sum(plus(i))::bigint from range(30000000) t(i)'), 3);
    assert.deepEqual(sum, [['450000015000000']]);
    assert.deepEqual(await test.rows('select plus(40)'), [['43']]);
  });

  it('are not what a query calls that calls for the first time after that', async () => {
    const late = 'select plus(n) from (select count(*) as n from range(300000000) where range % 3 = 0)';
    assert.deepEqual(await during(() => test.rows(late), 4), [['100000001']]);
    assert.deepEqual(await test.rows('select plus(40)'), [['44']]);
  });

  it('are there in the engine that takes the place of one that was ended, however many ask for it at once', async () => {
    await test.session.setPlugins([await plus(5)]);
    const abort = new AbortController();
    const long = 'select count(*) from range(100000000) a, range(100000) b where a.range + b.range = 7';
    const run = test.run(long, { signal: abort.signal });
    setTimeout(() => abort.abort(), 500);
    await assert.rejects(run, /was cancelled/);
    const checks = Array.from({ length: 3 }, () => test.session.check({ sql: 'select plus(3)' }));
    assert.deepEqual(await test.rows('select plus(40)'), [['45']]);
    for (const { diagnostics } of await Promise.all(checks)) assert.deepEqual(diagnostics, []);
    assert.deepEqual(await test.rows('select plus(41)'), [['46']]);
  });

  it('may come to a name that none had, beside a query of another connection', async () => {
    await test.session.setPlugins([]);
    await assert.rejects(test.rows('select plus(1)', { connection: 'b' }), /plus/);
    const rows = await during(
      () => test.rows('select count(*) from range(30000000)', { connection: 'b' }),
      5,
    );
    assert.deepEqual(rows, [['30000000']]);
    assert.deepEqual(await test.rows('select plus(40)', { connection: 'b' }), [['45']]);
    assert.deepEqual(await test.rows('select plus(40)'), [['45']]);
  });
});

describe('functions that come while a transaction is open', function () {
  this.timeout(60_000);
  const engine = startEngine();
  let test: TestSession;
  before(async () => {
    test = await openTestSession(engine);
  });
  after(async () => {
    await test.close();
    await engine.dispose();
  });

  for (const end of ['rollback', 'commit']) {
    it(`are there behind its ${end}, and those of before as long as it is open`, async () => {
      await test.session.setPlugins([await plus(1)]);
      await test.run('begin; create or replace table t as select plus(1) as n');
      await test.session.setPlugins([await plus(2)]);
      assert.deepEqual(await test.rows('select plus(n) from t'), [['3']]);
      await test.run(end);
      assert.deepEqual(await test.rows('select plus(40)'), [['42']]);
      await test.session.setPlugins([await plus(3)]);
      assert.deepEqual(await test.rows('select plus(40)'), [['43']]);
    });
  }

  it('are there when it has failed and is rolled back', async () => {
    await test.session.setPlugins([await plus(1)]);
    await test.run('begin');
    await assert.rejects(test.run("select 'x'::int"));
    await test.session.setPlugins([await plus(2)]);
    await assert.rejects(test.rows('select plus(40)'), /aborted/);
    await test.run('rollback');
    assert.deepEqual(await test.rows('select plus(40)'), [['42']]);
  });

  it('are told of when a statement calls one too early', async () => {
    await test.session.setPlugins([]);
    await test.run('begin; select 1');
    await test.session.setPlugins([await plus(2)]);
    await assert.rejects(test.rows('select plus(40)'), /plus.*COMMIT or ROLLBACK/s);
    await test.run('rollback');
    assert.deepEqual(await test.rows('select plus(40)'), [['42']]);
  });
});
