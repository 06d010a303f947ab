import type { ProcessForm } from '../binary/abi.ts';
import type { ChainStep, ChainStepResult } from '../protocol/chains.ts';
import { CoreError } from '../protocol/errors.ts';
import type { ResolvedLimits } from '../protocol/limits.ts';
import type { Usage } from '../protocol/methods.ts';
import type { LogLine } from '../protocol/plugins.ts';
import { cancelled, deadlineExceeded } from '../runtime/executor.ts';
import type { ModuleRecord, Registry } from '../runtime/registry.ts';
import type { StateJournal } from '../runtime/state/state-journal.ts';
import {
  DEFAULT_OUTPUT,
  locatedError,
  type ResolvedPluginStep,
  type ResolvedSqlStep,
  type ResolvedStep,
  resolveSteps,
} from './resolve-steps.ts';
import type { ChainSql } from './sql-step.ts';

export { MAX_CHAIN_STEPS } from '../protocol/chain-file.ts';
export { processFormOf } from './resolve-steps.ts';

/** A plugin step, as whoever runs modules takes it. */
export interface PluginStepRun {
  readonly record: ModuleRecord;
  readonly form: ProcessForm;
  readonly input: Uint8Array;
  readonly limits: ResolvedLimits;
  /** JSON text. */
  readonly config?: string;
  /** The chain's, which commits it. */
  readonly journal: StateJournal;
}

/** What a plugin step gave. */
export interface PluginStepOutcome {
  readonly output: Uint8Array;
  readonly usage: Usage;
  readonly logs: readonly LogLine[];
}

/** A chain to run. */
export interface ChainOptions {
  readonly registry: Pick<Registry, 'get'>;
  /** Runs a plugin step: at once where that is possible, so that a chain of short steps is one turn. */
  readonly runPlugin: (
    run: PluginStepRun,
    caller: ChainOptions['caller'],
  ) => PluginStepOutcome | Promise<PluginStepOutcome>;
  /** Where SQL steps run; absent: a chain that has one is refused. The caller disposes it. */
  readonly sql?: ChainSql;
  /** 1 to 64 of them. */
  readonly steps: readonly ChainStep[];
  readonly namespace: string;
  readonly input: Uint8Array;
  /** `timeoutMs` is for the whole chain; the others are for each step that sets none of its own. */
  readonly limits: ResolvedLimits;
  /** What the steps set of their plugins' states; committed when the last of them has succeeded. */
  readonly journal: StateJournal;
  /** The first step that runs, from 1, whose input is `input`; the others are left out. Absent: the first of all. */
  readonly from?: number;
  /** Told of each step that ran, also of one that failed. What it gets is the chain's, and not changed afterwards. */
  readonly onStep?: (step: StepTrace) => void;
  /** Whoever asked; the signal is looked at only when something takes long. */
  readonly caller: { readonly signal: AbortSignal; readonly client?: object };
}

/** A step that ran, with what it was given. */
export interface StepTrace {
  /** From 1. */
  readonly number: number;
  readonly name: string;
  readonly input: Uint8Array;
  /** What it gave, or why it failed: the error as the chain throws it. */
  readonly done: StepOutcome | { readonly error: unknown };
}

/** What a chain gave. */
export interface ChainOutcome {
  /** The last step's output, owned by the caller. */
  readonly output: Uint8Array;
  readonly steps: readonly ChainStepResult[];
  /** What the steps logged, in their order. */
  readonly logs: readonly LogLine[];
}

/**
 * Runs steps one after the other, each on the output of the one before. What plugins do beside their output counts only
 * when every step has succeeded.
 *
 * @returns at once when every step was run at once
 * @throws CoreError PARAMS_INVALID for no step or more than 64, or for SQL without a place to run it; MODULE_UNKNOWN,
 *   EXPORT_MISSING before anything runs; what a step throws, of the same kind, with the step in its message and
 *   `{step, name, module?}` in its details, `step` counted from 1. A promise rejects with the same
 */
export function runChain(options: ChainOptions): ChainOutcome | Promise<ChainOutcome> {
  return new ChainRun(options).advance();
}

/** What a step gave. */
export interface StepOutcome {
  readonly output: Uint8Array;
  readonly result: ChainStepResult;
  readonly logs: readonly LogLine[];
}

/** A chain under way. */
class ChainRun {
  readonly #options: ChainOptions;
  readonly #steps: readonly ResolvedStep[];
  readonly #deadline: number;
  readonly #results: ChainStepResult[] = [];
  readonly #logs: LogLine[] = [];
  #output: Uint8Array;
  /** Steps that are left out. */
  readonly #left: number;

  constructor(options: ChainOptions) {
    this.#options = options;
    this.#deadline = performance.now() + options.limits.timeoutMs;
    this.#steps = resolveSteps(options);
    this.#output = options.input;
    const { from = 1 } = options;
    if (from > this.#steps.length) {
      const message = `from is ${from}, and the chain has ${this.#steps.length} steps.`;
      throw new CoreError('PARAMS_INVALID', message);
    }
    this.#left = from - 1;
  }

  /** Goes on with the next step, and the one behind it, until one takes long or the chain is done. */
  advance(): ChainOutcome | Promise<ChainOutcome> {
    for (;;) {
      const step = this.#steps[this.#left + this.#results.length];
      if (step === undefined) return this.#finish();
      const { timeoutMs, allowedMs } = this.#time(step);
      try {
        if (timeoutMs <= 0) throw deadlineExceeded(allowedMs);
        const { memoryMb, maxOutputBytes, fuel } = step.limits;
        const done = this.#start(step, { timeoutMs, memoryMb, maxOutputBytes, fuel });
        if (done instanceof Promise) return this.#goOn(done, { step, allowedMs });
        this.#keep(done, step);
      } catch (error) {
        throw this.#failed(error, { step, allowedMs });
      }
    }
  }

  async #goOn(
    running: Promise<StepOutcome>,
    place: { readonly step: ResolvedStep; readonly allowedMs: number },
  ): Promise<ChainOutcome> {
    try {
      this.#keep(await running, place.step);
    } catch (error) {
      throw this.#failed(error, place);
    }
    return this.advance();
  }

  /** The step's own time or what is left of the chain's, and which of them was the limit. */
  #time(step: ResolvedStep): { readonly timeoutMs: number; readonly allowedMs: number } {
    const remainingMs = this.#deadline - performance.now();
    const ownMs = step.limits.timeoutMs;
    if (ownMs < remainingMs) return { timeoutMs: ownMs, allowedMs: ownMs };
    return { timeoutMs: remainingMs, allowedMs: this.#options.limits.timeoutMs };
  }

  #start(step: ResolvedStep, limits: ResolvedLimits): StepOutcome | Promise<StepOutcome> {
    if (step.type === 'sql') return this.#runSql(step, limits);
    const { runPlugin, journal, caller } = this.#options;
    const { record, form, config } = step;
    const run = { record, form, input: this.#output, limits, journal };
    const outcome = runPlugin(config === undefined ? run : { ...run, config }, caller);
    return outcome instanceof Promise
      ? outcome.then((o) => pluginOutcome(step, o))
      : pluginOutcome(step, outcome);
  }

  async #runSql(step: ResolvedSqlStep, limits: ResolvedLimits): Promise<StepOutcome> {
    const { sql: place, caller } = this.#options;
    const { signal } = caller;
    if (signal.aborted) throw cancelled();
    if (place === undefined) throw new CoreError('PARAMS_INVALID', 'SQL steps cannot run here.');
    const started = performance.now();
    const { sql, output: format = DEFAULT_OUTPUT } = step.step;
    const job = { sql, bytes: this.#output, input: step.input, output: format, limits, signal };
    const { output, rows } = await place.run(job);
    const micros = Math.round((performance.now() - started) * 1000);
    const result = { name: step.label, sql, micros, rows, outputBytes: output.byteLength };
    return { output, result, logs: [] };
  }

  /** What a step did beside its output is kept here, and counts when the chain commits. */
  #keep(done: StepOutcome, { number, label: name }: ResolvedStep): void {
    this.#options.onStep?.({ number, name, input: this.#output, done });
    const { output, result, logs } = done;
    this.#output = output;
    this.#results.push(result);
    if (logs.length > 0) this.#logs.push(...logs);
  }

  #failed(cause: unknown, place: { readonly step: ResolvedStep; readonly allowedMs: number }): unknown {
    const error = stepError(cause, place);
    const { number, label: name } = place.step;
    this.#options.onStep?.({ number, name, input: this.#output, done: { error } });
    return error;
  }

  #finish(): ChainOutcome | Promise<ChainOutcome> {
    const outcome = { output: this.#output, steps: this.#results, logs: this.#logs };
    const committing = this.#options.journal.commit();
    return committing === undefined ? outcome : committing.then(() => outcome);
  }
}

function pluginOutcome(step: ResolvedPluginStep, { output, usage, logs }: PluginStepOutcome): StepOutcome {
  const { fuel, pages, micros, lane } = usage;
  const result = { name: step.label, module: step.record.info.name, fuel, pages, micros, lane };
  return { output, result, logs };
}

function stepError(
  error: unknown,
  { step, allowedMs }: { readonly step: ResolvedStep; readonly allowedMs: number },
): unknown {
  // The step knew only what was left of the time.
  const late = error instanceof CoreError && error.kind === 'DEADLINE_EXCEEDED';
  const cause = late ? deadlineExceeded(allowedMs) : error;
  const module = step.type === 'plugin' ? { module: step.record.info.name } : {};
  return locatedError(cause, { number: step.number, label: step.label, ...module });
}
