import type { BenchReport } from './bench/report.ts';
import type { BenchProgressParams, BenchProgressSample } from './bench.ts';

/*
 * Messages between the extension and the page that shows benchmarks. A page may ask only for what `FromBenchPage` lists.
 */

/** How fast a target is at several sizes of its input. */
export interface BenchScaling {
  readonly name: string;
  readonly points: readonly ScalingPoint[];
}

/** One size. */
export interface ScalingPoint {
  /** Rows of input. */
  readonly rowCount: number;
  /** The median of a run, and its quartiles, microseconds. */
  readonly micros: number;
  readonly q1: number;
  readonly q3: number;
}

/** What a target took at the commits of its file of baselines. */
export interface BenchHistory {
  readonly name: string;
  /** The oldest first. */
  readonly points: readonly HistoryPoint[];
}

/** One commit; the last may be the file as it is now, or the run that is shown. */
export interface HistoryPoint {
  /** The beginning of its hash, else what it is, such as `now`. */
  readonly revision: string;
  /** First line of its message. */
  readonly message: string;
  /** When, ISO 8601. */
  readonly at: string;
  /** The median of a run on this machine, and its quartiles, microseconds. */
  readonly micros: number;
  readonly q1: number;
  readonly q3: number;
  /** Instructions of a run; absent where none are counted. */
  readonly fuel?: number;
}

/** From the extension to the page of benchmarks. */
export type ToBenchPage =
  /** Sent when a run starts: the page shows what is measured and a way to cancel. */
  | { readonly type: 'running'; readonly title: string; readonly targets: readonly string[] }
  /** Sent while it runs, at most ten times a second. */
  | {
      readonly type: 'samples';
      readonly phase: BenchProgressParams['phase'];
      /** 0 to 100. */
      readonly percent: number;
      /** Those since the message before. */
      readonly samples: readonly BenchProgressSample[];
    }
  /** Sent when it ends well, and when what it is compared with is another. */
  | {
      readonly type: 'report';
      readonly report: BenchReport;
      /** Whether it can be measured at several sizes of its input. */
      readonly canScale: boolean;
      /** Whether its figures can become the baseline of next time. */
      readonly canSave: boolean;
      /** At most 40 targets that are in a committed file of baselines; empty without one. */
      readonly history: readonly BenchHistory[];
      /** Empty before it was asked for. */
      readonly scaling: readonly BenchScaling[];
    }
  /** Sent when something that the page asked for was done, or was not. */
  | { readonly type: 'notice'; readonly message: string; readonly isError: boolean }
  /** Sent when a run fails as a whole. */
  | { readonly type: 'failed'; readonly message: string }
  /** Sent when it was cancelled. */
  | { readonly type: 'cancelled' };

/** From the page of benchmarks to the extension. */
export type FromBenchPage =
  /** Sent once the page listens; what was posted before it is lost. */
  | { readonly type: 'ready' }
  /** Sent when the user presses Cancel. */
  | { readonly type: 'cancel' }
  /** Sent when the user wants it measured once more. */
  | { readonly type: 'runAgain' }
  /** Sent when the user wants its figures to be what later runs are compared with. */
  | { readonly type: 'saveBaseline' }
  /** Sent when the user wants to choose something to compare it with. */
  | { readonly type: 'compare' }
  /** Sent when the user wants it measured at several sizes of its input. */
  | { readonly type: 'scale' }
  /** Sent when the user asks for the code of a target, by its index. */
  | { readonly type: 'reveal'; readonly target: number }
  /** Sent with the report as Markdown, for the clipboard; at most 4 MiB. */
  | { readonly type: 'copy'; readonly text: string }
  /** Sent with what is shown as the text of an SVG file, for which the user chooses a place; at most 16 MiB. */
  | { readonly type: 'exportSvg'; readonly svg: string };
