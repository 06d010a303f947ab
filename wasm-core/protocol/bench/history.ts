import type { BenchMachine } from '../bench.ts';
import type { HistoryPoint } from '../bench-page.ts';
import { type Baselines, machineKey } from './baseline-file.ts';
import { summarize } from './statistics.ts';

/** A commit of a file of baselines, and what the file was in it. */
export interface BaselineVersion {
  readonly hash: string;
  /** First line of its message. */
  readonly message: string;
  /** ISO 8601. */
  readonly at: string;
  readonly baselines: Baselines;
}

/**
 * What one benchmark took at commits of its file, on one machine.
 *
 * @param versions the oldest first, and so are the points; commits without a time of this machine are left out, and those
 *   whose times are those of the commit before
 */
export function historyPoints(
  versions: readonly BaselineVersion[],
  { id, machine }: { readonly id: string; readonly machine: BenchMachine },
): readonly HistoryPoint[] {
  const key = machineKey(machine);
  let last = '';
  return versions.flatMap(({ hash, message, at, baselines: { benchmarks } }) => {
    const baseline = Object.hasOwn(benchmarks, id) ? benchmarks[id] : undefined;
    const times = baseline && Object.hasOwn(baseline.times, key) ? baseline.times[key] : undefined;
    const same = JSON.stringify(times);
    if (baseline === undefined || times === undefined || same === last) return [];
    last = same;
    const { median, q1, q3 } = summarize(times.micros);
    const fuel = baseline.fuel && { fuel: baseline.fuel.least };
    return [{ revision: hash.slice(0, 7), message, at, micros: median, q1, q3, ...fuel }];
  });
}
