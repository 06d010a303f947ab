import * as vscode from 'vscode';
import { CoreError } from '../../wasm-core/protocol/errors.ts';
import { findParameters } from '../../wasm-core/protocol/parameters.ts';
import { isQuery } from '../../wasm-core/protocol/query.ts';
import { rowsText } from '../counts.ts';
import type { ExportedRun } from '../export/export-source.ts';
import type { Exporter } from '../export/exporter.ts';
import type { ResultsPanel } from '../results/results-panel.ts';
import type { EditHistory } from '../run/edit-history.ts';
import type { ParameterValues } from '../run/parameter-values.ts';
import { cursorChoice, type StatementSource, targetChoice } from '../run/run-choice.ts';
import { parseRunTarget } from '../run/run-target.ts';
import { checkTrust } from '../trust.ts';
import type { Commands } from './register.ts';

interface ExportCommandParts {
  readonly exporter: Exporter;
  readonly results: ResultsPanel;
  readonly edits: EditHistory;
  readonly values: ParameterValues;
  readonly statements: StatementSource;
}

/** Commands that write rows to files. */
export function exportCommands(parts: ExportCommandParts): Commands {
  const { exporter, results } = parts;
  return {
    /** Takes the id of a result that the page shows; without one the user chooses. */
    'quern.exportResult': async (argument) => {
      if (!(await checkTrust())) return;
      const run = await chooseResult(results.exportable(), argument);
      if (run !== undefined) await exporter.exportRun(run);
    },
    /** Takes what a lens carries; without it, it is about the statement at the cursor. */
    'quern.exportQuery': async (argument) => {
      if (await checkTrust()) await exportQuery(parts, argument);
    },
  };
}

async function chooseResult(
  results: readonly (ExportedRun & { readonly id: string })[],
  argument: unknown,
): Promise<ExportedRun | undefined> {
  const [first] = results;
  if (first === undefined) {
    throw new CoreError(
      'REQUEST_INVALID',
      vscode.l10n.t('There is no result to export. Run a query first, or use Export Query.'),
    );
  }
  const named = results.find(({ id }) => id === argument);
  if (named !== undefined || results.length === 1) return named ?? first;
  const items = results.map((run) => ({
    label: run.title,
    description: rowsText(run.statement.rowCount),
    run,
  }));
  const picked = await vscode.window.showQuickPick(items, {
    placeHolder: vscode.l10n.t('Which result is to be exported?'),
  });
  return picked?.run;
}

async function exportQuery(
  { exporter, edits, values, statements }: ExportCommandParts,
  argument: unknown,
): Promise<void> {
  const target = parseRunTarget(argument);
  const { document, pieces, title } =
    target === undefined
      ? await cursorChoice('one', statements)
      : await targetChoice(target, { reach: 'one', edits, statements });
  const text = document.getText();
  const [piece] = pieces;
  if (piece === undefined || pieces.length > 1 || !isQuery(text.slice(piece.start, piece.end))) {
    throw new CoreError(
      'REQUEST_INVALID',
      vscode.l10n.t('Export takes one query, such as a SELECT; put the cursor into one.'),
    );
  }
  const names = findParameters(text.slice(piece.start, piece.end)).map(({ name }) => name);
  const parameters = await values.of(names);
  if (parameters !== undefined) await exporter.exportQuery({ document, text, piece, title, parameters });
}
