/*
 * Tests in sqllogictest's format, which SQLite began and DuckDB extended: records of SQL with what they have to give,
 * separated by empty lines. See https://duckdb.org/docs/stable/dev/sqllogictest/intro for the format.
 */

/** A file of tests as it was read: what could be read, and what is wrong with the rest. */
export interface LogicTest {
  readonly records: readonly LogicRecord[];
  readonly problems: readonly LogicProblem[];
}

/** Lines of the file, from 1, both included. */
export interface LineRange {
  readonly line: number;
  readonly endLine: number;
}

/** Something in a file that is not of the format, in one sentence or two. */
export interface LogicProblem extends LineRange {
  readonly message: string;
}

/** One record of a file. */
export type LogicRecord = StatementRecord | QueryRecord | LoopRecord | CommandRecord;

/** What records of SQL have in common. */
interface SqlRecord extends LineRange {
  readonly sql: string;
  /** Where the SQL begins. */
  readonly sqlLine: number;
  /** The connection that it runs on; absent: the file's own. */
  readonly connection?: string;
  /** All have to hold for it to run. */
  readonly conditions: readonly Condition[];
  /** Whether it is for another system than DuckDB; then it never runs. */
  readonly foreign: boolean;
  /** The comment right above, without its `#`; absent when there is none. */
  readonly comment?: string;
  readonly expected?: ExpectedLines;
}

/** `statement ok`, `statement error` and `statement maybe`. `expected` is part of the error's text. */
export interface StatementRecord extends SqlRecord {
  readonly type: 'statement';
  readonly outcome: 'ok' | 'error' | 'maybe';
}

/** `query III rowsort label`. `expected` is rows with tabs, or a value a line, or a hash. */
export interface QueryRecord extends SqlRecord {
  readonly type: 'query';
  /** A letter for each column: I, R or T. */
  readonly types: string;
  readonly sort: SortMode;
  /** Queries with one label have to give the same rows. */
  readonly label?: string;
}

/** How rows are sorted before they are compared; `valuesort` sorts values as if they were one column. */
export type SortMode = 'nosort' | 'rowsort' | 'valuesort';

/** What stands below `----`. */
export interface ExpectedLines {
  readonly lines: readonly string[];
  /** Where the first of them stands, or would stand. */
  readonly line: number;
}

/** `loop i 0 10`, `foreach type integer varchar`, and their concurrent forms, with what they repeat. */
export interface LoopRecord extends LineRange {
  readonly type: 'loop';
  /** One name, or several with commas between them, which take the values' parts between commas. */
  readonly variable: string;
  readonly values: LoopValues;
  readonly concurrent: boolean;
  readonly body: readonly LogicRecord[];
}

/** What a loop's variable runs through. */
export type LoopValues =
  | { readonly type: 'range'; readonly start: number; readonly end: number }
  | { readonly type: 'list'; readonly texts: readonly string[] };

/** Names of the records that are one line. */
export const COMMANDS = [
  'continue',
  'halt',
  'hash-threshold',
  'load',
  'mode',
  'reconnect',
  'require',
  'require-env',
  'reset',
  'restart',
  'set',
  'sleep',
  'tags',
  'test-env',
  'unzip',
] as const;

/** A record of one line, such as `require parquet` or `load __TEST_DIR__/x.db`. */
export interface CommandRecord extends LineRange {
  readonly type: 'command';
  readonly name: (typeof COMMANDS)[number];
  readonly words: readonly string[];
  readonly conditions: readonly Condition[];
  readonly foreign: boolean;
}

/** `skipif i=2` or `onlyif i>3`, about a loop's variable. */
export interface Condition {
  readonly variable: string;
  readonly comparison: '=' | '<>' | '>' | '>=' | '<' | '<=';
  readonly value: string;
  /** True for `skipif`: the record runs where this does not hold. */
  readonly negated: boolean;
}
