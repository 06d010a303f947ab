import type { HistoryEntry } from '../../protocol/history.ts';

/** The run of a segment's line; undefined for one that is torn, damaged, or another version's. */
export function parseHistoryLine(line: string): HistoryEntry | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (!isObject(value)) return undefined;
  const texts = [value.id, value.time, value.client, value.folder, value.sql];
  const isWhole =
    texts.every((member) => typeof member === 'string') &&
    isObject(value.parameters) &&
    Array.isArray(value.inputs) &&
    Array.isArray(value.plugins) &&
    typeof value.micros === 'number' &&
    typeof value.rowCount === 'number' &&
    isOutcome(value.outcome);
  // We wrote it, in a folder of the user's own, and it is only shown.
  return isWhole ? (value as unknown as HistoryEntry) : undefined;
}

function isOutcome(value: unknown): boolean {
  if (!isObject(value)) return false;
  if (value.type === 'done') return Array.isArray(value.statements);
  return value.type === 'cancelled' || (value.type === 'failed' && typeof value.kind === 'string');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
