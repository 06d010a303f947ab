import { type FoldingRange, FoldingRangeKind } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { largestByLine } from '../../folding-lines.ts';
import type { SlicedWork } from '../../turns.ts';
import type { PlacedStatement } from '../syntax/document-syntax.ts';
import { TokenList } from '../syntax/token-list.ts';
import { type Comment, commentsOf } from './comments.ts';

/**
 * What can be folded: statements, parentheses over several lines, comments, and `-- #region` to `-- #endregion`. Others
 * have their turn in between.
 */
export async function foldingRanges(
  document: TextDocument,
  statements: readonly PlacedStatement[],
  { turns, isCancelled }: SlicedWork,
): Promise<FoldingRange[]> {
  const text = document.getText();
  const parts = [...statements, { end: text.length }];
  const commentsBefore = ({ end }: { readonly end: number }, index: number) =>
    commentsOf(text, statements[index - 1]?.end ?? 0, end);
  const comments = await turns.flatMap(parts, commentsBefore, isCancelled);
  const inStatements = (statement: PlacedStatement) => statementRanges(document, statement);
  const ranges = [
    ...(await turns.flatMap(statements, inStatements, isCancelled)),
    ...commentRanges(document, comments),
    ...regionRanges(document, comments),
  ];
  return largestByLine(ranges);
}

function statementRanges(document: TextDocument, { start, end, text }: PlacedStatement): FoldingRange[] {
  if (!text.includes('\n')) return [];
  const lineAt = (offset: number) => document.positionAt(start + offset).line;
  const list = new TokenList(text);
  const brackets = list.tokens.flatMap((token, index) => {
    const close = list.close(index);
    const closing = list.at(close);
    if (close === index || closing === undefined) return [];
    // A closing bracket at the beginning of its line stays to be seen.
    const isAlone = /(^|\n)[ \t]*$/.test(text.slice(0, closing.start));
    const endLine = lineAt(closing.start);
    return [{ startLine: lineAt(token.start), endLine: isAlone ? endLine - 1 : endLine }];
  });
  return [
    ...brackets,
    { startLine: document.positionAt(start).line, endLine: document.positionAt(end).line },
  ];
}

/** Block comments, and line comments that follow one another. */
function commentRanges(document: TextDocument, comments: readonly Comment[]): FoldingRange[] {
  const ranges: FoldingRange[] = [];
  let open: { startLine: number; endLine: number; readonly kind: string } | undefined;
  for (const { start, end, text } of comments) {
    const startLine = document.positionAt(start).line;
    const endLine = document.positionAt(end).line;
    const isLine = text.startsWith('--') && !/^--\s*#(end)?region\b/.test(text);
    if (open !== undefined && isLine && startLine === open.endLine + 1) open.endLine = endLine;
    else {
      if (open !== undefined) ranges.push(open);
      open = { startLine, endLine, kind: FoldingRangeKind.Comment };
      if (!isLine) {
        ranges.push(open);
        open = undefined;
      }
    }
  }
  return open === undefined ? ranges : [...ranges, open];
}

function regionRanges(document: TextDocument, comments: readonly Comment[]): FoldingRange[] {
  const ranges: FoldingRange[] = [];
  const open: number[] = [];
  for (const { start, text } of comments) {
    const line = document.positionAt(start).line;
    if (/^--\s*#region\b/.test(text)) open.push(line);
    const startLine = /^--\s*#endregion\b/.test(text) ? open.pop() : undefined;
    if (startLine !== undefined) ranges.push({ startLine, endLine: line, kind: FoldingRangeKind.Region });
  }
  return ranges;
}
