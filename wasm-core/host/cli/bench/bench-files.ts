import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { CHAIN_ENDING } from '../../../protocol/chain-file.ts';
import { CoreError } from '../../../protocol/errors.ts';
import { isSource } from '../compile.ts';
import { UsageError } from '../report-error.ts';
import { isFolder } from '../run/plugin-files.ts';

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
  if (isFolder(named)) return walk(named);
  if (statSync(named, { throwIfNoEntry: false }) !== undefined) return [named];
  throw new CoreError('FILE_NOT_FOUND', `There is no file or folder ${named}.`, { path: named });
}

function walk(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const file = path.join(folder, entry.name);
      if (entry.name.startsWith('.') || entry.name === 'node_modules') return [];
      if (entry.isDirectory()) return walk(file);
      return entry.name.endsWith('.bench.sql') ? [file] : [];
    });
}

function kindOf(file: string): keyof BenchFiles {
  if (file.endsWith('.sql')) return 'sql';
  if (file.endsWith(CHAIN_ENDING)) return 'chains';
  if (/\.wasm$/i.test(file) || isSource(file)) return 'plugins';
  throw new UsageError(`${file} is no SQL file, plugin or chain, and there is nothing to measure in it`);
}
