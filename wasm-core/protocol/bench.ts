import type { ChainParams } from './chains.ts';
import type { RecordedRun } from './history.ts';
import type { CachedRun } from './kept-results.ts';
import type { CallParams, ExecuteParams, RunParams } from './methods.ts';
import type { StatementCost } from './statement-cost.ts';

/*
 * `bench/run`: measures statements, plugins, chains and the host. What is made of the samples (figures, comparisons,
 * files of baselines, benchmarks in SQL files) is in `bench/`, the same for the host, the editor and the command line.
 */

/** What is measured. Targets of one request are measured in turns, so that what disturbs one disturbs all. */
export type BenchTarget = StatementTarget | CallTarget | ProcessTarget | ChainTarget | HostTarget;

/** What every target has. */
export interface NamedTarget {
  /** What it is called in what comes back: 1 to 200 characters, different from the others of the request. */
  readonly name: string;
  /** As of the request, for this target alone. */
  readonly runs?: number;
  readonly timeMs?: number;
}

/** One query, as `sql/run` runs it; its rows are written and then deleted, and no kept result stands for it. */
export interface StatementTarget
  extends NamedTarget,
    Omit<RunParams, 'parquetPath' | keyof RecordedRun | keyof CachedRun> {
  readonly type: 'statement';
}

/** One call of a function, as `module/call` makes it: a trial, of which no state is kept. */
export interface CallTarget extends NamedTarget, Omit<CallParams, 'trial'>, Metering {
  readonly type: 'call';
}

/** One run of a module, as `module/execute` makes it; no state is kept. */
export interface ProcessTarget extends NamedTarget, ExecuteParams, Metering {
  readonly type: 'process';
}

/** One run of a chain, as `chain/execute` makes it; what its steps set is kept, as in any run of it. */
export type ChainTarget = NamedTarget & { readonly type: 'chain' } & ChainParams;

/** What the host itself takes for something small, seen from a client of its own behind its socket. */
export interface HostTarget extends NamedTarget {
  readonly type: 'host';
  readonly operation: HostOperation;
}

/**
 * `connect`: a connection, with its hello, and its end. `execute`: `module/execute` of a module that gives back what it
 * got, one request after the other. `pipelined`: the same, with 64 requests under way. `query`: `sql/run` of `select 1`.
 * `open`: a session, opened and closed.
 */
export const HOST_OPERATIONS = ['connect', 'execute', 'pipelined', 'query', 'open'] as const;
export type HostOperation = (typeof HOST_OPERATIONS)[number];

/** How a module runs that is measured by itself; in SQL every function counts its fuel. */
export interface Metering {
  /** True: in the form that counts no fuel, in an execution worker. Absent: as the folder's `quern.json` says. */
  readonly unmetered?: boolean;
}

/** `bench/run`: one such request is under way in a host at a time, and others wait for it. */
export interface BenchRunParams {
  /** 1 to 200 of them. */
  readonly targets: readonly BenchTarget[];
  /** Measured samples of each target, 1 to 10,000. Absent: as many as `timeMs` allows, 5 to 200. */
  readonly runs?: number;
  /** Time for measuring one target, 1 to 600,000 milliseconds. Absent: 3,000 without `runs`, else no end. */
  readonly timeMs?: number;
  /** Runs of each target that are not counted, 0 to 1,000. Absent: until their times stay alike, 1 to 50. */
  readonly warmUp?: number;
  /** Ends the whole request after so many milliseconds, 1 to 86,400,000, waiting left out; absent: never. */
  readonly timeoutMs?: number;
}

/** What came of a request: its targets in their order. */
export interface BenchRunResult {
  readonly targets: readonly BenchOutcome[];
  readonly machine: BenchMachine;
  readonly versions: BenchVersions;
  /** Load of the machine just before, over 1, 5 and 15 minutes, in processors; absent where the system does not tell. */
  readonly load?: readonly [number, number, number];
  /** When measuring began, ISO 8601. */
  readonly at: string;
  /** All of it, warming up included, waiting left out. */
  readonly micros: number;
}

/** What came of one target; that one failed does not keep the others from being measured. */
export type BenchOutcome = BenchMeasured | BenchFailed;

/** A target that was measured. */
export interface BenchMeasured extends BenchSamples {
  readonly outcome: 'measured';
  readonly name: string;
  readonly type: BenchTarget['type'];
  /** Runs that each sample is the mean of: more than one where a run is too short for the clock. */
  readonly runsPerSample: number;
  readonly warmUp: BenchWarmUp;
  readonly figures: BenchFigures;
  /** Of a statement: the run in the middle, for the split of its time. */
  readonly cost?: StatementCost;
  /** True when `maxRows` cut the rows of a statement off, and with them its work. */
  readonly truncated?: boolean;
  /** Of a chain: the steps of the run in the middle. */
  readonly steps?: readonly BenchStep[];
}

/** What was measured of a target, as a baseline keeps it. */
export interface BenchSamples {
  /** Of one run, in the order of the samples, microseconds. */
  readonly micros: readonly number[];
  /** Instructions of one run; absent where none are counted. */
  readonly fuel?: BenchFuel;
  /** Rows that one run gave; absent for what gives none. */
  readonly rowCount?: number;
  /** Rows that plugin functions were called with in one run, all together; absent when none was called. */
  readonly functionRows?: number;
  /** sha-256 of what was asked for, such as a statement's text with its parameters: that of equal work is equal. */
  readonly work: string;
  /** sha-256 of the modules that did it, by the names of their functions or steps; empty when none did. */
  readonly modules: Readonly<Record<string, string>>;
}

/** Instructions of a run: the fewest and the most of all samples, equal for what does the same each time. */
export interface BenchFuel {
  readonly least: number;
  readonly most: number;
}

/** What happened before the first sample. */
export interface BenchWarmUp {
  readonly runs: number;
  /** Of each run, microseconds. */
  readonly micros: readonly number[];
  /** False when its times still differed when the most runs or half of the time were used up. */
  readonly isSteady: boolean;
}

/** Statistics of samples, microseconds; `summarize` of `bench/statistics.ts` says how each is computed. */
export interface BenchFigures {
  readonly count: number;
  readonly least: number;
  readonly median: number;
  readonly mean: number;
  readonly p95: number;
  readonly most: number;
  /** Quartiles. */
  readonly q1: number;
  readonly q3: number;
  /** Median absolute deviation. */
  readonly mad: number;
  /** The standard deviation of the samples. */
  readonly deviation: number;
  readonly outliers: BenchOutliers;
}

/** Samples outside Tukey's fences: 1.5 and 3 times the distance of the quartiles from them. */
export interface BenchOutliers {
  readonly mild: number;
  readonly severe: number;
}

/** A step of a chain. */
export interface BenchStep {
  readonly name: string;
  readonly micros: number;
  /** Absent for SQL, and for steps that are not metered. */
  readonly fuel?: number;
}

/** A target that could not be measured, or not to its end. */
export interface BenchFailed {
  readonly outcome: 'failed';
  readonly name: string;
  readonly type: BenchTarget['type'];
  /** The kind of the error, such as `SQL_BIND`. */
  readonly kind: string;
  readonly message: string;
  /** As the error has them, such as `start` and `end` in a statement's text. */
  readonly details: Readonly<Record<string, unknown>>;
}

/** What a machine is, and nothing of whose it is. */
export interface BenchMachine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryBytes: number;
  /** Node's names, such as `linux` and `x64`. */
  readonly os: string;
  readonly osRelease: string;
  readonly arch: string;
}

/** What ran on it. */
export interface BenchVersions {
  readonly quern: string;
  readonly duckdb: string;
  readonly node: string;
  readonly v8: string;
}

/** `bench/progress`: sent to the client whose `bench/run` is under way, at most ten times a second. */
export interface BenchProgressParams {
  readonly id: number | string;
  /** `waiting` while another bench is under way; `preparing` before the first run. */
  readonly phase: 'waiting' | 'preparing' | 'warming' | 'measuring';
  /** 0 to 100, of all targets together; 0 while waiting. */
  readonly percent: number;
  /** Samples since the last of these notifications; warm-up runs are none. */
  readonly samples: readonly BenchProgressSample[];
}

/** One sample, as soon as it is there. */
export interface BenchProgressSample {
  /** The target's index in the request. */
  readonly target: number;
  readonly micros: number;
  readonly fuel?: number;
}
