import type { BenchRunResult } from '../../wasm-core/protocol/bench.ts';
import type { BenchScaling } from '../../wasm-core/protocol/bench-page.ts';
import type { BenchSubject } from './bench-subject.ts';

/** Rows of input that scaling is measured with. */
const SIZES: readonly number[] = [100, 1_000, 10_000, 100_000, 1_000_000];

/** How each size is measured: the largest would else take long. */
const MEASURED = { runs: 10, timeMs: 1_000 };

/** Which size of which subject something is. */
export interface SizedSubject {
  /** Index of the subject. */
  readonly subject: number;
  readonly rowCount: number;
}

/** Subjects at each size; those without a size are left out. */
export function scalingSubjects(subjects: readonly BenchSubject[]): {
  readonly subjects: readonly BenchSubject[];
  readonly sizes: readonly SizedSubject[];
} {
  const all = subjects.flatMap((subject, index) => {
    const { sized } = subject;
    if (sized === undefined) return [];
    return SIZES.map((rowCount) => ({
      size: { subject: index, rowCount },
      subject: {
        ...subject,
        name: `${subject.name}, ${rowCount.toLocaleString('en-US')} rows`,
        work: sized(rowCount),
        options: { ...subject.options, ...MEASURED },
      },
    }));
  });
  return { subjects: all.map(({ subject }) => subject), sizes: all.map(({ size }) => size) };
}

/** How fast each subject is at each size; what failed is left out. */
export function scalingOf(
  subjects: readonly BenchSubject[],
  sizes: readonly SizedSubject[],
  { targets }: BenchRunResult,
): readonly BenchScaling[] {
  return subjects.flatMap(({ name }, subject) => {
    const points = sizes.flatMap((size, index) => {
      const target = targets[index];
      if (size.subject !== subject || target?.outcome !== 'measured') return [];
      const { median, q1, q3 } = target.figures;
      return [{ rowCount: size.rowCount, micros: median, q1, q3 }];
    });
    return points.length === 0 ? [] : [{ name, points }];
  });
}
