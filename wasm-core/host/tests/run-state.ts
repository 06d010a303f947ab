import type { TestSkip } from '../../protocol/tests.ts';
import type { Keywords } from './keywords.ts';
import type { RecordResults } from './record-results.ts';
import type { TestDatabase } from './test-database.ts';

/** What the records of a file run with. */
export interface TestWorld {
  readonly database: TestDatabase;
  readonly keywords: Keywords;
  readonly results: RecordResults;
  readonly signal: AbortSignal;
  /** Absolute: where relative paths start. */
  readonly folder: string;
  /** Absolute: the run's own. */
  readonly testFolder: string;
  /** Whether a file that a record names may be read. @throws CoreError PATH_DENIED */
  readonly admit: (path: string) => string;
}

/** The end of a file before its last record. */
export class EarlyEnd extends Error {
  /** Absent where the file itself says that it ends. */
  readonly skip: TestSkip | undefined;

  constructor(skip?: TestSkip) {
    super('the file ends early');
    this.skip = skip;
  }
}

/** The end of a turn of a loop. */
export class NextTurn extends Error {}

/** What commands change, and records look at. */
export interface RunState {
  /** Hashes of what queries with labels gave. */
  readonly labels: Map<string, string>;
  /** How many `mode skip` are in force. */
  skipLevel: number;
  /** Errors with one of these texts end the file without a failure. */
  ignoredErrors: readonly string[];
}
