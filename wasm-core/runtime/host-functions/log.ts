import { decodeUtf8Lossy } from '../../binary/utf8.ts';
import { LOG_LEVELS, type LogLevel, type LogLine } from '../../protocol/plugins.ts';
import { enter, guestBytes } from './access.ts';
import type { HostFunctionOwner, HostFunctions } from './owner.ts';

/** The longest line that a guest can log, in bytes; the rest is cut off. */
export const MAX_LOG_LINE_BYTES = 8192;

/** How many lines a run can log; the rest is dropped. */
export const MAX_LOG_LINES = 1000;

/** Collects what one run logs. */
export interface LogSink {
  /** For `RunContext.log`; bound. Lines behind the thousandth are dropped, with one line that says so. */
  readonly log: (level: LogLevel, line: string) => void;
  /** What was logged so far, oldest first; grows. */
  readonly lines: readonly LogLine[];
}

/** `log` and `log_at`, which every module may use. */
export function logFunctions(owner: HostFunctionOwner): HostFunctions {
  return {
    log: (pointer: number, byteLength: number): void => {
      enter(owner, { name: 'log' });
      logLine(owner, 'info', guestBytes(owner, pointer, byteLength));
    },
    log_at: (level: number, pointer: number, byteLength: number): void => {
      enter(owner, { name: 'log_at' });
      logLine(owner, LOG_LEVELS[level] ?? 'info', guestBytes(owner, pointer, byteLength));
    },
  };
}

/** A sink for one run. */
export function createLogSink(): LogSink {
  const lines: LogLine[] = [];
  const log = (level: LogLevel, text: string): void => {
    if (lines.length < MAX_LOG_LINES) lines.push({ level, text });
    else if (lines.length === MAX_LOG_LINES) {
      lines.push({ level: 'warn', text: `(only the first ${MAX_LOG_LINES} lines are kept)` });
    }
  };
  return { log, lines };
}

function logLine(owner: HostFunctionOwner, level: LogLevel, bytes: Uint8Array): void {
  const end = cutAt(bytes, MAX_LOG_LINE_BYTES);
  owner.charge(end);
  const text = decodeUtf8Lossy(bytes.subarray(0, end));
  owner.run.log(level, end < bytes.byteLength ? `${text}…` : text);
}

/** Where to cut UTF-8 so that no character is torn, at most 3 bytes before the limit. */
function cutAt(bytes: Uint8Array, limit: number): number {
  if (bytes.byteLength <= limit) return bytes.byteLength;
  for (let end = limit; end > limit - 4; end--) {
    if (((bytes[end] ?? 0) & 0xc0) !== 0x80) return end;
  }
  return limit;
}
