import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { type LoadResult, parseLoadResult } from './load-result.ts';

/** A load: so many clients, each with so many requests under way, for so long. */
export interface Load {
  readonly socket: string;
  readonly clients: number;
  readonly depth: number;
  readonly seconds: number;
  readonly method: string;
  /** JSON text. */
  readonly params: string;
  /** Every answer contains it. */
  readonly expected: string;
}

/** The load generator and the echo server, in C or, where there is no compiler, in JavaScript. */
export interface LoadTools {
  /** Says which ones these are. */
  readonly note: string;
  readonly echoName: string;
  /** @throws Error when any answer is wrong or missing */
  run(load: Load): Promise<LoadResult>;
  /** Starts an echo server and waits until it listens. */
  startEcho(socket: string): Promise<ChildProcess>;
}

/** Compiles the tools into `out/bench` with the machine's `cc -O2`; without one takes the bundles that lie there. */
export function loadTools(): LoadTools {
  mkdirSync(OUT, { recursive: true });
  const compiled = ['load', 'echo'].every(
    (name) => spawnSync('cc', ['-O2', '-o', path.join(OUT, name), `bench/load/${name}.c`]).status === 0,
  );
  const command = (name: string): [string, ...string[]] =>
    compiled ? [path.join(OUT, name)] : [process.execPath, path.join(OUT, `${name}.cjs`)];
  return {
    note: compiled
      ? 'Load generator and echo server are C programs (bench/load), one thread each, on the same machine.'
      : 'No C compiler on this machine: load generator and echo server are JavaScript, and shares are higher than beside a C echo.',
    echoName: compiled ? 'C echo' : 'Node echo',
    run: (load) => runLoad(command('load'), load),
    startEcho: (socket) => startEcho(command('echo'), socket),
  };
}

const OUT = path.resolve('out/bench');
const run = promisify(execFile);

async function runLoad([program, ...first]: [string, ...string[]], load: Load): Promise<LoadResult> {
  const { socket, clients, depth, seconds, method, params, expected } = load;
  const numbers = [clients, depth, seconds].map(String);
  const { stdout } = await run(program, [...first, socket, ...numbers, method, params, expected]);
  return parseLoadResult(stdout);
}

async function startEcho([program, ...first]: [string, ...string[]], socket: string): Promise<ChildProcess> {
  rmSync(socket, { force: true });
  const child = spawn(program, [...first, socket], { stdio: ['ignore', 'ignore', 'inherit'] });
  for (let tries = 0; !existsSync(socket); tries++) {
    if (tries > 250 || child.exitCode !== null) throw new Error(`The echo server did not start: ${program}.`);
    await sleep(20);
  }
  // The file is there a moment before the server listens.
  await sleep(20);
  return child;
}
