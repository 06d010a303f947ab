/**
 * What the counters of a profiled module count, by their index. A counter counts how often a segment ran, operators
 * that run one after the other whenever the first does; or, where its `ends` is 0, the bytes or elements that a bulk
 * operation was asked for. It survives `postMessage`.
 */
export interface ProfileMap {
  /** Functions of the module, imported ones included. */
  readonly functionCount: number;
  /** Index of the function that the counter is in. */
  readonly functions: Int32Array;
  /** Position in the original file, bytes: of the segment's first operator, or of the bulk operation. */
  readonly starts: Int32Array;
  /** Position behind the segment; 0 for a bulk operation. */
  readonly ends: Int32Array;
  /** Fuel of one pass through the segment, or of a byte or element. */
  readonly costs: Int32Array;
}

/** What a profiled instance did, by the indexes of its module. It survives `postMessage`. */
export interface RawProfile {
  /** sha-256 of the module's original bytes, 64 hex characters. */
  readonly digest: string;
  /** By counter. */
  readonly counts: Float64Array;
  /** By function: how often it was called, its own fuel, and that of its calls together with what they called. */
  readonly calls: Float64Array;
  readonly selfFuel: Float64Array;
  readonly totalFuel: Float64Array;
  /** Who called whom, a parent before its children; the first is what stands outside of all functions. */
  readonly tree: readonly CallNode[];
  /** Whether the tree leaves calls out, whose fuel then counts for the last caller that is in it. */
  readonly isCut: boolean;
}

/** A function as one chain of callers called it. */
export interface CallNode {
  /** Index of the function; -1 for the root. */
  readonly function: number;
  /** Index of the caller's node; -1 for the root. */
  readonly parent: number;
  calls: number;
  selfFuel: number;
}

/** Begins the names of the exports that give counters, up to `COUNTERS_PER_READER` of them each, as i64 values. */
export const COUNTERS_EXPORT = 'quern:counters:';

/** V8 allows 1,000 results of a function. */
export const COUNTERS_PER_READER = 500;

/** Name of the exported table that the host puts its hooks into, in the order of `HOOK`. */
export const HOOKS_EXPORT = 'quern:hooks';

/** Places in that table. */
export const HOOK = {
  /** (function, counter, reserve) -> depth: a function begins. */
  enter: 0,
  /** (counter, reserve): it is left by its end, a return or a tail call. */
  leave: 1,
  /** (depth, counter, reserve): code of the function that was called at this depth runs, whoever it called is gone. */
  settle: 2,
  length: 3,
} as const;
