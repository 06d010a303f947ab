import * as vscode from 'vscode';
import { CoreError } from '../../wasm-core/protocol/errors.ts';
import type { LanguageService } from '../language-client.ts';

/** The scheme of documents that show the world of a component; the path is the component's, with the ending of WIT. */
const SCHEME = 'quern-world';

/** Shows worlds of components as read-only documents. */
export class WorldDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #languages: LanguageService;
  readonly #registered = vscode.workspace.registerTextDocumentContentProvider(SCHEME, this);

  constructor(languages: LanguageService) {
    this.#languages = languages;
  }

  /**
   * Opens the world of a component.
   *
   * @throws CoreError FORMAT_UNSUPPORTED for a file that is no component
   */
  async show(component: vscode.Uri): Promise<void> {
    const uri = component.with({ scheme: SCHEME, path: `${component.path}.wit` });
    if ((await this.#worldOf(uri)) === undefined) {
      const name = component.path.slice(component.path.lastIndexOf('/') + 1);
      throw new CoreError(
        'FORMAT_UNSUPPORTED',
        vscode.l10n.t('{0} is no component, so it has no world.', name),
      );
    }
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: true });
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    return (await this.#worldOf(uri)) ?? '';
  }

  dispose(): void {
    this.#registered.dispose();
  }

  async #worldOf({ path }: vscode.Uri): Promise<string | undefined> {
    return this.#languages.worldOf(vscode.Uri.file(path.replace(/\.wit$/, '')).toString());
  }
}
