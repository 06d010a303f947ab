import * as vscode from 'vscode';
import { DataDocument, type DataParts } from './data-document.ts';
import { DataPage, type ShownData } from './data-page.ts';

/** The editor's type, as `package.json` declares it; it opens any file. */
export const DATA_EDITOR = 'quern.dataFile';

/** The same for files that open as text unless one chooses otherwise: a type has one priority. */
const TEXT_DATA_EDITOR = 'quern.dataText';

/** Shows data files as tables, read-only. */
export class DataEditors implements vscode.CustomReadonlyEditorProvider<DataDocument>, vscode.Disposable {
  readonly #parts: DataParts;
  readonly #registration: vscode.Disposable;
  readonly #pages = new Map<string, DataPage>();

  constructor(parts: DataParts) {
    this.#parts = parts;
    const options = {
      webviewOptions: { retainContextWhenHidden: true },
      supportsMultipleEditorsPerDocument: true,
    };
    this.#registration = vscode.Disposable.from(
      vscode.window.registerCustomEditorProvider(DATA_EDITOR, this, options),
      vscode.window.registerCustomEditorProvider(TEXT_DATA_EDITOR, this, options),
    );
  }

  openCustomDocument(uri: vscode.Uri): DataDocument {
    return new DataDocument(uri, this.#parts);
  }

  resolveCustomEditor(document: DataDocument, panel: vscode.WebviewPanel): void {
    const page = new DataPage(document, panel, vscode.Uri.joinPath(this.#parts.dist, 'webview'));
    const key = document.uri.toString();
    this.#pages.set(key, page);
    panel.onDidDispose(() => {
      if (this.#pages.get(key) === page) this.#pages.delete(key);
      page.dispose();
    });
  }

  /** What the editor of a file shows; undefined when there is none, or nothing yet. */
  shown(uri: vscode.Uri): ShownData | undefined {
    return this.#pages.get(uri.toString())?.shown;
  }

  dispose(): void {
    this.#registration.dispose();
  }
}
