import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { connectToHost } from '../../wasm-core/connect/connect.ts';
import type { HostConnection } from '../../wasm-core/connect/host-connection.ts';
import { distFolder } from './dist.ts';
import { eventually } from './eventually.ts';
import { RawClient } from './raw-client.ts';

/** A home of a test's own, and the hosts that run in it. */
export class HostHome {
  /** Absolute and short, for the socket's sake. */
  readonly folder: string;
  readonly #children: ChildProcess[] = [];
  readonly #clients: { dispose(): void }[] = [];

  /** @param parent an existing folder in which the home is made */
  constructor(parent = tmpdir()) {
    this.folder = mkdtempSync(path.join(parent, 'qh-'));
  }

  get socket(): string {
    return path.join(this.folder, 'host.sock');
  }

  get hostPath(): string {
    return path.join(distFolder(), 'host.js');
  }

  /** Starts a host process and waits until it listens. */
  async start(...flags: readonly string[]): Promise<ChildProcess> {
    const child = this.spawn(...flags);
    await eventually('the host listens', () =>
      existsSync(this.socket) && this.log().includes(`Host ${child.pid} `) ? true : undefined,
    );
    return child;
  }

  /** Starts a host process, and waits for nothing. */
  spawn(...flags: readonly string[]): ChildProcess {
    const child = spawn(
      process.execPath,
      [this.hostPath, '--home', this.folder, '--socket', this.socket, ...flags],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    this.#children.push(child);
    return child;
  }

  /** Connects, and starts a host when none is there. */
  async connect(): Promise<HostConnection> {
    const connection = await connectToHost({
      home: this.folder,
      socket: this.socket,
      hostPath: this.hostPath,
      start: true,
      client: 'test/1',
    });
    this.#clients.push(connection);
    return connection;
  }

  /** A socket that speaks bytes; `hello` says hello first. */
  async raw(options: { readonly hello: boolean }): Promise<RawClient> {
    const client = await RawClient.open(this.socket);
    this.#clients.push(client);
    if (options.hello) await client.request('host/hello', { protocol: 1, client: 'raw/1' });
    return client;
  }

  /** The host's log so far. */
  log(): string {
    const file = path.join(this.folder, 'log', 'host.log');
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  }

  /** Names of results folders. */
  resultsFolders(): string[] {
    return readdirSync(path.join(this.folder, 'results'));
  }

  /** Ends every host and deletes everything. */
  async dispose(): Promise<void> {
    for (const client of this.#clients) client.dispose();
    await endHosts(this.folder);
    for (const child of this.#children) {
      if (child.exitCode === null && child.signalCode === null)
        await Promise.all([once(child, 'exit'), child.kill('SIGKILL')]);
    }
    await rm(this.folder, { recursive: true, force: true, maxRetries: 10 });
  }
}

/** Ends the hosts of a home, whoever started them, and waits until they are gone: they write into it until then. */
export async function endHosts(folder: string): Promise<void> {
  await eventually(`the end of the hosts of ${folder}`, () => {
    const left = processesNaming(folder);
    for (const pid of left) kill(pid);
    return left.length === 0 ? true : undefined;
  });
}

/** Waits for a child's end. @returns its exit code; undefined when a signal ended it */
export async function exitOf(child: ChildProcess): Promise<number | undefined> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return child.exitCode ?? undefined;
}

/** Processes that have a folder of ours on their command line: hosts that clients started and nobody else knows. */
function processesNaming(folder: string): number[] {
  if (!existsSync('/proc/self/cmdline')) return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(folder);
      } catch {
        return false;
      }
    });
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has left.
  }
}
