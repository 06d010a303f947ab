import assert from 'node:assert/strict';
import type { Engine } from '../../../wasm-core/sql/engine.ts';
import { openTestSession, startEngine, type TestSession } from '../../support/sql-session.ts';

describe('a database file', () => {
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

  it('keeps what is written to it each time that it is attached', async () => {
    await test.run("attach 'kept.db'; create table kept.t (i int); insert into kept.t values (0)");
    for (const i of [1, 2, 3]) {
      await test.run("detach kept; attach 'kept.db'");
      await test.run(`insert into kept.t values (${i})`);
      await test.run(`insert into kept.t values (${i}0)`);
    }
    await test.run("detach kept; attach 'kept.db'");
    assert.deepEqual(await test.rows('select i from kept.t order by i'), [
      ['0'],
      ['1'],
      ['2'],
      ['3'],
      ['10'],
      ['20'],
      ['30'],
    ]);
  });

  it('keeps what its log has when that grows after it was read', async () => {
    await test.run(
      "pragma disable_checkpoint_on_shutdown; set wal_autocheckpoint = '1TB'; attach 'logged.db'",
    );
    await test.run('create table logged.t (i int); insert into logged.t values (0)');
    for (const i of [1, 2, 3]) {
      await test.run("detach logged; attach 'logged.db'");
      await test.run(`insert into logged.t values (${i}); create table logged.t${i} as select ${i} as i`);
    }
    await test.run("detach logged; attach 'logged.db'");
    assert.deepEqual(await test.rows('select i from logged.t order by i'), [['0'], ['1'], ['2'], ['3']]);
    assert.deepEqual(await test.rows('select i from logged.t1 union all from logged.t3'), [['1'], ['3']]);
  });

  it('goes on in the log of a transaction that was detached before its checkpoint could empty it', async () => {
    const turn = (sql: string) => `begin; attach 'turns.db'; ${sql}; detach turns; commit`;
    await test.run("attach 'turns.db'; create table turns.t (i int); detach turns");
    for (const i of [1, 2, 3]) await test.run(turn(`insert into turns.t values (${i})`));
    await test.run("attach 'turns.db'");
    assert.deepEqual(await test.rows('select i from turns.t order by i'), [['1'], ['2'], ['3']]);
  });

  it('can be written as folders of parts', async () => {
    const copy =
      "copy (select 1 as k, 2 as v) to 'parts' (format csv, partition_by (k), overwrite_or_ignore)";
    await test.run(copy);
    await test.run(copy);
    assert.deepEqual(await test.rows("select k, v from 'parts/*/*.csv'"), [['1', '2']]);
  });
});
