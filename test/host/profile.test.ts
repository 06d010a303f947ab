import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { HostConnection } from '../../wasm-core/connect/host-connection.ts';
import type { ProfileResult } from '../../wasm-core/protocol/profile.ts';
import { quern } from '../support/cli.ts';
import { throwsKind } from '../support/core-error.ts';
import { HostHome } from '../support/host-process.ts';

/** `steps` counts how often Collatz's rule leads to 1; the line of the rule for odd numbers is 11. */
const COLLATZ_WAT = `;; @udf steps(n INTEGER) -> INTEGER
;; @udf twice(n INTEGER) -> INTEGER
(module
  (memory (export "memory") 1)
  (func $steps (export "steps") (param $n i32) (result i32)
    (local $count i32)
    (loop $next
      (if (i32.le_s (local.get $n) (i32.const 1)) (then (return (local.get $count))))
      (local.set $count (i32.add (local.get $count) (i32.const 1)))
      (if (i32.and (local.get $n) (i32.const 1))
        (then (local.set $n (call $odd (local.get $n))))
        (else (local.set $n (i32.shr_s (local.get $n) (i32.const 1)))))
      (br $next))
    (i32.const 0))
  (func $odd (param $n i32) (result i32)
    (i32.add (i32.mul (local.get $n) (i32.const 3)) (i32.const 1)))
  (func $twice (export "twice") (param $n i32) (result i32)
    (if (i32.lt_s (local.get $n) (i32.const 0))
      (then (unreachable)))
    (i32.mul (local.get $n) (i32.const 2)))
  (func (export "forever") (loop $again (br $again)))
  (func (export "process") (param $p i32) (param $n i32) (result i64)
    (memory.fill (local.get $p) (i32.const 65) (local.get $n))
    (i64.or (i64.shl (i64.extend_i32_u (local.get $p)) (i64.const 32)) (i64.extend_i32_u (local.get $n)))))
`;

describe('a profile', function () {
  this.timeout(180_000);
  const home = new HostHome();
  const folder = path.join(home.folder, 'work');
  let connection: HostConnection;
  let session: string;

  before(async () => {
    mkdirSync(path.join(folder, 'plugins'), { recursive: true });
    writeFileSync(path.join(folder, 'plugins', 'collatz.wat'), COLLATZ_WAT);
    writeFileSync(path.join(folder, 'q.sql'), 'select sum(steps(7)), twice(3)');
    const { code, stderr } = await quern(home, ['load', 'work/plugins/collatz.wat']);
    assert.equal(code, 0, stderr);
    connection = await home.connect();
    ({ session } = await connection.request('sql/open', { folder, namespace: 'default' }));
  });
  after(async () => {
    await quern(home, ['stop']);
    await home.dispose();
  });

  function collatz(result: ProfileResult): ProfileResult['modules'][number] {
    const [module, ...more] = result.modules;
    assert.ok(module !== undefined && more.length === 0);
    assert.equal(module.module, 'collatz');
    return module;
  }

  it('of a statement has the fuel that the statement is charged, by function and line', async () => {
    const sql = 'select steps(7::int), twice(x::int) from range(1000) t(x)';
    const { statements } = await connection.request('sql/run', { session, sql });
    const profile = await connection.request('sql/profile', { session, sql });
    assert.equal(profile.fuel, statements[0]?.cost.functionFuel);
    const module = collatz(profile);
    const functions = new Map(module.functions.map((fn) => [fn.name, fn]));
    assert.equal(functions.get('twice')?.calls, 1000);
    // 7 has 16 steps, of which 5 from an odd number.
    const steps = functions.get('steps')?.calls ?? 0;
    assert.equal(functions.get('odd')?.calls, steps * 5);
    const line = (number: number) => module.lines?.find((item) => item.line === number);
    assert.deepEqual([line(12)?.executions, line(11)?.executions], [steps * 11, steps * 5]);
    assert.deepEqual([line(16)?.fuel, line(16)?.executions], [steps * 25, steps * 5]);
    const [trap] = module.lines?.filter(({ line }) => line === 19) ?? [];
    assert.deepEqual([trap?.executions, trap?.path], [0, path.join(folder, 'plugins', 'collatz.wat')]);
    const lineFuel = module.lines?.reduce((sum, { fuel }) => sum + fuel, 0);
    assert.equal(lineFuel, profile.fuel);
    const selfFuel = module.functions.reduce((sum, fn) => sum + fn.selfFuel, module.outsideFuel);
    assert.equal(selfFuel, profile.fuel);
  });

  it('keeps no rows, and what the statements change is changed', async () => {
    const { statements } = await connection.request('sql/run', { session, sql: 'select 1' });
    const results = path.dirname(statements[0]?.file?.path ?? '');
    const before = readdirSync(results);
    const sql = 'create table kept as select twice(4) as x; from kept';
    const profile = await connection.request('sql/profile', { session, sql });
    assert.equal(collatz(profile).functions.find(({ name }) => name === 'twice')?.calls, 1);
    assert.deepEqual(readdirSync(results), before);
    const { statements: after } = await connection.request('sql/run', { session, sql: 'from kept' });
    assert.equal(after[0]?.rowCount, 1);
    assert.deepEqual(await connection.request('sql/profile', { session, sql: 'select 1' }), {
      fuel: 0,
      modules: [],
    });
  });

  it('of one call has the fuel of the call, and ranges that add up to it', async () => {
    const call = { module: 'collatz', function: 'steps', arguments: [27] };
    const { result, usage } = await connection.request('module/call', call);
    const profile = await connection.request('module/profile', call);
    assert.equal(result, 111);
    assert.equal(profile.fuel, usage.fuel);
    const { functions, calls } = collatz(profile);
    const steps = functions.find(({ name }) => name === 'steps');
    assert.equal(
      steps?.ranges.reduce((sum, { fuel }) => sum + fuel, 0),
      steps?.selfFuel,
    );
    assert.equal(steps?.totalFuel, profile.fuel);
    // The code behind the loop is never reached.
    assert.ok((steps?.executedBytes ?? 0) > 0 && (steps?.executedBytes ?? 0) === steps?.reachableBytes);
    assert.equal(calls[0]?.totalFuel, profile.fuel);
    const odd = calls.find(
      ({ function: index }) => functions.find((fn) => fn.index === index)?.name === 'odd',
    );
    assert.deepEqual([odd?.calls, odd?.selfFuel], [41, 41 * 5]);
  });

  it('of process counts the bytes of bulk operations', async () => {
    const run = { module: 'collatz', input: { utf8: 'x'.repeat(500) } };
    const { usage } = await connection.request('module/execute', run);
    const profile = await connection.request('module/profile', run);
    assert.equal(profile.fuel, usage.fuel);
    const line = collatz(profile).lines?.find(({ line: number }) => number === 23);
    // Three operands, the operator, and 500 bytes.
    assert.deepEqual([line?.executions, line?.fuel], [1, 504]);
  });

  it('fails as the run fails, and takes one of input and function', async () => {
    const call = { module: 'collatz', function: 'twice', arguments: [-1] };
    const { details } = await throwsKind('TRAP', /collatz\.wat:19/, () =>
      connection.request('module/profile', call),
    );
    assert.equal(details.replay, undefined, 'a profile leaves no replay');
    const sql = 'select twice(-1)';
    await throwsKind('TRAP', /collatz\.wat:19/, () => connection.request('sql/profile', { session, sql }));
    const endless = { module: 'collatz', function: 'forever', arguments: [], limits: { timeoutMs: 200 } };
    await throwsKind('DEADLINE_EXCEEDED', /200 ms/, () => connection.request('module/profile', endless));
    const both = { ...call, input: { utf8: '' } };
    await throwsKind('PARAMS_INVALID', /exactly one/, () => connection.request('module/profile', both));
    await throwsKind('PARAMS_INVALID', /exactly one/, () =>
      connection.request('module/profile', { module: 'collatz' }),
    );
  });

  it('is printed by function and line, as stacks, and as JSON', async () => {
    const run = (...more: string[]) =>
      quern(home, ['profile', 'q.sql', '--plugins', 'plugins', ...more], { cwd: folder });
    const text = await run();
    assert.equal(text.code, 0, text.stderr);
    assert.match(
      text.stdout,
      /^\d+ units of fuel in 1 module\n\nfunction +module +calls +self fuel +total fuel\n/,
    );
    assert.match(text.stdout, /^odd +collatz +5 +25 +\d+ % +25 +\d+ %$/m);
    assert.match(text.stdout, /^plugins\/collatz\.wat:16 +5 +25 +\d+ %$/m);
    const folded = await run('--format', 'folded');
    assert.match(folded.stdout, /^collatz;steps;odd 25$/m);
    const { fuel, modules } = JSON.parse((await run('--json')).stdout) as ProfileResult;
    const stacks = folded.stdout.trimEnd().split('\n');
    assert.equal(
      stacks.reduce((sum, stack) => sum + Number(stack.split(' ').at(-1)), 0),
      fuel,
    );
    assert.equal(modules[0]?.module, 'collatz');
    const odd = await run('--function', 'odd');
    assert.match(odd.stdout, /^25 units of fuel in 1 module\n/);
    assert.doesNotMatch(odd.stdout, /steps|collatz\.wat:8/);
    const none = await run('--function', 'nope');
    assert.match(none.stderr, /No function nope was called/);
    assert.equal((await quern(home, ['profile'])).code, 2);
    const failed = await quern(home, ['profile', '-e', 'select nope'], { cwd: folder });
    assert.deepEqual([failed.code, failed.stdout], [1, '']);
    assert.match(failed.stderr, /nope/);
  });
});
