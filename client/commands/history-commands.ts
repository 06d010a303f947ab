import * as vscode from 'vscode';
import { counted, durationText } from '../../wasm-core/protocol/figures.ts';
import type { HistoryEntry } from '../../wasm-core/protocol/history.ts';
import { rowsText } from '../counts.ts';
import type { HostLink } from '../host/host-link.ts';
import { documentFolder } from '../host/sessions.ts';
import { parseGoneRun } from '../results/gone-run.ts';
import type { ResultsPanel } from '../results/results-panel.ts';
import type { ParameterValues } from '../run/parameter-values.ts';
import { piecesUpTo } from '../run/pieces.ts';
import { otherFolderText, runGone } from '../run/run-gone.ts';
import { statementTitle } from '../run/run-target.ts';
import type { Runner } from '../run/runner.ts';
import { titleOf } from '../run/statement-title.ts';
import { checkTrust } from '../trust.ts';
import type { Commands } from './register.ts';

interface HistoryCommandParts {
  readonly link: HostLink;
  readonly runner: Runner;
  readonly results: Pick<ResultsPanel, 'lookedAt' | 'gone' | 'forget' | 'showOfHistory'>;
  readonly values: ParameterValues;
}

/** Runs that the list offers. */
const LISTED = 500;

/** Commands about what was run. */
export function historyCommands({ link, runner, results, values }: HistoryCommandParts): Commands {
  return {
    /** Takes a text that the list begins with being filtered by. */
    'quern.showHistory': async (argument) => {
      if (!(await checkTrust())) return;
      const { entries } = await link.request('history/list', { limit: LISTED });
      const chosen = await pickRun(entries, typeof argument === 'string' ? argument : '');
      if (chosen === undefined) return;
      const document = await openText(chosen.entry);
      if (chosen.run && (await isSameFolder(chosen.entry, document))) {
        await values.keep(chosen.entry.parameters);
        await vscode.commands.executeCommand('quern.runFile');
      }
      if (!chosen.run) showRun(chosen.entry, document, results);
    },
    'quern.clearHistory': async () => {
      const clear = vscode.l10n.t('Clear History');
      const message = vscode.l10n.t('Delete the history of runs, and the results that are kept of them?');
      const picked = await vscode.window.showWarningMessage(message, { modal: true }, clear);
      if (picked !== clear) return;
      await results.forget();
      const { deleted } = await link.request('history/clear', {});
      void vscode.window.showInformationMessage(
        counted(deleted, vscode.l10n.t('Quern deleted {0} run.'), vscode.l10n.t('Quern deleted {0} runs.')),
      );
    },
    /** What gave the rows that are looked at, or ran last, also where kept rows would do. */
    'quern.runAgain': () =>
      results.gone === undefined
        ? runner.runAgain(results.lookedAt)
        : runGone(results.gone, { runner, values }),
  };
}

/** Shows the rows of a run beside its text, where they are kept; else the page offers to run it again. */
function showRun(
  entry: HistoryEntry,
  { uri }: vscode.TextDocument,
  results: HistoryCommandParts['results'],
): void {
  const { id, sql, folder, time, parameters } = entry;
  const pieces = piecesUpTo(sql);
  const [first] = pieces;
  const title = first !== undefined && pieces.length === 1 ? titleOf(sql, first) : statementTitle(sql);
  const statements = pieces.map(({ start, end }) => sql.slice(start, end));
  const gone = parseGoneRun({ title, uri: uri.toString(), statements, folder });
  if (gone === undefined) return;
  results.showOfHistory(
    { gone: { ...gone, parameters }, history: [id] },
    `${outcomeText(entry)}, ${new Date(time).toLocaleString()}`,
  );
}

interface RunItem extends vscode.QuickPickItem {
  readonly entry: HistoryEntry;
}

function runAgainButton(): vscode.QuickInputButton {
  return { iconPath: new vscode.ThemeIcon('run'), tooltip: vscode.l10n.t('Open and Run Again') };
}

/** Lets the user choose a run. @param text filters them at first @returns undefined when he chose none */
function pickRun(
  entries: readonly HistoryEntry[],
  text: string,
): Promise<{ readonly entry: HistoryEntry; readonly run: boolean } | undefined> {
  const pick = vscode.window.createQuickPick<RunItem>();
  pick.title = vscode.l10n.t('Query History');
  pick.placeholder =
    entries.length === 0
      ? vscode.l10n.t('No run is recorded yet')
      : vscode.l10n.t('Choose a run to open its text and rows; the button runs it again');
  pick.matchOnDetail = true;
  pick.value = text;
  pick.matchOnDescription = true;
  const runAgain = runAgainButton();
  pick.items = entries.map((entry) => ({
    label: entry.sql.replace(/\s+/g, ' ').slice(0, 200),
    description: outcomeText(entry),
    detail: vscode.l10n.t('{0}, in {1}', new Date(entry.time).toLocaleString(), entry.folder),
    buttons: [runAgain],
    entry,
  }));
  return new Promise((resolve) => {
    pick.onDidAccept(() => {
      const [item] = pick.selectedItems;
      resolve(item && { entry: item.entry, run: false });
      pick.hide();
    });
    pick.onDidTriggerItemButton(({ item }) => {
      resolve({ entry: item.entry, run: true });
      pick.hide();
    });
    pick.onDidHide(() => {
      resolve(undefined);
      pick.dispose();
    });
    pick.show();
  });
}

function outcomeText({ outcome, rowCount, micros }: HistoryEntry): string {
  if (outcome.type === 'cancelled') return vscode.l10n.t('cancelled');
  if (outcome.type === 'failed')
    return vscode.l10n.t('failed: {0}', outcome.message ?? outcome.kind).slice(0, 200);
  return `${rowsText(rowCount)}, ${durationText(micros)}`;
}

async function openText({ sql }: HistoryEntry): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument({ language: 'sql', content: sql });
  await vscode.window.showTextDocument(document, { preview: false, viewColumn: vscode.ViewColumn.One });
  return document;
}

/** Whether relative paths lead where they led; else says what to do. */
async function isSameFolder({ folder }: HistoryEntry, { uri }: vscode.TextDocument): Promise<boolean> {
  if (documentFolder(uri).folder === folder) return true;
  void vscode.window.showInformationMessage(otherFolderText(folder));
  return false;
}
