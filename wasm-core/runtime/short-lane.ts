import { CoreError } from '../protocol/errors.ts';
import { PAGE_BYTES } from '../protocol/limits.ts';
import type { CompiledModule } from './compiled-module.ts';
import type { InstancePools } from './instance-pools.ts';
import { type Job, type Outcome, runJob } from './job.ts';
import { StateOverlay } from './state/state-overlay.ts';

/** Fuel that a run may use before it is thrown away and repeated in the long lane: about a millisecond. */
export const SLICE_FUEL = 400_000;

/** Input that is copied without anybody noticing, bytes. */
const MAX_SHORT_INPUT_BYTES = 1024 * 1024;

/** Initial memory that is made without anybody noticing, bytes. */
const MAX_SHORT_MEMORY_BYTES = 16 * 1024 * 1024;

/** Most runs of a module that go to the long lane at once after one of them used up its slice. */
const MAX_SKIPPED = 64;

/** What the short lane did so far. */
export interface ShortLaneStats {
  readonly runs: number;
  /** Runs that used up their slice and were repeated in the long lane. */
  readonly overflows: number;
  /** Runs that went to the long lane without being tried. */
  readonly passedOn: number;
}

/**
 * Runs jobs in the caller's thread, each within a slice of fuel. What a run does to the world is its result, its logs
 * and its state, none of which leaves here before it succeeds, so a run that uses up its slice can be repeated.
 */
export class ShortLane {
  private readonly pools: InstancePools;
  private readonly sliceFuel: number;
  /** For modules whose last run was long: runs to pass on untried, and how many that was the last time. */
  private readonly long = new WeakMap<CompiledModule, { left: number; skipped: number }>();
  private runs = 0;
  private overflows = 0;
  private passedOn = 0;

  constructor(options: { readonly pools: InstancePools; readonly sliceFuel?: number }) {
    this.pools = options.pools;
    this.sliceFuel = options.sliceFuel ?? SLICE_FUEL;
  }

  /**
   * Runs a job to its end, if it is a short one.
   *
   * @param state what the run sees and, when it succeeds, writes to; absent: the job's own
   * @returns undefined when the job has to be run in the long lane instead; then nothing has happened
   * @throws CoreError as `runJob`
   */
  tryRun(job: Job, state?: StateOverlay): Outcome | undefined {
    if (!this.isPromising(job)) {
      this.passedOn++;
      return undefined;
    }
    const { fuel } = job.limits;
    const isBounded = fuel !== undefined && fuel <= this.sliceFuel;
    // An overlay of its own, since a run that is to be repeated must leave no trace.
    const own = state && new StateOverlay(state.merged());
    const bound = isBounded ? fuel : this.sliceFuel;
    try {
      const outcome = runJob(job, { pools: this.pools, lane: 'short', fuel: bound, state: own });
      this.runs++;
      if (outcome.writes.length > 0) state?.apply(outcome.writes);
      return outcome;
    } catch (error) {
      const overflowed = error instanceof CoreError && error.kind === 'FUEL_EXHAUSTED' && !isBounded;
      if (!overflowed) throw error;
      this.overflows++;
      this.noteLong(job.compiled);
      return undefined;
    }
  }

  stats(): ShortLaneStats {
    const { runs, overflows, passedOn } = this;
    return { runs, overflows, passedOn };
  }

  private isPromising(job: Job): boolean {
    const { compiled } = job;
    // A profile costs more time than its fuel says.
    if (!compiled.metered || compiled.profile !== undefined || this.sliceFuel === 0) return false;
    if (compiled.memory && compiled.memory.initialPages * PAGE_BYTES > MAX_SHORT_MEMORY_BYTES) return false;
    if (job.type === 'execute' && job.input.byteLength > MAX_SHORT_INPUT_BYTES) return false;
    const long = this.long.get(compiled);
    if (long === undefined || long.left === 0) return true;
    long.left--;
    return false;
  }

  /** The next runs are likely to be long too: each time that this holds, more of them are passed on untried. */
  private noteLong(compiled: CompiledModule): void {
    const skipped = Math.min((this.long.get(compiled)?.skipped ?? 0) * 2 + 1, MAX_SKIPPED);
    this.long.set(compiled, { left: skipped, skipped });
  }
}
