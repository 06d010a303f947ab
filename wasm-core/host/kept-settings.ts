import path from 'node:path';
import type { CacheOptions } from '../sql/engine.ts';

/** Where results are kept, how many, and which are given again. */
export type KeptSettings = Omit<CacheOptions, 'mode'>;

const MAX_MB = 512;
const MIN_MS = 250;

/**
 * @param home absolute
 * @param env read for QUERN_CACHE_MB and QUERN_CACHE_MIN_MS; a value that is no whole number counts as absent
 */
export function keptSettings(home: string, env: NodeJS.ProcessEnv = process.env): KeptSettings {
  return {
    folder: path.join(home, 'cache', 'results'),
    maxBytes: wholeNumber(env.QUERN_CACHE_MB, MAX_MB) * 1_000_000,
    minMicros: wholeNumber(env.QUERN_CACHE_MIN_MS, MIN_MS) * 1000,
  };
}

function wholeNumber(text: string | undefined, otherwise: number): number {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : otherwise;
}
