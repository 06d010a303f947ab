import type { BenchFuel, BenchStep } from '../../protocol/bench.ts';
import type { StatementCost } from '../../protocol/statement-cost.ts';

/** A target that is ready to run. */
export interface Subject {
  /** sha-256 of what is asked for. */
  readonly work: string;
  /** Whether it is so short that many runs may be one sample. */
  readonly canRepeat: boolean;
  /**
   * Runs it so often, one after the other.
   *
   * @param count 1 unless it can repeat
   * @throws CoreError what its request would be answered with; CANCELLED
   */
  run(count: number, signal: AbortSignal): Promise<SubjectRuns>;
  /** sha-256 of the modules that ran, by function or step. @param runs the last that there were */
  modules(runs: SubjectRuns): Promise<Readonly<Record<string, string>>>;
  /** Called once, when it has been measured to its end. */
  measured?(costs: readonly StatementCost[]): void;
  /** Ends what it made for itself. Never rejects. */
  dispose?(): Promise<void>;
}

/** What some runs gave. */
export interface SubjectRuns {
  /** The mean of them, microseconds. */
  readonly micros: number;
  /** Of single runs; absent where none is counted. */
  readonly fuel?: BenchFuel;
  readonly rowCount?: number;
  readonly truncated?: boolean;
  readonly cost?: StatementCost;
  readonly steps?: readonly BenchStep[];
}
