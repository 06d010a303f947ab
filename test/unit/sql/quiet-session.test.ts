import assert from 'node:assert/strict';
import { CoreError } from '../../../wasm-core/protocol/errors.ts';
import type { SqlErrorDetails } from '../../../wasm-core/protocol/methods.ts';
import type { Engine } from '../../../wasm-core/sql/engine.ts';
import { throwsKind } from '../../support/core-error.ts';
import { openTestSession, startEngine, type TestSession } from '../../support/sql-session.ts';

describe('a session that nobody asks about', () => {
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

  it("leaves the engine's log to the statements of its user, as they are written", async () => {
    await test.run("call enable_logging('QueryLog')");
    await test.run('create temp table t (i int);');
    await test.run('set threads = 1; select 1');
    const rows = await test.rows('select message from duckdb_logs order by timestamp');
    await test.run('call disable_logging(); call truncate_duckdb_logs()');
    assert.deepEqual(rows.flat().slice(0, 3), [
      'create temp table t (i int);',
      'set threads = 1;',
      'select 1',
    ]);
  });

  it('gives a statement its semicolon, and one that is the last of its text none', async () => {
    assert.deepEqual(await test.rows('select current_query();'), [['select current_query();']]);
    assert.deepEqual(await test.rows('select current_query()'), [['select current_query()']]);
  });

  it('knows what statements left temporary as soon as it is asked', async () => {
    await test.run('create or replace temp table asked (price decimal(9,2))');
    const { columns } = await test.session.describe({ sql: 'select price from asked' });
    assert.deepEqual(columns, [{ name: 'price', type: 'DECIMAL(9,2)' }]);
    await test.run('create or replace temp table asked (name text)');
    const later = await test.session.describe({ sql: 'from asked' });
    assert.deepEqual(later.columns, [{ name: 'name', type: 'VARCHAR' }]);
  });

  it('makes a change once, and not at all where what it gives back cannot be streamed', async () => {
    await test.run('begin; create table maps (m map(int, int))');
    await test.run('insert into maps values (map {1: 2}) returning m');
    assert.deepEqual(await test.rows('select count(*) from maps'), [['1']]);
    await test.run("rollback; create type mood as enum ('sad', 'happy'); create table moods (m mood)");
    await throwsKind('SQL_RUN', /column m .* cast it to VARCHAR behind RETURNING/, () =>
      test.run("insert into moods values ('happy') returning m"),
    );
    assert.deepEqual(await test.rows('select count(*) from moods'), [['0']]);
    assert.deepEqual(await test.rows("insert into moods values ('happy') returning m::varchar"), [['happy']]);
  });

  it('shows VARIANT, at any depth, as its text', async () => {
    assert.deepEqual(await test.rows("select 1::variant, {'a': [true, null]}::variant, [2::variant]"), [
      ['1', "{'a': [true, NULL]}", '[2]'],
    ]);
  });

  it('tells the line of an error in the words of the engine', async () => {
    assert.equal(
      await engineText("select 1,\n  'x'::int as n"),
      "Conversion Error: Could not convert string 'x' to INT32\n\nLINE 2:   'x'::int as n\n             ^",
    );
  });

  it("tells the engine's errors as JSON to whom has asked for that", async () => {
    await test.run('set errors_as_json = true');
    const text = await engineText('from nowhere');
    await test.run('set errors_as_json = false');
    assert.match(text, /"error_subtype":"MISSING_ENTRY"/);
    assert.match(await engineText('from nowhere'), /^Catalog Error: Table with name nowhere/);
  });

  async function engineText(sql: string): Promise<string> {
    const error = await test.run(sql).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof CoreError);
    return (error.details as SqlErrorDetails).engineText ?? '';
  }
});
