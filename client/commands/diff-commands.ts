import * as vscode from 'vscode';
import { CoreError } from '../../wasm-core/protocol/errors.ts';
import { durationText } from '../../wasm-core/protocol/figures.ts';
import { rowsText } from '../counts.ts';
import type { Comparer, NamedSide } from '../diff/comparer.ts';
import type { RecentResult, RecentResults } from '../diff/recent-results.ts';
import { documentFolder } from '../host/sessions.ts';
import type { ResultsPanel } from '../results/results-panel.ts';
import type { GivenRows } from '../results/run-content.ts';
import { checkTrust } from '../trust.ts';
import type { Commands } from './register.ts';

/** Commands that compare data. */
export function diffCommands(parts: {
  readonly comparer: Comparer;
  readonly recent: RecentResults;
  readonly results: Pick<ResultsPanel, 'exportable'>;
}): Commands {
  const { comparer, recent, results } = parts;
  return {
    'quern.compareResults': async (argument) => {
      if (!(await checkTrust())) return;
      const shown = results.exportable().filter(({ isComparison }) => !isComparison);
      const all = [...recent.all, ...resultsOfBefore(shown)];
      // The page names a result that it shows; else it is the newest.
      const file = shown.find(({ id }) => id === argument)?.statement.file?.path;
      const current = all.find((each) => file === undefined || each.file === file);
      const others = all.filter((each) => each !== current);
      const root = current && documentFolder(current.uri).root;
      // Each folder's session has results of its own, which no other may read.
      const earlier = others.filter(({ uri }) => documentFolder(uri).root === root);
      if (current === undefined || earlier.length === 0) {
        throw new CoreError(
          'REQUEST_INVALID',
          vscode.l10n.t('There are no two results to compare yet. Run two queries, or one twice.'),
        );
      }
      const before = await pickResult(earlier);
      if (before === undefined) return;
      await comparer.compare({ uri: current.uri, before: resultSide(before), after: resultSide(current) });
    },
    'quern.compareDataFiles': async (argument, selection) => {
      if (!(await checkTrust())) return;
      const [before, after] = await twoFiles(argument, selection);
      if (before === undefined || after === undefined) return;
      await comparer.compare({ uri: after, before: fileSide(before), after: fileSide(after) });
    },
  };
}

/** Results of before this window whose rows were opened again. */
function resultsOfBefore(results: readonly GivenRows[]): RecentResult[] {
  return results.flatMap(({ title, document: { uri }, statement, isOfBefore }) => {
    const { file, rowCount, columns, cached } = statement;
    if (!isOfBefore || file === undefined || cached === undefined) return [];
    return [{ title, atMs: Date.parse(cached.time), rowCount, columns, file: file.path, uri }];
  });
}

async function pickResult(results: readonly RecentResult[]): Promise<RecentResult | undefined> {
  const items = results.map((result) => ({
    label: result.title,
    description: vscode.l10n.t(
      '{0}, {1} ago',
      rowsText(result.rowCount),
      durationText((Date.now() - result.atMs) * 1000),
    ),
    result,
  }));
  const options = {
    title: vscode.l10n.t('Compare the Current Result with'),
    placeHolder: vscode.l10n.t('An earlier result'),
  };
  return (await vscode.window.showQuickPick(items, options))?.result;
}

function resultSide({ title, file, columns }: RecentResult): NamedSide {
  return { name: title, side: { file }, columns: columns.map(({ name }) => name) };
}

function fileSide(uri: vscode.Uri): NamedSide {
  return { name: vscode.workspace.asRelativePath(uri, false), side: { file: uri.fsPath } };
}

/** The two files that are selected; those that are not are asked for. */
async function twoFiles(argument: unknown, selection: unknown): Promise<readonly vscode.Uri[]> {
  const given: unknown[] = Array.isArray(selection) && selection.length > 0 ? selection : [argument];
  const files = given.filter((item): item is vscode.Uri => item instanceof vscode.Uri);
  while (files.length < 2) {
    const title =
      files.length === 0
        ? vscode.l10n.t('Data File as It Was Before')
        : vscode.l10n.t('Data File to Compare It with');
    const picked = await vscode.window.showOpenDialog({ title, openLabel: vscode.l10n.t('Compare') });
    const [file] = picked ?? [];
    if (file === undefined) return [];
    files.push(file);
  }
  if (files.length > 2)
    throw new CoreError('REQUEST_INVALID', vscode.l10n.t('Select two files to compare, not more.'));
  return files;
}
