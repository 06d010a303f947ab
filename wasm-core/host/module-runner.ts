import type { ProcessForm } from '../binary/abi.ts';
import { CoreError } from '../protocol/errors.ts';
import type { ResolvedLimits } from '../protocol/limits.ts';
import type { RunSetting } from '../protocol/methods.ts';
import type { PluginFunction } from '../protocol/plugins.ts';
import type { ReplayCall } from '../protocol/replays.ts';
import type { TypedValue } from '../protocol/typed-values.ts';
import type { MeteringMode } from '../protocol/workspace-file.ts';
import type { ModuleMode } from '../runtime/compiled-cache.ts';
import type { CompiledModule } from '../runtime/compiled-module.ts';
import { cancelled, type Executor } from '../runtime/executor.ts';
import { runCapabilities } from '../runtime/grants.ts';
import type { Job, Outcome } from '../runtime/job.ts';
import { encodeBytesValue } from '../runtime/node/bytes-value.ts';
import type { ModuleRecord, Registry } from '../runtime/registry.ts';
import { importsFunctions, type RunInputs } from '../runtime/run-context.ts';
import type { StateJournal } from '../runtime/state/state-journal.ts';
import type { StateStore } from '../runtime/state/state-store.ts';
import type { EventHub } from './events.ts';
import type { FailedRun, Failures } from './failures.ts';
import type { WorkspaceFiles } from './workspace-file.ts';

/** What a runner works with. */
export interface ModuleRunnerOptions {
  readonly registry: Registry;
  readonly executor: Executor;
  readonly states: StateStore;
  readonly workspaceFiles: WorkspaceFiles;
  readonly events: EventHub;
  readonly failures: Failures;
}

/** One run of a module, as a request or a step of a chain asks for it. */
export interface ModuleRun {
  readonly record: ModuleRecord;
  readonly task: ModuleTask;
  readonly limits: ResolvedLimits;
  readonly setting?: RunSetting;
  /** `setting.config` as JSON text, for a step of a chain. */
  readonly configText?: string;
  /** The folder whose `quern.json` applies, or a namespace without one. */
  readonly settingsFolder: string;
  /** Of the chain that the run is a step of, which commits it; absent: the run commits by itself. */
  readonly journal?: StateJournal;
  /**
   * A failed run once more, or one that only finds out what would happen: nothing is kept of either, neither its state
   * nor, if it fails, its call, and events tell of no trial. Absent: a run that counts.
   */
  readonly purpose?: 'replay' | 'trial';
  /** True: it is counted what the module executes, and `Outcome.profile` tells. */
  readonly isProfiled?: boolean;
  /** Absent: as the `quern.json` says. */
  readonly mode?: MeteringMode;
}

/** What a module is to do. */
export type ModuleTask =
  | { readonly type: 'execute'; readonly form: ProcessForm; readonly input: Uint8Array }
  | { readonly type: 'call'; readonly function: PluginFunction; readonly arguments: readonly TypedValue[] };

/** Who asks: the signal is looked at only by runs that take long. */
export interface Caller {
  readonly signal: AbortSignal;
  /** The connection. */
  readonly client?: object;
}

/** Runs modules with the rights and the state of their label, and tells what came of it. */
export class ModuleRunner {
  readonly #options: ModuleRunnerOptions;
  #executions = 0;

  constructor(options: ModuleRunnerOptions) {
    this.#options = options;
  }

  /** Runs since the host started. */
  get executions(): number {
    return this.#executions;
  }

  /** Counts a run that went past the runner. */
  noteRun(): void {
    this.#executions++;
  }

  /**
   * Runs a module: at once where it is compiled and the run is short, else with a promise.
   *
   * @throws CoreError as `Executor` and `Registry.compiled`; a promise rejects with the same
   */
  run(run: ModuleRun, caller: Caller): Outcome | Promise<Outcome> {
    this.#executions++;
    const { registry, workspaceFiles } = this.#options;
    const usual = run.mode ?? workspaceFiles.modeFor(run.settingsFolder, run.record.info.name) ?? 'metered';
    const mode = run.isProfiled ? 'profiled' : usual;
    const compiled = registry.ready(run.record, mode);
    if (compiled === undefined) return this.#runLater(run, mode, caller);
    return this.#runCompiled(run, compiled, caller);
  }

  async #runLater(run: ModuleRun, mode: ModuleMode, caller: Caller): Promise<Outcome> {
    const compiled = await this.#options.registry.compiled(run.record, mode);
    if (caller.signal.aborted) throw cancelled();
    return this.#runCompiled(run, compiled, caller);
  }

  #runCompiled(run: ModuleRun, compiled: CompiledModule, caller: Caller): Outcome | Promise<Outcome> {
    const { executor } = this.#options;
    const { task, limits } = run;
    // Most modules import nothing, and for them there is no state, no journal and nothing to grant.
    const inputs = importsFunctions(compiled) ? this.#inputs(run) : undefined;
    const job = jobOf(task, { compiled, limits, inputs });
    const journal = inputs && (run.journal ?? this.#options.states.journal());
    const state = journal?.view(run.record.info);
    try {
      const outcome = executor.tryRun(job, state);
      if (outcome !== undefined) return this.#finish(run, outcome, journal);
    } catch (error) {
      return this.#fail(run, error);
    }
    const { signal, client: owner } = caller;
    const running = executor.runLong(job, { signal, ...(owner && { owner }), ...(state && { state }) });
    return running.then(
      (outcome) => this.#finish(run, outcome, journal),
      (error: unknown) => this.#fail(run, error),
    );
  }

  /** A run by itself is answered when what it set is durable. */
  #finish(run: ModuleRun, outcome: Outcome, journal: StateJournal | undefined): Outcome | Promise<Outcome> {
    const { events } = this.#options;
    if (events.wants('called') && run.purpose !== 'trial') {
      const { usage } = outcome;
      events.emit({ type: 'called', module: run.record.info, function: functionOf(run), usage, ok: true });
    }
    const commits = run.journal === undefined && run.purpose === undefined;
    const committing = commits ? journal?.commit() : undefined;
    return committing === undefined ? outcome : committing.then(() => outcome);
  }

  /** Rejects with the error, of which it tells what can be found out. */
  async #fail(run: ModuleRun, cause: unknown): Promise<never> {
    const { events, failures } = this.#options;
    const error = await failures.explain(cause, failedRun(run));
    if (!(error instanceof CoreError)) throw error;
    if (run.purpose === 'trial') throw error;
    const { kind, message } = error;
    if (events.wants('called')) {
      events.emit({ type: 'called', module: run.record.info, function: functionOf(run), ok: false });
    }
    if (ENDED_BY_US.has(kind)) events.emit({ type: 'trapped', module: run.record.info, kind, message });
    throw error;
  }

  #inputs({ record, setting = {}, configText, settingsFolder }: ModuleRun): RunInputs {
    const { document, seed, nowMs, args, env } = setting;
    const config = configText ?? (setting.config === undefined ? undefined : JSON.stringify(setting.config));
    const { workspaceFiles } = this.#options;
    const workspace = {
      grantsFor: (_: string, name: string, digest: string) =>
        workspaceFiles.grantsFor(settingsFolder, name, digest),
    };
    const { name, digest } = record.info;
    const withheld = workspaceFiles.withheldFor(settingsFolder, name, digest);
    return {
      capabilities: [...runCapabilities(record.info, workspace)],
      ...(withheld.length > 0 && { withheld }),
      ...(config !== undefined && { config }),
      ...(document && { document }),
      ...(seed !== undefined && { seed }),
      ...(nowMs !== undefined && { nowMs }),
      ...(args && { args }),
      ...(env && { env }),
    };
  }
}

/** Runs that did not come to an end of their own. */
const ENDED_BY_US = new Set(['TRAP', 'FUEL_EXHAUSTED', 'DEADLINE_EXCEEDED', 'MEMORY_LIMIT', 'MEMORY_BOUNDS']);

/** Written out, since this is made for each run, and spreading objects takes as long as the run. */
function jobOf(
  task: ModuleTask,
  { compiled, limits, inputs }: Pick<Job, 'compiled' | 'limits' | 'inputs'>,
): Job {
  if (task.type === 'execute') {
    return { type: 'execute', form: task.form, input: task.input, compiled, limits, inputs };
  }
  return { type: 'call', function: task.function, arguments: task.arguments, compiled, limits, inputs };
}

/** Inputs larger than this are not kept, bytes. */
const MAX_KEPT_INPUT = 512 * 1024;

function failedRun(run: ModuleRun): FailedRun {
  const { record, task, limits, configText, settingsFolder, purpose } = run;
  const config = configText === undefined ? {} : { config: JSON.parse(configText) as unknown };
  const setting = configText === undefined ? run.setting : { ...run.setting, ...config };
  return {
    record,
    function: functionOf(run),
    call: () => callOf(task),
    limits,
    setting,
    settingsFolder,
    isReplay: purpose !== undefined,
  };
}

function callOf(task: ModuleTask): ReplayCall | undefined {
  if (task.type === 'call') return { type: 'call', arguments: task.arguments };
  if (task.input.byteLength > MAX_KEPT_INPUT) return undefined;
  return { type: 'execute', input: encodeBytesValue(task.input) };
}

function functionOf({ task }: ModuleRun): string {
  return task.type === 'call' ? task.function.name : 'process';
}
