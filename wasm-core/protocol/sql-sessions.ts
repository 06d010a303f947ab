import type { RemoteParams } from './remote.ts';

/*
 * Sessions of SQL: how they are opened, interrupted and closed.
 */

/** What means a database in memory in place of a file's path. */
export const IN_MEMORY = ':memory:';

/** `sql/open`: gives a session with its own engine, file gate and trust. */
export interface OpenParams {
  /** Absolute folder: relative paths in statements start here, and it may be read and written. */
  readonly folder: string;
  /** Further absolute folders that statements may read and write. */
  readonly allow?: readonly string[];
  /** Whose plugins are functions here; absent: the folder. */
  readonly namespace?: string;
  /** Further namespaces whose plugins are functions here; of two with one name the earlier namespace's is used. */
  readonly includes?: readonly string[];
  /**
   * Clients that give the same key, and equal other parameters, share the session; absent: the session is this
   * connection's alone.
   */
  readonly key?: string;
  readonly remote?: RemoteParams;
  /**
   * Absolute path of a DuckDB database that is the session's own; it is made when it is not there. `:memory:`: one in memory.
   * Absent: the one that the `quern.json` of the folder names, else one in memory.
   */
  readonly database?: string;
  /** True: the database is only read, which several sessions may do at once. */
  readonly readOnly?: boolean;
}
export interface OpenResult {
  readonly session: string;
}

/**
 * `sql/cancel`: ends what the session runs; the run's own request is answered with CANCELLED. `sql/close`: ends the
 * session and deletes its results files.
 */
export interface SessionParams {
  readonly session: string;
}
