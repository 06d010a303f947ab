import { readFileSync } from 'node:fs';

/** Linux counts a process's time in hundredths of a second, whatever the machine (USER_HZ). */
const MICROS_PER_TICK = 10_000;

/** Processor time that a process's threads have used so far, microseconds; undefined where there is no `/proc`. */
export function processorMicros(pid: number): number | undefined {
  const text = readProc(pid, 'stat');
  return text === undefined ? undefined : parseProcessorMicros(text);
}

/** Anonymous memory of a process in MiB; undefined where there is no `/proc`. */
export function anonymousMb(pid: number): number | undefined {
  const text = readProc(pid, 'status');
  return text === undefined ? undefined : parseAnonymousMb(text);
}

/** Memory that a process holds in MiB, shared pages included; undefined where there is no `/proc`. */
export function residentMb(pid: number): number | undefined {
  const text = readProc(pid, 'status');
  return text === undefined ? undefined : Number(/^VmRSS:\s+(\d+) kB$/m.exec(text)?.[1]) / 1024;
}

/** The most memory that a process has held so far in MiB, shared pages included; undefined where there is no `/proc`. */
export function peakMb(pid: number): number | undefined {
  const text = readProc(pid, 'status');
  return text === undefined ? undefined : Number(/^VmHWM:\s+(\d+) kB$/m.exec(text)?.[1]) / 1024;
}

/** User and system time of a `/proc/PID/stat`, microseconds. */
export function parseProcessorMicros(stat: string): number {
  // The name, in parentheses, may hold spaces and parentheses itself. utime and stime are fields 14 and 15.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * MICROS_PER_TICK;
}

/** RssAnon of a `/proc/PID/status`, MiB. */
export function parseAnonymousMb(status: string): number {
  return Number(/^RssAnon:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
}

function readProc(pid: number, name: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return undefined;
  }
}
