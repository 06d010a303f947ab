import type { ProcessForm } from '../binary/abi.ts';
import type { ResolvedLimits } from '../protocol/limits.ts';
import type { TypedValue, Usage } from '../protocol/methods.ts';
import type { PluginFunction } from '../protocol/plugins.ts';
import type { CompiledModule } from './compiled-module.ts';
export interface ExecuteJob {
  readonly compiled: CompiledModule;
  readonly form: ProcessForm;
  readonly input: Uint8Array;
  readonly limits: ResolvedLimits;
  readonly signal: AbortSignal;
}
export interface CallJob {
  readonly compiled: CompiledModule;
  readonly function: PluginFunction;
  readonly arguments: readonly TypedValue[];
  readonly limits: ResolvedLimits;
  readonly signal: AbortSignal;
}
export interface ExecuteOutcome {
  readonly output: Uint8Array;
  readonly usage: Usage;
  readonly logs: readonly string[];
}
export interface CallOutcome {
  readonly result: TypedValue;
  readonly usage: Usage;
  readonly logs: readonly string[];
}
export interface Executor {
  execute(job: ExecuteJob): Promise<ExecuteOutcome>;
  call(job: CallJob): Promise<CallOutcome>;
  dispose(): Promise<void>;
}
