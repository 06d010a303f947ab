import type { LineRange } from '../../protocol/logictest/records.ts';
import type { TestFailure, TestRecordResult } from '../../protocol/tests.ts';

/** What the records of a file gave so far. */
export class RecordResults {
  readonly #byLine = new Map<number, TestRecordResult>();

  /** Adds one run of a record; of several failures the first is kept. */
  add({ line, endLine }: LineRange, run: { readonly micros: number; readonly failure?: TestFailure }): void {
    const before = this.#byLine.get(line);
    const failure = before?.failure ?? run.failure;
    this.#byLine.set(line, {
      line,
      endLine,
      outcome: failure === undefined ? 'passed' : 'failed',
      runs: (before?.runs ?? 0) + 1,
      micros: (before?.micros ?? 0) + run.micros,
      ...(failure && { failure }),
    });
  }

  /** By their lines. */
  all(): TestRecordResult[] {
    return [...this.#byLine.values()].sort((a, b) => a.line - b.line);
  }
}
