import assert from 'node:assert/strict';
import { openTestSession, startEngine, type TestSession } from '../../support/sql-session.ts';

describe('the summary of a relation', () => {
  const engine = startEngine();
  let test: TestSession;
  before(async () => {
    test = await openTestSession(engine);
    await test.run(`
      create table t as from range(7);
      create schema s;
      create table s."U u" as from range(3);
      copy (select i, if(i > 5, null, 'v' || i) as v, date '2020-01-01' + i::int as d from range(10) r(i))
        to 'x.parquet' (row_group_size 2048);
      copy (select 1 as a) to 'x.csv';
    `);
  });
  after(async () => {
    await test.close();
    await engine.dispose();
  });

  const summary = (source: string) => test.session.summary({ source });

  it('has the rows that the engine counts of a table', async () => {
    assert.deepEqual(await summary('T'), { rowCount: 7, isEstimate: true, columns: [] });
    assert.deepEqual(await summary('s."u U"'), { rowCount: 3, isEstimate: true, columns: [] });
    assert.deepEqual(await summary('main."U u"'), { columns: [] });
  });

  it('has the columns of a table that take no NULL', async () => {
    await test.run(
      'create table c (a int primary key, b int, "C c" text not null); insert into c values (1, 2, 3)',
    );
    assert.deepEqual(await summary('c'), {
      rowCount: 1,
      isEstimate: true,
      columns: [
        { name: 'a', notNull: true },
        { name: 'C c', notNull: true },
      ],
    });
  });

  it('has what the footer of a Parquet file says of its columns', async () => {
    assert.deepEqual(await summary("'x.parquet'"), {
      rowCount: 10,
      columns: [
        { name: 'i', min: '0', max: '9', nullCount: 0 },
        { name: 'v', min: 'v0', max: 'v5', nullCount: 4 },
        { name: 'd', min: '2020-01-01', max: '2020-01-10', nullCount: 0 },
      ],
    });
  });

  it('has the same of the function that reads the file', async () => {
    const expected = await summary("'x.parquet'");
    assert.deepEqual(await summary("read_parquet( 'x.parquet' )"), expected);
    assert.deepEqual(await summary("parquet_scan('x.parquet')"), expected);
    assert.deepEqual(await summary("read_parquet('x.parquet', filename = true)"), { columns: [] });
    assert.deepEqual(await summary("'x.parquet')"), { columns: [] });
  });

  it('is empty for whatever else, and for what may not be read', async () => {
    const sources = [
      "'x.csv'",
      "'none.parquet'",
      "'../x.parquet'",
      "'/etc/x.parquet'",
      "'*.parquet'",
      'nothing',
      'lower()',
      'range(3)',
      't; drop table t',
      '',
    ];
    for (const source of sources) assert.deepEqual(await summary(source), { columns: [] }, source);
    assert.deepEqual(await test.rows('select count(*) from t'), [['7']]);
  });
});
