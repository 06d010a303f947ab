import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { tableFromIPC } from 'apache-arrow';
import type { HostConnection } from '../../wasm-core/connect/host-connection.ts';
import type { HostEvent } from '../../wasm-core/protocol/events.ts';
import { throwsKind } from '../support/core-error.ts';
import { eventually } from '../support/eventually.ts';
import { HostHome } from '../support/host-process.ts';
import {
  assemble,
  assemblePlugin,
  ECHO_WAT,
  LOOP_WAT,
  REVERSE_WAT,
  sqlFunction,
  UPPER_WAT,
} from '../support/wat.ts';

/** A query that no machine finishes in a test's time. */
const ENDLESS = 'select count(*) from range(100000000) a, range(100000000) b where a.range * b.range % 7 = 1';

/** A plugin with one function that gives one number. */
async function numberPlugin(name: string, value: number): Promise<{ readonly base64: string }> {
  const wat = `(module (func (export "${name}") (result i32) (i32.const ${value})))`;
  return base64(await assemblePlugin(wat, [sqlFunction(name, [], 'INTEGER')]));
}

function base64(bytes: Uint8Array): { readonly base64: string } {
  return { base64: Buffer.from(bytes).toString('base64') };
}

describe('host: requests', function () {
  // An engine starts in a second, and in ten on a machine that is busy with other suites.
  this.timeout(180_000);
  const home = new HostHome();
  let connection: HostConnection;
  before(async () => {
    connection = await home.connect();
    for (const [name, wat] of Object.entries({
      echo: ECHO_WAT,
      upper: UPPER_WAT,
      reverse: REVERSE_WAT,
      loop: LOOP_WAT,
    })) {
      await connection.request('module/load', { bytes: base64(await assemble(wat)), name });
    }
  });
  after(() => home.dispose());

  const open = async (namespace = home.folder, other = connection): Promise<string> =>
    (await other.request('sql/open', { folder: home.folder, namespace })).session;
  const one = async (session: string, sql: string): Promise<string> => {
    const { statements } = await connection.request('sql/run', { session, sql });
    const file = statements.at(-1)?.file;
    assert.ok(file);
    return String(tableFromIPC(readFileSync(file.path)).getChildAt(0)?.get(0));
  };

  it('loads a module by path and by bytes with one UUID', async () => {
    const bytes = await assemble(UPPER_WAT);
    const file = path.join(home.folder, 'by-path.wasm');
    writeFileSync(file, bytes);
    const byPath = await connection.request('module/load', { path: file });
    const byBytes = await connection.request('module/load', { bytes: base64(bytes), name: 'by-bytes' });
    assert.equal(byPath.name, 'by-path');
    assert.equal(byPath.uuid, byBytes.uuid);
    assert.deepEqual(
      await connection.request('module/get', { module: byPath.uuid }).then((m) => m.digest),
      byPath.digest,
    );
  });

  it('runs a module and a chain', async () => {
    const run = await connection.request('module/execute', { module: 'upper', input: { utf8: 'hello' } });
    assert.deepEqual(run.output, { utf8: 'HELLO' });
    const chain = await connection.request('chain/execute', {
      steps: ['upper', 'reverse'],
      input: { utf8: 'hello' },
    });
    assert.deepEqual(chain.output, { utf8: 'OLLEH' });
    assert.deepEqual(
      chain.steps.map((s) => s.module),
      ['upper', 'reverse'],
    );
  });

  it('gives bytes that are not text as base64', async () => {
    const { output } = await connection.request('module/execute', {
      module: 'echo',
      input: { base64: '/wA=' },
    });
    assert.deepEqual(output, { base64: '/wA=' });
  });

  it('refuses an output that does not fit a line, and lives on', async () => {
    const wat = `(module (memory (export "memory") 200) (func (export "process") (param i32 i32) (result i64)
      (i64.or (i64.shl (i64.const 65536) (i64.const 32)) (i64.const 9000000))))`;
    await connection.request('module/load', { bytes: base64(await assemble(wat)), name: 'large' });
    const run = (): Promise<unknown> =>
      connection.request('module/execute', { module: 'large', input: { utf8: '' } });
    await throwsKind('OUTPUT_LIMIT', /one line/, run);
  });

  it('refuses a request that does not fit a line, and lives on', async () => {
    const input = { utf8: 'x'.repeat(9 * 1024 * 1024) };
    await throwsKind('LINE_TOO_LONG', /at most 8388608/, () =>
      connection.request('module/execute', { module: 'echo', input }),
    );
    assert.ok((await connection.request('host/stats', undefined)).pid);
  });

  it('ends a run at its deadline, and others go on', async () => {
    const input = { utf8: '' };
    const late = connection.request('module/execute', { module: 'loop', input, limits: { timeoutMs: 300 } });
    const other = connection.request('module/execute', { module: 'upper', input: { utf8: 'x' } });
    assert.deepEqual((await other).output, { utf8: 'X' });
    await throwsKind('DEADLINE_EXCEEDED', /300 ms/, () => late);
  });

  it('ends a run when the client cancels it', async () => {
    const abort = new AbortController();
    const run = connection.request(
      'module/execute',
      { module: 'loop', input: { utf8: '' } },
      { signal: abort.signal },
    );
    setTimeout(() => abort.abort(), 100);
    await throwsKind('CANCELLED', /cancelled/, () => run);
  });

  it('ends what a client runs when the client goes away', async () => {
    const leaving = await home.connect();
    const first = leaving.request('module/execute', {
      module: 'loop',
      input: { utf8: '' },
      limits: { timeoutMs: 60_000 },
    });
    const second = leaving.request('module/execute', {
      module: 'loop',
      input: { utf8: '' },
      limits: { timeoutMs: 60_000 },
    });
    setTimeout(() => leaving.dispose(), 200);
    await throwsKind('HOST_LOST', /lost/, () => first);
    await throwsKind('HOST_LOST', /lost/, () => second);
    // Both workers were busy; this run can only start once they are free again.
    const { output } = await connection.request('module/execute', { module: 'upper', input: { utf8: 'y' } });
    assert.deepEqual(output, { utf8: 'Y' });
  });

  it('cancels a query by its request and by its session, with progress before', async () => {
    const session = await open();
    const abort = new AbortController();
    const seen: number[] = [];
    const run = connection.request(
      'sql/run',
      { session, sql: ENDLESS },
      { signal: abort.signal, onProgress: (p) => seen.push(p) },
    );
    await eventually('progress', () => (seen.length > 0 ? true : undefined));
    abort.abort();
    await throwsKind('CANCELLED', /cancelled/, () => run);
    const again = connection.request('sql/run', { session, sql: ENDLESS });
    setTimeout(() => connection.request('sql/cancel', { session }), 200);
    await throwsKind('CANCELLED', /cancelled/, () => again);
    assert.equal(await one(session, 'select 6 * 7'), '42');
  });

  it('ends a query at its deadline', async () => {
    const session = await open();
    const run = (): Promise<unknown> =>
      connection.request('sql/run', { session, sql: ENDLESS, limits: { timeoutMs: 300 } });
    await throwsKind('DEADLINE_EXCEEDED', /timeout/, run);
  });

  it('shares a session by its key, and only with equal rights', async () => {
    const other = await home.connect();
    const shared = { folder: home.folder, key: 'window-1' };
    const { session } = await connection.request('sql/open', shared);
    assert.equal((await other.request('sql/open', shared)).session, session);
    assert.notEqual((await other.request('sql/open', { ...shared, allow: ['/'] })).session, session);
    await connection.request('sql/run', { session, sql: 'create table t as select 5 as x' });
    await connection.request('sql/close', { session });
    assert.deepEqual((await other.request('sql/describe', { session, sql: 'from t' })).columns, [
      { name: 'x', type: 'INTEGER' },
    ]);
    other.dispose();
  });

  it('deletes a session’s results when its client goes away', async () => {
    const before = home.resultsFolders().length;
    const leaving = await home.connect();
    const session = await open(home.folder, leaving);
    await leaving.request('sql/run', { session, sql: 'select 1' });
    assert.equal(home.resultsFolders().length, before + 1);
    leaving.dispose();
    await eventually('they are gone', () => (home.resultsFolders().length === before ? true : undefined));
  });

  it('has a plugin’s new version in force at the next run', async () => {
    const namespace = path.join(home.folder, 'ns1');
    const session = await open(namespace);
    for (const value of [1, 2, 3]) {
      await connection.request('module/load', {
        bytes: await numberPlugin('v', value),
        name: 'v',
        namespace,
      });
      assert.equal(await one(session, 'select v()'), String(value));
    }
    await connection.request('module/unload', { module: 'v', namespace });
    await throwsKind('SQL_BIND', /v/, () => one(session, 'select v()'));
  });

  it('uses the function that was loaded last, and says so', async () => {
    const namespace = path.join(home.folder, 'ns2');
    const warnings: HostEvent[] = [];
    const listener = connection.onEvent((event) => void (event.type === 'warning' && warnings.push(event)));
    await connection.request('events/subscribe', undefined);
    const session = await open(namespace);
    await connection.request('module/load', { bytes: await numberPlugin('w', 1), name: 'zz', namespace });
    await connection.request('module/load', { bytes: await numberPlugin('w', 2), name: 'aa', namespace });
    assert.equal(await one(session, 'select w()'), '2');
    await eventually('a warning', () =>
      warnings.find((e) => e.type === 'warning' && /Both zz and aa/.test(e.message)),
    );
    listener.dispose();
  });

  it('prefers the session’s own namespace to those it includes', async () => {
    const folder = home.folder;
    const [own, included] = [path.join(folder, 'own'), path.join(folder, 'included')];
    await connection.request('module/load', { bytes: await numberPlugin('n', 1), name: 'n', namespace: own });
    await connection.request('module/load', {
      bytes: await numberPlugin('n', 2),
      name: 'n',
      namespace: included,
    });
    await connection.request('module/load', {
      bytes: await numberPlugin('m', 3),
      name: 'm',
      namespace: included,
    });
    const { session } = await connection.request('sql/open', {
      folder,
      namespace: own,
      includes: [included],
    });
    assert.equal(await one(session, 'select n() * 10 + m()'), '13');
  });

  it('tells subscribers what was loaded and unloaded', async () => {
    const other = await home.connect();
    const events: string[] = [];
    other.onEvent((event) => void ('module' in event && events.push(`${event.type} ${event.module.name}`)));
    await other.request('events/subscribe', undefined);
    await connection.request('module/load', { bytes: base64(await assemble(ECHO_WAT)), name: 'event' });
    await connection.request('module/unload', { module: 'event' });
    await eventually('both events', () =>
      events.join() === 'loaded event,unloaded event' ? true : undefined,
    );
    other.dispose();
  });

  it('fails every pending request at once when the host is killed, and the next connection works', async () => {
    const folder = path.join(home.folder, 'killed');
    mkdirSync(folder);
    const { session } = await connection.request('sql/open', { folder });
    const query = connection.request('sql/run', { session, sql: ENDLESS });
    const run = connection.request('module/execute', { module: 'loop', input: { utf8: '' } });
    setTimeout(() => process.kill(connection.pid, 'SIGKILL'), 200);
    await throwsKind('HOST_LOST', /lost/, () => query);
    await throwsKind('HOST_LOST', /lost/, () => run);
    await throwsKind('HOST_LOST', /lost/, () => connection.request('host/stats', undefined));
    connection = await home.connect();
    assert.deepEqual(
      (await connection.request('chain/execute', { steps: ['upper', 'reverse'], input: { utf8: 'ab' } }))
        .output,
      { utf8: 'BA' },
    );
    assert.equal(await one(await open(), 'select 1'), '1');
  });
});
