import type { StatementResult } from '../../wasm-core/protocol/methods.ts';
import type { FailureView, ResultView, ToResultsPage } from '../../wasm-core/protocol/webview.ts';
import type { ExportedRun } from '../export/export-source.ts';
import type { RunResults } from '../run/run-outcome.ts';
import type { RunRequest } from '../run/runner.ts';
import { openResults, type ShownResults } from './result-views.ts';
import type { RunMemo } from './run-memo.ts';
import type { NamedCharts } from './workspace-charts.ts';

/** Rows that a statement gave, and the result that shows them. */
export type GivenRows = ExportedRun & {
  readonly id: string;
  /** Whether the statement did not end well: they can be asked, but are no result of it. */
  readonly isCut?: boolean;
  /** Whether they tell what differs, and are no result of a statement of the user's. */
  readonly isComparison?: boolean;
  /** Whether it ran before this window, or the history gave it. */
  readonly isOfBefore?: boolean;
};

/** What a run of the page holds. */
export interface RunContent {
  /** What shows it. */
  readonly state: ToResultsPage;
  /** Its rows and their open files. */
  readonly shown?: ShownResults;
  /** What ran in this window; absent for rows that no run of it gave. */
  readonly run?: RanRequest;
  /** What outlives the window; absent for what does not. */
  readonly memo?: RunMemo;
  /** Where its failure is. */
  readonly failure?: { readonly start: number; readonly end: number };
  /** What the host can be asked about; the last result first. */
  readonly given: readonly GivenRows[];
}

/** What ran, as its document was then. */
export interface RanRequest {
  readonly request: RunRequest;
  readonly text: string;
  readonly version: number;
}

/** What gave rows, as far as it is asked for. */
interface GivingRun {
  readonly request: Pick<RunRequest, 'pieces' | 'parameters'> & Pick<ExportedRun, 'document'>;
}

/** How results are shown. */
export interface ResultsLook {
  /** Different for each run of the window. */
  readonly runId: number;
  readonly look?: ResultView['look'];
  readonly failure?: FailureView;
  /** Of the workspace file; absent: none. */
  readonly charts?: NamedCharts;
}

/**
 * Opens what a run gave.
 *
 * @throws Error of the file system when the host has deleted a file already
 */
export async function contentOf(
  { result, sql }: RunResults,
  { runId, look = 'rows', failure, charts }: ResultsLook,
  run: RanRequest,
): Promise<RunContent> {
  const shown = await openResults(result, sql, { runId, look, charts });
  const { micros, statements } = result;
  const given = look !== 'rows' ? [] : givenRows(run, { statements, text: sql }, shown);
  return { ...shownContent(shown, { micros, ...(failure && { failure }) }), given, run };
}

/** A comparison that was made. */
export interface ComparedRows {
  readonly statement: StatementResult;
  /** The statement that it became; empty where nobody knows it any longer. */
  readonly sql: string;
  /** What it found. */
  readonly title: string;
  /** Whose session compared. */
  readonly document: ExportedRun['document'];
}

/**
 * Opens the rows of a comparison.
 *
 * @param runId different for each run of the window
 * @throws Error of the file system when the host has deleted a file already
 */
export async function comparisonContent(
  { statement, sql, title, document }: ComparedRows,
  runId: number | string,
): Promise<RunContent> {
  const { micros } = statement.cost;
  // When it was made stands beside it; `cached` would offer to run a statement again.
  const { cached: _, ...made } = statement;
  const shown = await openResults({ statements: [made], micros }, sql, { runId, look: 'diff', title });
  const piece = { from: 0, start: 0, end: sql.length };
  const run = { request: { document, pieces: [piece], parameters: {} } };
  const given = givenRows(run, { statements: [statement], text: sql }, shown);
  return {
    ...shownContent(shown, { micros }),
    given: given.map((rows) => ({ ...rows, isComparison: true })),
  };
}

/** Shows results that are open, such as the rows so far of a run that was cut off. */
export function shownContent(
  shown: ShownResults,
  { micros, failure }: { readonly micros: number; readonly failure?: FailureView },
): RunContent {
  const { views: results, schemas } = shown;
  const state = { type: 'results', results, schemas, micros, ...(failure && { failure }) } as const;
  return { state, shown, given: [] };
}

/** Says that there is nothing to show. */
export function failedContent(error: unknown): RunContent {
  const message = error instanceof Error ? error.message : String(error);
  return { state: { type: 'failed', message, details: {} }, given: [] };
}

/**
 * The statements that gave rows, the last one first, each with its place in the text that ran.
 *
 * @param run.request whose pieces have the indexes of the statements
 */
export function givenRows(
  { request: { document, pieces, parameters } }: GivingRun,
  { statements, text }: { readonly statements: readonly StatementResult[]; readonly text: string },
  { views }: ShownResults,
): GivenRows[] {
  return statements
    .flatMap((statement, index) => {
      const [piece, view] = [pieces[index], views[index]];
      if (statement.file === undefined || piece === undefined || view === undefined) return [];
      const { id, title, cut } = view;
      return [{ id, document, text, piece, title, parameters, statement, ...(cut && { isCut: true }) }];
    })
    .reverse();
}
