import type { FormattingOptions, TextEdit } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { PlacedStatement } from '../syntax/document-syntax.ts';
import type { Span } from '../syntax/tree.ts';
import { saysTheSame } from './format-check.ts';

/** How statements are written. */
export interface FormatStyle {
  /** What the editor says of indentation. */
  readonly indentation: Pick<FormattingOptions, 'tabSize' | 'insertSpaces'>;
  readonly keywordCase: 'preserve' | 'upper' | 'lower';
}

/**
 * The edits that format the statements of a document, or those that a part of it touches. What stands between them stays
 * as it is. A statement that the formatter does not understand, or would change in more than space, has no edit.
 */
export async function formatStatements(
  document: TextDocument,
  statements: readonly PlacedStatement[],
  options: { readonly style: FormatStyle; readonly part?: Span },
): Promise<TextEdit[]> {
  const { style, part } = options;
  // Loaded when it is first needed: most windows never format.
  const { formatText } = await import('./sql-formatter.ts');
  const text = document.getText();
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  return statements
    .filter(({ start, end }) => part === undefined || (end >= part.start && start <= part.end))
    .flatMap((statement) => {
      const { start, end, text: before } = statement;
      const formatted = formatText(before, style);
      const indent = indentOf(text, start);
      if (formatted === undefined || !saysTheSame(statement.syntax, formatted)) return [];
      const newText = formatted.replaceAll(/\r?\n/g, `${eol}${indent}`);
      // A string or a comment over several lines must not get the indentation.
      if (indent !== '' && !saysTheSame(statement.syntax, newText)) return [];
      if (newText === before) return [];
      return [{ range: { start: document.positionAt(start), end: document.positionAt(end) }, newText }];
    });
}

/**
 * The edits for a semicolon that was just typed: those of the statement that it ends.
 *
 * @param offset behind the semicolon
 */
export async function formatTyped(
  document: TextDocument,
  statements: readonly PlacedStatement[],
  { offset, style }: { readonly offset: number; readonly style: FormatStyle },
): Promise<TextEdit[]> {
  const text = document.getText();
  if (text[offset - 1] !== ';') return [];
  const ended = statements.findLast(({ end }) => end < offset);
  // In a string or a comment the semicolon ends nothing.
  if (ended === undefined || text.slice(ended.end, offset).trim() !== ';') return [];
  return formatStatements(document, [ended], { style });
}

/** The space before a statement that begins its line; empty for others. */
function indentOf(text: string, start: number): string {
  const line = text.slice(text.lastIndexOf('\n', start - 1) + 1, start);
  return /^[ \t]*$/.test(line) ? line : '';
}
