import * as vscode from 'vscode';
import { CoreError } from '../../wasm-core/protocol/errors.ts';
import { findParameters } from '../../wasm-core/protocol/parameters.ts';
import { documentFolder } from '../host/sessions.ts';
import { type GoneRun, placesOf } from '../results/gone-run.ts';
import { checkTrust } from '../trust.ts';
import { openedDocument } from './opened-document.ts';
import type { ParameterValues } from './parameter-values.ts';
import type { Runner } from './runner.ts';

/**
 * Runs a run of before once more; nothing happens in Restricted Mode, or when the user declines a parameter.
 *
 * @throws CoreError `REQUEST_INVALID` when the document has its statements no longer, or it ran in another folder
 */
export async function runGone(
  gone: GoneRun,
  { runner, values }: { readonly runner: Runner; readonly values: ParameterValues },
): Promise<void> {
  if (!(await checkTrust())) return;
  const document = await documentOf(gone);
  const pieces = document && placesOf(gone, document.getText());
  if (document === undefined || pieces === undefined) {
    const message = vscode.l10n.t('What ran last is not there as it was. Run the statement itself.');
    throw new CoreError('REQUEST_INVALID', message);
  }
  if (gone.folder !== undefined && documentFolder(document.uri).folder !== gone.folder)
    throw new CoreError('REQUEST_INVALID', otherFolderText(gone.folder));
  await values.keep(gone.parameters ?? {});
  const { version } = document;
  const parameters = await values.of(
    gone.statements.flatMap((sql) => findParameters(sql).map(({ name }) => name)),
  );
  if (parameters === undefined) return;
  if (document.version !== version) {
    const message = vscode.l10n.t('The text has changed in the meantime. Run it again.');
    throw new CoreError('REQUEST_INVALID', message);
  }
  const { title, mode = 'run' } = gone;
  await runner.run({ document, pieces, title, mode, parameters, isFresh: true });
}

/** What to do where relative paths would lead elsewhere. */
export function otherFolderText(folder: string): string {
  return vscode.l10n.t(
    'This ran in {0}. Save the document there, so that its paths lead where they led, and run it.',
    folder,
  );
}

/** The document of a run; one that was never saved and is closed is written again. */
async function documentOf({ uri, statements }: GoneRun): Promise<vscode.TextDocument | undefined> {
  const parsed = vscode.Uri.parse(uri);
  const document = await openedDocument(parsed);
  if (document !== undefined || parsed.scheme !== 'untitled') return document;
  const content = `${statements.join(';\n')};\n`;
  const written = await vscode.workspace.openTextDocument({ language: 'sql', content });
  await vscode.window.showTextDocument(written, { viewColumn: vscode.ViewColumn.One });
  return written;
}
