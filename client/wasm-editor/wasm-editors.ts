import * as vscode from 'vscode';
import { WasmDocument } from './wasm-document.ts';
import { WasmPage } from './wasm-page.ts';

/** The editor's type, as `package.json` declares it. */
export const WASM_EDITOR = 'quern.wasmViewer';

/** Shows `.wasm` files, read-only. Nothing of a file is run or compiled, so it works in Restricted Mode, too. */
export class WasmEditors implements vscode.CustomReadonlyEditorProvider<WasmDocument>, vscode.Disposable {
  readonly #dist: vscode.Uri;
  readonly #registration: vscode.Disposable;

  /** @param dist the extension's folder of built files */
  constructor(dist: vscode.Uri) {
    this.#dist = dist;
    this.#registration = vscode.window.registerCustomEditorProvider(WASM_EDITOR, this, {
      webviewOptions: { retainContextWhenHidden: true },
    });
  }

  openCustomDocument(uri: vscode.Uri): WasmDocument {
    return new WasmDocument(uri, vscode.Uri.joinPath(this.#dist, 'inspect-thread.js').fsPath);
  }

  resolveCustomEditor(document: WasmDocument, panel: vscode.WebviewPanel): void {
    const page = new WasmPage(document, panel, vscode.Uri.joinPath(this.#dist, 'webview'));
    panel.onDidDispose(() => page.dispose());
  }

  dispose(): void {
    this.#registration.dispose();
  }
}
