import * as vscode from 'vscode';
import { CoreError } from '../../wasm-core/protocol/errors.ts';
import type { HistoryOutcome, HistoryResultResult } from '../../wasm-core/protocol/history.ts';
import type { StatementResult } from '../../wasm-core/protocol/methods.ts';
import type { ResultView, ToResultsPage } from '../../wasm-core/protocol/webview.ts';
import type { HostParts } from './ask-host.ts';
import { type KeptStatements, keptStatements } from './kept-statements.ts';
import { openResults } from './result-views.ts';
import { comparisonContent, givenRows, type RunContent, shownContent } from './run-content.ts';
import type { ComparisonMemo, RunMemo, StatementsMemo } from './run-memo.ts';

/** A run whose rows nobody has looked for yet; plans are there at once. */
export function unopenedContent(memo: RunMemo): RunContent {
  if ('comparison' in memo)
    return { state: { type: 'opening', title: memo.comparison.title }, given: [], memo };
  if (memo.plans !== undefined) return plansContent(memo.plans, memo);
  return { state: { type: 'opening', title: memo.gone.title }, given: [], memo };
}

/**
 * Opens the rows of a run of before, where the host keeps them, without running anything.
 *
 * @param runId the page remembers by it how the run was looked at
 * @returns `gone` where none of its rows are kept; `failed` where the host cannot be asked
 */
export async function keptContent(host: HostParts, memo: RunMemo, runId: string): Promise<RunContent> {
  try {
    if ('comparison' in memo) return await openComparison(host, memo, runId);
    return (await openKept(host, memo, runId)) ?? goneContent(memo);
  } catch (error) {
    const title = vscode.l10n.t('The rows of this run cannot be opened');
    const message = error instanceof Error ? error.message : String(error);
    return { state: { type: 'failed', title, message, details: {} }, given: [], memo };
  }
}

/**
 * Opens the rows of one result of a run again, after the session that had them.
 *
 * @param id of the result
 * @returns undefined where they are not kept
 * @throws CoreError when the host cannot be asked
 */
export async function reopenRows(
  host: HostParts,
  { memo, shown }: Pick<RunContent, 'memo' | 'shown'>,
  id: string,
): Promise<StatementResult | undefined> {
  if (memo === undefined || shown === undefined) return undefined;
  if ('comparison' in memo) return (await askComparison(host, memo)) ?? undefined;
  const index = shown.views.findIndex((view) => view.id === id);
  const { statements } = await askAll(host, memo);
  const statement = statements[index];
  return statement?.file === undefined ? undefined : statement;
}

function plansContent(plans: readonly ResultView[], memo: StatementsMemo): RunContent {
  const micros = plans.reduce((sum, { cost }) => sum + cost.micros, 0);
  const schemas = plans.map(() => new ArrayBuffer(0));
  return { state: { type: 'results', results: plans, schemas, micros }, given: [], memo };
}

function goneContent(memo: StatementsMemo): RunContent {
  return { state: { type: 'gone', title: memo.gone.title, isRestricted: false }, given: [], memo };
}

/** @returns undefined where none of the rows are kept */
async function openKept(
  host: HostParts,
  memo: StatementsMemo,
  runId: string,
): Promise<RunContent | undefined> {
  const { statements, text, pieces, parameters, areGone, outcome, cutAt } = await askAll(host, memo);
  const state = outcome && endedBadly(outcome);
  if (state !== undefined) return { state, given: [], memo };
  if (areGone.every((isGone) => isGone)) return undefined;
  const micros = statements.reduce((sum, { cost }) => sum + cost.micros, 0);
  const opened = await openResults({ statements, micros }, text, { runId });
  const views = opened.views.map((view, index) => ({
    ...view,
    ...(areGone[index] && { isGone: true }),
    ...(index === cutAt && memo.cut && { cut: memo.cut.why }),
  }));
  const shown = { ...opened, views };
  const document = { uri: vscode.Uri.parse(memo.gone.uri) };
  const given = givenRows({ request: { document, pieces, parameters } }, { statements, text }, shown);
  const ofBefore = given.map((rows) => ({ ...rows, isOfBefore: true }));
  // Its place is that of another text, perhaps.
  const failure = memo.cut?.failure && { ...memo.cut.failure, details: {} };
  return { ...shownContent(shown, { micros, ...(failure && { failure }) }), given: ofBefore, memo };
}

async function openComparison(host: HostParts, memo: ComparisonMemo, runId: string): Promise<RunContent> {
  const { title, uri, sql } = memo.comparison;
  const statement = await askComparison(host, memo);
  if (statement === undefined) {
    const heading = vscode.l10n.t('The rows of this comparison are gone');
    const message = vscode.l10n.t(
      'What was kept is deleted by and by. Compare the two once more to see what differs now.',
    );
    return { state: { type: 'failed', title: heading, message, details: {} }, given: [], memo };
  }
  const document = { uri: vscode.Uri.parse(uri) };
  const content = await comparisonContent({ statement, sql, title, document }, runId);
  return { ...content, given: content.given.map((rows) => ({ ...rows, isOfBefore: true })), memo };
}

/** @returns undefined where its rows are kept no longer */
async function askComparison(
  host: HostParts,
  { comparison: { uri, kept, sql } }: ComparisonMemo,
): Promise<StatementResult | undefined> {
  return await askRows(host, { uri, kept, start: 0, end: sql.length });
}

/**
 * Rows that no record of the history has.
 *
 * @param rows.uri of the document in whose session they are opened
 * @param rows.start where their statement begins in its text, and `end` where it ends
 * @returns undefined where they are kept no longer
 */
async function askRows(
  { link, sessions }: HostParts,
  {
    uri,
    kept,
    start,
    end,
  }: { readonly uri: string; readonly kept: string; readonly start: number; readonly end: number },
): Promise<StatementResult | undefined> {
  const { statement } = await sessions.using({ uri: vscode.Uri.parse(uri) }, ({ session }) =>
    link.request('result/kept', { session, kept }),
  );
  return statement === null ? undefined : { ...statement, start, end };
}

/** What is shown of a run that gave no rows. @returns undefined for one that ended well */
function endedBadly(outcome: HistoryOutcome): ToResultsPage | undefined {
  if (outcome.type === 'done') return undefined;
  if (outcome.type === 'cancelled') return { type: 'cancelled' };
  return { type: 'failed', message: outcome.message ?? outcome.kind, details: {} };
}

/** What is known of a run of before. */
interface KnownRun extends KeptStatements {
  /** Of one that was a single request. */
  readonly outcome?: HistoryOutcome | undefined;
  /** The index of the statement whose rows were cut off, where they are kept. */
  readonly cutAt?: number;
}

async function askAll(host: HostParts, memo: StatementsMemo): Promise<KnownRun> {
  const { gone, history } = memo;
  const document = { uri: vscode.Uri.parse(gone.uri) };
  const answers = await Promise.all(history.map((id) => ask(host, document, id)));
  const kept = await withCut(host, memo, keptStatements(answers, gone.statements));
  return answers.length === 1 ? { ...kept, outcome: answers[0]?.entry.outcome } : kept;
}

/** With the rows of the statement that did not end well. Those behind it did not run. */
async function withCut(
  host: HostParts,
  { gone: { uri }, history, cut }: StatementsMemo,
  known: KeptStatements,
): Promise<KnownRun> {
  const at = history.indexOf('');
  const piece = known.pieces[at];
  if (cut === undefined || piece === undefined) return known;
  const { start, end } = piece;
  const statement = await askRows(host, { uri, kept: cut.kept, start, end });
  if (statement === undefined) return known;
  return {
    ...known,
    pieces: known.pieces.slice(0, at + 1),
    statements: [...known.statements.slice(0, at), statement],
    areGone: [...known.areGone.slice(0, at), false],
    cutAt: at,
  };
}

/** @returns undefined for what is not recorded, or is no longer */
async function ask(
  { link, sessions }: HostParts,
  document: { readonly uri: vscode.Uri },
  id: string,
): Promise<HistoryResultResult | undefined> {
  if (id === '') return undefined;
  try {
    return await sessions.using(document, ({ session }) => link.request('history/result', { session, id }));
  } catch (error) {
    // The folder of the document may be gone, too.
    const isGone =
      error instanceof CoreError && (error.kind === 'HISTORY_UNKNOWN' || error.kind === 'FILE_NOT_FOUND');
    if (isGone) return undefined;
    throw error;
  }
}
