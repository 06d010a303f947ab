import { type Baselines, withMeasured } from '../../wasm-core/protocol/bench/baseline-file.ts';
import { DEFAULT_THRESHOLDS } from '../../wasm-core/protocol/bench/compare.ts';
import { type BenchReport, type BenchReportRow, reportOf } from '../../wasm-core/protocol/bench/report.ts';
import { groupReferences } from '../../wasm-core/protocol/bench/sql-benchmarks.ts';
import type { BenchRunResult } from '../../wasm-core/protocol/bench.ts';
import type { BenchScaling } from '../../wasm-core/protocol/bench-page.ts';
import type { KnownBaselines } from './baseline-files.ts';
import { type BenchSubject, subjectKey } from './bench-subject.ts';

/** A run of benchmarks that a window remembers. */
export interface KeptRun {
  readonly title: string;
  readonly subjects: readonly BenchSubject[];
  /** By a subject's index, the index of the one that it stands beside. */
  readonly references: ReadonlyMap<number, number>;
  readonly result: BenchRunResult;
  readonly report: BenchReport;
  readonly scaling: readonly BenchScaling[];
}

/** The last that is known of a subject. */
export interface KeptRow {
  readonly row: BenchReportRow;
  readonly against: string | undefined;
  readonly subject: BenchSubject;
  /** When it was measured, ISO 8601. */
  readonly at: string;
}

/** So many runs can be compared with. */
const MAX_RUNS = 20;

/** What benchmarks gave in this window. */
export class KeptRuns {
  readonly #rows = new Map<string, KeptRow>();
  #runs: readonly KeptRun[] = [];

  /** The newest first. */
  get runs(): readonly KeptRun[] {
    return this.#runs;
  }

  /** The last that is known of each subject. */
  get rows(): ReadonlyMap<string, KeptRow> {
    return this.#rows;
  }

  add(run: KeptRun): void {
    this.#runs = [run, ...this.#runs].slice(0, MAX_RUNS);
    this.#note(run);
  }

  /** Puts a run in the place of what it was before, such as when it is compared with something else. */
  replace(before: KeptRun, run: KeptRun): void {
    this.#runs = this.#runs.map((known) => (known === before ? run : known));
    this.#note(run);
  }

  /** Forgets what is known of a file's subjects, whose code has changed. */
  outdate(isGone: (row: KeptRow) => boolean): boolean {
    const gone = [...this.#rows].filter(([, row]) => isGone(row));
    for (const [key] of gone) this.#rows.delete(key);
    return gone.length > 0;
  }

  #note({ subjects, report }: KeptRun): void {
    subjects.forEach((subject, index) => {
      const row = report.rows[index];
      const { against, at } = report;
      if (row !== undefined) this.#rows.set(subjectKey(subject), { row, against, subject, at });
    });
  }
}

/** What a run gave beside what is known of before, and beside the others of its groups. */
export function reportAgainst(
  run: Pick<KeptRun, 'title' | 'subjects' | 'references' | 'result'>,
  known: KnownBaselines,
): BenchReport {
  const { title, subjects, references, result } = run;
  const { name, baselines, ids } = known;
  return reportOf({
    title,
    result,
    ids,
    references,
    thresholds: subjects.map(({ options: { threshold } }) =>
      threshold === undefined ? undefined : { ...DEFAULT_THRESHOLDS, time: threshold },
    ),
    ...(name !== '' && { against: { name, baselines } }),
  });
}

/** An earlier run as something to compare subjects with. @param name what it is called */
export function runAsBaselines(
  run: KeptRun,
  subjects: readonly BenchSubject[],
  name: string,
): KnownBaselines {
  const measured = run.subjects.flatMap((subject, index) => {
    const target = run.result.targets[index];
    return target?.outcome === 'measured' ? [[subjectKey(subject), target] as const] : [];
  });
  const none: Baselines = { benchmarks: {} };
  const baselines = withMeasured(none, Object.fromEntries(measured), run.result);
  return { baselines, ids: subjects.map(subjectKey), name };
}

/** By index, what each member of a group is compared with; groups are those of a file. */
export function referencesOf(subjects: readonly BenchSubject[]): ReadonlyMap<number, number> {
  const grouped = subjects.map(({ file, options }) => ({
    ...options,
    ...(options.group !== undefined && { group: `${file.toString()}#${options.group}` }),
  }));
  const references = groupReferences(grouped);
  return new Map(
    grouped.flatMap(({ group }, index) => {
      const at = group === undefined ? undefined : references.get(group);
      return at === undefined || at === index ? [] : [[index, at] as const];
    }),
  );
}
