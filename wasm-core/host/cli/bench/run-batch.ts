import type { HostConnection } from '../../../connect/host-connection.ts';
import type { BenchRunResult, BenchTarget } from '../../../protocol/bench.ts';
import type { Cli } from '../cli.ts';
import { ProgressLine } from '../run/progress-line.ts';
import type { BenchBatch, BenchOptions, DoneBench } from './planned.ts';

/** What came of benchmarks that were measured in turns. */
export interface BatchResult {
  readonly done: readonly DoneBench[];
  readonly run: BenchRunResult;
}

/**
 * Measures benchmarks in turns.
 *
 * @param batch at least one, at most 200
 * @throws CoreError as `bench/run`
 */
export async function runBatch(
  cli: Cli,
  connection: HostConnection,
  { batch, options }: { readonly batch: BenchBatch; readonly options: BenchOptions },
): Promise<BatchResult> {
  const { runs, timeMs, warmUp } = options;
  // Names have to differ, and those of several files may not.
  const targets = batch.map(({ target }, index) => ({ ...target, name: `${index}` }) as BenchTarget);
  const line = new ProgressLine();
  try {
    const run = await connection.request(
      'bench/run',
      {
        targets,
        ...(runs !== undefined && { runs }),
        ...(timeMs !== undefined && { timeMs }),
        ...(warmUp !== undefined && { warmUp }),
      },
      {
        signal: cli.signal,
        onBench: ({ phase, percent }) =>
          line.show(percent, phase === 'waiting' ? 'waiting for another bench' : `${phase} ${percent} %`),
      },
    );
    const done = run.targets.flatMap((outcome, index) => {
      const bench = batch[index];
      return bench === undefined ? [] : [{ bench, outcome: { ...outcome, name: bench.name } }];
    });
    return { done, run };
  } finally {
    line.clear();
  }
}
