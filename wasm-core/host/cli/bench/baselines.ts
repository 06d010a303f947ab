import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import {
  BASELINE_FILE,
  type Baselines,
  baselineText,
  parseBaselines,
  withMeasured,
} from '../../../protocol/bench/baseline-file.ts';
import type { BenchRunResult } from '../../../protocol/bench.ts';
import { CoreError } from '../../../protocol/errors.ts';
import { fileOutput } from '../output.ts';
import type { JudgedBench } from './judge.ts';
import type { BenchOptions } from './planned.ts';
import { folderAround } from './workspace-folder.ts';

/** The file of baselines that a command works with. */
export interface BaselineFileChoice {
  /** Absolute. */
  readonly path: string;
  /** What is in it; undefined when it is not there. */
  readonly baselines: Baselines | undefined;
}

/**
 * Reads the file that `--baseline` or `--save` names, else the nearest `quern.bench.json` from the current folder on
 * outwards.
 *
 * @throws CoreError FILE_NOT_FOUND when it is asked for and not there; FORMAT_BENCH, FILE_IO
 */
export function readBaselines({ baseline, save, check }: BenchOptions): BaselineFileChoice {
  const named = baseline ?? (typeof save === 'string' ? save : undefined);
  const folder = folderAround(process.cwd(), BASELINE_FILE) ?? process.cwd();
  const file = named === undefined ? path.join(folder, BASELINE_FILE) : path.resolve(named);
  if (existsSync(file)) {
    return { path: file, baselines: parseBaselines(readText(file), { source: path.basename(file) }) };
  }
  if (check !== true && baseline === undefined) return { path: file, baselines: undefined };
  const message = `There is no file of baselines ${file}. Make one with quern bench --save.`;
  throw new CoreError('FILE_NOT_FOUND', message, { path: file });
}

/**
 * Writes what was measured into a file of baselines; what is in it of other benchmarks stays.
 *
 * @returns how many were written
 * @throws CoreError FILE_IO
 */
export async function saveBaselines(
  { path: file, baselines }: BaselineFileChoice,
  judged: readonly JudgedBench[],
  run: Pick<BenchRunResult, 'machine' | 'versions' | 'at'>,
): Promise<number> {
  const measured = judged.flatMap(({ id, outcome }) =>
    outcome.outcome === 'measured' ? [[id, outcome] as const] : [],
  );
  const text = baselineText(withMeasured(baselines ?? { benchmarks: {} }, Object.fromEntries(measured), run));
  const output = fileOutput(file);
  try {
    await output.write(text);
    await output.commit();
  } catch (error) {
    output.abandon();
    throw error;
  }
  return measured.length;
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new CoreError('FILE_IO', `${file} cannot be read (${code}).`, { path: file });
  }
}
