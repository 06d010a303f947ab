import { closeSync, lstatSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { CoreError } from '../protocol/errors.ts';

/*
 * The lock file of a host. It is made with O_EXCL, so of two hosts that start at once one gets it. One that a killed
 * host left behind is taken over under a second lock, held for an instant, so that of two that find it stale one does.
 */

/** A lock that this process holds. */
export interface Lock {
  /** Idempotent. */
  release(): void;
}

/** Who holds a lock. */
export interface LockHolder {
  readonly pid: number;
  /** When the process started, in the system's own measure; tells a process from a later one with the same id. */
  readonly started: string;
}

/** What came of asking for a lock. */
export type LockOutcome =
  | { readonly type: 'held'; readonly lock: Lock }
  | { readonly type: 'taken'; readonly holder: LockHolder };

/** A takeover takes microseconds; one that is older belongs to a killed process, milliseconds. */
const TAKEOVER_STALE_MS = 5000;
/** A lock is written in the instant in which it is made; one that names nobody for longer is torn, milliseconds. */
const TORN_MS = 1000;
const ATTEMPTS = 40;

/**
 * Asks for a lock.
 *
 * @param file absolute path in an existing folder
 * @throws CoreError FILE_IO when the folder cannot be written to, or something lies there that cannot be deleted
 */
export async function acquireLock(file: string): Promise<LockOutcome> {
  try {
    return await acquire(file);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const message = `The lock ${file} cannot be made (${reason}). Delete what lies there, or set QUERN_HOME to a folder of your own.`;
    throw new CoreError('FILE_IO', message, { path: file });
  }
}

/** Whether a process with this id runs. */
export function isProcessAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, as somebody else's.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

async function acquire(file: string): Promise<LockOutcome> {
  const self: LockHolder = { pid: process.pid, started: startOf(process.pid) };
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (create(file, JSON.stringify(self))) return { type: 'held', lock: heldLock(file, self) };
    const holder = readHolder(file);
    if (holder !== undefined && isAlive(holder)) return { type: 'taken', holder };
    takeAway(file);
    // One that names nobody counts as torn after a second, for which these attempts are enough.
    await sleep(holder === undefined ? 30 + 10 * Math.random() : 5 * Math.random());
  }
  return { type: 'taken', holder: readHolder(file) ?? { pid: 0, started: '' } };
}

function heldLock(file: string, self: LockHolder): Lock {
  return {
    release() {
      const holder = readHolder(file);
      if (holder?.pid === self.pid && holder.started === self.started) rmSync(file, { force: true });
    },
  };
}

function create(file: string, text: string): boolean {
  let fd: number;
  try {
    fd = openSync(file, 'wx', 0o600);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
  writeSync(fd, text);
  closeSync(fd);
  return true;
}

/** Removes a lock whose holder is gone, unless somebody else is about to. */
function takeAway(file: string): void {
  const takeover = `${file}.takeover`;
  if (!create(takeover, '')) {
    if (ageMs(takeover) > TAKEOVER_STALE_MS) rmSync(takeover, { force: true });
    return;
  }
  const holder = readHolder(file);
  // A lock without a holder was made this instant and is not yet written, or its writer was killed in between.
  const stale = holder === undefined ? ageMs(file) > TORN_MS : !isAlive(holder);
  if (stale) rmSync(file, { force: true });
  rmSync(takeover, { force: true });
}

function readHolder(file: string): LockHolder | undefined {
  try {
    // We make no links, so one that lies here holds nothing of ours, wherever it leads.
    if (!lstatSync(file).isFile()) return undefined;
    const { pid, started } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
    // Zero and below name groups of processes, of which some always run.
    if (isProcessId(pid) && typeof started === 'string') return { pid, started };
  } catch {
    // Gone, or not whole.
  }
  return undefined;
}

function isProcessId(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0;
}

function isAlive({ pid, started }: LockHolder): boolean {
  return isProcessAlive(pid) && startOf(pid) === started;
}

/** The start time of a process in clock ticks since boot; empty where the system does not tell (then ids decide). */
function startOf(pid: number): string {
  try {
    // The name in parentheses may hold spaces and parentheses itself; field 22 counts from behind the last one.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

/** Age of a file, or of the link itself that lies in its place, milliseconds. */
function ageMs(file: string): number {
  return Date.now() - (lstatSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
}
