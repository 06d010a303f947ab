/*
 * Where the time of a statement went. The host measures the phases up to `write`; whoever shows a run adds the others.
 */

/** Phases of a run in the order in which they are shown; some of them take turns. */
export const RUN_PHASES = [
  /** Waiting for plugins whose sources were still being compiled. */
  'compile',
  /** Behind other runs of the session, before the first statement of a request. */
  'queue',
  /** Reading the text: its statements, the comments above them, the values of parameters. */
  'parse',
  /** Getting files of a network, or rows that were kept. */
  'fetch',
  /** The engine reads the statement, binds its names and plans it. */
  'bind',
  /** The engine computes; what is left of the statement's time. */
  'run',
  /** Inside plugin functions, transfer left out. */
  'functions',
  /** Moving batches between the engine and the plugins' memories. */
  'transfer',
  /** Writing rows to the results file. */
  'write',
  /** Between the client and the host, on the way and until it turned to the request. */
  'connection',
  /** Showing the first rows. */
  'render',
] as const;

/** A phase of a run. */
export type RunPhase = (typeof RUN_PHASES)[number];

/**
 * Microseconds by phase; one that took none is absent. The phases do not overlap, and so never take longer together than
 * all of it did.
 */
export type Timeline = { readonly [phase in RunPhase]?: number };

/** All phases of a timeline together, microseconds. */
export function timelineMicros(timeline: Timeline): number {
  return RUN_PHASES.reduce((sum, phase) => sum + (timeline[phase] ?? 0), 0);
}

/** A timeline with more time in it; phases of no time are left out. */
export function addTimelines(first: Timeline, second: Timeline): Timeline {
  const entries = RUN_PHASES.map((phase) => [phase, (first[phase] ?? 0) + (second[phase] ?? 0)] as const);
  return Object.fromEntries(entries.filter(([, micros]) => micros > 0));
}
