import type { BenchDirective } from '../../../protocol/bench/bench-directive.ts';
import type { BenchOutcome, BenchTarget } from '../../../protocol/bench.ts';
import type { LimitOptions } from '../options.ts';
import type { RunOptions } from '../run/run-options.ts';

/** Options of `quern bench`, parsed. */
export interface BenchOptions
  extends LimitOptions,
    Pick<RunOptions, 'plugins' | 'locked' | 'allow' | 'allowUrl' | 'param'> {
  readonly host?: boolean;
  /** Whether calls and `process` are measured without counting fuel, too. */
  readonly unmetered?: boolean;
  readonly filter?: string;
  readonly runs?: number;
  readonly timeMs?: number;
  readonly warmUp?: number;
  readonly input?: string;
  readonly inputFile?: string;
  /** A file, or true for the one that is found. */
  readonly save?: string | true;
  readonly baseline?: string;
  readonly check?: boolean;
  readonly anyMachine?: boolean;
  /** Files for a report. */
  readonly markdown?: string;
  readonly svg?: string;
  /** Percent. */
  readonly threshold?: number;
}

/** A benchmark that is ready to be measured. */
export interface PlannedBench extends Pick<BenchDirective, 'group' | 'isReference' | 'threshold'> {
  /** Absolute; undefined for the host. */
  readonly file: string | undefined;
  readonly name: string;
  /** Where it stands in its file, from 1; absent where that is not known. */
  readonly line?: number;
  /** Without the name, which each request gives. */
  readonly target: UnnamedTarget;
  /** Of a failure, as it is told on a terminal. */
  readonly failureText?: (outcome: BenchOutcome & { outcome: 'failed' }) => string;
}

/** A target before it has its name in a request. */
export type UnnamedTarget = BenchTarget extends infer T
  ? T extends unknown
    ? Omit<T, 'name'>
    : never
  : never;

/** Benchmarks that are measured in turns. */
export type BenchBatch = readonly PlannedBench[];

/** A benchmark and what came of it. */
export interface DoneBench {
  readonly bench: PlannedBench;
  readonly outcome: BenchOutcome;
}
