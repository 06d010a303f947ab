import type { ResultView, RunLabel } from '../../wasm-core/protocol/webview.ts';
import { type GoneRun, parseGoneRun } from './gone-run.ts';

/** What is known of what the page shows beside its rows, so that a later window can show it again. */
export type RunMemo = StatementsMemo | ComparisonMemo;

/** A comparison of two results or files. */
export interface ComparisonMemo {
  readonly comparison: {
    /** What it found. */
    readonly title: string;
    /** Of the document whose session compared. */
    readonly uri: string;
    /** The statement that it became; empty where that is very long. */
    readonly sql: string;
    /** Under which name its rows are kept. */
    readonly kept: string;
  };
  readonly gone?: never;
  readonly plans?: never;
}

/** A run of statements: how to run it once more, and where its rows may be kept. */
export interface StatementsMemo {
  readonly gone: GoneRun;
  /** Ids of its records in the host's history, in the order of its statements; empty where one is not recorded. */
  readonly history: readonly string[];
  /** What it gave, where that was plans: they are all that there is of them. */
  readonly plans?: readonly ResultView[];
  /** The rows of the statement that did not end well: the first that has no record. */
  readonly cut?: CutMemo;
}

/** Rows that were cut off. */
export interface CutMemo {
  /** Under which name they are kept. */
  readonly kept: string;
  readonly why: 'cancelled' | 'failed';
  /** The error beside them. */
  readonly failure?: { readonly title: string; readonly message: string };
}

/** A run of the page, as it outlives the window. */
export interface KeptRun extends Pick<RunLabel, 'id' | 'title' | 'detail' | 'isPinned'> {
  readonly memo: RunMemo;
}

/** The runs of the page, the newest first, and which of them is looked at. */
export interface KeptRuns {
  readonly runs: readonly KeptRun[];
  readonly chosen?: string;
}

/** More runs are not read. */
const MOST_RUNS = 200;
/** Longer texts are none of ours, UTF-16 code units. */
const LONGEST = 10_000;

/** Longer statements of comparisons are not kept, UTF-16 code units. */
const LONGEST_SQL = 100_000;

/** Longer plans are not kept, UTF-16 code units of their JSON. */
const LONGEST_PLANS = 200_000;

/**
 * Plans as they outlive the window, of which the page needs no rows.
 *
 * @param time when they were made
 * @returns undefined where one is a text alone, and where they are too long
 */
export function plansOf(views: readonly ResultView[], time: Date): readonly ResultView[] | undefined {
  if (views.length === 0 || views.some(({ plan }) => plan === undefined)) return undefined;
  const plans = views.map((view) => ({
    ...view,
    columns: [],
    pages: [],
    cached: { time: time.toISOString(), micros: view.cost.micros },
  }));
  return JSON.stringify(plans).length > LONGEST_PLANS ? undefined : plans;
}

/** Reads what a window kept; what is none of it is left out. */
export function parseKeptRuns(value: unknown): KeptRuns {
  if (!isFields(value) || !Array.isArray(value.runs)) return { runs: [] };
  const runs = value.runs.slice(0, MOST_RUNS).flatMap((run: unknown) => parseRun(run) ?? []);
  const isTwice = (run: KeptRun, index: number) => runs.findIndex(({ id }) => id === run.id) < index;
  return {
    runs: runs.filter((run, index) => !isTwice(run, index)),
    ...(isText(value.chosen) && { chosen: value.chosen }),
  };
}

function parseRun(value: unknown): KeptRun | undefined {
  if (!isFields(value)) return undefined;
  const { id, title, detail, isPinned } = value;
  const memo = parseMemo(value.memo);
  if (!isText(id) || id === '' || !isText(title) || !isText(detail) || memo === undefined) return undefined;
  return { id, title, detail, isPinned: isPinned === true, memo };
}

/** Reads a memo that was kept, or made, without values of parameters. @returns undefined for what is none, or is too long */
export function parseMemo(value: unknown): RunMemo | undefined {
  if (!isFields(value)) return undefined;
  return 'comparison' in value ? parseComparison(value.comparison) : parseStatements(value);
}

function parseComparison(value: unknown): ComparisonMemo | undefined {
  if (!isFields(value)) return undefined;
  const { title, uri, sql, kept } = value;
  const hasSql = typeof sql === 'string' && sql.length <= LONGEST_SQL;
  const isWhole = isText(title) && isText(uri) && uri !== '' && hasSql && isText(kept);
  return isWhole ? { comparison: { title, uri, sql, kept } } : undefined;
}

function parseStatements(value: Readonly<Record<string, unknown>>): StatementsMemo | undefined {
  const { history } = value;
  const gone = parseGoneRun(value.gone);
  if (gone === undefined) return undefined;
  if (!Array.isArray(history) || history.length > LONGEST || !history.every(isText)) return undefined;
  const plans = parsePlans(value.plans);
  // Of a plan that cannot be read nothing could be shown, and it is no rows that are gone.
  if (gone.mode !== undefined && plans === undefined) return undefined;
  const cut = parseCut(value.cut);
  return { gone, history, ...(plans && { plans }), ...(cut && { cut }) };
}

function parseCut(value: unknown): CutMemo | undefined {
  if (!isFields(value) || !isText(value.kept)) return undefined;
  const { kept, why, failure } = value;
  if (why !== 'cancelled' && why !== 'failed') return undefined;
  const { title, message } = isFields(failure) ? failure : {};
  return { kept, why, ...(isText(title) && isText(message) && { failure: { title, message } }) };
}

/** What is remembered of a comparison; undefined where its rows are not kept. */
export function comparisonMemo(comparison: {
  readonly title: string;
  readonly uri: string;
  readonly sql: string;
  readonly kept: string | undefined;
}): ComparisonMemo | undefined {
  const { sql } = comparison;
  return parseComparison({ ...comparison, sql: sql.length > LONGEST_SQL ? '' : sql });
}

/** Reads plans as far as the page does not do it, which checks each part of them. */
function parsePlans(value: unknown): readonly ResultView[] | undefined {
  if (!Array.isArray(value) || value.length === 0 || value.length > LONGEST) return undefined;
  const isPlan = (view: unknown): view is ResultView =>
    isFields(view) && isText(view.id) && isText(view.title) && isFields(view.plan) && isFields(view.cost);
  return value.every(isPlan) ? value : undefined;
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= LONGEST;
}
