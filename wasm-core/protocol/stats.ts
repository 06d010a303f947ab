/*
 * `host/stats`: what a host does and holds; `methods.ts` has the other requests.
 */

/** How V8 compiles WebAssembly in a host: see docs/protocol.md, "host/stats". */
export const WASM_TIERS = ['lazy', 'eager', 'baseline', 'optimized'] as const;
export type WasmTier = (typeof WASM_TIERS)[number];

/** What ran in a host's executor, and what it holds. */
export interface ExecutorFigures {
  /** Runs that ended in the socket's thread, those that outgrew it, and those that were not tried there. */
  readonly short: { readonly runs: number; readonly overflows: number; readonly passedOn: number };
  /** Runs in execution workers; workers now, runs that wait for one, and workers that were ended in a run. */
  readonly long: {
    readonly runs: number;
    readonly workers: number;
    readonly waiting: number;
    readonly terminated: number;
  };
  /** Instances of the socket's thread. */
  readonly instances: {
    readonly idle: number;
    readonly busy: number;
    readonly created: number;
    readonly reused: number;
    readonly discarded: number;
  };
  /** Guest memories of the socket's thread; `live` counts those that are garbage and not yet collected. */
  readonly memories: {
    readonly live: number;
    readonly idle: number;
    readonly created: number;
    readonly reused: number;
    readonly discarded: number;
  };
}

/** `host/stats`: sent by `quern status` and the status item. */
export interface StatsResult {
  readonly pid: number;
  readonly version: string;
  readonly socket: string;
  readonly uptimeMs: number;
  readonly connections: number;
  readonly sessions: number;
  readonly modules: number;
  /** Modules that are compiled now. */
  readonly compiled: number;
  readonly executions: number;
  readonly executor: ExecutorFigures;
  readonly wasmTier: WasmTier;
  readonly rssBytes: number;
}
