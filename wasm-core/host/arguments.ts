import { parseArgs } from 'node:util';
import { CoreError } from '../protocol/errors.ts';

/** How long a host stays without a client unless it is told otherwise, milliseconds. */
export const DEFAULT_IDLE_MS = 10 * 60 * 1000;

/** The host's own flags. */
export interface HostArguments {
  readonly home?: string;
  readonly socket?: string;
  readonly idleMs: number;
}

/** @throws CoreError PARAMS_INVALID for a flag that is not there or has no such value */
export function parseHostArguments(args: readonly string[]): HostArguments {
  const { home, socket, 'idle-ms': idle } = parse(args);
  const idleMs = idle === undefined ? DEFAULT_IDLE_MS : Number(idle);
  if (!Number.isInteger(idleMs) || idleMs < 0 || idleMs > 2 ** 31 - 1) {
    throw new CoreError('PARAMS_INVALID', `--idle-ms takes whole milliseconds, 0 for never; not ${idle}.`);
  }
  return { ...(home !== undefined && { home }), ...(socket !== undefined && { socket }), idleMs };
}

function parse(args: readonly string[]) {
  try {
    const options = {
      home: { type: 'string' },
      socket: { type: 'string' },
      'idle-ms': { type: 'string' },
    } as const;
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new CoreError('PARAMS_INVALID', message);
  }
}
