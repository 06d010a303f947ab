import type * as vscode from 'vscode';
import type { ResultView } from '../../wasm-core/protocol/webview.ts';
import { readSettings } from '../settings.ts';
import { parseGoneRun } from './gone-run.ts';
import type { RanRequest, RunContent } from './run-content.ts';
import {
  type CutMemo,
  type KeptRuns,
  parseKeptRuns,
  parseMemo,
  plansOf,
  type StatementsMemo,
} from './run-memo.ts';
import type { RunShelf } from './run-shelf.ts';

/** Under which the workspace remembers the runs of the page. */
const RUNS = 'quern.results.runs';

/** Has the workspace remember which runs the page has, so that they are there after a reload of the window. */
export class RunMemory {
  readonly #memory: vscode.Memento;
  /** Runs that are to leave no trace. */
  readonly #forgotten = new Set<string>();

  /** @param memory outlives the window */
  constructor(memory: vscode.Memento) {
    this.#memory = memory;
  }

  /** The runs of the window before. */
  read(): KeptRuns {
    return mayRemember() ? parseKeptRuns(this.#memory.get(RUNS)) : { runs: [] };
  }

  /** Keeps the runs that there are and have a memo. */
  async write({ runs, chosen }: Pick<RunShelf<RunContent>, 'runs' | 'chosen'>): Promise<void> {
    const kept = runs.flatMap(({ id, title, detail, isPinned, content: { memo } }) => {
      const kept = parseMemo(memo);
      return kept === undefined || this.#forgotten.has(id)
        ? []
        : [{ id, title, detail, isPinned, memo: kept }];
    });
    const value: KeptRuns = { runs: kept, ...(chosen && { chosen: chosen.id }) };
    await this.#memory.update(RUNS, mayRemember() && kept.length > 0 ? value : undefined);
  }

  /** Forgets the runs that there are, now and for good. */
  async forget({ runs }: Pick<RunShelf<RunContent>, 'runs'>): Promise<void> {
    for (const { id } of runs) this.#forgotten.add(id);
    await this.#memory.update(RUNS, undefined);
  }
}

/**
 * What is remembered of a run; undefined where it would be too long, or nothing of it could be shown.
 *
 * @param ran.history the ids of its records, by its statements
 * @param ran.views what it gave
 * @param ran.cut the rows of the statement that did not end well, where they are kept
 */
export function memoOf(
  { request, text }: RanRequest,
  {
    history = [],
    views,
    cut,
  }: {
    readonly history?: readonly (string | undefined)[];
    readonly views: readonly ResultView[];
    readonly cut?: CutMemo | undefined;
  },
): StatementsMemo | undefined {
  const { document, pieces, title, mode } = request;
  if (mode === 'profile') return undefined;
  const plans = mode === 'run' ? undefined : plansOf(views, new Date());
  if (mode !== 'run' && plans === undefined) return undefined;
  const statements = pieces.map(({ start, end }) => text.slice(start, end));
  const gone = parseGoneRun({ title, uri: document.uri.toString(), statements, mode });
  const ids = pieces.map((_, index) => history[index] ?? '');
  return gone && { gone, history: ids, ...(plans && { plans }), ...(cut && { cut }) };
}

/** Whether rows that no record of the history has are to be kept for a later window. */
export function mayKeepRows(): boolean {
  return mayRemember() && readSettings().cache;
}

/** Statements may be remembered in clear text only where the history may hold them so. */
function mayRemember(): boolean {
  const { history, encryptAtRest } = readSettings();
  return history && !encryptAtRest;
}
