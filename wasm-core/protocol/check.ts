/*
 * Between `quern check` and the process that checks for it, `dist/check.js`: one request on its stdin, one JSON object a
 * line on its stdout.
 */

/** Sent to the checker as all of its stdin. Paths are absolute. */
export interface CheckRequest {
  /** Files, and folders that are walked. */
  readonly paths: readonly string[];
  /** Where the command was given: statements may read and write here. */
  readonly currentFolder: string;
  /** Folders with plugins; absent: those of each file with SQL, as its `quern.json` or `plugins/` beside it tell. */
  readonly plugins?: readonly string[];
  /** Further folders that statements may use. */
  readonly allow: readonly string[];
  /** The host's socket, instead of the one of this user and build. */
  readonly socket?: string;
}

/** How bad something is, as the Language Server Protocol has it. */
export const CHECK_SEVERITIES = ['error', 'warning', 'information', 'hint'] as const;
export type CheckSeverity = (typeof CHECK_SEVERITIES)[number];

/** A place in a file: lines and UTF-16 code units, from 0. */
export interface CheckPosition {
  readonly line: number;
  readonly character: number;
}

/** Something that is wrong in a file. */
export interface CheckDiagnostic {
  readonly severity: CheckSeverity;
  /** An error kind, or a compiler's or a hint's own code. */
  readonly code: string;
  readonly message: string;
  /** The end is exclusive. */
  readonly range: { readonly start: CheckPosition; readonly end: CheckPosition };
}

/** Sent back for each file that was checked. */
export interface CheckedFile {
  /** Absolute. */
  readonly path: string;
  readonly diagnostics: readonly CheckDiagnostic[];
}

/** Sent back last when the check could not be brought to its end: the host did not start, say. */
export interface CheckFailure {
  readonly failure: { readonly message: string; readonly data?: unknown };
}

export type CheckLine = CheckedFile | CheckFailure;
