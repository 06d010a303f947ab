import { appendFileSync, renameSync, statSync } from 'node:fs';

/** The host's log file. Writing never throws: a full disk must not end the host. */
export interface Log {
  info(message: string): void;
  /** For what a user may have to know; it goes to clients as an event, too. */
  warn(message: string): void;
  /** For bugs: the stack goes to the file and nowhere else. */
  error(error: unknown): void;
}

/** At the start a file larger than this is renamed to `.1`, bytes. */
const MAX_LOG_BYTES = 1024 * 1024;

/** @param file absolute path in an existing folder */
export function createLog(file: string): Log {
  rotate(file);
  const write = (level: string, text: string): void => {
    try {
      appendFileSync(file, `${new Date().toISOString()} ${level} ${text}\n`, { mode: 0o600 });
    } catch {
      // There is nowhere left to say it.
    }
  };
  return {
    info: (message) => write('info', message),
    warn: (message) => write('warn', message),
    error: (error) => write('error', error instanceof Error ? (error.stack ?? error.message) : String(error)),
  };
}

function rotate(file: string): void {
  try {
    if (statSync(file).size > MAX_LOG_BYTES) renameSync(file, `${file}.1`);
  } catch {
    // There is none yet.
  }
}
