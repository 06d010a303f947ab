import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import path from 'node:path';
import type { HostConnection } from '../../wasm-core/connect/host-connection.ts';
import { compareSamples } from '../../wasm-core/protocol/bench/compare.ts';
import {
  type BenchFailed,
  type BenchMeasured,
  type BenchOutcome,
  type BenchProgressParams,
  type BenchTarget,
  HOST_OPERATIONS,
} from '../../wasm-core/protocol/bench.ts';
import { throwsKind } from '../support/core-error.ts';
import { HostHome } from '../support/host-process.ts';
import { resultRows } from '../support/result-rows.ts';
import { assemblePlugin, sqlFunction, UPPER_WAT } from '../support/wat.ts';

/** `spin(n)` goes round a loop n times, and does so much in each turn; `boom` traps. */
const spinWat = (more: string) => `(module
  (memory (export "memory") 1)
  (func (export "boom") (param $n i32) (result i32) unreachable)
  (func (export "spin") (param $n i32) (result i32)
    (local $i i32)
    (loop $next
      ${more}
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get $i) (local.get $n))))
    (local.get $i)))`;

/** More instructions in each turn. */
const SLOWER = '(local.set $i (i32.xor (local.get $i) (i32.const 0)))';

const FUNCTIONS = [sqlFunction('spin', ['INTEGER'], 'INTEGER'), sqlFunction('boom', ['INTEGER'], 'INTEGER')];

const SPIN = 'select sum(spin((i % 50)::int)) as total from range(3000) rows(i)';

describe('bench/run', function () {
  this.timeout(180_000);
  const home = new HostHome();
  const folder = path.join(home.folder, 'work');
  let connection: HostConnection;
  let session: string;

  before(async () => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, 'x.csv'), 'a\n1\n2\n3\n');
    await home.start();
    connection = await home.connect();
    await load('spin', 'fast', '');
    await load('spin', 'slow', SLOWER);
    const upper = Buffer.from(await assemblePlugin(UPPER_WAT, [])).toString('base64');
    await connection.request('module/load', { name: 'upper', namespace: 'fast', bytes: { base64: upper } });
    ({ session } = await connection.request('sql/open', { folder, namespace: 'fast' }));
  });
  after(() => home.dispose());

  async function load(name: string, namespace: string, more: string): Promise<void> {
    const bytes = await assemblePlugin(spinWat(more), FUNCTIONS);
    const base64 = Buffer.from(bytes).toString('base64');
    await connection.request('module/load', { name, namespace, bytes: { base64 } });
  }

  type Statement = Partial<Extract<BenchTarget, { type: 'statement' }>>;
  const statement = (sql: string, more: Statement = {}): BenchTarget => ({
    type: 'statement',
    name: 'it',
    session,
    sql,
    ...more,
  });
  const outcomes = async (...targets: BenchTarget[]): Promise<readonly BenchOutcome[]> =>
    (await connection.request('bench/run', { targets, runs: 5, warmUp: 1 })).targets;
  /** One run of each, for what starts an engine each time. */
  const once = async (...targets: BenchTarget[]): Promise<readonly BenchMeasured[]> => {
    const result = await connection.request('bench/run', { targets, runs: 1, warmUp: 0 });
    return result.targets.map((outcome) => {
      assert.ok(outcome.outcome === 'measured', JSON.stringify(outcome));
      return outcome;
    });
  };
  const measured = async (...targets: BenchTarget[]): Promise<readonly BenchMeasured[]> =>
    (await outcomes(...targets)).map((outcome) => {
      assert.ok(outcome.outcome === 'measured', JSON.stringify(outcome));
      return outcome;
    });
  const failed = async (target: BenchTarget): Promise<BenchFailed> => {
    const [outcome] = await outcomes(target);
    assert.ok(outcome?.outcome === 'failed', JSON.stringify(outcome));
    return outcome;
  };

  it('tells the time of each run of a query, and keeps no rows', async () => {
    const { statements } = await connection.request('sql/run', { session, sql: 'select 1 as one' });
    const files = () => readdirSync(path.dirname(statements[0]?.file?.path ?? ''));
    const before = files();
    const target = statement("-- @limit 2\nfrom 'x.csv' where a > $least", {
      parameters: { least: 0 },
      folder,
    });
    const [result] = await measured(target);
    assert.equal(result?.micros.length, 5);
    assert.ok(result.micros.every((micros) => micros > 0));
    assert.deepEqual([result.rowCount, result.truncated, result.warmUp.runs], [2, true, 1]);
    assert.equal(result.figures.count, 5);
    assert.deepEqual([result.fuel, result.functionRows, result.modules], [undefined, undefined, {}]);
    assert.deepEqual(files(), before);
  });

  it('counts the same fuel in each run, and in the next bench', async () => {
    const [first] = await measured(statement(SPIN));
    const [second] = await measured(statement(SPIN));
    assert.ok(first?.fuel !== undefined && first.fuel.least > 100_000);
    assert.equal(first.fuel.least, first.fuel.most);
    assert.deepEqual(second?.fuel, first.fuel);
    assert.equal(first.functionRows, 3000);
    assert.equal(first.cost?.functionFuel, first.fuel.least);
    assert.match(first.modules.spin ?? '', /^[0-9a-f]{64}$/);
  });

  it('finds a plugin that was made slower by its fuel, and the same one not', async () => {
    const { session: slow } = await connection.request('sql/open', { folder, namespace: 'slow' });
    const [before] = await measured(statement(SPIN));
    const [again] = await measured(statement(SPIN));
    const [after] = await measured(statement(SPIN, { session: slow }));
    assert.ok(before && again && after);
    // Times depend on the machine that the test runs on.
    const byFuel = (now: BenchMeasured) => compareSamples({ ...before, micros: undefined }, now);
    const same = byFuel(again);
    assert.ok(same.type === 'compared');
    assert.deepEqual([same.isRegression, same.fuel?.verdict, same.changedModules], [false, 'same', []]);
    const change = byFuel(after);
    assert.ok(change.type === 'compared');
    assert.deepEqual(
      [change.isRegression, change.fuel?.verdict, change.changedModules],
      [true, 'more', ['spin']],
    );
    assert.ok((change.fuel?.ratio ?? 0) > 1.2);
  });

  it('knows equal work whatever its space, its comments and its secrets', async () => {
    const works = async (sql: string, more: Statement = {}) =>
      (await measured(statement(sql, more)))[0]?.work;
    const work = await works('select 1 as x');
    assert.equal(await works('-- say\nselect   1\nas /* what */ x'), work);
    assert.notEqual(await works('select 2 as x'), work);
    assert.notEqual(await works("select '1  2' as x"), await works("select '1 2' as x"));
    assert.notEqual(await works('-- @limit 1\nselect 1 as x'), work);
    const parameter = (name: string, value: number) =>
      works(`select $${name}`, { parameters: { [name]: value } });
    assert.notEqual(await parameter('a', 1), await parameter('a', 2));
    assert.equal(await parameter('password', 1), await parameter('password', 2));
  });

  it('measures calls and runs of a module, metered and not', async () => {
    const call = {
      type: 'call',
      module: 'spin',
      namespace: 'fast',
      function: 'spin',
      arguments: [7],
    } as const;
    const input = { utf8: 'some text' };
    const [metered, unmetered, process] = await measured(
      { name: 'metered', ...call },
      { name: 'unmetered', ...call, unmetered: true },
      { name: 'process', type: 'process', module: 'upper', namespace: 'fast', input },
    );
    assert.ok(metered?.fuel && metered.fuel.least === metered.fuel.most);
    assert.ok(metered.runsPerSample > 1);
    assert.equal(unmetered?.fuel, undefined);
    assert.equal(unmetered?.work, metered.work);
    assert.deepEqual(Object.keys(process?.modules ?? {}), ['upper']);
    const usage = await connection.request('module/call', { ...call, type: undefined } as never);
    assert.equal(usage.usage.fuel, metered.fuel.least);
  });

  it('measures a chain, with its steps', async () => {
    const steps = ['upper', { sql: 'select upper(line) as line from input', input: 'text' }] as const;
    const limits = { timeoutMs: 120_000 };
    const chain = {
      type: 'chain',
      steps,
      limits,
      namespace: 'fast',
      folder,
      input: { utf8: 'a\nb\n' },
    } as const;
    const [result] = await once({ name: 'chain', ...chain });
    assert.deepEqual(
      result?.steps?.map(({ name }) => name),
      ['upper', 'sql'],
    );
    assert.deepEqual(Object.keys(result?.modules ?? {}), ['upper']);
    assert.equal(result?.fuel?.least, result?.steps?.[0]?.fuel);
  });

  it('measures the host itself', async () => {
    const targets = HOST_OPERATIONS.map(
      (operation) => ({ type: 'host', name: operation, operation }) as const,
    );
    const results = await once(...targets);
    for (const { figures, name } of results) assert.ok(figures.median > 0, name);
    const { modules } = await connection.request('module/list', {});
    assert.deepEqual(
      modules.filter(({ namespace }) => namespace === 'quern-bench'),
      [],
    );
  });

  it('measures in turns, and tells of each sample as it comes', async () => {
    const told: BenchProgressParams[] = [];
    const targets = [statement('select 1', { name: 'a' }), statement('select 2', { name: 'b' })];
    const params = { targets, runs: 4, warmUp: 1 };
    await connection.request('bench/run', params, { onBench: (progress) => told.push(progress) });
    const samples = told.flatMap((progress) => progress.samples);
    assert.deepEqual(
      samples.map(({ target }) => target),
      [0, 1, 0, 1, 0, 1, 0, 1],
    );
    assert.deepEqual([...new Set(told.map(({ phase }) => phase))], ['preparing', 'warming', 'measuring']);
    assert.equal(told.at(-1)?.percent, 100);
  });

  it('runs as often as the time allows when nobody says how often', async () => {
    const result = await connection.request('bench/run', { targets: [statement('select 1')], timeMs: 100 });
    const [outcome] = result.targets;
    assert.ok(outcome?.outcome === 'measured');
    assert.ok(outcome.micros.length >= 5 && outcome.micros.length <= 200);
    assert.ok(outcome.warmUp.runs >= 1);
  });

  it('repeats nothing that changes something', async () => {
    await connection.request('sql/run', { session, sql: 'create table t (x int)' });
    for (const sql of [
      'insert into t values (1)',
      'select 1; select 2',
      '-- nothing',
      'with a as (select 1) insert into t from a',
    ]) {
      const { kind, message } = await failed(statement(sql));
      assert.deepEqual([kind, /one query/.test(message)], ['PARAMS_INVALID', true]);
    }
    const { statements } = await connection.request('sql/run', {
      session,
      sql: 'select count(*) as n from t',
    });
    assert.deepEqual(statements.map(resultRows), [[['0']]]);
  });

  it('goes on with the others when one fails', async () => {
    const results = await outcomes(
      statement('select nope', { name: 'unbound' }),
      statement('select boom(1)', { name: 'trap' }),
      statement('select 1', { name: 'nobody', session: 's999' }),
      { type: 'call', name: 'unknown', module: 'nothing', function: 'f', arguments: [] },
      { type: 'host', name: 'strange', operation: 'fly' as never },
      statement('select 1', { name: 'stranger', rows: 3 } as never),
      statement('select 1', { name: 'fine' }),
    );
    assert.deepEqual(
      results.map((result) => (result.outcome === 'failed' ? result.kind : result.outcome)),
      [
        'SQL_BIND',
        'TRAP',
        'SESSION_UNKNOWN',
        'MODULE_UNKNOWN',
        'PARAMS_INVALID',
        'PARAMS_INVALID',
        'measured',
      ],
    );
    const [unbound] = results;
    assert.ok(unbound?.outcome === 'failed' && /nope/.test(unbound.message));
    assert.deepEqual([unbound.details.start, unbound.details.end], [7, 11]);
  });

  it('refuses what is no list of targets', async () => {
    const refuse = (params: unknown, message: RegExp) =>
      throwsKind('PARAMS_INVALID', message, () => connection.request('bench/run', params as never));
    const one = statement('select 1');
    await refuse({}, /targets must be an array of 1 to 200/);
    await refuse({ targets: [] }, /1 to 200/);
    await refuse({ targets: [null] }, /targets\[0\]\.type must be one of statement/);
    await refuse({ targets: [{ ...one, name: '' }] }, /name must be/);
    await refuse({ targets: [one, one] }, /Two targets are called "it"/);
    for (const runs of [0, 10_001, 1.5]) await refuse({ targets: [one], runs }, /runs/);
    await refuse({ targets: [one], times: 3 }, /Did you mean timeMs/);
  });

  it('tells what machine it is, and not whose', async () => {
    const result = await connection.request('bench/run', { targets: [statement('select 1')], runs: 1 });
    const { machine, versions } = result;
    assert.ok(machine.cores >= 1 && machine.memoryBytes > 1e8 && machine.cpu !== '');
    assert.deepEqual([machine.os, machine.arch], [process.platform, process.arch]);
    const { statements } = await connection.request('sql/run', { session, sql: 'select version()' });
    assert.deepEqual(statements.map(resultRows), [[[versions.duckdb]]]);
    const text = JSON.stringify({ ...result, targets: [] });
    const private1 = [hostname(), userInfo().username, home.folder].filter((name) => name.length > 5);
    for (const name of private1) assert.ok(!text.includes(name), name);
  });

  it('waits for a bench that is under way, and says so', async () => {
    const abort = new AbortController();
    const sql = 'select count(*) from range(100000) a, range(1000) b where a.range + b.range = 7';
    let long: Promise<unknown> = Promise.resolve();
    await new Promise((resolve) => {
      const options = { signal: abort.signal, onBench: resolve };
      long = connection.request('bench/run', { targets: [statement(sql)], runs: 1000 }, options);
      long.catch(() => {});
    });
    const other = await home.connect();
    const { session: own } = await other.request('sql/open', { folder });
    const targets = [statement('select 1', { session: own })];
    const phases: string[] = [];
    let waits: Promise<unknown> = Promise.resolve();
    await new Promise((resolve) => {
      const onBench = ({ phase }: BenchProgressParams) => resolve(phases.push(phase));
      waits = other.request('bench/run', { targets, runs: 1 }, { onBench });
    });
    assert.deepEqual(phases, ['waiting']);
    // One that gives up in the line lets those before go on, and those behind wait.
    const givesUp = new AbortController();
    const given = other.request('bench/run', { targets, runs: 1 }, { signal: givesUp.signal });
    givesUp.abort();
    await throwsKind('CANCELLED', /cancelled/, () => given);
    abort.abort();
    await throwsKind('CANCELLED', /cancelled/, () => long);
    await waits;
  });

  it('ends at its deadline', async () => {
    const sql = 'select count(*) from range(100000) a, range(1000) b where a.range + b.range = 7';
    const params = { targets: [statement(sql)], timeoutMs: 300 };
    await throwsKind('DEADLINE_EXCEEDED', /within 300 ms/, () => connection.request('bench/run', params));
    assert.equal((await measured(statement('select 1'))).length, 1);
  });

  it('ends with the client that asked for it', async () => {
    const other = await home.connect();
    const { session: own } = await other.request('sql/open', { folder });
    const sql = 'select count(*) from range(100000) a, range(1000) b where a.range + b.range = 7';
    const begun = new Promise((resolve) => {
      const params = { targets: [statement(sql, { session: own })], runs: 1000 };
      other.request('bench/run', params, { onBench: resolve }).catch(() => {});
    });
    await begun;
    other.dispose();
    assert.equal((await measured(statement('select 1'))).length, 1);
  });
});
