import type { BenchFailed, BenchOutcome, BenchTarget } from '../../protocol/bench.ts';
import { CoreError, toRpcError } from '../../protocol/errors.ts';
import type { BenchTeller } from './bench-teller.ts';
import { type BenchPlan, Lane } from './lane.ts';
import type { Subject } from './subject.ts';

/** What is measured, and how. */
export interface BenchRun {
  readonly targets: readonly BenchTarget[];
  readonly plan: BenchPlan;
  /** Makes a target ready. @throws CoreError PARAMS_INVALID, and what keeps it from running */
  readonly prepare: (target: BenchTarget) => Promise<Subject>;
  readonly signal: AbortSignal;
  readonly tell: BenchTeller;
}

/**
 * Measures targets in turns, A B A B, so that what changes on the machine meanwhile changes all of them. One that fails
 * is left out from then on.
 *
 * @returns outcomes in the order of the targets
 * @throws CoreError CANCELLED, and SQL_ENGINE_LOST and the like as failures of single targets
 */
export async function runBench({ targets, plan, prepare, signal, tell }: BenchRun): Promise<BenchOutcome[]> {
  const failed = new Map<number, BenchFailed>();
  const lanes = new Map<number, Lane>();
  const subjects: Subject[] = [];
  /** Does a step of one target. */
  const attempt = async (index: number, step: () => Promise<void>): Promise<void> => {
    signal.throwIfAborted();
    try {
      await step();
    } catch (error) {
      if (signal.aborted) throw error;
      const target = targets[index];
      if (target === undefined) throw error;
      failed.set(index, failureOf(target, error));
      lanes.delete(index);
    }
    signal.throwIfAborted();
  };
  const percent = (): number => {
    const done = [...lanes.values()].reduce((sum, lane) => sum + lane.progress, failed.size);
    return Math.round((done / targets.length) * 100);
  };
  try {
    for (const [index, target] of targets.entries()) {
      tell.phase('preparing', percent());
      await attempt(index, async () => {
        const subject = await prepare(target);
        subjects.push(subject);
        lanes.set(index, new Lane(target, subject, planOf(target, plan)));
      });
    }
    tell.phase('warming', percent());
    for (;;) {
      const cold = [...lanes].filter(([, lane]) => !lane.isWarm);
      if (cold.length === 0) break;
      for (const [index, lane] of cold) await attempt(index, () => lane.warm(signal));
      tell.phase('warming', percent());
    }
    tell.phase('measuring', percent());
    for (;;) {
      const open = [...lanes].filter(([, lane]) => !lane.isMeasured);
      if (open.length === 0) break;
      for (const [index, lane] of open) {
        await attempt(index, async () => {
          const { micros, fuel } = await lane.sample(signal);
          tell.sample({ target: index, micros, ...(fuel && { fuel: fuel.least }) }, percent());
        });
      }
    }
    const results = new Map<number, BenchOutcome>(failed);
    for (const [index, lane] of lanes) results.set(index, await lane.result());
    return targets.flatMap((_, index) => results.get(index) ?? []);
  } finally {
    await Promise.all(subjects.map((subject) => subject.dispose?.()));
  }
}

/** What a target says of itself goes before what the request says of all. */
function planOf({ runs, timeMs }: BenchTarget, plan: BenchPlan): BenchPlan {
  if (runs === undefined && timeMs === undefined) return plan;
  const { warmUp } = plan;
  return {
    ...(runs !== undefined && { runs }),
    ...(timeMs !== undefined && { timeMs }),
    ...(warmUp !== undefined && { warmUp }),
  };
}

function failureOf({ name, type }: BenchTarget, error: unknown): BenchFailed {
  const details = error instanceof CoreError ? error.details : {};
  const { message, data } = toRpcError(error);
  return { outcome: 'failed', name, type, kind: data.kind, message, details };
}
