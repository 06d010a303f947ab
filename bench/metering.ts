import { readFileSync } from 'node:fs';
import path from 'node:path';
import { assemble } from '../test/support/wat.ts';
import { CONTROL, CONTROL_EXPORT } from '../wasm-core/binary/control-functions.ts';
import { readModule } from '../wasm-core/binary/reader.ts';
import { rewriteModule } from '../wasm-core/binary/rewrite.ts';
import { geometricMean, inTurn, timeMs } from './measure.ts';
import { type Bar, type Row, type SuiteResult, versus } from './report.ts';

/**
 * The kernels in `bench/kernels`, with an argument each that keeps them busy for a few milliseconds: short
 * enough for some of the runs to be left alone by whatever else the machine does.
 */
const KERNELS: Readonly<Record<string, number>> = {
  fib: 29,
  sieve: 1_000_000,
  matmul: 180,
  mix: 600_000,
  scan: 40_000,
  quicksort: 50_000,
};

const ROUNDS = 60;
const PEER = 'the original module';
const BAR: Bar = { of: 'ratio', atMost: 1.3 };

/** What metering costs: kernels as the rewriter makes them, with fuel and without, beside the original in V8. */
export async function meteringSuite(): Promise<SuiteResult> {
  const metered: Row[] = [];
  const unmetered: Row[] = [];
  for (const [name, argument] of Object.entries(KERNELS)) {
    const rows = await measureKernel(name, argument);
    metered.push(rows.metered);
    unmetered.push(rows.unmetered);
  }
  return {
    title: 'Metering',
    notes: [
      `Best of ${ROUNDS}, since all that the machine does beside a kernel can only make it slower; every way gave the same result.`,
    ],
    rows: [
      meanRow('metered, geometric mean', metered, [BAR]),
      ...metered,
      meanRow('rewritten without metering, geometric mean', unmetered, []),
      ...unmetered,
    ],
  };
}

type Kernel = (argument: number) => unknown;

async function measureKernel(name: string, argument: number): Promise<{ metered: Row; unmetered: Row }> {
  const bytes = await assemble(readFileSync(path.resolve('bench/kernels', `${name}.wat`), 'utf8'));
  const kernels = {
    metered: rewritten(bytes, { metered: true }),
    unmetered: rewritten(bytes, { metered: false }),
    original: original(bytes),
  };
  const expected = kernels.original(argument);
  const timed = (kernel: Kernel) => () =>
    timeMs(() => {
      if (kernel(argument) !== expected) throw new Error(`${name} gave another result when it was rewritten`);
    });
  const {
    metered,
    unmetered,
    original: peer,
  } = await inTurn({
    rounds: ROUNDS,
    ways: {
      metered: timed(kernels.metered),
      unmetered: timed(kernels.unmetered),
      original: timed(kernels.original),
    },
  });
  const row = (what: string, times: readonly number[]) =>
    versus({ what, ours: Math.min(...times), peer: Math.min(...peer), unit: 'ms', peerName: PEER });
  return { metered: row(`${name}, metered`, metered), unmetered: row(`${name}, rewritten`, unmetered) };
}

function original(bytes: Uint8Array): Kernel {
  return runExport(new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(bytes))));
}

/** A full counter, and a reserve of a thousand times as much: more than any kernel uses. */
const COUNTER = 2 ** 30 - 1;
const RESERVE = 1000;

function rewritten(bytes: Uint8Array, options: { readonly metered: boolean }): Kernel {
  const { bytes: code, memory } = rewriteModule(readModule(bytes), options);
  const { initialPages = 0, maximumPages = 65_536 } = memory ?? {};
  const quern = { memory: new WebAssembly.Memory({ initial: initialPages, maximum: maximumPages }) };
  const instance = new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(code)), { quern });
  const run = runExport(instance);
  if (!options.metered) return run;
  const control = functionExport(instance, CONTROL_EXPORT);
  return (argument) => {
    control(CONTROL.setFuel, COUNTER, RESERVE);
    return run(argument);
  };
}

function runExport(instance: WebAssembly.Instance): Kernel {
  return functionExport(instance, 'run');
}

function functionExport(instance: WebAssembly.Instance, name: string): (...args: number[]) => unknown {
  const value = instance.exports[name];
  if (typeof value !== 'function') throw new Error(`the kernel exports no function ${name}`);
  return value as (...args: number[]) => unknown;
}

function meanRow(what: string, rows: readonly Row[], bars: readonly Bar[]): Row {
  return { what, ratio: geometricMean(rows.map((r) => r.ratio ?? 1)), bars };
}
