import { medianOf, summarize } from '../../protocol/bench/statistics.ts';
import type { BenchFuel, BenchMeasured, BenchTarget, BenchWarmUp } from '../../protocol/bench.ts';
import type { Subject, SubjectRuns } from './subject.ts';

/** How long targets are measured; see `BenchRunParams`. */
export interface BenchPlan {
  readonly runs?: number;
  readonly timeMs?: number;
  readonly warmUp?: number;
}

/** A sample of runs that are short takes at least so long, microseconds: a clock and a call of it cost under one. */
const SAMPLE_MICROS = 1_000;
/** The most runs that are one sample. */
const MOST_REPEATS = 100_000;
/** So many in a row have to be that long. */
const LONG_ONES = 3;
/** Samples without `runs`: fewer than 5 on each side cannot differ at a level of 1 %. */
const FEWEST_SAMPLES = 5;
const MOST_SAMPLES = 200;
const DEFAULT_TIME_MS = 3_000;
const MOST_WARM_UPS = 50;
/** The share of the time that warming up may take, and its time where there is no end, milliseconds. */
const WARM_UP_SHARE = 0.5;
const WARM_UP_MS = 1_500;
/** Times are alike when the medians of three differ by less. */
const STEADY_CHANGE = 0.05;

/** One target among those that are measured in turns. */
export class Lane {
  readonly #target: BenchTarget;
  readonly #subject: Subject;
  readonly #plan: BenchPlan;
  readonly #samples: SubjectRuns[] = [];
  readonly #warmUps: number[] = [];
  #repeats = 1;
  /** Whether a sample takes as long as it has to. */
  #isLongEnough: boolean;
  #longOnes = 0;
  #warmUpMs = 0;
  #spentMs = 0;

  constructor(target: BenchTarget, subject: Subject, plan: BenchPlan) {
    this.#target = target;
    this.#subject = subject;
    this.#plan = plan;
    this.#isLongEnough = !subject.canRepeat;
  }

  /** Whether it has run often enough to be measured. */
  get isWarm(): boolean {
    const count = this.#warmUps.length;
    const { warmUp, timeMs } = this.#plan;
    if (!this.#isLongEnough) return false;
    if (warmUp !== undefined) return count >= warmUp;
    if (count === 0) return false;
    const limitMs = this.#isTimed ? (timeMs ?? DEFAULT_TIME_MS) * WARM_UP_SHARE : WARM_UP_MS;
    return count >= MOST_WARM_UPS || this.#warmUpMs >= limitMs || this.#isSteady;
  }

  get isMeasured(): boolean {
    const { runs, timeMs = DEFAULT_TIME_MS } = this.#plan;
    const count = this.#samples.length;
    if (count >= (runs ?? MOST_SAMPLES)) return true;
    return (
      this.#isTimed && this.#spentMs >= timeMs && count >= Math.min(FEWEST_SAMPLES, runs ?? FEWEST_SAMPLES)
    );
  }

  /** How far measuring is, 0 to 1. */
  get progress(): number {
    const { runs = MOST_SAMPLES, timeMs = DEFAULT_TIME_MS } = this.#plan;
    if (this.isMeasured) return 1;
    const byCount = this.#samples.length / runs;
    if (!this.#isTimed) return byCount;
    const byTime = Math.min(this.#spentMs / timeMs, this.#samples.length / FEWEST_SAMPLES);
    return Math.min(1, Math.max(byCount, byTime));
  }

  /** Runs it without counting. @throws CoreError as its request */
  async warm(signal: AbortSignal): Promise<void> {
    const started = performance.now();
    const { micros } = await this.#subject.run(this.#repeats, signal);
    this.#warmUpMs += performance.now() - started;
    if (!this.#isLongEnough) {
      this.#lengthen(micros);
      if (!this.#isLongEnough) return;
    }
    this.#warmUps.push(micros);
  }

  /**
   * Sees to it that a sample takes as long as it has to. The first runs are slow, and a run may be disturbed, so that
   * several have to be long.
   */
  #lengthen(micros: number): void {
    const isShort = micros * this.#repeats < SAMPLE_MICROS && this.#repeats < MOST_REPEATS;
    this.#longOnes = isShort ? 0 : this.#longOnes + 1;
    this.#isLongEnough = this.#longOnes >= LONG_ONES;
    if (!isShort) return;
    const wanted = Math.ceil((1.2 * SAMPLE_MICROS) / Math.max(micros, 0.01));
    this.#repeats = Math.min(MOST_REPEATS, this.#repeats * 4, Math.max(wanted, this.#repeats + 1));
  }

  /** Takes one sample. @throws CoreError as its request */
  async sample(signal: AbortSignal): Promise<SubjectRuns> {
    const started = performance.now();
    const runs = await this.#subject.run(this.#repeats, signal);
    this.#spentMs += performance.now() - started;
    this.#samples.push(runs);
    return runs;
  }

  /** What was measured; at least one sample. */
  async result(): Promise<BenchMeasured> {
    const micros = this.#samples.map((runs) => tenths(runs.micros));
    const middle = middleOf(this.#samples);
    const { rowCount, truncated, cost, steps } = middle;
    const functionRows = cost?.functionRows ?? 0;
    const fuel = fuelOf(this.#samples);
    this.#subject.measured?.(this.#samples.flatMap((runs) => runs.cost ?? []));
    return {
      outcome: 'measured',
      name: this.#target.name,
      type: this.#target.type,
      micros,
      ...(fuel && { fuel }),
      ...(rowCount !== undefined && { rowCount }),
      ...(functionRows > 0 && { functionRows }),
      runsPerSample: this.#repeats,
      warmUp: this.#warmUp,
      figures: summarize(micros),
      ...(cost && { cost }),
      ...(truncated && { truncated }),
      ...(steps && { steps }),
      work: this.#subject.work,
      modules: await this.#subject.modules(middle),
    };
  }

  /** Whether time, and not the number of samples alone, ends it. */
  get #isTimed(): boolean {
    return this.#plan.runs === undefined || this.#plan.timeMs !== undefined;
  }

  get #isSteady(): boolean {
    if (this.#warmUps.length < 6) return false;
    const last = medianOf(this.#warmUps.slice(-3));
    const before = medianOf(this.#warmUps.slice(-6, -3));
    return Math.abs(last - before) <= before * STEADY_CHANGE;
  }

  get #warmUp(): BenchWarmUp {
    return { runs: this.#warmUps.length, micros: this.#warmUps.map(tenths), isSteady: this.#isSteady };
  }
}

function middleOf(samples: readonly SubjectRuns[]): SubjectRuns {
  const median = medianOf(samples.map(({ micros }) => micros));
  return samples.reduce((best, each) =>
    Math.abs(each.micros - median) < Math.abs(best.micros - median) ? each : best,
  );
}

function fuelOf(samples: readonly SubjectRuns[]): BenchFuel | undefined {
  const all = samples.flatMap(({ fuel }) => fuel ?? []);
  if (all.length < samples.length) return undefined;
  return {
    least: all.reduce((least, fuel) => Math.min(least, fuel.least), Number.POSITIVE_INFINITY),
    most: all.reduce((most, fuel) => Math.max(most, fuel.most), 0),
  };
}

/** More digits than the clock has are noise. */
function tenths(micros: number): number {
  return micros < 100 ? Math.round(micros * 1000) / 1000 : Math.round(micros * 10) / 10;
}
