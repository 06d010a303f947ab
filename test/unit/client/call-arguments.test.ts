import assert from 'node:assert/strict';
import { CallArguments } from '../../../client/functions/call-arguments.ts';
import { callText, testText } from '../../../client/functions/call-text.ts';
import {
  benchmarkArguments,
  benchmarkText,
  exampleArguments,
} from '../../../wasm-core/protocol/bench/function-benchmarks.ts';
import { splitStatements } from '../../../wasm-core/protocol/statements.ts';
import type { Engine } from '../../../wasm-core/sql/engine.ts';
import { openTestSession, startEngine, type TestSession, watPlugin } from '../../support/sql-session.ts';
import { sqlFunction } from '../../support/wat.ts';

const TYPES =
  `BOOLEAN TINYINT SMALLINT INTEGER BIGINT HUGEINT UTINYINT USMALLINT UINTEGER UBIGINT FLOAT DOUBLE VARCHAR
  BLOB DATE TIMESTAMP TIME UUID INTERVAL INTEGER[] DECIMAL(10,2)`.split(/\s+/);

describe('the arguments that a function is tried with', function () {
  this.timeout(60_000);
  let engine: Engine;
  let session: TestSession;
  before(async () => {
    engine = startEngine();
    session = await openTestSession(engine);
  });
  after(async () => {
    await session.close();
    await engine.dispose();
  });

  it('are of the types that it takes', async () => {
    for (const type of TYPES) {
      const fn = sqlFunction('f', [type], 'INTEGER');
      for (const args of [exampleArguments(fn), benchmarkArguments(fn)]) {
        const rows = await session.rows(`select distinct typeof(${args}) from range(70000) rows(i)`);
        const isExact = rows.length === 1 && (rows[0]?.[0] === type || type === 'FLOAT');
        assert.ok(isExact, `${args} is ${rows.join()}, and not ${type}`);
      }
    }
  });

  it('make a statement that calls the function for each row', async () => {
    const twice = sqlFunction('twice', ['INTEGER'], 'INTEGER');
    const wat = `(module (func (export "twice") (param i32) (result i32) (i32.mul (local.get 0) (i32.const 2))))`;
    await session.session.setPlugins([await watPlugin(wat, [twice])]);
    assert.deepEqual(await session.rows(callText(twice, '21')), [['42']]);
    const { statements } = await session.run(benchmarkText(twice, benchmarkArguments(twice)));
    assert.equal(statements[0]?.cost.functionRows, 100_000);
    assert.equal(statements[0]?.rowCount, 1);
    const tests = testText(twice, '21').split('statement ok\n')[1] ?? '';
    assert.deepEqual(await session.rows(tests), [['42']]);
  });

  it('are statements of the kind that the function is', () => {
    const table = { ...sqlFunction('t', ['INTEGER'], 'TABLE(x INTEGER)'), kind: 'table' } as const;
    const aggregate = { ...sqlFunction('a', ['DOUBLE'], 'DOUBLE'), kind: 'aggregate' } as const;
    assert.equal(callText(table, '3'), 'from t(3)');
    assert.equal(benchmarkText(table, benchmarkArguments(table)), 'select count(*) from t(1)');
    assert.equal(
      benchmarkText(aggregate, benchmarkArguments(aggregate)),
      'select a(i::DOUBLE) from range(100000) rows(i)',
    );
    for (const text of [callText(table, '3'), benchmarkText(aggregate, 'i')]) {
      assert.equal(splitStatements(text).length, 1);
    }
  });
});

describe('the arguments of a function in a workspace', () => {
  function create(answers: readonly (string | undefined)[]) {
    const kept = new Map<string, unknown>();
    const asked: string[] = [];
    const left = [...answers];
    const store = {
      get: (key: string) => kept.get(key),
      update: async (key: string, v: unknown) => void kept.set(key, v),
    };
    const args = new CallArguments(store, async ({ title, value }) => {
      asked.push(`${title} was ${value}`);
      return left.shift();
    });
    return { args, asked, store };
  }
  const target = (name: string, types: readonly string[]) => ({
    uri: 'file:///w/plugins/text.ts',
    module: 'text',
    function: sqlFunction(name, types, 'VARCHAR'),
  });

  it('are asked for with those of the last time, apart for runs and benchmarks', async () => {
    const { args, asked } = create(["'a'", undefined, "'b' || i"]);
    const slug = target('slug', ['VARCHAR']);
    assert.equal(await args.of(slug, 'run'), "'a'");
    assert.equal(await args.of(slug, 'run'), undefined, 'declined');
    assert.equal(await args.of(slug, 'benchmark'), "'b' || i");
    assert.deepEqual(asked, [
      "slug(p1 VARCHAR) was 'some text'",
      "slug(p1 VARCHAR) was 'a'",
      "slug(p1 VARCHAR) was 'text ' || i",
    ]);
    assert.equal(args.known(slug, 'run'), "'a'");
    assert.equal(
      args.known(target('slug', ['INTEGER']), 'run'),
      '1',
      'other parameters are another function',
    );
  });

  it('are not asked for where there are none, and survive a store that somebody else wrote', async () => {
    const { args, asked, store } = create([]);
    assert.equal(await args.of(target('now', []), 'run'), '');
    assert.deepEqual(asked, []);
    await store.update('quern.arguments', { x: 5 });
    assert.equal(args.known(target('f', ['INTEGER']), 'run'), '1');
    await store.update('quern.arguments', 'nothing');
    assert.equal(args.known(target('f', ['INTEGER']), 'run'), '1');
  });

  it('are remembered of 200 functions', async () => {
    const { args } = create(Array.from({ length: 201 }, (_, i) => `${i}`));
    for (let i = 0; i < 201; i++) await args.of(target(`f${i}`, ['INTEGER']), 'run');
    assert.equal(args.known(target('f0', ['INTEGER']), 'run'), '1', 'forgotten');
    assert.equal(args.known(target('f200', ['INTEGER']), 'run'), '200');
  });
});
