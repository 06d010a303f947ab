import assert from 'node:assert/strict';
import { openTestSession, startEngine, type TestSession } from '../../support/sql-session.ts';

describe('the catalog of a session lists', () => {
  const engine = startEngine();
  let test: TestSession;
  before(async () => {
    test = await openTestSession(engine);
  });
  after(async () => {
    await test.close();
    await engine.dispose();
  });

  async function catalog() {
    const { catalog: found } = await test.session.catalog();
    return found ?? assert.fail('no catalog');
  }

  it('tables and views with their columns', async () => {
    await test.run('create or replace table listed(a int, "B c" varchar)');
    await test.run('create schema if not exists more; create or replace view more.seen as select 1 as one');
    const { tables, schemas, current } = await catalog();
    const found = tables.filter(({ name }) => name === 'listed' || name === 'seen');
    const main = { database: 'memory', schema: 'main' };
    const columns = [
      { name: 'a', type: 'INTEGER' },
      { name: 'B c', type: 'VARCHAR' },
    ];
    assert.deepEqual(found, [
      { ...main, name: 'listed', kind: 'table', columns },
      { ...main, schema: 'more', name: 'seen', kind: 'view', columns: [{ name: 'one', type: 'INTEGER' }] },
    ]);
    assert.deepEqual(current, main);
    assert.ok(schemas.some(({ schema }) => schema === 'more'));
  });

  it('functions, with what is given by name', async () => {
    await test.run('create or replace macro halve(x) as x / 2');
    const { functions } = await catalog();
    const signatures = (name: string) => functions.find((fn) => fn.name === name)?.signatures;
    assert.deepEqual(signatures('lower'), ['lower(VARCHAR) -> VARCHAR']);
    assert.deepEqual(signatures('read_csv'), ['read_csv(VARCHAR)', 'read_csv(VARCHAR[])']);
    assert.deepEqual(signatures('halve'), ['halve(x)']);
    const named = functions.find((fn) => fn.name === 'read_csv')?.named;
    assert.deepEqual(
      named?.filter(({ name }) => name === 'header'),
      [{ name: 'header', type: 'BOOLEAN' }],
    );
  });

  it('keywords, types and settings', async () => {
    await test.run("create or replace type mood as enum ('fine'); set preserve_insertion_order = false");
    const { keywords, reserved, types, settings } = await catalog();
    assert.ok(keywords.includes('replace') && !reserved.includes('replace') && reserved.includes('qualify'));
    assert.deepEqual(types[0], { name: 'mood', isUser: true });
    assert.ok(types.some(({ name, isUser }) => name === 'hugeint' && !isUser));
    const order = settings.find(({ name }) => name === 'preserve_insertion_order');
    assert.deepEqual([order?.value, order?.type], ['false', 'BOOLEAN']);
    await test.run('reset preserve_insertion_order');
    // Of the connection that runs, beside those of the database.
    await test.run("set TimeZone = 'Europe/Berlin'");
    const later = await catalog();
    assert.equal(later.settings.find(({ name }) => name === 'TimeZone')?.value, 'Europe/Berlin');
  });

  it('nothing again while nothing has changed', async () => {
    const { version } = await test.session.catalog();
    await test.run('select 1');
    assert.deepEqual(await test.session.catalog({ version }), { version });
    await test.run('create or replace table later(a int)');
    const later = await test.session.catalog({ version });
    assert.notEqual(later.version, version);
    assert.ok(later.catalog?.tables.some(({ name }) => name === 'later'));
  });
});
