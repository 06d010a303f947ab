/*
 * Documents of other languages that may have SQL in them: fences in Markdown, tagged templates, marked strings.
 */

/** What a text of each language has in it when it has SQL; a cheap test, since every document is asked. */
const HINTS: Readonly<Record<string, RegExp>> = {
  markdown: /(?:```|~~~)[ \t]*sql/i,
  javascript: /\bsql\s*(?:<[^`]{0,200}>\s*)?`/,
  javascriptreact: /\bsql\s*(?:<[^`]{0,200}>\s*)?`/,
  typescript: /\bsql\s*(?:<[^`]{0,200}>\s*)?`/,
  typescriptreact: /\bsql\s*(?:<[^`]{0,200}>\s*)?`/,
  python: /--[ \t]*sql\b/i,
};

/** The languages' ids, as the Language Server Protocol has them. */
export const EMBEDDING_LANGUAGES: readonly string[] = Object.keys(HINTS);

/** Whether a text may have SQL in it; false is certain. */
export function mayEmbedSql(languageId: string, text: string): boolean {
  return Object.hasOwn(HINTS, languageId) && HINTS[languageId]?.test(text) === true;
}
