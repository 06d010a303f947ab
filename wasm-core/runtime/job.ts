import type { ProcessForm } from '../binary/abi.ts';
import type { RawProfile } from '../binary/profile/profile-map.ts';
import { CoreError } from '../protocol/errors.ts';
import type { ResolvedLimits } from '../protocol/limits.ts';
import type { CallValue, Usage } from '../protocol/methods.ts';
import type { LogLine, PluginFunction } from '../protocol/plugins.ts';
import type { TypedValue } from '../protocol/typed-values.ts';
import { withDocument } from './call-document.ts';
import type { CompiledModule } from './compiled-module.ts';
import type { Guest } from './guest.ts';
import { importsWasi } from './guest-imports.ts';
import type { InstancePools } from './instance-pools.ts';
import { runProcess } from './process.ts';
import { createRunContext, type RunInputs } from './run-context.ts';
import type { StateOverlay, StateWrites } from './state/state-overlay.ts';
import { callFunction } from './typed-values.ts';
import { GuestExit } from './wasi/guest-exit.ts';
import { runProgram } from './wasi/program.ts';
import { WasiIo } from './wasi/wasi-io.ts';

/** What every run has. */
interface JobBase {
  readonly compiled: CompiledModule;
  readonly limits: ResolvedLimits;
  /** What host functions may do and are given; absent: what a module without any needs, nothing. */
  readonly inputs?: RunInputs | undefined;
}

/** One run of a module, as a lane takes it. It survives `postMessage`. */
export type Job =
  | (JobBase & { readonly type: 'execute'; readonly form: ProcessForm; readonly input: Uint8Array })
  | (JobBase & {
      readonly type: 'call';
      readonly function: PluginFunction;
      readonly arguments: readonly TypedValue[];
    });

/** What a run gave: bytes for `execute`, a typed value for `call`. */
export interface Outcome<Value = Uint8Array | CallValue> {
  readonly value: Value;
  readonly usage: Usage;
  /** What the guest logged, oldest first. */
  readonly logs: readonly LogLine[];
  /** What the guest set of its state, to be applied where the run was asked for. */
  readonly writes: StateWrites;
  /** What a profiled module executed. */
  readonly profile?: RawProfile;
}

/** Where a job runs. */
export interface JobPlace {
  readonly pools: InstancePools;
  readonly lane: Usage['lane'];
  /** Fuel of the run, 0 to 2^53 - 1; absent: as much as it needs. */
  readonly fuel?: number | undefined;
  /** The state that the run sees, and writes to; absent: `job.inputs.state`. */
  readonly state?: StateOverlay | undefined;
}

/**
 * Runs a job here and now, on a fresh instance. It does not look at the deadline: whoever calls it bounds the fuel or
 * is able to end this thread.
 *
 * @throws CoreError as `Guest`, `runProcess` and `callFunction` do; what the guest had logged is in `details.logs`
 */
export function runJob(job: Job, place: JobPlace): Outcome {
  const started = performance.now();
  // Before anything is taken: it throws for an argument that is no document.
  const inputs = job.type === 'call' ? withDocument(job.inputs, job) : job.inputs;
  const { context, logs, state } = createRunContext({ compiled: job.compiled, inputs }, place.state);
  const pool = place.pools.poolFor(job.compiled, job.limits.memoryMb);
  const guest = pool.acquire();
  let broken = true;
  try {
    const io = importsWasi(job.compiled) ? makeIo(job) : undefined;
    guest.begin({ context, io, fuel: place.fuel });
    const value = job.type === 'call' ? runCall(guest, job) : runExecute(guest, job, io);
    io?.flush(context);
    guest.checkFuel();
    broken = false;
    const usage = usageOf(guest, { started, lane: place.lane });
    const profile = job.compiled.profile && guest.takeProfile();
    const outcome = { value, usage, logs, writes: state?.writes() ?? NO_WRITES };
    return profile === undefined ? outcome : { ...outcome, profile };
  } catch (error) {
    throw logs.length > 0 ? withLogs(error, logs) : error;
  } finally {
    pool.release(guest, { broken });
  }
}

const NO_WRITES: StateWrites = [];

function makeIo(job: Job): WasiIo {
  const isProgram = job.type === 'execute' && job.form === 'program';
  return new WasiIo({
    input: job.type === 'execute' ? job.input : new Uint8Array(0),
    maxOutputBytes: job.limits.maxOutputBytes,
    programName: job.compiled.name,
    stdout: isProgram ? 'output' : 'log',
  });
}

function runExecute(
  guest: Guest,
  job: Extract<Job, { type: 'execute' }>,
  io: WasiIo | undefined,
): Uint8Array {
  // A program that exits with 0 has ended well, though its exit passed through its frames as an error does.
  if (job.form === 'program') {
    const written = runProgram(guest, io ?? makeIo(job));
    guest.throwFailure((failure) => failure instanceof GuestExit);
    return written;
  }
  const output = runProcess(guest, job.form, job.input, job.limits.maxOutputBytes);
  guest.throwFailure();
  return output;
}

function runCall(guest: Guest, job: Extract<Job, { type: 'call' }>): CallValue {
  const value = callFunction(guest, job.function, job.arguments, job.limits);
  guest.throwFailure();
  return value;
}

function usageOf(guest: Guest, run: { readonly started: number; readonly lane: Usage['lane'] }): Usage {
  const micros = Math.round((performance.now() - run.started) * 1000);
  const fuel = guest.fuelUsed();
  const pages = guest.pages();
  const { lane } = run;
  return fuel === undefined ? { pages, micros, lane } : { fuel, pages, micros, lane };
}

function withLogs(error: unknown, logs: readonly LogLine[]): unknown {
  if (!(error instanceof CoreError)) return error;
  return new CoreError(error.kind, error.message, { ...error.details, logs });
}
