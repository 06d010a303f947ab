import { type Baselines, withMeasured } from '../../wasm-core/protocol/bench/baseline-file.ts';
import { type BenchReport, reportOf } from '../../wasm-core/protocol/bench/report.ts';
import { summarize } from '../../wasm-core/protocol/bench/statistics.ts';
import type { BenchMeasured, BenchOutcome, BenchRunResult } from '../../wasm-core/protocol/bench.ts';

/** Times around a middle, the same each time: every seventh is far off. */
export function timesAround(micros: number, count = 20): number[] {
  return Array.from(
    { length: count },
    (_, run) => micros * (1 + ((run * 7) % 11) / 200 + (run % 7 === 6 ? 0.4 : 0)),
  );
}

/** A target that was measured. */
export function measured(
  name: string,
  micros: readonly number[],
  more: Partial<BenchMeasured> = {},
): BenchMeasured {
  return {
    outcome: 'measured',
    name,
    type: 'statement',
    runsPerSample: 1,
    warmUp: { runs: 3, micros: [1, 1, 1], isSteady: true },
    figures: summarize(micros),
    micros,
    work: 'w',
    modules: {},
    ...more,
  };
}

/** A run of targets on a machine that is always the same. */
export function benchRun(targets: readonly BenchOutcome[]): BenchRunResult {
  return {
    targets,
    machine: {
      cpu: 'Example CPU',
      cores: 2,
      memoryBytes: 8_000_000_000,
      os: 'linux',
      osRelease: '6.1',
      arch: 'x64',
    },
    versions: { quern: '0.1.0', duckdb: 'v1.4.3', node: 'v20.0.0', v8: '11.3' },
    load: [0.25, 0.5, 0.5],
    at: '2026-01-02T03:04:05.000Z',
    micros: 4_200_000,
  };
}

/** What the benchmarks gave that `exampleReport` compares with. */
export function exampleBaselines(): Baselines {
  const slug = { fuel: { least: 2_000_000, most: 2_000_000 }, functionRows: 100_000, rowCount: 1 };
  const run = benchRun([]);
  return withMeasured(
    { benchmarks: {} },
    {
      'a#slug': measured('slug', timesAround(3600), { ...slug, modules: { slug: 'old' } }),
      'a#upper': measured('upper', timesAround(9000), { rowCount: 1 }),
      'a#same': measured('same', timesAround(500), { rowCount: 4 }),
      'a#moved': measured('moved', timesAround(500), { rowCount: 5 }),
    },
    run,
  );
}

/** A report with a target for each verdict. */
export function exampleReport(more: { readonly names?: readonly string[] } = {}): BenchReport {
  const cost = {
    micros: 4300,
    functionMicros: 2100,
    transferMicros: 400,
    functionRows: 100_000,
    functionFuel: 2_500_000,
  };
  const fuel = { least: 2_500_000, most: 2_500_000 };
  const targets: BenchOutcome[] = [
    measured('slug', timesAround(4300), {
      cost,
      fuel,
      functionRows: 100_000,
      rowCount: 1,
      modules: { slug: 'new' },
    }),
    measured('upper', timesAround(4500), {
      rowCount: 1,
      cost: { ...cost, functionMicros: 0, transferMicros: 0 },
    }),
    measured('same', timesAround(505), { rowCount: 4 }),
    measured('moved', timesAround(510), { rowCount: 4 }),
    measured('fresh', timesAround(700), { rowCount: 4 }),
    {
      outcome: 'failed',
      name: 'broken',
      type: 'statement',
      kind: 'SQL_BIND',
      message: 'Binder Error: no function nope',
      details: {},
    },
  ].map((target, index) => ({ ...target, name: more.names?.[index] ?? target.name }) as BenchOutcome);
  return reportOf({
    title: 'Benchmarks of text.sql',
    result: benchRun(targets),
    against: { name: 'quern.bench.json', baselines: exampleBaselines() },
    ids: ['a#slug', 'a#upper', 'a#same', 'a#moved', 'a#fresh', 'a#broken'],
    references: new Map([
      [0, 0],
      [1, 0],
    ]),
  });
}
