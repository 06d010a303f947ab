import type { LogLine } from '../../protocol/plugins.ts';

/** A line that a plugin logged, as the command line shows it. */
export function logText({ level, text }: LogLine): string {
  return `${level === 'info' ? 'log' : level}: ${text}`;
}
