import type { EventModule, HostEvent } from '../protocol/events.ts';
import type { EventHub } from './events.ts';
import type { Log } from './log.ts';

/** So many lines of runs that trapped go to the log in a minute: a client may make a thousand a second. */
const MAX_TRAPS = 60;
const MINUTE_MS = 60_000;

/**
 * Notes in the host's log which modules come and go, and which trap.
 *
 * @param now milliseconds, for tests
 */
export function logEvents(events: Pick<EventHub, 'add'>, log: Pick<Log, 'info'>, now = Date.now): void {
  let minuteStart = Number.NEGATIVE_INFINITY;
  let traps = 0;
  const isTooMany = (): boolean => {
    if (now() - minuteStart >= MINUTE_MS) {
      if (traps > MAX_TRAPS) log.info(`${traps - MAX_TRAPS} more runs trapped`);
      minuteStart = now();
      traps = 0;
    }
    return ++traps > MAX_TRAPS;
  };
  events.add(
    (event) => {
      if (event.type === 'trapped' && isTooMany()) return;
      const line = lineOf(event);
      if (line !== undefined) log.info(line);
    },
    ['loaded', 'unloaded', 'trapped', 'evicted'],
  );
}

function lineOf(event: HostEvent): string | undefined {
  switch (event.type) {
    case 'loaded':
      return `Loaded ${named(event.module)}`;
    case 'unloaded':
      return `Unloaded ${named(event.module)}`;
    case 'evicted':
      return `Evicted ${named(event.module)}`;
    case 'trapped':
      return `Trapped ${named(event.module)}: ${event.kind}: ${oneLine(event.message)}`;
    default:
      return undefined;
  }
}

function named({ name, uuid, namespace }: EventModule): string {
  return `${oneLine(name)} (${uuid}) of ${oneLine(namespace)}`;
}

/** A plugin's own words must not begin a line of the log. */
function oneLine(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ').slice(0, 500);
}
