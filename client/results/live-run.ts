import type { LiveRows } from '../../wasm-core/protocol/live-rows.ts';
import type { ResultPage, RunResult, StatementResult } from '../../wasm-core/protocol/methods.ts';
import type { ResultView, ToResultsPage } from '../../wasm-core/protocol/webview.ts';
import { openResults, type ShownResults } from './result-views.ts';
import type { NamedCharts } from './workspace-charts.ts';

/** Rows of a run under way, as the host tells of them. */
export interface RowsSoFar {
  /** What the statements before gave. */
  readonly before: RunResult;
  /** Position of the statement under way in `sql`, UTF-16 code units. */
  readonly start: number;
  readonly end: number;
  /** The text that the positions refer to. */
  readonly sql: string;
  readonly rows: LiveRows;
}

/** A statement whose rows come. */
interface Growing {
  /** How many statements are before it. */
  readonly index: number;
  /** With the rows so far. */
  readonly shown: ShownResults;
  readonly view: ResultView;
  /** Itself, and those before it. */
  readonly statements: readonly StatementResult[];
}

/** What has come of a run that was cut off. Whoever got it closes the files of `shown`. */
export interface CutRun {
  readonly shown: ShownResults;
  /** By the indexes of the views: the rows so far as if they were all. */
  readonly statements: readonly StatementResult[];
}

/** Shows the rows of one run while they come. Its files are opened at once, so that the rows stay whatever becomes of them. */
export class LiveRun {
  readonly #runId: number;
  readonly #post: (message: ToResultsPage) => void;
  readonly #charts: Promise<NamedCharts>;
  #growing: Growing | undefined;
  /** The end of what was told last: a file is opened before its pages are told of. */
  #turn: Promise<void> = Promise.resolve();

  /**
   * @param runId as `openResults` gets it when the run has ended
   * @param parts.post sends a message to the page
   * @param parts.charts those of the workspace file; absent: none
   */
  constructor(
    runId: number,
    parts: { readonly post: (message: ToResultsPage) => void; readonly charts?: Promise<NamedCharts> },
  ) {
    this.#runId = runId;
    this.#post = parts.post;
    this.#charts = parts.charts ?? Promise.resolve(new Map());
  }

  /** What is shown of the run; undefined while it has no rows. */
  get shown(): ShownResults | undefined {
    return this.#growing?.shown;
  }

  /** The state of a page that is loaded now; undefined while there are no rows. */
  get state(): ToResultsPage | undefined {
    return this.#growing === undefined ? undefined : stateOf(this.#growing);
  }

  /** Takes what the host told. @returns when the page was told */
  take(told: RowsSoFar): Promise<void> {
    const taken = this.#turn.then(() => this.#take(told));
    // Rows that cannot be opened now come with the result.
    this.#turn = taken.catch(() => {});
    return this.#turn;
  }

  /**
   * Ends it, where the statement under way did not end well.
   *
   * @param doneCount how many statements ended well
   * @returns its rows so far with those before; undefined where it has none
   */
  async cut(doneCount: number, why: 'cancelled' | 'failed'): Promise<CutRun | undefined> {
    await this.#turn;
    const growing = this.#growing;
    if (growing === undefined || growing.index !== doneCount) return undefined;
    this.#growing = undefined;
    const { isGrowing: _, ...view } = growing.view;
    const [last] = growing.statements.slice(-1);
    const { rowCount, cost } = view;
    return {
      shown: withLast(growing.shown, { ...view, cut: why }),
      statements: [...growing.statements.slice(0, -1), ...(last ? [{ ...last, rowCount, cost }] : [])],
    };
  }

  /** Closes its files. Idempotent. */
  async close(): Promise<void> {
    await this.#turn;
    const { shown } = this.#growing ?? {};
    this.#growing = undefined;
    await shown?.files.close();
  }

  async #take(told: RowsSoFar): Promise<void> {
    const { rows } = told;
    if (rows.isGivenUp) return await this.#giveUp();
    const index = told.before.statements.length;
    if (rows.file !== undefined) return await this.#begin(told, index);
    const growing = this.#growing;
    if (growing === undefined || growing.index !== index) return;
    this.#grow(growing, rows);
  }

  async #begin(told: RowsSoFar, index: number): Promise<void> {
    const before = this.#growing;
    const statements = [...told.before.statements, statementSoFar(told)];
    const result = { statements, micros: told.before.micros };
    const shown = await openResults(result, told.sql, { runId: this.#runId, charts: await this.#charts });
    const last = shown.views.at(-1);
    if (last === undefined) return;
    const view = { ...last, isGrowing: true };
    this.#growing = { index, shown: withLast(shown, view), view, statements };
    this.#post(stateOf(this.#growing));
    await before?.shown.files.close();
  }

  #grow({ shown, view, ...rest }: Growing, { pages, rowCount, micros }: LiveRows): void {
    const cost = { ...view.cost, micros };
    const grown = { ...view, pages: [...view.pages, ...pages], rowCount, cost };
    this.#growing = { ...rest, shown: withLast(shown, grown), view: grown };
    this.#post({ type: 'grown', id: view.id, pages, rowCount });
  }

  async #giveUp(): Promise<void> {
    const { shown, view } = this.#growing ?? {};
    this.#growing = undefined;
    if (view !== undefined) this.#post({ type: 'running', title: view.title });
    await shown?.files.close();
  }
}

function withLast(shown: ShownResults, view: ResultView): ShownResults {
  return { ...shown, views: [...shown.views.slice(0, -1), view] };
}

function stateOf({ shown, view }: Growing): ToResultsPage {
  const { schemas, views: results } = shown;
  const micros = results.reduce((sum, { cost }) => sum + cost.micros, 0);
  return { type: 'results', results, schemas, micros, running: { micros: view.cost.micros } };
}

/** A statement under way as if it had ended with the rows so far. */
function statementSoFar({ start, end, rows }: RowsSoFar): StatementResult {
  const { file, pages, rowCount, micros } = rows;
  const { columns = [], path = '', schemaByteLength = 0 } = file ?? {};
  return {
    start,
    end,
    kind: 'SELECT',
    columns,
    rowCount,
    truncated: false,
    file: { path, schemaByteLength, byteLength: endOf(pages), pages },
    cost: { micros, functionMicros: 0, transferMicros: 0, functionRows: 0, functionFuel: 0 },
  };
}

function endOf(pages: readonly ResultPage[]): number {
  const last = pages.at(-1);
  return last === undefined ? 0 : last.offset + last.byteLength;
}
