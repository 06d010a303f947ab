import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:net';
import path from 'node:path';
import type { CoreError } from '../../../wasm-core/protocol/errors.ts';
import { compileSearch } from '../../../wasm-core/sql/search/compile-search.ts';
import { eventually } from '../../support/eventually.ts';
import { openTestSession, startEngine, type TestSession } from '../../support/sql-session.ts';

/** Sandboxes that are children of this process. */
function sandboxes(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const parent = / \w (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1];
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
        return Number(parent) === process.pid && command.includes('python-sandbox.js');
      } catch {
        return false;
      }
    });
}

describe('a search with scripts in Python', function () {
  // The interpreter starts in a second, and in ten on a machine that is busy with other suites.
  this.timeout(180_000);
  const engine = startEngine();
  let session: TestSession;

  before(async () => {
    session = await openTestSession(engine);
    await session.run(
      "create table m as select i::bigint as id, case when i % 5 = 0 then null else 'n' || i end as name from range(5000) r(i)",
    );
  });
  after(async () => {
    await session.close();
    await engine.dispose();
  });

  const rows = (code: string, args?: readonly string[], options: { readonly timeoutMs?: number } = {}) => {
    const { sql, scripts } = compileSearch({
      from: 'm',
      query: { python_udf: { code, ...(args && { arguments: args }) } },
      columns: 'count(*)',
    });
    return session.rows(sql, { scripts, timeoutMs: 120_000, ...options });
  };
  const check = async (code: string, args: readonly string[] | undefined, count: number) =>
    assert.deepEqual(await rows(code, args), [[String(count)]]);
  const errorOf = async (code: string, args: readonly string[] = []): Promise<CoreError> => {
    const outcome = await rows(code, args).catch((error: CoreError) => error);
    assert.ok(outcome instanceof Error, `it gave ${JSON.stringify(outcome)}`);
    return outcome;
  };
  /** What an expression gives inside the sandbox, as an error that tells it. */
  const reach = async (expression: string): Promise<string> =>
    (await errorOf(`def keep():\n    raise Exception('got ' + repr(${expression}))`)).message;
  const checkDenied = async (expression: string, message: RegExp): Promise<void> => {
    const text = await reach(expression);
    assert.match(text, message, expression);
    assert.doesNotMatch(text, /: Exception: got/, expression);
  };

  it('starts no process until a search needs it', () => assert.deepEqual(sandboxes(), []));

  it('can be stopped while the interpreter starts', async () => {
    await assert.rejects(rows('keep = lambda: True', [], { timeoutMs: 100 }), { kind: 'DEADLINE_EXCEEDED' });
    await eventually('the process is gone', () => (sandboxes().length === 0 ? true : undefined));
  });

  it('keeps the rows for which the function returns True', async () => {
    await check('def keep(id):\n    return id % 2 == 0', ['id'], 2500);
    await check(
      'import re\ndef keep(m):\n    return bool(re.fullmatch("n4[0-9]1", m["name"] or ""))',
      undefined,
      10,
    );
    assert.equal(sandboxes().length, 1);
  });

  it('takes None for neither true nor false', async () => {
    const code = 'keep = lambda n: None if n is None else n == "n1"';
    const { sql, scripts } = compileSearch({
      from: 'm',
      query: { not: { python_udf: { code, arguments: ['name'] } } },
      columns: 'count(*)',
    });
    assert.deepEqual(await session.rows(sql, { scripts }), [['3999']]);
  });

  it('gives whole numbers of any size exactly', async () => {
    const code = 'def keep(n):\n    return n == 170141183460469231731687303715884105727';
    await check(code, ['170141183460469231731687303715884105727::hugeint'], 5000);
  });

  it('gives each script names of its own', async () => {
    await check('seen = globals().get("seen", 0) + 1\nkeep = lambda: seen == 1', [], 5000);
    await check('seen = globals().get("seen", 0) + 1\nkeep = lambda: seen == 1', [], 5000);
  });

  it('tells the leaf, the line, the row and the argument of an error', async () => {
    const error = await errorOf('def keep(n):\n    return len(n) > 1', ['name']);
    assert.equal(error.kind, 'SCRIPT_ERROR');
    assert.equal(
      error.message,
      "In the search, $.query.python_udf, line 2 (return len(n) > 1), row 1 with null: TypeError: object of type 'NoneType' has no len().",
    );
    assert.deepEqual([error.details.row, error.details.line], [1, 2]);
    const late = await errorOf('def keep(id):\n    if id == 4000: raise KeyError(id)\n    return True', [
      'id',
    ]);
    assert.match(late.message, /line 2 .*row 4001 with 4000: KeyError: 4000\.$/);
    assert.match((await errorOf('keep = lambda: 1')).message, /it returned 1; return True, False or None/);
    assert.match((await errorOf('x = 1\ndef keep(:')).message, /line 2 .*SyntaxError/);
    assert.match((await errorOf('x = 1')).message, /defines no function keep/);
    assert.match((await errorOf('import sys\ndef keep(): sys.exit()')).message, /SystemExit/);
    assert.match((await errorOf('def keep(): return keep()')).message, /RecursionError/);
  });

  it('reads no file of the machine', async () => {
    const secret = path.join(session.folder, 'secret.txt');
    writeFileSync(secret, 'secret');
    await checkDenied(`open(${JSON.stringify(secret)}).read()`, /FileNotFoundError/);
    await checkDenied("open('/etc/passwd').read()", /FileNotFoundError/);
    await checkDenied(
      `__import__('pyodide_js').mountNodeFS('/m', ${JSON.stringify(session.folder)})`,
      /does not exist|denied|not a function|undefined/,
    );
    await checkDenied(
      "(fs := __import__('pyodide_js').FS, fs.mkdir('/n'), fs.mount(fs.filesystems.NODEFS, __import__('pyodide').ffi.to_js({'root': '/etc'}), '/n'), __import__('os').listdir('/n'))",
      /Error/,
    );
  });

  it('sees nothing of the environment', async () => {
    const names = await reach("sorted(__import__('os').environ)");
    assert.doesNotMatch(names, /QUERN|NODE|SHELL|npm/);
    assert.doesNotMatch(await reach("dict(__import__('os').environ)"), new RegExp(process.cwd()));
  });

  it('starts no process and signals none', async () => {
    await checkDenied("__import__('subprocess').run(['ls'])", /OSError/);
    await checkDenied(
      `__import__('os').kill(${process.pid}, 0)`,
      /PermissionError|ProcessLookupError|OSError/,
    );
    await checkDenied("__import__('os').system('true')", /has ended|Error/);
  });

  it('reaches no JavaScript that reaches out', async () => {
    for (const name of ['process', 'require', 'fetch', 'eval', 'globalThis', 'WebSocket', 'Function'])
      await checkDenied(`getattr(__import__('js'), '${name}')`, /AttributeError/);
    await checkDenied("__import__('pyodide.code').code.run_js('1')", /ImportError/);
    await checkDenied("__import__('js').constructor.constructor('return 1')()", /EvalError/);
    await checkDenied("__import__('pyodide_js').runPython.constructor('return process')()", /EvalError/);
    await checkDenied("__import__('pyodide_js')._module.process", /AttributeError/);
  });

  it('connects to nobody', async () => {
    let connections = 0;
    const server: Server = createServer((socket) => {
      connections++;
      socket.destroy();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    try {
      await checkDenied(`__import__('socket').create_connection(('127.0.0.1', ${port}), 1)`, /Error/);
      await checkDenied(`__import__('urllib.request').request.urlopen('http://127.0.0.1:${port}/')`, /Error/);
      await checkDenied(`__import__('pyodide.http').http.open_url('http://127.0.0.1:${port}/')`, /Error/);
      assert.equal(connections, 0);
    } finally {
      server.close();
    }
  });

  it('has as much memory as the run allows', async () => {
    const code = 'held = []\ndef keep():\n    while True: held.append(bytearray(1000000))';
    const error = await errorOf(code);
    assert.equal(error.kind, 'MEMORY_LIMIT');
    assert.match(error.message, /^In the search, \$\.query\.python_udf: The script needs more than 64 MiB/);
    await check('def keep(): return True', [], 5000);
  });

  it('ends at the deadline with its process, and the next search has a new one', async () => {
    const [before] = sandboxes();
    const code =
      'def keep():\n    while True:\n        try:\n            while True: pass\n        except BaseException: pass';
    await assert.rejects(rows(code, [], { timeoutMs: 300 }), { kind: 'DEADLINE_EXCEEDED' });
    await eventually('the process is gone', () => (sandboxes().includes(before ?? 0) ? undefined : true));
    await check('def keep(): return True', [], 5000);
  });

  it('ends with the session', async () => {
    const other = await openTestSession(engine);
    const { sql, scripts } = compileSearch({
      from: '(select 1 as x)',
      query: { python_udf: { code: 'def keep(t): return t["x"] == 1' } },
    });
    assert.deepEqual(await other.rows(sql, { scripts }), [['1']]);
    assert.equal(sandboxes().length, 2);
    await other.close();
    await eventually('one process is left', () => (sandboxes().length === 1 ? true : undefined));
  });
});
