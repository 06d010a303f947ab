import assert from 'node:assert/strict';
import {
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import type { RunResult } from '../../../wasm-core/protocol/methods.ts';
import type { Engine, EngineRunOptions } from '../../../wasm-core/sql/engine.ts';
import { eventually } from '../../support/eventually.ts';
import {
  openTestSession,
  startEngine,
  statementRows,
  type TestSession,
  watPlugin,
} from '../../support/sql-session.ts';

const WAT = (factor: number) =>
  `(module (func (export "times") (param i32) (result i32) (i32.mul (local.get 0) (i32.const ${factor}))))`;

function timesPlugin(factor: number, deterministic = true) {
  const parameters = [{ name: 'a', type: 'INTEGER' }] as const;
  return watPlugin(WAT(factor), [{ name: 'times', parameters, deterministic }]);
}

describe('Rows that are given again', function () {
  this.timeout(300_000);
  let engine: Engine;
  let data: TestSession;
  let cacheFolder = '';
  before(async () => {
    engine = startEngine();
    data = await openTestSession(engine);
    cacheFolder = path.join(data.folder, '..', 'cache');
  });
  after(async () => {
    await data.close();
    await engine.dispose();
  });
  beforeEach(() => rmSync(cacheFolder, { recursive: true, force: true }));

  type Options = Partial<EngineRunOptions>;
  const inFolder = (name: string): string => path.join(data.folder, name);
  const cache = (members: Partial<NonNullable<Options['cache']>> = {}): Options => ({
    cache: { mode: 'use', folder: cacheFolder, maxBytes: 1e8, minMicros: 0, ...members },
  });
  const run = (sql: string, options: Options = {}): Promise<RunResult> =>
    data.run(sql, { ...cache(), ...options });
  /** Runs once more. @returns whether the rows were given again, and the rows */
  async function again(sql: string, options: Options = {}): Promise<[boolean, (string | null)[][]]> {
    const { statements } = await run(sql, options);
    return [statements[0]?.cached !== undefined, statementRows(statements[0])];
  }
  /** Waits until any later change of a file will show in its times. */
  async function settled(...names: string[]): Promise<void> {
    await eventually('the files are of some time ago', () =>
      names.every((name) => Date.now() - statSync(inFolder(name)).ctimeMs > 150) ? true : undefined,
    );
  }
  async function write(name: string, text: string): Promise<void> {
    writeFileSync(inFolder(name), text);
    await settled(name);
  }

  it('are those of the same query over the same files, with what they cost when it ran', async () => {
    await write('a.csv', 'x\n1\n2\n');
    const first = await run("select x, x * $n as y from 'a.csv' order by x", { parameters: { n: 3 } });
    const second = await run("select x, x * $n as y\n from 'a.csv' -- the same\n order by x", {
      parameters: { n: 3 },
    });
    const [before, after] = [first.statements[0], second.statements[0]];
    assert.equal(before?.cached, undefined);
    assert.equal(after?.cached?.micros, before?.cost.micros);
    assert.equal(after?.kept, before?.kept);
    assert.deepEqual(after?.columns, before?.columns);
    assert.notEqual(after?.file?.path, before?.file?.path);
    assert.deepEqual(statementRows(after), [
      ['1', '3'],
      ['2', '6'],
    ]);
    assert.deepEqual([after?.start, after?.end], [0, 59]);
  });

  it('are computed again for another parameter, limit, setting, case of a column, and when asked', async () => {
    await write('a.csv', 'x\n1\n2\n');
    const sql = "select x + $n as y from 'a.csv'";
    const one = { parameters: { n: 1 } };
    await run(sql, one);
    assert.deepEqual(await again(sql, { parameters: { n: 2 } }), [false, [['3'], ['4']]]);
    assert.equal((await again(sql, { ...one, maxRows: 1 }))[0], false);
    assert.equal((await again(sql.replace('as y', 'as Y'), one))[0], false);
    assert.equal((await again(sql, { ...one, ...cache({ mode: 'refresh' }) }))[0], false);
    assert.equal((await again(sql, { ...one, cache: undefined } as Options))[0], false);
    assert.equal((await again(sql, one))[0], true);
    await data.run("set TimeZone = 'Asia/Tokyo'");
    assert.equal((await again(sql, one))[0], false);
    await data.run("set TimeZone = 'UTC'");
    assert.equal((await again(sql, one))[0], true);
  });

  it('are computed again when a file was written, replaced, or given its old time', async () => {
    const sql = "select sum(x)::int as s from 'a.csv'";
    await write('a.csv', 'x\n1\n2\n');
    await run(sql);
    const { atime, mtime } = statSync(inFolder('a.csv'));
    writeFileSync(inFolder('a.csv'), 'x\n1\n7\n');
    utimesSync(inFolder('a.csv'), atime, mtime);
    assert.deepEqual(await again(sql), [false, [['8']]]);
    await settled('a.csv');
    await run(sql);
    await write('b.csv', 'x\n4\n5\n');
    renameSync(inFolder('b.csv'), inFolder('a.csv'));
    assert.deepEqual(await again(sql), [false, [['9']]]);
  });

  it('are computed again when a pattern finds another file, and when a link leads elsewhere', async () => {
    mkdirSync(inFolder('days'));
    await write('days/1.csv', 'x\n1\n');
    await write('days/2.csv', 'x\n2\n');
    const sql = "select sum(x)::int as s from 'days/*.csv'";
    await run(sql);
    assert.deepEqual(await again(sql), [true, [['3']]]);
    await write('days/3.csv', 'x\n3\n');
    assert.deepEqual(await again(sql), [false, [['6']]]);
    rmSync(inFolder('days/1.csv'));
    assert.deepEqual(await again(sql), [false, [['5']]]);
    symlinkSync('days/2.csv', inFolder('link.csv'));
    const linked = "select x::int as x from 'link.csv'";
    await run(linked);
    assert.deepEqual(await again(linked), [true, [['2']]]);
    rmSync(inFolder('link.csv'));
    symlinkSync('days/3.csv', inFolder('link.csv'));
    assert.deepEqual(await again(linked), [false, [['3']]]);
  });

  it('are not kept of a file that was written just before', async () => {
    writeFileSync(inFolder('now.csv'), 'x\n1\n');
    const future = Date.now() / 1000 + 60;
    utimesSync(inFolder('now.csv'), future, future);
    const sql = "select x from 'now.csv'";
    await run(sql);
    assert.equal((await again(sql))[0], false);
  });

  for (const sql of [
    'select random() as r',
    'select now() as t',
    'select current_date as d',
    'select Current_Timestamp as d',
    "select age(timestamp '2020-01-01') as a",
    'select uuid() as u',
    "select getvariable('v') as v",
    "select current_setting('TimeZone') as z",
    'select user as u',
    "select * from 'a.csv' using sample 1",
    "select * from 'a.csv' tablesample 50 percent",
    'select * from t',
    'select * from v',
    "select * from query_table('t')",
    'select * from duckdb_tables',
    'select * from duckdb_settings()',
    'select count(*) as n from information_schema.tables',
    'select f() as a',
    'select list_transform([1], x -> x + random()) as l',
    'select (select max(x) from t) as m',
    'with a as (select * from t) select * from a',
    'select * from (values (1)) q(x) where x in (select x from main.t)',
    "select * from read_text('a.csv')",
    'describe select 1 as x',
  ]) {
    it(`are none of: ${sql}`, async () => {
      await write('a.csv', 'x\n1\n2\n');
      await data.run(
        'create or replace table t as select 1 as x; create or replace view v as select 2 as y; create or replace macro f() as 3; set variable v = 1',
      );
      await run(sql);
      assert.equal((await again(sql))[0], false);
    });
  }

  for (const sql of [
    "from 'a.csv'",
    "select x, count(*), row_number() over (order by x) from read_csv('a.csv') group by x having count(*) > 0 order by 1",
    "with q as (select x from 'a.csv') select * from q where x::text like '1%' union all select 5",
    'select unnest([1, 2]) as u, list_sum([1, 2]) as s, {a: 1} as r, [y + 1 for y in [1, 2]] as l',
    "select date_trunc('month', date '2020-05-05') as d, strftime(date '2020-05-05', '%Y') as y, 'a' || 'b' as c",
    'select sum(i) as s from range(10) t(i)',
  ]) {
    it(`are those of: ${sql}`, async () => {
      await write('a.csv', 'x\n1\n2\n');
      const { statements } = await run(sql);
      assert.deepEqual(await again(sql), [true, statementRows(statements[0])]);
    });
  }

  it('are computed again when a table, macro or view takes the name that a query uses', async () => {
    await write('a.csv', 'x\n1\n');
    const sql = "select abs(x)::int as x from 'a.csv'";
    await run(sql);
    await data.run('create temp view "a.csv" as select -5 as x');
    assert.deepEqual(await again(sql), [false, [['5']]]);
    await data.run('drop view "a.csv"');
    assert.equal((await again(sql))[0], true);
    await data.run('create temp macro abs(x) as 77');
    assert.deepEqual(await again(sql), [false, [['77']]]);
    await data.run('drop macro temp.abs');
    assert.equal((await again(sql))[0], true);
  });

  it('are computed again when a plugin is another, and each time when it says that it is not deterministic', async () => {
    const sql = 'select times(21) as x';
    const set = async (factor: number, deterministic?: boolean): Promise<void> =>
      data.session.setPlugins([await timesPlugin(factor, deterministic)]);
    await set(2);
    assert.deepEqual(await again(sql), [false, [['42']]]);
    assert.deepEqual(await again(sql), [true, [['42']]]);
    await set(3);
    assert.deepEqual(await again(sql), [false, [['63']]]);
    await set(2);
    assert.deepEqual(await again(sql), [true, [['42']]]);
    await set(2, false);
    assert.deepEqual(await again(sql), [false, [['42']]]);
    assert.deepEqual(await again(sql), [false, [['42']]]);
    await data.session.setPlugins([]);
  });

  it('are given to no session that may not read the files', async () => {
    await write('a.csv', 'x\n1\n');
    const sql = `select x from '${inFolder('a.csv')}'`;
    await run(sql);
    const other = await openTestSession(engine);
    try {
      const options = { ...cache(), folder: data.folder };
      await assert.rejects(other.run(sql, options), { kind: 'PATH_DENIED' });
    } finally {
      await other.close();
    }
  });

  it('take no more room than they may: those that were used longest ago go', async () => {
    const sql = (i: number) => `select ${i} as a, repeat('x', 200000) as b`;
    const room = cache({ maxBytes: 900_000 });
    for (let i = 0; i < 4; i++) await run(sql(i), room);
    const bytes = (): number =>
      readdirSync(cacheFolder).reduce((sum, name) => sum + statSync(path.join(cacheFolder, name)).size, 0);
    assert.ok(bytes() < 910_000);
    assert.equal((await again(sql(0), room))[0], true);
    for (let i = 4; i < 7; i++) {
      await run(sql(i), room);
      assert.equal((await again(sql(0), room))[0], true, 'what is used stays');
    }
    assert.ok(bytes() < 910_000);
    assert.equal((await again(sql(1), room))[0], false);
    await run("select repeat('x', 300000) as b", room);
    assert.equal(
      (await again("select repeat('x', 300000) as b", room))[0],
      false,
      'what is large is not kept',
    );
  });

  it('are computed when what is kept was damaged', async () => {
    const sql = 'select 5 as x';
    await run(sql);
    for (const name of readdirSync(cacheFolder)) writeFileSync(path.join(cacheFolder, name), 'junk');
    assert.deepEqual(await again(sql), [false, [['5']]]);
    assert.deepEqual(await again(sql), [true, [['5']]]);
  });

  it('are never stale, whatever happens to the files between the runs', async () => {
    let [hits, runs] = [0, 0];
    const names = ['p1.csv', 'p2.csv', 'p3.csv'];
    const step = fc.oneof(
      {
        weight: 3,
        arbitrary: fc.record({
          do: fc.constantFrom('write', 'replace', 'forge'),
          file: fc.nat(2),
          n: fc.integer({ min: 10, max: 99 }),
        }),
      },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('remove'), file: fc.nat(2), n: fc.constant(0) }) },
      {
        weight: 6,
        arbitrary: fc.record({ do: fc.constant('settle'), file: fc.constant(0), n: fc.constant(0) }),
      },
      {
        weight: 14,
        arbitrary: fc.record({ do: fc.constant('run'), file: fc.integer({ min: 0, max: 3 }), n: fc.nat(2) }),
      },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 25 }), async (steps) => {
        const values = new Map<string, number>();
        const change = (name: string, n: number, how: string): void => {
          const file = inFolder(name);
          const before = statSync(file, { throwIfNoEntry: false });
          writeFileSync(how === 'replace' ? `${file}.new` : file, `x\n${n}\n`);
          if (how === 'replace') renameSync(`${file}.new`, file);
          if (how === 'forge' && before !== undefined) utimesSync(file, before.atime, before.mtime);
          values.set(name, n);
        };
        for (const name of names) change(name, 50, 'replace');
        for (const { do: what, file, n } of steps) {
          const name = names[file] ?? 'p*.csv';
          if (what === 'settle') await settled(...values.keys());
          else if (what === 'remove') {
            rmSync(inFolder(name), { force: true });
            values.delete(name);
          } else if (what !== 'run') change(name, n, what);
          else {
            const read =
              name === 'p*.csv' ? [...values.values()] : [values.get(name)].filter((v) => v !== undefined);
            if (read.length === 0) continue;
            const [isHit, rows] = await again(`select sum(x)::int + $n as s from '${name}'`, {
              parameters: { n },
            });
            assert.deepEqual(rows, [[String(read.reduce((sum, value) => sum + value, n))]]);
            runs++;
            if (isHit) hits++;
          }
        }
      }),
      { numRuns: 40 },
    );
    assert.ok(hits > runs / 10 && hits < runs, `${hits} of ${runs} runs gave rows again`);
  });
});
