import * as vscode from 'vscode';
import {
  type ExportFormat,
  type ExportPlace,
  exportFormats,
  formatOfFile,
} from '../../wasm-core/protocol/export.ts';

/** Characters that some system does not take in names of files, and what space there is between words. */
const NO_NAME = /[\p{Cc}<>:"/\\|?*\s]+/gu;

/** Asks for the file that rows go to; the ending says in which format. */
export class ExportDialog {
  #lastEnding = 'csv';

  /**
   * @param options.folder where the dialog begins
   * @param options.title of the rows, for the file's name
   * @returns undefined when the user thinks better of it
   */
  async ask(options: { readonly folder: string; readonly title: string }): Promise<ExportPlace | undefined> {
    const name = `${fileName(options.title)}.${this.#lastEnding}`;
    const chosen = await vscode.window.showSaveDialog({
      defaultUri: vscode.Uri.joinPath(vscode.Uri.file(options.folder), name),
      filters: filters(this.#lastEnding),
      saveLabel: vscode.l10n.t('Export'),
      title: vscode.l10n.t('Export Result'),
    });
    if (chosen === undefined) return undefined;
    const known = formatOfFile(chosen.fsPath) ?? (await askFormat(chosen));
    if (known === undefined) return undefined;
    this.#lastEnding = formatOfFile(chosen.fsPath) ? endingOf(known.format) : this.#lastEnding;
    // The dialog has asked whether a file is to be replaced, and its path is the user's own word.
    return { path: chosen.fsPath, ...known, overwrite: true, chosen: true };
  }
}

/** A name for a file of rows: the beginning of the statement or its name. */
export function fileName(title: string): string {
  const plain = title
    .replaceAll(NO_NAME, ' ')
    .replaceAll(/[';,.()]+/g, ' ')
    .trim();
  return plain.slice(0, 40).trim().replaceAll(/ +/g, '-') || 'result';
}

/** The format that was used last comes first, as dialogs offer the first. */
function filters(last: string): Record<string, string[]> {
  const entries = exportFormats().map(([, { title, endings }]): [string, string[]] => [title, [...endings]]);
  const first = entries.filter(([, endings]) => endings[0] === last);
  return Object.fromEntries([...first, ...entries]);
}

function endingOf(format: ExportFormat): string {
  return exportFormats().find(([name]) => name === format)?.[1].endings[0] ?? format;
}

async function askFormat(file: vscode.Uri): Promise<Pick<ExportPlace, 'format' | 'options'> | undefined> {
  const items = exportFormats().map(([format, { title, endings }]) => ({
    label: title,
    description: endings.map((ending) => `.${ending}`).join(', '),
    format,
  }));
  const placeHolder = vscode.l10n.t(
    'The ending of {0} is none of a format; which is it to be?',
    vscode.workspace.asRelativePath(file),
  );
  const picked = await vscode.window.showQuickPick(items, { placeHolder });
  return picked && { format: picked.format };
}
