import { arch, availableParallelism, cpus, loadavg, platform, release, totalmem } from 'node:os';
import type { BenchMachine, BenchRunResult, BenchVersions } from '../../protocol/bench.ts';
import { ENGINE_VERSION } from '../../sql/duckdb/engine-version.ts';

/** What this machine is. Its name, its user and its folders are nobody's business. */
export function machineFacts(): BenchMachine {
  return {
    cpu: cpus()[0]?.model.trim().replace(/\s+/g, ' ') || 'unknown processor',
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    os: platform(),
    osRelease: release(),
    arch: arch(),
  };
}

/** @param quern the host's version */
export function benchVersions(quern: string): BenchVersions {
  return { quern, duckdb: ENGINE_VERSION, node: process.versions.node, v8: process.versions.v8 };
}

/** The load of the machine, as `BenchRunResult` has it. */
export function machineLoad(): Pick<BenchRunResult, 'load'> {
  const [one = 0, five = 0, fifteen = 0] = loadavg().map((load) => Math.round(load * 100) / 100);
  // Windows has no such figures and gives zeros.
  return platform() === 'win32' ? {} : { load: [one, five, fifteen] };
}
