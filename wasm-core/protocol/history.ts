import type { StatementResult } from './methods.ts';
import type { ParameterValue } from './parameters.ts';

/*
 * What was run: each `sql/run` is recorded by the host, in files that outlive it. docs/history.md tells users about it.
 */

/** What `sql/run` is told about being recorded. */
export interface RecordedRun {
  /** False: nothing of the run is recorded. Absent: it is. */
  readonly record?: boolean;
  /**
   * Names of parameters whose values are not recorded, upper and lower case alike; `*` stands for any characters. Absent:
   * `SECRET_PARAMETERS`.
   */
  readonly secretParameters?: readonly string[];
}

/** Parameters whose values are not recorded unless somebody says otherwise. */
export const SECRET_PARAMETERS = [
  '*password*',
  '*passwd*',
  '*passphrase*',
  '*secret*',
  '*token*',
  '*api_key*',
  '*apikey*',
  '*credential*',
] as const;

/** Whether a parameter's value is a secret. @param patterns as `RecordedRun.secretParameters` */
export function isSecretParameter(name: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => {
    const parts = pattern.split('*').map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
    return new RegExp(`^${parts.join('.*')}$`, 'isu').test(name);
  });
}

/** A run as it was recorded. */
export interface HistoryEntry {
  readonly id: string;
  /** When it began, ISO 8601. */
  readonly time: string;
  /** Who asked for it, as `host/hello` said, such as `quern-cli/0.1.0`. */
  readonly client: string;
  /** Absolute folder where its relative paths started. */
  readonly folder: string;
  /** As it was sent; a text that is very long is cut. */
  readonly sql: string;
  /** Whether `sql` was cut. */
  readonly cut?: boolean;
  readonly parameters: Readonly<Record<string, ParameterValue>>;
  /** Names of the parameters whose values are not recorded. */
  readonly withheld?: readonly string[];
  readonly inputs: readonly HistoryInput[];
  /** Files beside `inputs` that are not listed; absent when there are none. */
  readonly moreInputs?: number;
  readonly plugins: readonly HistoryPlugin[];
  /** From the request to its answer, microseconds. */
  readonly micros: number;
  /** Of all statements. */
  readonly rowCount: number;
  readonly outcome: HistoryOutcome;
}

/** A file that a run opened, as it was before the run. */
export interface HistoryInput {
  readonly path: string;
  readonly byteLength: number;
  /** When it was changed last, ISO 8601. */
  readonly modified: string;
  /**
   * `sha256:` and 64 hex characters for files of at most 1 MiB; `sample1:` for larger ones, of some blocks of them; absent
   * when the file had changed before it could be read, and for files beyond the first 100.
   */
  readonly digest?: string;
}

/** A plugin whose functions a run called or named. */
export interface HistoryPlugin {
  readonly name: string;
  /** sha-256 of the module's original bytes, 64 hex characters. */
  readonly digest: string;
  readonly functions: readonly string[];
}

/** How a run ended. */
export type HistoryOutcome =
  | { readonly type: 'done'; readonly statements: readonly HistoryStatement[] }
  /** `message` is absent where it may tell the value of a parameter that is withheld. */
  | { readonly type: 'failed'; readonly kind: string; readonly message?: string }
  | { readonly type: 'cancelled' };

/** What one statement gave. */
export interface HistoryStatement {
  readonly kind: string;
  readonly rowCount: number;
  readonly truncated: boolean;
  /** Of its rows; absent when it gave none but changed something, and in records of before. */
  readonly columnCount?: number;
  readonly micros: number;
  /** Under which name its rows are kept, if they still are. */
  readonly kept?: string;
  /** When the rows were computed that it gave again, ISO 8601; absent when it computed them. */
  readonly cachedAt?: string;
}

/** `history/list`: runs, the newest first. */
export interface HistoryListParams {
  /** Runs of this absolute folder and of those in it alone. */
  readonly folder?: string;
  /** At most so many, 1 to 10,000; absent: 100. */
  readonly limit?: number;
  /** Only runs whose text has this in it, upper and lower case alike. */
  readonly text?: string;
}
export interface HistoryListResult {
  readonly entries: readonly HistoryEntry[];
  /** Runs that are encrypted and cannot be read, since nobody gave their key; absent when there are none. */
  readonly locked?: number;
}

/** `history/result`: the rows that a run gave, from where they are kept, without running anything. */
export interface HistoryResultParams {
  /** Whose results folder they are put into. */
  readonly session: string;
  readonly id: string;
}
export interface HistoryResultResult {
  readonly entry: HistoryEntry;
  /** By the indexes of `entry.outcome.statements`; null where rows were not kept, or are kept no more. */
  readonly statements: readonly (Omit<StatementResult, 'start' | 'end'> | null)[];
}

/** `history/clear`: deletes what was recorded; with `folder` only the runs of that folder and of those in it. */
export interface HistoryClearParams {
  readonly folder?: string;
}
export interface HistoryClearResult {
  readonly deleted: number;
}

/** `host/unlock`: gives the host the key of what it keeps, which it holds in memory alone. */
export interface UnlockParams {
  /** 32 bytes as base64. */
  readonly key: string;
  /** False: what is kept is decrypted, and stays so. Absent: it is encrypted with the key. */
  readonly encrypt?: boolean;
}
export type UnlockResult = Record<string, never>;
