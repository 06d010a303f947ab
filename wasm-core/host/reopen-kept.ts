import { randomUUID } from 'node:crypto';
import path from 'node:path';
import type { StatementResult } from '../protocol/methods.ts';
import type { KeptResults } from '../sql/kept-results/node/kept-results.ts';

/**
 * Opens a kept result once more, with its rows in the folder of a session, which deletes them with its own.
 *
 * @param options.key under which it is kept; undefined for one that never was
 * @param options.resultsFolder absolute
 * @returns null when it is kept no longer
 */
export async function reopenKept(
  results: KeptResults,
  { key, resultsFolder }: { readonly key: string | undefined; readonly resultsFolder: string },
): Promise<Omit<StatementResult, 'start' | 'end'> | null> {
  if (key === undefined) return null;
  const file = path.join(resultsFolder, `kept-${randomUUID()}.arrow`);
  const record = await results.take(key, file);
  if (record === undefined) return null;
  const { result, time } = record;
  if (result.file === undefined) return null;
  const cached = { time, micros: result.cost.micros };
  return { ...result, file: { ...result.file, path: file }, kept: key, cached };
}
