import type { ResultView, RunLabel } from '../../wasm-core/protocol/webview.ts';
import { type GoneRun, parseGoneRun } from './gone-run.ts';

/** What is known of a run beside its rows: how to run it once more, and where its rows may be kept. */
export interface RunMemo {
  readonly gone: GoneRun;
  /** Ids of its records in the host's history, in the order of its statements; empty where one is not recorded. */
  readonly history: readonly string[];
  /** What it gave, where that was plans: they are all that there is of them. */
  readonly plans?: readonly ResultView[];
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
  if (!isFields(value) || !isFields(value.memo)) return undefined;
  const { id, title, detail, isPinned } = value;
  const { history } = value.memo;
  const gone = parseGoneRun(value.memo.gone);
  if (!isText(id) || id === '' || !isText(title) || !isText(detail) || gone === undefined) return undefined;
  if (!Array.isArray(history) || history.length > LONGEST || !history.every(isText)) return undefined;
  const plans = parsePlans(value.memo.plans);
  // Of a plan that cannot be read nothing could be shown, and it is no rows that are gone.
  if (gone.mode !== undefined && plans === undefined) return undefined;
  return { id, title, detail, isPinned: isPinned === true, memo: { gone, history, ...(plans && { plans }) } };
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
