/*
 * Results that outlive their session, so that they can be shown again, and given again to a query that would give the
 * same rows. docs/history.md tells users about them.
 */

/** What a run does with kept results. */
export const CACHE_MODES = ['use', 'refresh', 'off'] as const;

/**
 * `use`: a query that would give the same rows as before gets the rows of before; `refresh`: every statement runs, and what
 * it gives is kept; `off`: neither.
 */
export type CacheMode = (typeof CACHE_MODES)[number];

/** What `sql/run` is told about kept results. */
export interface CachedRun {
  /** Absent: `off`. */
  readonly cache?: CacheMode;
}

/** What a statement's result says of being kept. */
export interface KeptStatement {
  /** Under which name the rows are kept beyond the session; absent when they are not. */
  readonly kept?: string;
  /** When and in which time the rows were computed; absent when they were just now. */
  readonly cached?: CachedOrigin;
}

/** Where rows come from that were not computed now. */
export interface CachedOrigin {
  /** When the query ran, ISO 8601. */
  readonly time: string;
  /** How long it took then, microseconds. */
  readonly micros: number;
}
