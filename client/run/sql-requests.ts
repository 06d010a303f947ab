import type * as vscode from 'vscode';
import { CoreError } from '../../wasm-core/protocol/errors.ts';
import type { RecordedRun } from '../../wasm-core/protocol/history.ts';
import type { CachedRun } from '../../wasm-core/protocol/kept-results.ts';
import type { LiveRows } from '../../wasm-core/protocol/live-rows.ts';
import type { RunParams, RunResult } from '../../wasm-core/protocol/methods.ts';
import type { ParameterValue } from '../../wasm-core/protocol/parameters.ts';
import type { ProfileResult } from '../../wasm-core/protocol/profile.ts';
import type { HostLink } from '../host/host-link.ts';
import type { Sessions } from '../host/sessions.ts';
import { readSettings } from '../settings.ts';
import type { Piece } from './pieces.ts';
import { wayMicros, withPhase } from './run-timeline.ts';

/** A statement on its way to the host. */
export interface Sending {
  readonly document: vscode.TextDocument;
  /** The document's text when the run began. */
  readonly text: string;
  readonly piece: Piece;
  readonly mode: 'run' | 'explain' | 'analyze' | 'profile';
  readonly parameters: Readonly<Record<string, ParameterValue>>;
  /** Whether rows of before will not do. */
  readonly isFresh?: boolean;
  /** What statements before it took of the run's time. */
  readonly spentMs: number;
  readonly signal: AbortSignal;
  readonly onProgress: (percent: number, message?: string) => void;
  /** Told of rows while a statement runs. */
  readonly onRows: (rows: LiveRows) => void;
}

/** What is recorded of a run, and what is done with kept rows. */
function keptParams({ isFresh, mode }: Sending): RecordedRun & CachedRun {
  const { history, secretParameters, cache } = readSettings();
  const use = mode === 'run' && isFresh ? 'refresh' : 'use';
  return {
    ...(!history && { record: false }),
    ...(secretParameters && { secretParameters }),
    cache: cache ? use : 'off',
  };
}

/** Sends statements to the host, each with the comments above it; places in what comes back are the document's. */
export class SqlRequests {
  readonly #link: HostLink;
  readonly #sessions: Sessions;

  constructor(link: HostLink, sessions: Sessions) {
    this.#link = link;
    this.#sessions = sessions;
  }

  /**
   * Runs a statement, or explains it.
   *
   * @returns the timeline has the way to the host and back
   * @throws CoreError as `sql/run` and `sql/explain`; `place` gives the place of what its positions mean
   */
  async run(sending: Sending): Promise<RunResult> {
    const { signal, onProgress, onRows } = sending;
    const started = performance.now();
    const result = await this.#again(async () => {
      const params = await this.#params(sending);
      const watch = { signal, onProgress };
      if (sending.mode === 'run')
        return await this.#link.request(
          'sql/run',
          { ...params, ...keptParams(sending), live: true },
          { ...watch, onRows },
        );
      const { maxRows: _, ...text } = params;
      const analyze = sending.mode === 'analyze';
      return await this.#link.request('sql/explain', { ...text, analyze }, watch);
    });
    const micros = Math.round((performance.now() - started) * 1000);
    const { statements: timed } = withPhase(result, 'connection', wayMicros(result, micros));
    const statements = timed.map((statement) => ({
      ...statement,
      start: this.place(sending, statement.start),
      end: this.place(sending, statement.end),
    }));
    return { ...result, statements };
  }

  /** @throws CoreError as `sql/profile` */
  async profile(sending: Sending): Promise<ProfileResult> {
    const { signal, onProgress } = sending;
    return await this.#again(async () =>
      this.#link.request('sql/profile', await this.#params(sending), { signal, onProgress }),
    );
  }

  /** Where a position in the text that was sent is in the document. */
  place({ piece }: Pick<Sending, 'piece'>, offset: number): number {
    return piece.from + offset;
  }

  async #again<T>(request: () => Promise<T>): Promise<T> {
    try {
      return await request();
    } catch (error) {
      // The host ended a session that lay idle: this is the one fault that asking again mends.
      if (!(error instanceof CoreError && error.kind === 'SESSION_UNKNOWN')) throw error;
      this.#sessions.reset();
      return await request();
    }
  }

  async #params({ document, text, piece, parameters, spentMs }: Sending): Promise<RunParams> {
    const { maxRows, limits: given } = readSettings();
    // A statement's output is limited by its rows.
    const { maxOutputBytes: _, timeoutMs, ...others } = given;
    const limits = {
      ...others,
      ...(timeoutMs !== undefined && { timeoutMs: Math.max(1, timeoutMs - spentMs) }),
    };
    const { session, folder } = await this.#sessions.open(document);
    return { session, sql: text.slice(piece.from, piece.end), folder, maxRows, limits, parameters };
  }
}
