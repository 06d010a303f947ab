import { spawn } from 'node:child_process';
import path from 'node:path';
import { distFolder } from './dist.ts';
import type { HostHome } from './host-process.ts';

/** What a command gave. */
export interface CommandOutcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Ways to run a command. */
export interface CommandOptions {
  readonly cwd?: string;
  readonly stdin?: string | Uint8Array;
  /** Ctrl+C comes after so many milliseconds. */
  readonly interruptAfterMs?: number;
  readonly env?: NodeJS.ProcessEnv;
}

/** Runs `quern` with the built program in a home of the test's own. */
export function quern(
  home: HostHome,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandOutcome> {
  const program = path.join(distFolder(), 'quern.js');
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...args], {
      cwd: options.cwd ?? home.folder,
      env: { ...process.env, QUERN_HOME: home.folder, ...options.env },
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    child.stdin.on('error', () => {});
    child.stdin.end(options.stdin ?? '');
    const { interruptAfterMs } = options;
    if (interruptAfterMs !== undefined) setTimeout(() => child.kill('SIGINT'), interruptAfterMs);
    child.on('error', reject);
    child.on('close', (code) => {
      resolve({ code, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() });
    });
  });
}
