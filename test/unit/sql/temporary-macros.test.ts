import assert from 'node:assert/strict';
import { openTestSession, startEngine, type TestSession } from '../../support/sql-session.ts';

describe('macros, tables and views that only a run has made', () => {
  const engine = startEngine();
  let test: TestSession;
  before(async () => {
    test = await openTestSession(engine);
  });
  after(async () => {
    await test.close();
    await engine.dispose();
  });

  const faults = async (sql: string) =>
    (await test.session.check({ sql })).diagnostics.map(({ message }) => message.split('\n')[0]);
  const signatures = async (name: string) => {
    const { catalog } = await test.session.catalog();
    return catalog?.functions.filter((fn) => fn.name === name).flatMap((fn) => fn.signatures);
  };

  it('are known to checks, descriptions and the catalog', async () => {
    await test.run(`create temp macro plus(a, b := 2) as a + b; create or replace temporary macro rows_of(n) as table from range(n);
      create /* of two forms */ temp function temp."Many"(a) as a, (a, b) as a * b;
      create temp table mine (i int); create temp view seen as select 1 as one`);
    const sql = 'select plus(i), plus(i, b := 3), many(1), many(1, 2), one from mine, seen, rows_of(2)';
    assert.deepEqual(await faults(sql), []);
    assert.equal((await test.session.describe({ sql })).columns.length, 5);
    assert.deepEqual(await signatures('plus'), ['plus(a, b)']);
    assert.deepEqual(await signatures('rows_of'), ['rows_of(n)']);
    const { catalog } = await test.session.catalog();
    const temporary = catalog?.tables.filter(({ database }) => database === 'temp').map(({ name }) => name);
    assert.deepEqual(temporary, ['mine', 'seen']);
  });

  it('are gone when they were dropped or rolled back, and new when they were replaced', async () => {
    await test.run('create or replace temp macro plus(a) as a; drop macro table rows_of');
    assert.deepEqual(await signatures('plus'), ['plus(a)']);
    assert.deepEqual(await signatures('rows_of'), []);
    assert.match((await faults('select plus(1, 2)'))[0] ?? '', /plus/);
    assert.match((await faults('from rows_of(1)'))[0] ?? '', /rows_of/);
    await test.run('begin; create macro later(x, y := 1) as x + y');
    assert.deepEqual(await faults('select later(1)'), []);
    await test.run('rollback');
    assert.match((await faults('select later(1)'))[0] ?? '', /later/);
    assert.deepEqual(await test.rows('select plus(1)'), [['1']]);
  });

  it('are known once only when their transaction ends', async () => {
    await test.run('begin; create macro kept(x) as x; commit');
    assert.deepEqual(await signatures('kept'), ['kept(x)']);
    const { catalog } = await test.session.catalog();
    assert.equal(catalog?.functions.filter(({ name }) => name === 'kept').length, 1);
    await test.run('drop macro kept');
    assert.match((await faults('select kept(1)'))[0] ?? '', /kept/);
  });
});
