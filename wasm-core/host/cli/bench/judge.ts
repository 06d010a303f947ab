import path from 'node:path';
import { type Baselines, benchmarkId, samplesOn } from '../../../protocol/bench/baseline-file.ts';
import {
  type BenchComparison,
  type BenchThresholds,
  compareSamples,
  compareTimes,
  DEFAULT_THRESHOLDS,
  type TimeChange,
} from '../../../protocol/bench/compare.ts';
import { groupReferences } from '../../../protocol/bench/sql-benchmarks.ts';
import type { BenchMachine } from '../../../protocol/bench.ts';
import type { BenchOptions, DoneBench, PlannedBench } from './planned.ts';

/** A benchmark, what came of it, and how it stands to others. */
export interface JudgedBench extends DoneBench {
  /** In a file of baselines. */
  readonly id: string;
  /** `new`: there is no baseline; absent: nothing is compared. */
  readonly comparison?: BenchComparison | { readonly type: 'new' };
  /** The times that it is compared with, microseconds; absent when they are of another machine. */
  readonly before?: readonly number[];
  /** Against the reference of its group. */
  readonly reference?: { readonly name: string; readonly time: TimeChange };
}

/** What benchmarks are held against. */
export interface JudgeOptions {
  /** Undefined without any. */
  readonly baselines: Baselines | undefined;
  /** Absolute folder of the file that they are in, or would be. */
  readonly folder: string;
  readonly machine: BenchMachine;
  readonly options: BenchOptions;
}

/** Holds one benchmark against its baseline. */
export function judge(done: DoneBench, judging: JudgeOptions): JudgedBench {
  const { bench, outcome } = done;
  const { baselines, machine, folder, options } = judging;
  const id = idOf(bench, folder);
  if (baselines === undefined || outcome.outcome === 'failed') return { ...done, id };
  const baseline = Object.hasOwn(baselines.benchmarks, id) ? baselines.benchmarks[id] : undefined;
  if (baseline === undefined) return { ...done, id, comparison: { type: 'new' } };
  const before = samplesOn(baseline, machine);
  const [elsewhere] = Object.values(baseline.times);
  const micros = before.micros ?? (options.anyMachine ? elsewhere?.micros : undefined);
  const comparison = compareSamples({ ...before, micros }, outcome, thresholdsOf(bench, options));
  return { ...done, id, comparison, ...(micros && { before: micros }) };
}

/** Holds the benchmarks of each group that were measured in turns against its reference. */
export function withReferences(batch: readonly JudgedBench[], options: BenchOptions): readonly JudgedBench[] {
  const references = groupReferences(batch.map(({ bench }) => bench));
  return batch.map((judged, index) => {
    const { bench, outcome } = judged;
    const at = bench.group === undefined ? undefined : references.get(bench.group);
    const reference = at === undefined || at === index ? undefined : batch[at];
    if (reference?.outcome.outcome !== 'measured' || outcome.outcome !== 'measured') return judged;
    const time = compareTimes(reference.outcome.micros, outcome.micros, thresholdsOf(bench, options));
    return { ...judged, reference: { name: referenceName(reference.bench, bench), time } };
  });
}

/** Whether it got slower or dearer than its baseline. */
export function isRegression({ comparison }: JudgedBench): boolean {
  return comparison?.type === 'compared' && comparison.isRegression;
}

function thresholdsOf({ threshold }: PlannedBench, options: BenchOptions): BenchThresholds {
  const percent = options.threshold;
  const time = threshold ?? (percent === undefined ? DEFAULT_THRESHOLDS.time : percent / 100);
  return { ...DEFAULT_THRESHOLDS, time };
}

function idOf({ file, name }: PlannedBench, folder: string): string {
  return benchmarkId(file === undefined ? 'host' : slashed(path.relative(folder, file)), name);
}

function referenceName(reference: PlannedBench, bench: PlannedBench): string {
  if (reference.file === bench.file || reference.file === undefined) return reference.name;
  return `${reference.name} of ${slashed(path.relative(process.cwd(), reference.file))}`;
}

function slashed(file: string): string {
  return file.split(path.sep).join('/');
}
