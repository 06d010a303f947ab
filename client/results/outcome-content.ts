import * as vscode from 'vscode';
import { assertNever } from '../../wasm-core/protocol/assert-never.ts';
import { counted } from '../../wasm-core/protocol/figures.ts';
import type { RunOutcome, RunResults } from '../run/run-outcome.ts';
import { titleOf } from '../run/statement-title.ts';
import type { HostParts } from './ask-host.ts';
import { keepCut } from './keep-cut.ts';
import type { CutRun, LiveRun } from './live-run.ts';
import { contentOf, givenRows, type RanRequest, type RunContent, shownContent } from './run-content.ts';
import { memoOf } from './run-memory.ts';
import type { NamedCharts } from './workspace-charts.ts';

/** A run that has ended, and the rows that came while it ran. */
export interface EndedRun extends RanRequest {
  readonly runId: number;
  readonly live: LiveRun;
  /** Those of the workspace file. */
  readonly charts: Promise<NamedCharts>;
}

/**
 * What came of a run, as it is shown. The caller closes `live` afterwards.
 *
 * @param host keeps rows that were cut off for a later window
 * @throws Error of the file system when the host has deleted a file already
 */
export async function outcomeContent(
  host: HostParts,
  ended: EndedRun,
  outcome: Exclude<RunOutcome, { readonly type: 'profile' }>,
): Promise<RunContent> {
  const content = await contentOfOutcome(ended, outcome);
  // Nothing of a run without rows would be shown again.
  if (content.shown === undefined) return content;
  const { views } = content.shown;
  const isLost = outcome.type === 'failed' && outcome.kind === 'HOST_LOST';
  const cut = isLost ? undefined : await keepCut(host, content);
  const memo = memoOf(ended, { history: historyOf(outcome), views, cut });
  return { ...content, ...(memo && { memo }) };
}

/** What came of a run, in a few words. */
export function outcomeText({ shown }: RunContent, { type }: RunOutcome): string {
  if (type === 'failed') return vscode.l10n.t('failed');
  if (type === 'cancelled') return vscode.l10n.t('cancelled');
  const rowCount = shown?.views.reduce((sum, view) => sum + view.rowCount, 0) ?? 0;
  return counted(rowCount, vscode.l10n.t('{0} row'), vscode.l10n.t('{0} rows'));
}

/** The ids of the statements that ended well. */
function historyOf(outcome: RunOutcome): RunResults['history'] {
  if (outcome.type === 'results') return outcome.history;
  return outcome.type === 'failed' ? outcome.before.history : undefined;
}

async function contentOfOutcome(
  ended: EndedRun,
  outcome: Exclude<RunOutcome, { readonly type: 'profile' }>,
): Promise<RunContent> {
  const { runId, live, request, text, version } = ended;
  const run = { request, text, version };
  switch (outcome.type) {
    case 'results':
      return await contentOf(outcome, { runId, look: outcome.look, charts: await ended.charts }, run);
    case 'failed':
      return { ...(await failureContent(ended, outcome)), run };
    case 'cancelled': {
      const done = live.shown === undefined ? 0 : live.shown.views.length - 1;
      const cut = await live.cut(done, 'cancelled');
      return cut === undefined ? { state: { type: 'cancelled' }, given: [], run } : cutContent(cut, run);
    }
    default:
      return assertNever(outcome);
  }
}

/** The rows of the statements before, the rows so far, and the error in a tab of its own; or the error alone. */
async function failureContent(
  { runId, live, charts, request, text, version }: EndedRun,
  { message, details, before }: RunOutcome & { type: 'failed' },
): Promise<RunContent> {
  const done = before.result.statements.length;
  const piece = request.pieces[done];
  const { start = piece?.start ?? 0, end = start } = details;
  const title = piece === undefined ? request.title : titleOf(before.sql, piece);
  const [view, place] = [
    { title, message, details },
    { start, end },
  ];
  const run = { request, text, version };
  const cut = await live.cut(done, 'failed');
  if (cut !== undefined) return { ...cutContent(cut, run, view), failure: place };
  if (done === 0) return { state: { type: 'failed', message, details }, failure: place, given: [] };
  return {
    ...(await contentOf(before, { runId, failure: view, charts: await charts }, run)),
    failure: place,
  };
}

/** Rows that were cut off can be asked, since their file is whole as far as it goes. */
function cutContent(
  { shown, statements }: CutRun,
  run: RanRequest,
  failure?: Parameters<typeof shownContent>[1]['failure'],
): RunContent {
  const micros = statements.reduce((sum, { cost }) => sum + cost.micros, 0);
  const given = givenRows(run, { statements, text: run.text }, shown);
  return { ...shownContent(shown, { micros, ...(failure && { failure }) }), given, run };
}
