import type { Capability, DocumentValue, LogLine } from '../protocol/plugins.ts';
import type { CompiledModule } from './compiled-module.ts';
import { createLogSink } from './host-functions/log.ts';
import type { Clock, RandomSource, RunContext, StateView } from './host-functions/owner.ts';
import { createRandom } from './random.ts';
import { type StateEntries, StateOverlay } from './state/state-overlay.ts';

/** What host functions of one run may do and are given. It survives `postMessage`. */
export interface RunInputs {
  readonly capabilities: readonly Capability[];
  /** Granted to the module's name, and withheld until somebody allows them to its bytes. */
  readonly withheld?: readonly Capability[];
  readonly document?: DocumentValue;
  /** JSON text. */
  readonly config?: string;
  /** 0 to 2^32 - 1; absent: random bytes are different in each run. */
  readonly seed?: number;
  /** Where the clock stands still, milliseconds since 1970; absent: it goes. */
  readonly nowMs?: number;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** The module's state, for a run in another thread. */
  readonly state?: StateEntries;
}

const NO_STATE: StateView = { get: () => undefined, set: () => {} };
const NO_RANDOM: RandomSource = { fill: () => {} };
const NO_CLOCK: Clock = { realtimeNs: () => 0n, monotonicNs: () => 0n };
const NOTHING: ReadonlySet<Capability> = new Set();

/** The context of an instance that runs for nobody: nothing is granted, and what it logs is dropped. */
export const NO_CONTEXT: RunContext = {
  capabilities: NOTHING,
  withheld: [],
  log: () => {},
  state: NO_STATE,
  document: undefined,
  random: NO_RANDOM,
  clock: NO_CLOCK,
  config: undefined,
  args: [],
  env: {},
};

/** A context with what its run leaves behind. */
export interface MadeContext {
  readonly context: RunContext;
  /** Grows while the run logs. */
  readonly logs: readonly LogLine[];
  readonly state?: StateOverlay;
}

const WITHOUT_IMPORTS: MadeContext = { context: NO_CONTEXT, logs: [] };

/**
 * The context of a job's run.
 *
 * @param state what the run sees and writes to; absent: an overlay over `inputs.state`
 */
export function createRunContext(
  job: { readonly compiled: CompiledModule; readonly inputs?: RunInputs | undefined },
  state?: StateOverlay,
): MadeContext {
  // Most modules compute and nothing else; for them nothing is made.
  if (!importsFunctions(job.compiled)) return WITHOUT_IMPORTS;
  const inputs = job.inputs ?? { capabilities: [] };
  const sink = createLogSink();
  const overlay = state ?? StateOverlay.over(inputs.state ?? []);
  const context: RunContext = {
    capabilities: new Set(inputs.capabilities),
    withheld: inputs.withheld ?? [],
    log: sink.log,
    state: overlay,
    document: inputs.document,
    random: inputs.seed === undefined ? systemRandom() : createRandom(inputs.seed),
    clock: inputs.nowMs === undefined ? systemClock() : stoppedClock(inputs.nowMs),
    config: inputs.config,
    args: inputs.args ?? [],
    env: inputs.env ?? {},
  };
  return { context, logs: sink.lines, state: overlay };
}

/** Whether a module calls anything of ours. */
export function importsFunctions({ imports }: CompiledModule): boolean {
  for (const { kind } of imports) if (kind === 'function') return true;
  return false;
}

/** What the Web Crypto API takes at a time. */
const RANDOM_CHUNK_BYTES = 65_536;

function systemRandom(): RandomSource {
  return {
    fill: (bytes) => {
      for (let start = 0; start < bytes.byteLength; start += RANDOM_CHUNK_BYTES) {
        crypto.getRandomValues(bytes.subarray(start, start + RANDOM_CHUNK_BYTES));
      }
    },
  };
}

function systemClock(): Clock {
  const started = performance.now();
  return {
    realtimeNs: () => BigInt(Math.round((performance.timeOrigin + performance.now()) * 1000)) * 1000n,
    monotonicNs: () => BigInt(Math.round((performance.now() - started) * 1000)) * 1000n,
  };
}

function stoppedClock(nowMs: number): Clock {
  const now = BigInt(Math.round(nowMs * 1000)) * 1000n;
  return { realtimeNs: () => now, monotonicNs: () => 0n };
}
