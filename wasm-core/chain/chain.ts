import type { ProcessForm } from '../binary/abi.ts';
import { CoreError } from '../protocol/errors.ts';
import type { ResolvedLimits } from '../protocol/limits.ts';
import type { Usage } from '../protocol/methods.ts';
import { deadlineExceeded, type ExecuteOutcome, type Executor } from '../runtime/executor.ts';
import type { ModuleRecord, Registry } from '../runtime/registry.ts';

/** The most steps that one chain has. */
export const MAX_CHAIN_STEPS = 64;

/** A chain to run. */
export interface ChainOptions {
  readonly registry: Pick<Registry, 'get' | 'compiled'>;
  readonly executor: Pick<Executor, 'execute'>;
  /** Module names, UUIDs or digests, 1 to 64 of them. */
  readonly steps: readonly string[];
  readonly namespace: string;
  readonly input: Uint8Array;
  /** `timeoutMs` is for the whole chain; the others are for each step. */
  readonly limits: ResolvedLimits;
  readonly signal: AbortSignal;
}

/** What a chain gave. */
export interface ChainOutcome {
  /** The last step's output, owned by the caller. */
  readonly output: Uint8Array;
  readonly steps: (Usage & { readonly module: string })[];
  /** What the steps logged, in their order. */
  readonly logs: readonly string[];
}

/**
 * Runs modules one after the other, each on the output of the one before.
 *
 * @throws CoreError PARAMS_INVALID for no step or more than 64; MODULE_UNKNOWN, EXPORT_MISSING before anything runs;
 *   what a step throws, of the same kind, with the step in its message and `{step, module}` in its details, `step`
 *   counted from 1
 */
export async function runChain(options: ChainOptions): Promise<ChainOutcome> {
  const deadline = performance.now() + options.limits.timeoutMs;
  const steps = resolveSteps(options);
  const usages: ChainOutcome['steps'] = [];
  const logs: string[] = [];
  let output = options.input;
  for (const step of steps) {
    try {
      const outcome = await runStep(step, { ...options, input: output, deadline });
      output = outcome.output;
      usages.push({ module: step.record.info.name, ...outcome.usage });
      logs.push(...outcome.logs);
    } catch (error) {
      throw stepError(error, step, options.limits.timeoutMs);
    }
  }
  return { output, steps: usages, logs };
}

interface Step {
  /** Counted from 1, as people count. */
  readonly number: number;
  readonly record: ModuleRecord;
  readonly form: ProcessForm;
}

function resolveSteps({ steps, registry, namespace }: ChainOptions): Step[] {
  if (steps.length < 1 || steps.length > MAX_CHAIN_STEPS) {
    const message = `A chain has 1 to ${MAX_CHAIN_STEPS} steps; this one has ${steps.length}.`;
    throw new CoreError('PARAMS_INVALID', message);
  }
  return steps.map((module, index) => {
    const number = index + 1;
    try {
      const record = registry.get({ module, namespace });
      return { number, record, form: processFormOf(record) };
    } catch (error) {
      throw located(error, { number, module });
    }
  });
}

/**
 * The form of a module's `process` export.
 *
 * @throws CoreError EXPORT_MISSING when it has none
 */
export function processFormOf(record: ModuleRecord): ProcessForm {
  if (record.processForm !== undefined) return record.processForm;
  const { name, functions } = record.info;
  const advice =
    functions.length > 0
      ? `It has functions for SQL instead: ${functions.map((fn) => fn.name).join(', ')}.`
      : 'Export process(i32, i32) from it.';
  throw new CoreError(
    'EXPORT_MISSING',
    `${name} has no process export, so it cannot be executed. ${advice}`,
    {
      module: name,
      export: 'process',
    },
  );
}

async function runStep(
  step: Step,
  options: ChainOptions & { readonly deadline: number },
): Promise<ExecuteOutcome> {
  const compiled = await options.registry.compiled(step.record);
  const remainingMs = options.deadline - performance.now();
  if (remainingMs <= 0) throw deadlineExceeded(options.limits.timeoutMs);
  const limits = { ...options.limits, timeoutMs: remainingMs };
  const { input, signal } = options;
  return options.executor.execute({ compiled, form: step.form, input, limits, signal });
}

function stepError(error: unknown, step: Step, timeoutMs: number): unknown {
  // The executor knows only what was left of the time.
  const late = error instanceof CoreError && error.kind === 'DEADLINE_EXCEEDED';
  const cause = late ? deadlineExceeded(timeoutMs) : error;
  return located(cause, { number: step.number, module: step.record.info.name });
}

function located(error: unknown, step: { readonly number: number; readonly module: string }): unknown {
  if (!(error instanceof CoreError)) return error;
  const message = `Step ${step.number} (${step.module}): ${error.message}`;
  return new CoreError(error.kind, message, { ...error.details, step: step.number, module: step.module });
}
