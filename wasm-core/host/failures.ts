import { CoreError, type ErrorKind } from '../protocol/errors.ts';
import type { ResolvedLimits } from '../protocol/limits.ts';
import type { RunSetting } from '../protocol/methods.ts';
import type { FailedCall, Replay, ReplayCall } from '../protocol/replays.ts';
import type { ModuleRecord, Registry } from '../runtime/registry.ts';
import type { ReplayStore } from './replays/replay-store.ts';
import type { TrapLines } from './trap-lines.ts';

/** A run of a module that failed, with what it takes to run it once more. */
export interface FailedRun {
  readonly record: ModuleRecord;
  readonly function: string;
  /** Asked for only when the call is kept; undefined for one that is too large. */
  readonly call: () => ReplayCall | undefined;
  readonly row?: number;
  readonly limits: ResolvedLimits;
  readonly setting?: RunSetting | undefined;
  readonly settingsFolder: string;
  /** Whether it is such a run once more, or a trial: neither is kept. */
  readonly isReplay?: boolean | undefined;
}

/** A SQL run that failed, as far as a failed call in it is concerned. */
export interface FailedStatement {
  /** Whose functions it had, the most important first. */
  readonly namespaces: readonly string[];
  readonly folder: string;
  readonly limits: ResolvedLimits;
}

/** Tells more of what failed in a plugin: source lines, and how to make the call once more. */
export class Failures {
  readonly #registry: Registry;
  readonly #replays: ReplayStore;
  readonly #lines: TrapLines;

  constructor(options: {
    readonly registry: Registry;
    readonly replays: ReplayStore;
    readonly lines: TrapLines;
  }) {
    this.#registry = options.registry;
    this.#replays = options.replays;
    this.#lines = options.lines;
  }

  /** The error with its lines and, where it is kept, the id of its `replay`; anything else as it is. */
  async explain(error: unknown, failed: FailedRun): Promise<unknown> {
    if (!(error instanceof CoreError) || !REPLAYED.has(error.kind)) return error;
    const placed = await this.#lines.place(error, failed.record.info);
    if (failed.isReplay) return placed;
    const call = failed.call();
    const replay = call && (await this.#replays.keep(replayOf(placed, call, failed)));
    if (replay === undefined) return placed;
    return new CoreError(placed.kind, placed.message, { ...placed.details, replay });
  }

  /** The same for the error of a statement whose details have a `call`. */
  async explainStatement(error: unknown, statement: FailedStatement): Promise<unknown> {
    if (!(error instanceof CoreError)) return error;
    const call = failedCall(error.details.call);
    const record = call && this.#recordOf(call, statement.namespaces);
    if (call === undefined || record === undefined) return error;
    return this.explain(withShortCall(error, call), {
      record,
      function: call.function,
      call: () => ({ type: 'call', arguments: call.arguments }),
      row: call.row,
      limits: statement.limits,
      settingsFolder: statement.folder,
    });
  }

  /** The module that was called: under its label, if that still has the same bytes. */
  #recordOf({ name, digest }: FailedCall, namespaces: readonly string[]): ModuleRecord | undefined {
    for (const namespace of namespaces) {
      const record = this.#registry.list(namespace).find(({ info }) => info.name === name);
      if (record?.info.digest === digest) return record;
    }
    return this.#registry.find({ module: digest });
  }
}

/** Errors of calls that could be made; who gave wrong arguments or lost patience has nothing to find out. */
const REPLAYED: ReadonlySet<ErrorKind> = new Set<ErrorKind>([
  'TRAP',
  'GUEST_ERROR',
  'RESULT_INVALID',
  'FUEL_EXHAUSTED',
  'DEADLINE_EXCEEDED',
  'MEMORY_LIMIT',
  'MEMORY_BOUNDS',
  'OUTPUT_LIMIT',
  'STATE_LIMIT',
  'CAPABILITY_DENIED',
]);

/** Arguments longer than this stay out of the answer, characters of JSON: a replay has them. */
const MAX_SENT_ARGUMENTS = 65_536;
const MAX_SHOWN = 200;

function replayOf(error: CoreError, call: ReplayCall, failed: FailedRun): Omit<Replay, 'id'> {
  const { record, row, limits, setting, settingsFolder } = failed;
  const { name, namespace, digest } = record.info;
  return {
    time: new Date().toISOString(),
    module: name,
    namespace,
    digest,
    function: failed.function,
    shown: shortened(
      call.type === 'call' ? JSON.stringify(call.arguments).slice(1, -1) : inputText(call.input),
    ),
    ...(row !== undefined && { row }),
    kind: error.kind,
    message: error.message,
    call,
    limits,
    ...(setting && { setting }),
    settingsFolder,
  };
}

function inputText(input: Extract<ReplayCall, { type: 'execute' }>['input']): string {
  return 'utf8' in input ? JSON.stringify(input.utf8) : `base64 ${input.base64}`;
}

function shortened(text: string): string {
  return text.length <= MAX_SHOWN ? text : `${text.slice(0, MAX_SHOWN - 1)}…`;
}

/** What the engine's worker noted of a call; undefined when it is not that. */
function failedCall(value: unknown): FailedCall | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const call = value as Partial<Record<keyof FailedCall, unknown>>;
  const isWhole =
    typeof call.function === 'string' &&
    typeof call.digest === 'string' &&
    typeof call.name === 'string' &&
    typeof call.row === 'number' &&
    Array.isArray(call.arguments);
  return isWhole ? (value as FailedCall) : undefined;
}

function withShortCall(error: CoreError, call: FailedCall): CoreError {
  if (JSON.stringify(call.arguments).length <= MAX_SENT_ARGUMENTS) return error;
  const { arguments: _, ...short } = call;
  return new CoreError(error.kind, error.message, { ...error.details, call: short });
}
