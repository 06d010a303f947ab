import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { CoreError } from '../protocol/errors.ts';
import { FileGate } from '../sql/duckdb/node/file-gate.ts';
import type { SessionDatabase } from '../sql/engine.ts';
import { acquireLock, type Lock } from './lock.ts';

/** Ends the name of the file that says which process has a database open for writing. */
const LOCK_ENDING = '.quern-lock';

/**
 * Makes sure that nobody else writes a database: the engine's own locks do not reach beyond its process, and two writers
 * would destroy the file.
 *
 * @param folders absolute folders that the session may use
 * @returns what ends it; for a database that is only read nothing is held, so that several may read it
 * @throws CoreError DATABASE_LOCKED, PATH_DENIED, FILE_IO
 */
export async function holdDatabase(
  { path: file, readOnly }: SessionDatabase,
  folders: readonly string[],
): Promise<Lock> {
  const real = new FileGate(folders).admit(file);
  const native = nativeWriter(real);
  if (native !== undefined) throw locked(file, `process ${native}`);
  const outcome = await lockOf(real, readOnly);
  if (outcome.type === 'taken') {
    const { pid } = outcome.holder;
    throw locked(
      file,
      pid === process.pid ? `another session of this host, process ${pid}` : `process ${pid}`,
    );
  }
  if (!readOnly) return outcome.lock;
  outcome.lock.release();
  return { release: () => {} };
}

async function lockOf(file: string, readOnly: boolean): ReturnType<typeof acquireLock> {
  try {
    return await acquireLock(`${file}${LOCK_ENDING}`);
  } catch {
    // In a folder that cannot be written nobody of this user writes.
    if (readOnly) return { type: 'held', lock: { release: () => {} } };
    const folder = path.dirname(file);
    const message = `'${file}' cannot be opened for writing, since nothing can be written in '${folder}'; open it read-only (--db-readonly).`;
    throw new CoreError('FILE_IO', message, { path: file });
  }
}

function locked(file: string, by: string): CoreError {
  const message = `The database '${file}' is open for writing in ${by}. Close it there; only when nobody writes it can it be opened.`;
  const pid = Number(/\d+$/.exec(by)?.[0]);
  return new CoreError('DATABASE_LOCKED', message, { path: file, pid });
}

/** The process of another program, such as DuckDB's own, that has a lock of the system for writing a file, where that can be seen. */
function nativeWriter(file: string): number | undefined {
  try {
    const { ino } = statSync(file);
    // `1: POSIX  ADVISORY  WRITE 1234 08:01:5678 0 EOF`
    const lines = readFileSync('/proc/locks', 'utf8').split('\n');
    const found = lines.find((line) => / WRITE /.test(line) && line.includes(`:${ino} `));
    const pid = Number(found?.trim().split(/\s+/)[4]);
    return Number.isSafeInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    // It is not there yet, or the system does not tell.
    return undefined;
  }
}
