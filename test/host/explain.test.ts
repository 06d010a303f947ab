import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { HostConnection } from '../../wasm-core/connect/host-connection.ts';
import type { RunResult, StatementResult } from '../../wasm-core/protocol/methods.ts';
import type { PlanNode, QueryPlan } from '../../wasm-core/protocol/plan.ts';
import { timelineMicros } from '../../wasm-core/protocol/timeline.ts';
import { quern } from '../support/cli.ts';
import { throwsKind } from '../support/core-error.ts';
import { HostHome } from '../support/host-process.ts';

/** `twice` doubles, `half` traps at odd numbers. */
const NUMBERS_WAT = `;; @udf twice(n INTEGER) -> INTEGER
;; @udf half(n INTEGER) -> INTEGER
(module
  (memory (export "memory") 1)
  (func (export "twice") (param $n i32) (result i32)
    (i32.mul (local.get $n) (i32.const 2)))
  (func (export "half") (param $n i32) (result i32)
    (if (i32.and (local.get $n) (i32.const 1)) (then (unreachable)))
    (i32.shr_s (local.get $n) (i32.const 1))))
`;

describe('sql/explain', function () {
  this.timeout(180_000);
  const home = new HostHome();
  const folder = path.join(home.folder, 'work');
  let connection: HostConnection;
  let session: string;

  before(async () => {
    mkdirSync(path.join(folder, 'plugins'), { recursive: true });
    writeFileSync(path.join(folder, 'plugins', 'numbers.wat'), NUMBERS_WAT);
    const { code, stderr } = await quern(home, ['load', 'work/plugins/numbers.wat']);
    assert.equal(code, 0, stderr);
    connection = await home.connect();
    ({ session } = await connection.request('sql/open', { folder, namespace: 'default' }));
  });
  after(async () => {
    await quern(home, ['stop']);
    await home.dispose();
  });

  function explain(sql: string, options: { analyze?: boolean } = {}): Promise<RunResult> {
    return connection.request('sql/explain', { session, sql, ...options });
  }

  async function planOf(sql: string, options: { analyze?: boolean } = {}): Promise<QueryPlan> {
    const { statements } = await explain(sql, options);
    const plan = statements.at(-1)?.plan;
    assert.ok(plan !== undefined);
    return plan;
  }

  async function run(sql: string): Promise<StatementResult> {
    const { statements } = await connection.request('sql/run', { session, sql });
    const last = statements.at(-1);
    assert.ok(last !== undefined);
    return last;
  }

  function node(plan: QueryPlan, operator: string): PlanNode {
    const found = plan.nodes.find((each) => each.operator === operator);
    assert.ok(found !== undefined, `${operator} is not in ${plan.nodes.map((each) => each.operator)}`);
    return found;
  }

  it('has what the engine expects, and runs nothing', async () => {
    await run('create table kept as select range::int as n from range(1000)');
    const plan = await planOf('delete from kept where n > 10');
    assert.equal(plan.isMeasured, false);
    assert.equal(plan.nodes[0]?.operator, 'DELETE');
    const scan = node(plan, 'SEQ_SCAN');
    assert.equal(plan.nodes[scan.parent]?.parent === undefined, false);
    assert.deepEqual([scan.rows, scan.micros], [undefined, undefined]);
    assert.equal(typeof scan.estimate, 'number');
    assert.equal((await run('from kept')).rowCount, 1000);
  });

  it('has times and rows when it analyses, and has then run, whatever it changes', async () => {
    await run('create or replace table gone as select range::int as n from range(1000)');
    const { statements } = await explain('delete from gone where n >= 10', { analyze: true });
    const [{ plan, kind, columns, file } = assert.fail()] = statements;
    assert.deepEqual([kind, columns, file], ['DELETE', [], undefined]);
    assert.equal(plan?.isMeasured, true);
    assert.ok(plan.nodes.every(({ micros, rows }) => micros !== undefined && rows !== undefined));
    assert.equal(node(plan, 'SEQ_SCAN').scanned, 1000);
    assert.equal((await run('from gone')).rowCount, 10);
  });

  it('tells which operators call plugin functions, by the names that people write', async () => {
    const sql = `select twice(n) as t, '__quern_3_no(' as text from
      (select range::int as n from range(5000)) where half(n * 2) > 10 and n::varchar <> '__quern_9_half('`;
    const { statements } = await explain(sql, { analyze: true });
    const [{ plan, cost } = assert.fail()] = statements;
    assert.ok(plan !== undefined);
    // The engine shows `twice` as `t`.
    const calls = plan.nodes.filter(({ functions }) => functions !== undefined);
    assert.deepEqual(
      calls.map(({ operator, functions }) => [operator, functions]),
      [
        ['PROJECTION', ['twice']],
        ['FILTER', ['half']],
      ],
    );
    const texts = plan.nodes.flatMap(({ details }) => details.map(({ value }) => value)).join('\n');
    assert.match(texts, /\bhalf\(\(n \* 2\)\)/);
    assert.match(texts, /'__quern_9_half\('/, 'a text of the statement is left as it is');
    const rows = new Map(cost.functions?.map((each) => [each.name, each.rows]));
    assert.deepEqual([rows.get('half'), rows.get('twice')], [5000, 4989]);
  });

  it('takes statements with common tables, recursion and several pipelines', async () => {
    const sql = `with recursive t(i) as (select 1 union all select i + 1 from t where i < 100),
      m as materialized (select i, twice(i) as d from t)
      select a.i, count(*) from m a join m b on a.d > b.d group by all order by 2 desc limit 3`;
    const plan = await planOf(sql, { analyze: true });
    for (const [index, { parent }] of plan.nodes.entries())
      assert.ok(parent < index, 'a parent stands before');
    assert.equal(plan.nodes.filter(({ parent }) => parent === -1).length, 1);
    for (const name of ['CTE', 'CTE_SCAN', 'TOP_N', 'HASH_GROUP_BY']) node(plan, name);
    assert.equal(node(plan, 'TOP_N').rows, 3);
  });

  it('runs what stands before the statement, and explains it in place of an EXPLAIN of its own', async () => {
    const { statements } = await explain(
      'create or replace table b4 as select 1 as x;\nexplain analyze from b4',
    );
    assert.deepEqual(
      statements.map(({ kind, plan }) => [kind, plan?.isMeasured]),
      [
        ['CREATE', undefined],
        ['SELECT', false],
      ],
    );
    const options = await planOf('explain (analyze, format graphviz) select 1', { analyze: true });
    assert.equal(options.isMeasured, true);
  });

  it('leaves the settings of the session and what its user profiles as they are', async () => {
    const output = path.join(folder, 'profile.json');
    await run(
      `pragma enable_profiling = 'json'; set profiling_output = '${output}'; set explain_output = 'all'`,
    );
    const settings = "select current_setting('enable_profiling'), current_setting('profiling_output')";
    const before = await connection.request('sql/run', {
      session,
      sql: `create or replace table s as ${settings}`,
    });
    assert.equal(before.statements.length, 1);
    const plan = await planOf('select twice(4)', { analyze: true });
    assert.equal(plan.isMeasured, true);
    assert.equal((await planOf('select 1')).nodes[0]?.operator, 'PROJECTION');
    assert.equal((await run(`from s except ${settings}`)).rowCount, 0);
    await run('pragma disable_profiling; reset explain_output');
  });

  it('cuts texts that are long, and keeps the rest of the plan', async () => {
    const plan = await planOf(
      `select n from (select range as n from range(9)) where n::varchar <> '${'x'.repeat(2_000_000)}'`,
    );
    const filter = plan.nodes.find(({ details }) => details.some(({ value }) => value.includes('xxx')));
    assert.ok(filter !== undefined);
    for (const { value } of filter.details) assert.ok(value.length < 21_000);
    assert.match(JSON.stringify(filter.details), /… \(2,000,0\d\d characters\)/);
  });

  it('tells where in the statement the engine found a fault', async () => {
    const sql = 'explain analyze select nothing_like_it from range(3)';
    for (const analyze of [false, true]) {
      await assert.rejects(explain(`select 1; ${sql}`, { analyze }), (error) => {
        const { start, end } = (error as { details: { start: number; end: number } }).details;
        return `select 1; ${sql}`.slice(start, end) === 'nothing_like_it';
      });
    }
    await throwsKind('TRAP', /half/, () => explain('select half(3)', { analyze: true }));
    await throwsKind('PARAMS_INVALID', /no statement/, () => explain(' -- nothing'));
  });

  it('gives a fault of the engine for what has no plan', async () => {
    for (const sql of ['set threads = 1', 'explain', 'pragma version', "attach ':memory:' as more"]) {
      const result = await explain(sql).then(
        ({ statements }) => statements.at(-1)?.plan?.nodes.length,
        (error: { kind?: string }) => error.kind,
      );
      assert.ok(typeof result === 'number' || /^SQL_/.test(String(result)), `${sql}: ${result}`);
    }
  });

  it('has a timeline whose phases are no longer than all of it', async () => {
    const started = performance.now();
    const sql = `select sum(twice(n)) from (select range::int as n from range(300000));
      from range(100000)`;
    const slow = connection.request('sql/run', { session, sql });
    const behind = connection.request('sql/run', { session, sql: 'select twice(1)' });
    const [first, second] = [await slow, await behind];
    const micros = (performance.now() - started) * 1000;
    for (const { statements } of [first, second]) {
      let sum = 0;
      for (const { timeline = assert.fail(), cost } of statements) {
        const { queue = 0, parse = 0, ...own } = timeline;
        assert.ok(timelineMicros(own) <= cost.micros, JSON.stringify({ timeline, cost }));
        assert.ok(timelineMicros(own) >= cost.micros - 10, 'what is left is the engine');
        sum += queue + parse + timelineMicros(own);
      }
      assert.ok(sum <= micros, `${sum} of ${micros}`);
    }
    const [calls, rows] = first.statements;
    assert.ok((calls?.timeline?.functions ?? 0) > 0 && (calls?.timeline?.bind ?? 0) > 0);
    assert.ok((rows?.timeline?.write ?? 0) > 0);
    assert.ok((second.statements[0]?.timeline?.queue ?? 0) > 0, 'it waited behind the other');
    assert.equal(first.statements[1]?.timeline?.queue, undefined);
  });
});
