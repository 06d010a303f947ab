import { createHash, randomUUID } from 'node:crypto';
import { readlinkSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';

/*
 * Files that are being written lie beside their target as `.MACHINE-PID-UUID.quern-part`. A process that was killed
 * leaves its own; whoever writes to the folder next removes them. Folders are shared between machines and containers,
 * where a process's number says nothing of another's, so that only files of the same machine are looked at.
 */

const PART = /^\.([0-9a-f]{12})-(\d{1,10})-[0-9a-f-]{36}\.quern-part$/;

/** A path in a folder where nothing is, for a file that this process writes. @param folder absolute */
export function partFile(folder: string): string {
  return path.join(folder, `.${machineTag()}-${process.pid}-${randomUUID()}.quern-part`);
}

/**
 * Removes files that processes of this machine began in a folder and that are gone since. Those of processes that live,
 * or whose number another one has by now, stay; so does what cannot be removed.
 */
export async function removeLeftParts(folder: string): Promise<void> {
  const machine = machineTag();
  for (const name of await readdir(folder).catch(() => [])) {
    const [, tag, pid] = PART.exec(name) ?? [];
    if (tag !== machine || isAlive(Number(pid))) continue;
    await rm(path.join(folder, name), { force: true }).catch(() => undefined);
  }
}

/** Differs wherever numbers of processes may mean others: between machines, and between containers of one. */
function machineTag(): string {
  return createHash('sha256').update(`${hostname()}\n${processNamespace()}`).digest('hex').slice(0, 12);
}

/** Linux alone has them. */
function processNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Another user's process may not be signalled, and lives.
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}
