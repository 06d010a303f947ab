import path from 'node:path';
import type { StatementResult } from '../../../../protocol/methods.ts';
import type { CacheOptions } from '../../../engine.ts';
import { type KeptRecord, KeptResults } from '../../../kept-results/node/kept-results.ts';
import type { EngineContext } from '../../context.ts';
import type { FilePaths } from '../file-paths.ts';
import { NotedInputs } from '../noted-inputs.ts';

/** A statement that may have been run before. */
export interface CachedStatement {
  readonly cache: CacheOptions;
  /** Undefined for what must run each time. */
  readonly key: string | undefined;
  /** File name for its rows, unique in the results folder. */
  readonly resultName: string;
  readonly run: () => Promise<Result>;
}

type Result = Omit<StatementResult, 'start' | 'end'>;

/**
 * Gives a statement the rows that it gave before, or runs it and keeps what it gives.
 *
 * @throws CoreError as the run does
 */
export async function runCached(context: EngineContext, statement: CachedStatement): Promise<Result> {
  const { cache, key } = statement;
  const results = new KeptResults(cache);
  const known =
    key === undefined || cache.mode === 'refresh' ? undefined : await reuse(context, statement, results);
  return known ?? (await runAndKeep(context, statement, results));
}

async function reuse(
  context: EngineContext,
  { key = '', resultName }: CachedStatement,
  results: KeptResults,
): Promise<Result | undefined> {
  const started = performance.now();
  const found = await results.find(key);
  if (found === undefined || !found.isReusable) return undefined;
  if (!isUnchanged(context, found.inputs)) return undefined;
  const file = path.join(context.resultsFolder, resultName);
  const record = await results.take(key, file);
  // Somebody may have kept another result in between.
  if (record === undefined || JSON.stringify(record) !== JSON.stringify(found)) return undefined;
  const micros = Math.round((performance.now() - started) * 1000);
  return reusedResult(record, { file, micros });
}

function reusedResult(
  { key, time, result }: KeptRecord,
  { file, micros }: { readonly file: string; readonly micros: number },
): Result {
  return {
    ...result,
    ...(result.file && { file: { ...result.file, path: file } }),
    cost: { micros, functionMicros: 0, transferMicros: 0, functionRows: 0, functionFuel: 0 },
    timeline: { fetch: micros },
    kept: key,
    cached: { time, micros: result.cost.micros },
  };
}

async function runAndKeep(
  { paths }: EngineContext,
  { cache, key, run }: CachedStatement,
  results: KeptResults,
): Promise<Result> {
  const time = new Date().toISOString();
  const inputs = new NotedInputs({ patterns: true });
  const stop = paths.noteInto(inputs);
  let result: Result;
  try {
    result = await run();
  } finally {
    stop();
  }
  const { file } = result;
  if (file === undefined || result.kind !== 'SELECT') return result;
  const isReusable = key !== undefined && result.cost.micros >= cache.minMicros && isSettled(paths, inputs);
  const record: KeptRecord = {
    key: isReusable ? key : KeptResults.ownKey(),
    time,
    result: { ...result, file: { ...file, path: '' } },
    isReusable,
    inputs: isReusable ? inputs.stored() : null,
  };
  // A full disk is no reason for a query to fail.
  const isKept = await results.put(record, file.path).catch(() => false);
  return isKept ? { ...result, kept: record.key } : result;
}

/** Whether files are as they were; files that this session may not read count as changed. */
function isUnchanged({ paths }: EngineContext, stored: unknown): boolean {
  try {
    return NotedInputs.isUnchanged(stored, (file) => paths.admit(file));
  } catch {
    return false;
  }
}

function isSettled(paths: FilePaths, inputs: NotedInputs): boolean {
  try {
    return inputs.isSettled((file) => paths.admit(file));
  } catch {
    // A path that leads elsewhere by now.
    return false;
  }
}
