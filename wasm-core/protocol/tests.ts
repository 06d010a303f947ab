/*
 * Runs of tests. A file is in sqllogictest's format (`logictest/records.ts`); the host runs it in a session of its own,
 * which is gone when the file is done.
 */

/** `test/run`: runs one file of tests, from its first record to its last. */
export interface TestRunParams {
  /** Absolute path of the file, which is read unless `text` is given. */
  readonly path: string;
  /** The file's text as it stands in an editor. */
  readonly text?: string;
  /**
   * Absolute folder where relative paths of statements start; absent: the one that a first line `# name: …` tells, else
   * the file's.
   */
  readonly folder?: string;
  /** Further absolute folders that statements may read and write. */
  readonly allow?: readonly string[];
  /** Whose plugins are functions here; absent: the folder. */
  readonly namespace?: string;
  readonly includes?: readonly string[];
  /** The first lines of the records to run, with what stands above the last of them; absent: all. */
  readonly lines?: readonly number[];
  /** Values for `require-env` and for `{NAME}` in statements. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Ends the file after so many milliseconds, 1 to 86,400,000; absent: never. */
  readonly timeoutMs?: number;
}

/** What a file gave. */
export interface TestRunResult {
  readonly path: string;
  /** `failed` when a record failed, or the file is not of the format. */
  readonly outcome: TestOutcome;
  /** Why the rest of the file was not run; absent when it was. */
  readonly skipped?: TestSkip;
  /** The records that ran, in the order of their lines. */
  readonly records: readonly TestRecordResult[];
  readonly micros: number;
}

export type TestOutcome = 'passed' | 'failed' | 'skipped';

/** What ended a file early that did not fail. */
export interface TestSkip {
  readonly line: number;
  /** A sentence. */
  readonly reason: string;
}

/** What one record gave, all turns of its loops together. */
export interface TestRecordResult {
  /** Where its line `statement` or `query` stands, from 1. */
  readonly line: number;
  /** The last line of its SQL or of its result. */
  readonly endLine: number;
  readonly outcome: TestOutcome;
  /** How often it ran. */
  readonly runs: number;
  readonly micros: number;
  /** The first failure; absent when there was none. */
  readonly failure?: TestFailure;
}

/** How a record failed. */
export interface TestFailure {
  /** One sentence or a few, such as `Row 2 is different.` */
  readonly message: string;
  /** The values of the loops' variables, such as `i=3`; absent outside of loops. */
  readonly loops?: string;
  /** What stands in the file, and what came instead, as texts to compare; absent where there is no such thing. */
  readonly expected?: string;
  readonly actual?: string;
  /** How the file would pass; absent where that cannot be written. */
  readonly update?: TestUpdate;
}

/** Lines to put in place of others. */
export interface TestUpdate {
  /** The first line to replace, from 1. */
  readonly line: number;
  /** How many lines are replaced; none: the new ones are put in front of `line`. */
  readonly count: number;
  readonly lines: readonly string[];
}
