import * as l10n from '@vscode/l10n';

/** The longest text that is laid out at once, characters: a browser takes seconds for millions. */
const SHOWN_CHARACTERS = 100_000;

/** A text, or its beginning and how much more there is. */
export function beginningOf(text: string): string {
  if (text.length <= SHOWN_CHARACTERS) return text;
  const rest = (text.length - SHOWN_CHARACTERS).toLocaleString('en-US');
  return `${text.slice(0, SHOWN_CHARACTERS)}… ${l10n.t('and {0} more characters', rest)}`;
}
