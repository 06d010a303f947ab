import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { chownSync, existsSync, lstatSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import path from 'node:path';
import { checkSocket, hostPaths, prepareFolders } from '../../wasm-core/connect/paths.ts';
import { EXIT_HOST_RUNS } from '../../wasm-core/connect/start-host.ts';
import { throwsKind } from '../support/core-error.ts';
import { eventually } from '../support/eventually.ts';
import { whileGood } from '../support/good-client.ts';
import { exitOf, HostHome } from '../support/host-process.ts';

const IS_ROOT = process.getuid?.() === 0;
/** Some user who is not us. */
const STRANGER = 65_534;

/** Waits until all but one have left, which must be because that one runs, and until it listens. */
async function theOneThatStays(home: HostHome, children: readonly ChildProcess[]): Promise<ChildProcess> {
  await eventually('all but one have left', () =>
    children.filter((child) => child.exitCode !== null).length === children.length - 1 ? true : undefined,
  );
  const left = children.filter((child) => child.exitCode !== null).map((child) => child.exitCode);
  assert.deepEqual(left, Array(children.length - 1).fill(EXIT_HOST_RUNS));
  const stays = children.find((child) => child.exitCode === null);
  assert.ok(stays);
  await eventually('it listens', () => (home.log().includes(`Host ${stays.pid} `) ? true : undefined));
  return stays;
}

async function listenAt(file: string): Promise<Server> {
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(file, resolve));
  return server;
}

describe('host: places that are taken, torn or hostile', function () {
  this.timeout(120_000);
  let home: HostHome;
  beforeEach(() => {
    home = new HostHome();
  });
  afterEach(() => home.dispose());

  for (const [count, rounds] of [
    [2, 4],
    [10, 2],
  ] as const) {
    it(`lets one of ${count} hosts have the place of a killed one, ${rounds} times`, async () => {
      let last = await home.start();
      for (let round = 0; round < rounds; round++) {
        last.kill('SIGKILL');
        await exitOf(last);
        assert.ok(existsSync(home.socket) && existsSync(`${home.socket}.lock`));
        last = await theOneThatStays(
          home,
          Array.from({ length: count }, () => home.spawn()),
        );
        const connection = await home.connect();
        assert.equal(connection.pid, last.pid);
        connection.dispose();
      }
    });
  }

  it('goes on while ten more hosts want its place', async () => {
    const first = await home.start();
    await whileGood(home, async () => {
      const codes = await Promise.all(Array.from({ length: 10 }, () => exitOf(home.spawn())));
      assert.deepEqual(codes, Array(10).fill(EXIT_HOST_RUNS));
    });
    assert.equal(first.exitCode, null);
  });

  it('takes over the lock of a process that is gone, or whose number another one has now', async () => {
    for (const holder of [
      { pid: 2 ** 22 + 1, started: '1' },
      { pid: process.pid, started: '1' },
      { pid: 1, started: '-' },
      { pid: -1, started: '' },
    ]) {
      writeFileSync(`${home.socket}.lock`, JSON.stringify(holder));
      const child = await home.start();
      child.kill('SIGTERM');
      assert.equal(await exitOf(child), 0);
    }
  });

  it('takes over a lock that is a link, and leaves alone what it leads to', async () => {
    const elsewhere = path.join(home.folder, 'elsewhere');
    writeFileSync(elsewhere, 'precious');
    for (const target of [elsewhere, path.join(home.folder, 'nowhere')]) {
      symlinkSync(target, `${home.socket}.lock`);
      const connection = await home.connect();
      assert.ok(lstatSync(`${home.socket}.lock`).isFile());
      await connection.request('host/shutdown', undefined);
      await eventually('it has left', () => (existsSync(`${home.socket}.lock`) ? undefined : true));
    }
    assert.equal(lstatSync(elsewhere).size, 'precious'.length);
  });

  it('says what to do when a folder lies in place of the lock', async () => {
    mkdirSync(`${home.socket}.lock`);
    const error = await throwsKind('HOST_UNAVAILABLE', /lock .* cannot be made.*Delete/s, () =>
      home.connect(),
    );
    assert.doesNotMatch(error.message, /\n\s+at /);
  });

  it('refuses a link in place of the socket, even one to a socket of ours', async () => {
    const real = path.join(home.folder, 'real.sock');
    const server = await listenAt(real);
    try {
      for (const target of [real, path.join(home.folder, 'nowhere')]) {
        const link = path.join(home.folder, `${path.basename(target)}.link`);
        symlinkSync(target, link);
        const paths = hostPaths({ home: home.folder, socket: link });
        await throwsKind('SOCKET_PATH_INVALID', /link does not count/, () => prepareFolders(paths));
        assert.equal(await exitOf(home.spawn('--socket', link)), 1);
        assert.ok(lstatSync(link).isSymbolicLink());
      }
    } finally {
      server.close();
    }
  });

  it('refuses a folder in place of the socket', async () => {
    mkdirSync(home.socket);
    await throwsKind('SOCKET_PATH_INVALID', /is not a socket/, () => home.connect());
    assert.equal(await exitOf(home.spawn()), 1);
    assert.ok(lstatSync(home.socket).isDirectory());
  });

  it('knows another user’s socket, whoever runs this', async () => {
    const server = await listenAt(home.socket);
    const paths = hostPaths({ home: home.folder, socket: home.socket });
    try {
      checkSocket(paths);
      const stranger = (process.getuid?.() ?? 0) + 1;
      await throwsKind('SOCKET_PATH_INVALID', /another user/, () => checkSocket(paths, stranger));
    } finally {
      server.close();
    }
  });

  it(`refuses another user’s socket${IS_ROOT ? ', heard or stale, and leaves it there' : ''}`, async () => {
    const server = await listenAt(home.socket);
    // Only root can give a file away; others see what happens to a socket of their own.
    if (IS_ROOT) chownSync(home.socket, STRANGER, STRANGER);
    const refused = IS_ROOT ? 'SOCKET_PATH_INVALID' : 'HOST_UNAVAILABLE';
    await throwsKind(refused, /./, () => home.connect());
    assert.equal(await exitOf(home.spawn()), 1);
    assert.ok(lstatSync(home.socket).isSocket());
    server.close();
  });

  it('refuses another user’s folder for the default socket', async () => {
    const run = IS_ROOT ? path.join(home.folder, 'run') : '/usr';
    mkdirSync(run, { recursive: true, mode: 0o700 });
    if (IS_ROOT) chownSync(run, STRANGER, STRANGER);
    const paths = { ...hostPaths({ home: home.folder }), run, socket: path.join(run, 'host.sock') };
    await throwsKind('SOCKET_PATH_INVALID', /belongs to another user/, () => prepareFolders(paths));
  });

  it('refuses a default socket that listens in a folder open to others', async () => {
    const { run, socket } = hostPaths({ home: home.folder });
    mkdirSync(run, { mode: 0o755 });
    const server = await listenAt(socket);
    try {
      await throwsKind('SOCKET_PATH_INVALID', /chmod 700/, () => checkSocket({ run, socket }));
      assert.equal(await exitOf(home.spawn('--socket', socket)), 1);
    } finally {
      server.close();
    }
  });
});
