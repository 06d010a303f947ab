import type { ResolvedLimits } from '../protocol/limits.ts';
import type { Usage } from '../protocol/methods.ts';
import type { Executor } from '../runtime/executor.ts';
import type { Registry } from '../runtime/registry.ts';
export interface ChainOptions {
  readonly registry: Registry;
  readonly executor: Executor;
  readonly steps: readonly string[];
  readonly namespace: string;
  readonly input: Uint8Array;
  readonly limits: ResolvedLimits;
  readonly signal: AbortSignal;
}
export interface ChainOutcome {
  readonly output: Uint8Array;
  readonly steps: (Usage & { readonly module: string })[];
}
export declare function runChain(options: ChainOptions): Promise<ChainOutcome>;
