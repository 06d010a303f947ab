import { type JsonPlace, shown } from './json-place.ts';
import { LIMIT_RANGES } from './limits.ts';
import { REMOTE_ENTRY_ADVICE, readRemoteEntry } from './remote-allow.ts';

/** `remote` of a `quern.json`. */
export interface WorkspaceRemote {
  /** Entries as `readRemoteEntry` takes them. */
  readonly allow: readonly string[];
  /** A server may be silent for so long, milliseconds. */
  readonly timeoutMs?: number;
}

const MAX_ENTRIES = 200;

/** @throws CoreError FORMAT_WORKSPACE that names the JSON path and what to write */
export function readWorkspaceRemote(place: JsonPlace, value: unknown): WorkspaceRemote {
  const { allow, timeoutMs } = place.object(value, ['allow', 'timeoutMs']);
  return {
    allow: allow === undefined ? [] : readAllow(place.member('allow'), allow),
    ...(timeoutMs !== undefined && { timeoutMs: readTimeout(place.member('timeoutMs'), timeoutMs) }),
  };
}

function readAllow(place: JsonPlace, value: unknown): readonly string[] {
  if (!Array.isArray(value) || value.length > MAX_ENTRIES) {
    throw place.fault(`is ${shown(value)}; write a list of at most ${MAX_ENTRIES} origins`);
  }
  return value.map((item: unknown, index) => {
    const text = place.item(index).text(item, 1000);
    if (readRemoteEntry(text) !== undefined) return text;
    throw place.item(index).fault(`is ${shown(text)}; ${REMOTE_ENTRY_ADVICE}`);
  });
}

function readTimeout(place: JsonPlace, value: unknown): number {
  const [low, high] = LIMIT_RANGES.timeoutMs;
  if (typeof value === 'number' && Number.isInteger(value) && value >= low && value <= high) return value;
  throw place.fault(`is ${shown(value)}; write a whole number from ${low} to ${high}`);
}
