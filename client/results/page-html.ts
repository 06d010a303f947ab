import * as vscode from 'vscode';
import { pageDocument } from './page-document.ts';

/**
 * The document of a page for a webview, in the editor's language.
 *
 * @param folder of the built pages
 * @param page.bundle the names of the script and the style sheet, without their endings
 * @param page.title plain text of ours
 */
export function pageHtml(
  webview: vscode.Webview,
  folder: vscode.Uri,
  { bundle, title }: { readonly bundle: string; readonly title: string },
): string {
  const address = (ending: string) =>
    String(webview.asWebviewUri(vscode.Uri.joinPath(folder, `${bundle}.${ending}`)));
  const translations = vscode.l10n.bundle;
  return pageDocument({
    script: address('js'),
    style: address('css'),
    styleSource: webview.cspSource,
    nonce: crypto.randomUUID().replaceAll('-', ''),
    title,
    // Without translations the texts are English, whatever the editor's language is.
    texts: { language: translations === undefined ? 'en' : vscode.env.language, bundle: translations },
  });
}
