import * as l10n from '@vscode/l10n';

/**
 * Has `l10n.t` give the texts of the editor's language, which the page's document holds; without them, English. Called
 * before anything is drawn, and so `l10n.t` is called in functions alone.
 */
export function readTranslations(): void {
  const contents = document.getElementById('translations')?.textContent;
  if (contents) l10n.config({ contents });
}
