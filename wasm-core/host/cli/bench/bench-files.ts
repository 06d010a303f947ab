import { statSync } from 'node:fs';
import path from 'node:path';
import { CHAIN_ENDING } from '../../../protocol/chain-file.ts';
import { CoreError } from '../../../protocol/errors.ts';
import { isSource } from '../compile.ts';
import { UsageError } from '../report-error.ts';
import { isFolder } from '../run/plugin-files.ts';
import { walkFolder } from '../walk-folder.ts';

/** Files to measure, by what is in them; absolute. */
export interface BenchFiles {
  readonly sql: readonly string[];
  readonly plugins: readonly string[];
  readonly chains: readonly string[];
}

/**
 * The files that are named, and the `*.bench.sql` of the folders that are named and of those within.
 *
 * @param paths any
 * @throws CoreError FILE_NOT_FOUND; UsageError for a file that is nothing of the kind
 */
export function findBenchFiles(paths: readonly string[]): BenchFiles {
  const files = [...new Set(paths.flatMap((named) => filesOf(path.resolve(named))))];
  const of = (kind: keyof BenchFiles): string[] => files.filter((file) => kindOf(file) === kind);
  return { sql: of('sql'), plugins: of('plugins'), chains: of('chains') };
}

function filesOf(named: string): string[] {
  if (isFolder(named)) return walkFolder(named, /\.bench\.sql$/);
  if (statSync(named, { throwIfNoEntry: false }) !== undefined) return [named];
  throw new CoreError('FILE_NOT_FOUND', `There is no file or folder ${named}.`, { path: named });
}

function kindOf(file: string): keyof BenchFiles {
  if (file.endsWith('.sql')) return 'sql';
  if (file.endsWith(CHAIN_ENDING)) return 'chains';
  if (/\.wasm$/i.test(file) || isSource(file)) return 'plugins';
  throw new UsageError(`${file} is no SQL file, plugin or chain, and there is nothing to measure in it`);
}
