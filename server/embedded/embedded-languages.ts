import { javaScriptParts } from './javascript.ts';
import { markdownParts } from './markdown.ts';
import { pythonParts } from './python.ts';
import type { PartFinder } from './sql-part.ts';

/** A language whose documents may have SQL in them. */
export interface EmbeddedLanguage {
  readonly find: PartFinder;
  /**
   * Whether the parts of a document are one text, so that each sees what those before it define. In code nobody knows
   * their order, nor whether they speak to one database.
   */
  readonly isOneText: boolean;
}

const MARKDOWN: EmbeddedLanguage = { find: markdownParts, isOneText: true };
const JAVASCRIPT: EmbeddedLanguage = {
  find: javaScriptParts,
  isOneText: false,
};
const PYTHON: EmbeddedLanguage = { find: pythonParts, isOneText: false };

const LANGUAGES: ReadonlyMap<string, EmbeddedLanguage> = new Map([
  ['markdown', MARKDOWN],
  ['javascript', JAVASCRIPT],
  ['javascriptreact', JAVASCRIPT],
  ['typescript', JAVASCRIPT],
  ['typescriptreact', JAVASCRIPT],
  ['python', PYTHON],
]);

const ENDINGS: ReadonlyMap<string, string> = new Map([
  ['md', 'markdown'],
  ['markdown', 'markdown'],
  ['js', 'javascript'],
  ['mjs', 'javascript'],
  ['cjs', 'javascript'],
  ['jsx', 'javascriptreact'],
  ['ts', 'typescript'],
  ['mts', 'typescript'],
  ['cts', 'typescript'],
  ['tsx', 'typescriptreact'],
  ['py', 'python'],
  ['pyi', 'python'],
]);

/** @param languageId as the Language Server Protocol names languages */
export function embeddedLanguage(languageId: string): EmbeddedLanguage | undefined {
  return LANGUAGES.get(languageId);
}

/** The language of a file that may have SQL in it, by its ending; undefined for other files. */
export function languageOfFile(file: string): string | undefined {
  return ENDINGS.get(/\.([^./\\]+)$/.exec(file)?.[1]?.toLowerCase() ?? '');
}
