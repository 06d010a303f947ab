import assert from 'node:assert/strict';
import type { CoreError } from '../../../wasm-core/protocol/errors.ts';
import { compileSearch } from '../../../wasm-core/sql/search/compile-search.ts';
import { openTestSession, startEngine, type TestSession } from '../../support/sql-session.ts';

describe('a search with scripts in JavaScript', function () {
  this.timeout(120_000);
  const engine = startEngine();
  let session: TestSession;

  before(async () => {
    session = await openTestSession(engine);
    await session.run(
      "create table m as select i::bigint as id, case when i % 5 = 0 then null else 'n' || i end as name, i::bigint * 1000000007 * 1000003 as big from range(5000) r(i)",
    );
  });
  after(async () => {
    await session.close();
    await engine.dispose();
  });

  const rows = (code: string, args?: readonly string[], from = 'm') => {
    const { sql, scripts } = compileSearch({
      from,
      query: { js_udf: { code, ...(args && { arguments: args }) } },
      columns: ['count(*)'],
    });
    return session.rows(sql, { scripts, timeoutMs: 60_000 });
  };
  const check = async (code: string, args: readonly string[] | undefined, count: number, from?: string) =>
    assert.deepEqual(await rows(code, args, from), [[String(count)]]);
  const checkError = async (
    code: string,
    args: readonly string[] | undefined,
    expected: { readonly kind: string; readonly message: RegExp; readonly details?: object },
  ) =>
    assert.rejects(rows(code, args), (error: CoreError) => {
      assert.equal(error.kind, expected.kind, error.message);
      assert.match(error.message, expected.message);
      for (const [name, value] of Object.entries(expected.details ?? {}))
        assert.deepEqual(error.details[name], value, name);
      return true;
    });

  it('keeps the rows for which the function returns true', async () => {
    await check('function keep(id) { return id % 2 === 0 }', ['id'], 2500);
    await check('const keep = (id, name) => id < 10 && name !== null;', ['id', 'name'], 8);
  });

  it('gives the whole row as a document', async () => {
    await check('const keep = (m) => m.name === "n4321" && m.id === 4321', undefined, 1);
  });

  it('takes null for neither true nor false', async () => {
    const { sql, scripts } = compileSearch({
      from: 'm',
      query: {
        not: { js_udf: { code: 'const keep = (n) => n === null ? null : n === "n1"', arguments: ['name'] } },
      },
      columns: 'count(*)',
    });
    assert.deepEqual(await session.rows(sql, { scripts }), [['3999']]);
  });

  it('gives whole numbers beyond 2^53 as BigInt', async () => {
    await check('const keep = (b) => b === 4999005034979014979n', ['4999005034979014979::bigint + id'], 1);
    await check('const keep = (b) => typeof b === "number"', ['id'], 5000);
  });

  it('has nothing of the host', async () => {
    const names =
      'process require fetch console setTimeout WebAssembly Deno navigator module std os print scriptArgs';
    await check(
      `const keep = (n) => { const found = n.split(' ').filter((name) => typeof globalThis[name] !== 'undefined'); if (found.length) throw found.join(); return true }`,
      [`'${names}'`],
      5000,
    );
    await checkError('const keep = () => Object.constructor.constructor("return process")().exit()', [], {
      kind: 'SCRIPT_ERROR',
      message: /ReferenceError: .?process/,
    });
  });

  it('has names of its own in each script and each statement', async () => {
    await check('globalThis.seen = (globalThis.seen ?? 0); const keep = () => seen === 0', [], 5000);
    await check('globalThis.seen = (globalThis.seen ?? 0) + 1; const keep = () => seen === 1', [], 5000);
  });

  it('tells the leaf, the line, the row and the argument of an error', async () => {
    await checkError('const keep = (n) =>\n  n.length > 1;', ['name'], {
      kind: 'SCRIPT_ERROR',
      message:
        /^In the search, \$\.query\.js_udf, line 2 \(n\.length > 1;\), row 1 with null: TypeError: cannot read property 'length' of null\.$/,
      details: { path: '$.query.js_udf', row: 1, line: 2, arguments: 'null' },
    });
    await checkError('const keep = (id) => { if (id === 4000) throw "no"; return true }', ['id'], {
      kind: 'SCRIPT_ERROR',
      message: /row 4001 with 4000: it threw "no"/,
    });
    await checkError('const keep = () => 7', [], {
      kind: 'SCRIPT_ERROR',
      message: /it returned 7; return true/,
    });
    await checkError('const x = 1;\nfunction (', [], {
      kind: 'SCRIPT_ERROR',
      message: /line 2.*SyntaxError/,
    });
    await checkError('const other = 1', [], { kind: 'SCRIPT_ERROR', message: /defines no function keep/ });
  });

  it('cannot be made to lie by what a script does to the language', async () => {
    await check(
      'JSON.stringify = () => "x"; JSON.parse = () => [[1]]; Reflect.apply = null; Array.prototype[Symbol.iterator] = null; const keep = (id) => id === 3',
      ['id'],
      1,
    );
  });

  it('has as much memory as the run allows', async () => {
    await checkError('const held = []; const keep = () => { for (;;) held.push("x" + held.length) }', [], {
      kind: 'MEMORY_LIMIT',
      message: /more than 64 MiB/,
      details: { path: '$.query.js_udf' },
    });
    await check('const keep = () => true', [], 5000);
  });

  it('ends at the deadline, however it holds on, and leaves the engine alive', async () => {
    const { sql, scripts } = compileSearch({
      from: 'm',
      query: { js_udf: { code: 'const keep = () => { for (;;) { try { for (;;); } catch {} } }' } },
    });
    await assert.rejects(session.run(sql, { scripts, timeoutMs: 300 }), (error: CoreError) => {
      assert.equal(error.kind, 'DEADLINE_EXCEEDED');
      return true;
    });
    await check('const keep = () => true', [], 5000);
  });

  it('does not run for whoever writes the function himself', async () => {
    await assert.rejects(session.rows("select __quern_script(0, '[]')"), (error: CoreError) => {
      assert.equal(error.kind, 'CAPABILITY_DENIED');
      return true;
    });
  });

  it('is there behind a transaction that was rolled back, and in a database that is begun anew', async () => {
    const even = () => check('const keep = (i) => i % 2 === 0', ['i'], 5, 'range(10) r(i)');
    await session.run('begin');
    await even();
    await session.run('rollback');
    await even();
    await session.session.reopen();
    await even();
  });
});
