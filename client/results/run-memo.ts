import type { RunLabel } from '../../wasm-core/protocol/webview.ts';
import { type GoneRun, parseGoneRun } from './gone-run.ts';

/** What is known of a run beside its rows: how to run it once more, and where its rows may be kept. */
export interface RunMemo {
  readonly gone: GoneRun;
  /** Ids of its records in the host's history, in the order of its statements; empty where one is not recorded. */
  readonly history: readonly string[];
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
  return { id, title, detail, isPinned: isPinned === true, memo: { gone, history } };
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= LONGEST;
}
