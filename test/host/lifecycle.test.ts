import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { connectToHost } from '../../wasm-core/connect/connect.ts';
import { hostPaths } from '../../wasm-core/connect/paths.ts';
import { EXIT_HOST_RUNS } from '../../wasm-core/connect/start-host.ts';
import { throwsKind } from '../support/core-error.ts';
import { eventually } from '../support/eventually.ts';
import { exitOf, HostHome } from '../support/host-process.ts';
import { assemble, ECHO_WAT, UPPER_WAT } from '../support/wat.ts';

describe('host: starting and stopping', () => {
  let home: HostHome;
  beforeEach(() => {
    home = new HostHome();
  });
  afterEach(() => home.dispose());

  it('lets one of five hosts that start at once have the place', async () => {
    const children = Array.from({ length: 5 }, () => home.spawn());
    const left = await eventually('four have left', () => {
      const codes = children.map((c) => c.exitCode).filter((code) => code !== null);
      return codes.length === 4 ? codes : undefined;
    });
    assert.deepEqual(left, Array(4).fill(EXIT_HOST_RUNS));
    assert.equal((await home.connect()).pid, children.find((c) => c.exitCode === null)?.pid);
  });

  it('gives clients that start one at once the same host', async () => {
    const connections = await Promise.all(Array.from({ length: 6 }, () => home.connect()));
    assert.equal(new Set(connections.map((c) => c.pid)).size, 1);
  });

  it('takes over the socket and the lock of a killed host', async () => {
    const first = await home.start();
    first.kill('SIGKILL');
    await exitOf(first);
    assert.ok(existsSync(home.socket) && existsSync(`${home.socket}.lock`));
    const connections = await Promise.all(Array.from({ length: 4 }, () => home.connect()));
    assert.equal(new Set(connections.map((c) => c.pid)).size, 1);
    assert.notEqual(connections[0]?.pid, first.pid);
  });

  it('takes over a lock that is torn', async () => {
    writeFileSync(`${home.socket}.lock`, '{"pid"');
    await new Promise((resolve) => setTimeout(resolve, 1100));
    assert.ok((await home.connect()).pid);
  });

  it('removes socket and lock when it is told to end', async () => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      const child = await home.start();
      child.kill(signal);
      assert.equal(await exitOf(child), 0);
      assert.ok(!existsSync(home.socket) && !existsSync(`${home.socket}.lock`), signal);
    }
  });

  it('leaves when nobody is connected for the time given, and not before', async () => {
    const child = await home.start('--idle-ms', '400');
    const connection = await home.connect();
    await new Promise((resolve) => setTimeout(resolve, 700));
    assert.equal(child.exitCode, null);
    connection.dispose();
    assert.equal(await exitOf(child), 0);
  });

  it('answers a shutdown before it leaves', async () => {
    const child = await home.start();
    const connection = await home.connect();
    assert.deepEqual(await connection.request('host/shutdown', undefined), {});
    assert.equal(await exitOf(child), 0);
    assert.equal(connection.closed, true);
  });

  it('refuses flags that it does not have', async () => {
    assert.equal(await exitOf(home.spawn('--bogus')), 2);
    assert.equal(await exitOf(home.spawn('--idle-ms', 'soon')), 2);
  });

  it('does not take a file for a socket', async () => {
    writeFileSync(home.socket, 'precious');
    const error = await throwsKind('SOCKET_PATH_INVALID', /is not a socket/, () => home.connect());
    assert.doesNotMatch(error.message, /\n\s+at /);
    assert.equal(readFileSync(home.socket, 'utf8'), 'precious');
  });

  it('does not disturb another program that listens there', async () => {
    const server = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => server.listen(home.socket, resolve));
    assert.equal(await exitOf(home.spawn()), 1);
    server.close();
  });

  it('has a socket that other users cannot open', async () => {
    await home.start();
    assert.equal(statSync(home.socket).mode & 0o077, 0);
  });

  it('keeps every module over a SIGKILL in the middle of loads', async () => {
    const connection = await home.connect();
    const bytes = { base64: Buffer.from(await assemble(ECHO_WAT)).toString('base64') };
    const upper = { base64: Buffer.from(await assemble(UPPER_WAT)).toString('base64') };
    await connection.request('module/load', { bytes, name: 'echo' });
    const loads = Array.from({ length: 50 }, (_, i) =>
      connection.request('module/load', { bytes: upper, name: `m${i}` }),
    );
    const settled = Promise.allSettled(loads);
    await loads[5];
    process.kill(connection.pid, 'SIGKILL');
    const results = await settled;
    for (const result of results) {
      if (result.status === 'rejected') assert.equal(result.reason.kind, 'HOST_LOST');
    }
    const again = await home.connect();
    const { modules } = await again.request('module/list', {});
    const names = new Set(modules.map((m) => m.name));
    assert.ok(names.has('echo'));
    results.forEach((result, i) => {
      if (result.status === 'fulfilled') assert.ok(names.has(`m${i}`), `m${i} was acknowledged`);
    });
    const { output } = await again.request('module/execute', { module: 'm5', input: { utf8: 'abc' } });
    assert.deepEqual(output, { utf8: 'ABC' });
  });

  it('deletes results that a killed host left', async () => {
    const connection = await home.connect();
    const { session } = await connection.request('sql/open', { folder: home.folder });
    await connection.request('sql/run', { session, sql: 'select 1' });
    assert.equal(home.resultsFolders().length, 1);
    process.kill(connection.pid, 'SIGKILL');
    await eventually('it is gone', () => (connection.closed ? true : undefined));
    await home.connect();
    assert.deepEqual(home.resultsFolders(), []);
  });

  it('serves 50 clients that come and go', async () => {
    await home.start();
    const visit = async (): Promise<number> => {
      const connection = await home.connect();
      const { connections } = await connection.request('host/stats', undefined);
      connection.dispose();
      return connections;
    };
    for (let round = 0; round < 4; round++) await Promise.all(Array.from({ length: 50 }, visit));
    const last = await home.connect();
    await eventually('only one is left', async () =>
      (await last.request('host/stats', undefined)).connections === 1 ? true : undefined,
    );
  });
});

describe('connect: paths', () => {
  it('says how long a socket path is, and what to do', async () => {
    const long = `/${'x'.repeat(150)}/host.sock`;
    await throwsKind('SOCKET_PATH_INVALID', /161 bytes.*QUERN_HOME.*--socket/, () =>
      hostPaths({ socket: long }),
    );
    await throwsKind('SOCKET_PATH_INVALID', /bytes/, () => hostPaths({ home: `/${'é'.repeat(60)}` }));
  });

  it('takes the home from QUERN_HOME, and else from the user’s', () => {
    assert.equal(hostPaths({}, { QUERN_HOME: '/q' }).home, '/q');
    assert.equal(path.basename(hostPaths({}, {}).home), '.quern');
    assert.equal(hostPaths({ home: '/mine' }, { QUERN_HOME: '/q' }).home, '/mine');
  });

  it('refuses a socket folder that others can enter, or that is a link', async () => {
    const home = new HostHome();
    const start = (): Promise<unknown> =>
      connectToHost({ home: home.folder, hostPath: home.hostPath, start: true, client: 'test/1' });
    try {
      mkdirSync(path.join(home.folder, 'run'));
      chmodSync(path.join(home.folder, 'run'), 0o755);
      await throwsKind('SOCKET_PATH_INVALID', /chmod 700/, start);
    } finally {
      await home.dispose();
    }
    const linked = new HostHome();
    try {
      mkdirSync(path.join(linked.folder, 'elsewhere'), { mode: 0o700 });
      symlinkSync(path.join(linked.folder, 'elsewhere'), path.join(linked.folder, 'run'));
      const connect = (): Promise<unknown> =>
        connectToHost({ home: linked.folder, hostPath: linked.hostPath, start: true, client: 'test/1' });
      await throwsKind('SOCKET_PATH_INVALID', /link/, connect);
    } finally {
      await linked.dispose();
    }
  });

  it('says that no host runs when none is to be started', async () => {
    const home = new HostHome();
    const connect = (): Promise<unknown> =>
      connectToHost({ home: home.folder, hostPath: home.hostPath, start: false, client: 'test/1' });
    await throwsKind('HOST_UNAVAILABLE', /quern serve/, connect);
    await home.dispose();
  });
});
