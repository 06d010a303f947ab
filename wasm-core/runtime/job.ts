import type { ProcessForm } from '../binary/abi.ts';
import { CoreError } from '../protocol/errors.ts';
import type { ResolvedLimits } from '../protocol/limits.ts';
import type { TypedValue, Usage } from '../protocol/methods.ts';
import type { PluginFunction } from '../protocol/plugins.ts';
import type { CompiledModule } from './compiled-module.ts';
import { Guest } from './guest.ts';
import { runProcess } from './process.ts';
import { callFunction } from './typed-values.ts';

/** One run of a module, as a lane takes it. It survives `postMessage`. */
export type Job =
  | {
      readonly type: 'execute';
      readonly compiled: CompiledModule;
      readonly form: ProcessForm;
      readonly input: Uint8Array;
      readonly limits: ResolvedLimits;
    }
  | {
      readonly type: 'call';
      readonly compiled: CompiledModule;
      readonly function: PluginFunction;
      readonly arguments: readonly TypedValue[];
      readonly limits: ResolvedLimits;
    };

/** What a run gave: bytes for `execute`, a typed value for `call`. */
export interface Outcome<Value = Uint8Array | TypedValue> {
  readonly value: Value;
  readonly usage: Usage;
  /** What the guest logged, oldest first. */
  readonly logs: readonly string[];
}

/**
 * Runs a job here and now, on a fresh instance. It does not look at the deadline: whoever calls it must be able to end
 * this thread.
 *
 * @throws CoreError as `Guest`, `runProcess` and `callFunction` do; what the guest had logged is in `details.logs`
 */
export function runJob(job: Job, lane: Usage['lane']): Outcome {
  const started = performance.now();
  const logs: string[] = [];
  let guest: Guest | undefined;
  try {
    guest = Guest.create(job.compiled, {
      memoryMb: job.limits.memoryMb,
      onLog: (line) => logs.push(line),
    });
    const value = runIn(guest, job);
    const micros = Math.round((performance.now() - started) * 1000);
    return { value, usage: { pages: guest.pages(), micros, lane }, logs };
  } catch (error) {
    throw logs.length > 0 ? withLogs(error, logs) : error;
  } finally {
    guest?.dispose();
  }
}

function runIn(guest: Guest, job: Job): Uint8Array | TypedValue {
  if (job.type === 'call') return callFunction(guest, job.function, job.arguments, job.limits);
  return runProcess(guest, job.form, job.input, job.limits.maxOutputBytes);
}

function withLogs(error: unknown, logs: readonly string[]): unknown {
  if (!(error instanceof CoreError)) return error;
  return new CoreError(error.kind, error.message, { ...error.details, logs });
}
