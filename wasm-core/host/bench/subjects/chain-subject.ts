import type { BenchStep } from '../../../protocol/bench.ts';
import type { ChainResult, ChainStepResult } from '../../../protocol/chains.ts';
import type { Subject } from '../subject.ts';
import { workDigest } from '../work-digest.ts';

/**
 * Runs of a chain, as `chain/execute` makes them.
 *
 * @param options.asked what tells its steps and its input from others: a JSON value
 * @param options.execute runs it
 * @param options.digestOf the sha-256 of a module by its UUID or name; undefined when it is gone
 */
export function chainSubject(options: {
  readonly asked: unknown;
  readonly execute: (signal: AbortSignal) => Promise<ChainResult>;
  readonly digestOf: (module: string) => string | undefined;
}): Subject {
  const { asked, execute, digestOf } = options;
  let last: readonly ChainStepResult[] = [];
  return {
    work: workDigest('chain', asked),
    canRepeat: false,
    run: async (_, signal) => {
      const started = performance.now();
      const { steps } = await execute(signal);
      const micros = (performance.now() - started) * 1000;
      last = steps;
      const fuel = fuelOf(steps);
      return {
        micros,
        steps: steps.map(stepOf),
        ...(fuel !== undefined && { fuel: { least: fuel, most: fuel } }),
      };
    },
    modules: async () => {
      const digests = last.flatMap(({ name, module }) => {
        const digest = module === undefined ? undefined : digestOf(module);
        return digest === undefined ? [] : [[name, digest] as const];
      });
      return Object.fromEntries(digests);
    },
  };
}

/** Of all steps that count it; undefined when none does. */
function fuelOf(steps: readonly ChainStepResult[]): number | undefined {
  const counted = steps.flatMap((step) => ('fuel' in step && step.fuel !== undefined ? [step.fuel] : []));
  return counted.length === 0 ? undefined : counted.reduce((sum, fuel) => sum + fuel, 0);
}

function stepOf(step: ChainStepResult): BenchStep {
  const fuel = 'fuel' in step ? step.fuel : undefined;
  return { name: step.name, micros: step.micros, ...(fuel !== undefined && { fuel }) };
}
