import type { ProcessForm } from '../binary/abi.ts';
import { MAX_CHAIN_STEPS } from '../protocol/chain-file.ts';
import type { ChainInputFormat, ChainStep, PluginStep, SqlStep } from '../protocol/chains.ts';
import { CoreError } from '../protocol/errors.ts';
import { type ResolvedLimits, resolveLimits } from '../protocol/limits.ts';
import type { ModuleRecord, Registry } from '../runtime/registry.ts';

/** A step that is known to be runnable. */
export type ResolvedStep = ResolvedPluginStep | ResolvedSqlStep;

/** What every step has. */
interface StepPlace {
  /** Counted from 1, as people count. */
  readonly number: number;
  readonly label: string;
  /** `timeoutMs` is the step's own, the chain's when it sets none. */
  readonly limits: ResolvedLimits;
}

export interface ResolvedPluginStep extends StepPlace {
  readonly type: 'plugin';
  readonly record: ModuleRecord;
  readonly form: ProcessForm;
  /** JSON text. */
  readonly config: string | undefined;
}

export interface ResolvedSqlStep extends StepPlace {
  readonly type: 'sql';
  readonly step: SqlStep;
  /** Undefined: JSON of either kind. */
  readonly input: ChainInputFormat | undefined;
}

/**
 * Looks up the modules of a chain's steps and decides its limits, before anything runs.
 *
 * @throws CoreError PARAMS_INVALID for no step or more than 64; MODULE_UNKNOWN, EXPORT_MISSING, located in their step
 */
export function resolveSteps(options: {
  readonly steps: readonly ChainStep[];
  readonly registry: Pick<Registry, 'get'>;
  readonly namespace: string;
  readonly limits: ResolvedLimits;
}): ResolvedStep[] {
  const { steps, limits } = options;
  if (steps.length < 1 || steps.length > MAX_CHAIN_STEPS) {
    const message = `A chain has 1 to ${MAX_CHAIN_STEPS} steps; this one has ${steps.length}.`;
    throw new CoreError('PARAMS_INVALID', message);
  }
  return steps.map((given, index) => {
    const number = index + 1;
    const step: PluginStep | SqlStep = typeof given === 'string' ? { plugin: given } : given;
    if ('sql' in step) {
      return sqlStep(step, { number, limits: resolveLimits(step.limits, limits), before: steps[index - 1] });
    }
    try {
      return pluginStep(step, number, options);
    } catch (error) {
      throw locatedError(error, { number, label: step.name ?? step.plugin, module: step.plugin });
    }
  });
}

/** The error of a step: the same kind, with the step's number and label before its message and in its details. */
export function locatedError(
  error: unknown,
  step: { readonly number: number; readonly label: string; readonly module?: string },
): unknown {
  if (!(error instanceof CoreError)) return error;
  const { number, label, module } = step;
  const message = `Step ${number} (${label}): ${error.message}`;
  const place = { step: number, name: label, ...(module !== undefined && { module }) };
  return new CoreError(error.kind, message, { ...error.details, ...place });
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
  const message = `${name} has no process export, so it cannot be executed. ${advice}`;
  throw new CoreError('EXPORT_MISSING', message, { module: name, export: 'process' });
}

function pluginStep(
  step: PluginStep,
  number: number,
  options: {
    readonly registry: Pick<Registry, 'get'>;
    readonly namespace: string;
    readonly limits: ResolvedLimits;
  },
): ResolvedPluginStep {
  const { registry, namespace } = options;
  const record = registry.get({ module: step.plugin, namespace });
  return {
    type: 'plugin',
    number,
    label: step.name ?? record.info.name,
    limits: resolveLimits(step.limits, options.limits),
    record,
    form: processFormOf(record),
    config: step.config === undefined ? undefined : JSON.stringify(step.config),
  };
}

/** SQL behind SQL reads what the one before writes, unless it is told otherwise. */
function sqlStep(
  step: SqlStep,
  options: {
    readonly number: number;
    readonly limits: ResolvedLimits;
    readonly before: ChainStep | undefined;
  },
): ResolvedSqlStep {
  const { number, limits, before } = options;
  const written =
    typeof before === 'object' && 'sql' in before ? (before.output ?? DEFAULT_OUTPUT) : undefined;
  return { type: 'sql', number, label: step.name ?? 'sql', limits, step, input: step.input ?? written };
}

/** What a SQL step writes unless it is told otherwise. */
export const DEFAULT_OUTPUT = 'ndjson';
