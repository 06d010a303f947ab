import { randomBytes } from 'node:crypto';
import { CoreError } from '../../protocol/errors.ts';
import {
  type HistoryEntry,
  type HistoryOutcome,
  type HistoryPlugin,
  isSecretParameter,
  type RecordedRun,
  SECRET_PARAMETERS,
} from '../../protocol/history.ts';
import type { WatchedRun } from '../../protocol/live-rows.ts';
import { statementNames } from '../../protocol/statement-words.ts';
import type { EngineRunOptions, EngineRunResult, InputFile, SessionPlugin } from '../../sql/engine.ts';
import type { Call } from '../context.ts';
import type { SessionEntry } from '../session-entry.ts';
import type { HistoryStore } from './history-store.ts';
import { InputDigests } from './input-digests.ts';

/** Longer texts, and longer values of parameters, are cut, UTF-16 code units. */
const MAX_SQL = 256 * 1024;
const MAX_VALUE = 8 * 1024;
const MAX_MESSAGE = 2000;
/** Of so many files the digest is made; the others are counted. */
const MAX_INPUTS = 100;

/** A run of statements in a session. */
export interface SessionRun {
  readonly session: SessionEntry;
  readonly run: Omit<EngineRunOptions, 'signal' | 'onProgress' | 'onRows' | 'onInputs'> & WatchedRun;
  readonly call: Call;
}

/** Runs statements and records what was run. */
export class RunHistory {
  readonly store: HistoryStore;
  readonly #warn: (message: string) => void;
  readonly #digests = new InputDigests();
  readonly #pending = new Set<Promise<void>>();
  #hasWarned = false;

  /** @param options.warn told when runs cannot be recorded, which is no reason for anything to fail */
  constructor(options: { readonly store: HistoryStore; readonly warn: (message: string) => void }) {
    this.store = options.store;
    this.#warn = options.warn;
  }

  /**
   * Runs statements. They are recorded when they have ended, and the answer does not wait for that.
   *
   * @returns with the id of the record
   * @throws CoreError as `SessionEntry.run`
   */
  async run(
    sessionRun: SessionRun,
    { record = true, secretParameters }: RecordedRun,
  ): Promise<EngineRunResult> {
    const { session, run, call } = sessionRun;
    if (!record) return session.run(run, call);
    const begun = {
      ...sessionRun,
      id: randomBytes(6).toString('hex'),
      time: new Date().toISOString(),
      started: performance.now(),
      secrets: secretParameters ?? SECRET_PARAMETERS,
    };
    let files: readonly InputFile[] = [];
    const onInputs = (opened: readonly InputFile[]): void => {
      files = opened;
    };
    try {
      const result = await session.run({ ...run, onInputs }, call);
      this.#record({ ...begun, files, result });
      return { ...result, history: begun.id };
    } catch (error) {
      this.#record({ ...begun, files, error });
      throw error;
    }
  }

  /** Resolves when every run that has ended is recorded. */
  async settled(): Promise<void> {
    await Promise.all(this.#pending);
  }

  /** Idempotent. */
  async dispose(): Promise<void> {
    await this.settled();
    await this.store.dispose();
  }

  #record(ended: EndedRun): void {
    const micros = Math.round((performance.now() - ended.started) * 1000);
    const recording = this.#append(ended, micros)
      .catch((error: unknown) => {
        // A disk that is full would say so with each run.
        if (!this.#hasWarned) this.#warn(`Runs cannot be recorded in the history: ${String(error)}`);
        this.#hasWarned = true;
      })
      .finally(() => this.#pending.delete(recording));
    this.#pending.add(recording);
  }

  async #append(ended: EndedRun, micros: number): Promise<void> {
    const { id, time, run, session, call, files, result } = ended;
    // The command line pads what it sends, so that positions are those of the file.
    const sql = run.sql.trim();
    const names = Object.keys(run.parameters ?? {});
    const withheld = names.filter((name) => isSecretParameter(name, ended.secrets));
    const inputs = await Promise.all(files.slice(0, MAX_INPUTS).map((file) => this.#digests.describe(file)));
    const entry: HistoryEntry = {
      id,
      time,
      client: call.client.name,
      folder: run.folder ?? session.folder,
      sql: sql.slice(0, MAX_SQL),
      ...(sql.length > MAX_SQL && { cut: true }),
      parameters: shownParameters(run.parameters ?? {}, withheld),
      ...(withheld.length > 0 && { withheld }),
      inputs,
      ...(files.length > MAX_INPUTS && { moreInputs: files.length - MAX_INPUTS }),
      plugins: pluginsOf(run.sql, await session.plugins(), result),
      micros,
      rowCount: result?.statements.reduce((sum, { rowCount }) => sum + rowCount, 0) ?? 0,
      outcome: outcomeOf(ended, withheld.length > 0),
    };
    await this.store.append(entry);
  }
}

interface EndedRun extends SessionRun {
  readonly id: string;
  readonly time: string;
  readonly started: number;
  readonly secrets: readonly string[];
  readonly files: readonly InputFile[];
  readonly result?: EngineRunResult;
  readonly error?: unknown;
}

function shownParameters(
  parameters: NonNullable<EngineRunOptions['parameters']>,
  withheld: readonly string[],
): HistoryEntry['parameters'] {
  const shown = Object.entries(parameters).filter(([name]) => !withheld.includes(name));
  return Object.fromEntries(
    shown.map(([name, value]) => [name, typeof value === 'string' ? value.slice(0, MAX_VALUE) : value]),
  );
}

function outcomeOf({ result, error }: EndedRun, hasSecrets: boolean): HistoryOutcome {
  if (result !== undefined) {
    const statements = result.statements.map(
      ({ kind, rowCount, truncated, columns, cost, kept, cached }) => ({
        kind,
        rowCount,
        truncated,
        ...(columns.length > 0 && { columnCount: columns.length }),
        micros: cost.micros,
        ...(kept !== undefined && { kept }),
        ...(cached && { cachedAt: cached.time }),
      }),
    );
    return { type: 'done', statements };
  }
  const kind = error instanceof CoreError ? error.kind : 'INTERNAL';
  if (kind === 'CANCELLED') return { type: 'cancelled' };
  const message = error instanceof Error ? error.message : String(error);
  // The engine's words may repeat a value.
  return { type: 'failed', kind, ...(!hasSecrets && { message: message.slice(0, MAX_MESSAGE) }) };
}

/** Plugins with a function that was called, or that the text names. */
function pluginsOf(
  sql: string,
  plugins: readonly SessionPlugin[],
  result: EngineRunResult | undefined,
): HistoryPlugin[] {
  const costs = result?.statements.flatMap(({ cost }) => cost.functions ?? []) ?? [];
  const used = new Set([...costs.map(({ name }) => name.toLowerCase()), ...statementNames(sql)]);
  return plugins.flatMap(({ compiled, functions, info }) => {
    const names = functions.map(({ name }) => name).filter((name) => used.has(name.toLowerCase()));
    const { digest } = compiled;
    return names.length === 0 ? [] : [{ name: info?.name ?? compiled.name, digest, functions: names }];
  });
}
