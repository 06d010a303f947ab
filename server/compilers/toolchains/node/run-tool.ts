import { type ChildProcess, spawn, spawnSync } from 'node:child_process';

/** A program to run, and how much of it is waited for. */
export interface ToolRun {
  /** Absolute path of the program. */
  readonly file: string;
  readonly args: readonly string[];
  /** Absolute. */
  readonly cwd: string;
  /** The whole environment: nothing else is inherited. */
  readonly env: Readonly<Record<string, string>>;
  readonly stdin?: string;
  readonly timeoutMs: number;
  /** Bytes of both streams together. */
  readonly maxOutputBytes: number;
  readonly signal: AbortSignal;
}

/** How a program ended. */
export interface ToolResult {
  /** Why it was ended, or could not begin; absent when it ended by itself. */
  readonly stopped?: 'timeout' | 'output' | 'cancelled' | 'unstartable';
  /** Its exit code; null when a signal ended it. */
  readonly status: number | null;
  /** The signal that ended it, or the reason that it could not begin. */
  readonly reason?: string;
  readonly stdout: string;
  readonly stderr: string;
}

/** How long the streams may stay open behind the end of the program, which may have left another one with them. */
const CLOSING_MS = 1_000;

/**
 * Runs a program in a process group of its own, without a shell. One that takes too long, writes too much or is not
 * wanted any more is ended with all that it started.
 *
 * @returns never rejects
 */
export function runTool(run: ToolRun): Promise<ToolResult> {
  if (run.signal.aborted) return Promise.resolve({ ...NOTHING, stopped: 'cancelled' });
  return new Promise((resolve) => {
    const { file, args, cwd, env } = run;
    let child: ChildProcess;
    try {
      // On Windows a detached process would get a window; its tree is ended by another way.
      const detached = process.platform !== 'win32';
      child = spawn(file, args, { cwd, env, detached, windowsHide: true, stdio: 'pipe' });
    } catch (error) {
      resolve({ ...NOTHING, stopped: 'unstartable', reason: reasonOf(error) });
      return;
    }
    follow(child, run, resolve);
  });
}

const NOTHING = { status: null, stdout: '', stderr: '' } as const;

function follow(child: ChildProcess, run: ToolRun, resolve: (result: ToolResult) => void): void {
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  let byteCount = 0;
  let stopped: ToolResult['stopped'];
  let reason: string | undefined;
  let closing: NodeJS.Timeout | undefined;
  const stop = (why: ToolResult['stopped']): void => {
    stopped ??= why;
    killGroup(child);
  };
  const take = (into: Buffer[]) => (chunk: Buffer) => {
    byteCount += chunk.byteLength;
    if (byteCount > run.maxOutputBytes) stop('output');
    else into.push(chunk);
  };
  const onAbort = (): void => stop('cancelled');
  const timer = setTimeout(() => stop('timeout'), run.timeoutMs);
  run.signal.addEventListener('abort', onAbort, { once: true });
  child.stdout?.on('data', take(out));
  child.stderr?.on('data', take(err));
  // A program that does not read its input is not at fault for that.
  child.stdin?.on('error', () => {});
  child.stdin?.end(run.stdin ?? '');
  child.on('error', (error) => {
    stopped ??= 'unstartable';
    reason = reasonOf(error);
  });
  child.on('exit', () => {
    // What it started and left behind goes with it.
    killGroup(child);
    closing = setTimeout(() => {
      child.stdout?.destroy();
      child.stderr?.destroy();
    }, CLOSING_MS);
  });
  child.on('close', (status, signal) => {
    clearTimeout(timer);
    clearTimeout(closing);
    run.signal.removeEventListener('abort', onAbort);
    reason ??= signal ?? undefined;
    resolve({
      status: stopped === 'unstartable' ? null : status,
      stdout: Buffer.concat(out).toString('utf8'),
      stderr: Buffer.concat(err).toString('utf8'),
      ...(stopped && { stopped }),
      ...(reason !== undefined && { reason }),
    });
  });
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') {
      if (child.exitCode === null) spawnSync('taskkill', ['/pid', String(child.pid), '/t', '/f']);
    } else process.kill(-child.pid, 'SIGKILL');
  } catch {
    // All of them have ended.
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
