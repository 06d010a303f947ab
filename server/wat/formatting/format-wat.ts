import type { FormattingOptions, TextEdit } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { rangeOf } from '../navigation/place.ts';
import { tokenizeWat } from '../syntax/tokens.ts';
import type { WatSpan } from '../syntax/tree.ts';
import { piecesOf, SpaceChanges } from './space-changes.ts';

/** What the editor says of indentation. */
export type WatIndentation = Pick<FormattingOptions, 'tabSize' | 'insertSpaces'>;

/**
 * The edits that format WebAssembly text, or the lines of a part of it: each changes space between tokens and comments,
 * and nothing else. Lines stay lines; of empty ones one stays at most. A text in which a comment or string is not closed
 * has none. Takes time linear in the text.
 */
export function formatWat(
  document: TextDocument,
  { indentation, part }: { readonly indentation: WatIndentation; readonly part?: WatSpan },
): TextEdit[] {
  const text = document.getText();
  const lexed = tokenizeWat(text);
  if (lexed.hidesText) return [];
  const lines = part && { start: lineStart(text, part.start), end: lineEnd(text, part.end) };
  const changes = new SpaceChanges(text, { unit: unitOf(indentation), ...(lines && { part: lines }) });
  for (const piece of piecesOf(lexed)) changes.pass(piece);
  if (lines === undefined) changes.end();
  return editsOf(document, changes);
}

/**
 * The edits for what was just typed: behind a new line, those of the line before and the indentation of this one; for a
 * parenthesis that begins its line, its indentation.
 *
 * @param offset behind what was typed
 */
export function formatTypedWat(
  document: TextDocument,
  { offset, ch, indentation }: { offset: number; ch: string; indentation: WatIndentation },
): TextEdit[] {
  const text = document.getText();
  const start = lineStart(text, offset);
  const isNewLine = ch === '\n' && start > 0;
  if (!isNewLine && !(ch === ')' && /^[ \t]*\)$/.test(text.slice(start, offset)))) return [];
  const lexed = tokenizeWat(text);
  if (lexed.hidesText) return [];
  // Of a parenthesis nothing but its own line changes.
  const part = isNewLine
    ? { start: lineStart(text, start - 1), end: start - 1 }
    : { start: text.length + 1, end: text.length + 1 };
  const changes = new SpaceChanges(text, { unit: unitOf(indentation), part });
  const pieces = piecesOf(lexed);
  const count = pieces.findIndex((piece) => piece.start >= start);
  const before = count < 0 ? pieces : pieces.slice(0, count);
  // Inside of a comment nothing is indented.
  if ((before.at(-1)?.end ?? 0) > start) return [];
  for (const piece of before) changes.pass(piece);
  const next = count < 0 ? undefined : pieces[count];
  const first = next !== undefined && next.start < lineEnd(text, offset) ? next : undefined;
  const [own = ''] = /^[ \t]*/.exec(text.slice(start, first?.start ?? lineEnd(text, offset))) ?? [];
  changes.change(start, start + own.length, changes.indentOf(first?.token));
  return editsOf(document, changes);
}

function editsOf(document: TextDocument, { found }: SpaceChanges): TextEdit[] {
  return found.map((change) => ({ range: rangeOf(document, change), newText: change.newText }));
}

function unitOf({ tabSize, insertSpaces }: WatIndentation): string {
  return insertSpaces ? ' '.repeat(tabSize) : '\t';
}

function lineStart(text: string, offset: number): number {
  return Math.max(text.lastIndexOf('\n', offset - 1), text.lastIndexOf('\r', offset - 1)) + 1;
}

function lineEnd(text: string, offset: number): number {
  const rest = text.slice(offset).search(/[\r\n]/);
  return rest < 0 ? text.length : offset + rest;
}
