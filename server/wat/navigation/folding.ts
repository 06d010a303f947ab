import { type FoldingRange, FoldingRangeKind } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { largestByLine } from '../../folding-lines.ts';
import type { WatForm, WatInstruction, WatItem, WatSpan, WatSyntax } from '../syntax/tree.ts';

/** What can be folded: forms and flat blocks over several lines, comments, and `;; #region` to `;; #endregion`. */
export function watFoldingRanges(document: TextDocument, syntax: WatSyntax): FoldingRange[] {
  const lineAt = (offset: number): number => document.positionAt(offset).line;
  const { text } = syntax;
  /** What closes at the beginning of its line, with others or alone, stays to be seen. */
  const untilClosing = (start: number, closing: number): FoldingRange => {
    const isAlone = /(?:^|[\r\n])[ \t)]*$/.test(text.slice(Math.max(0, closing - 200), closing));
    return { startLine: lineAt(start), endLine: isAlone ? lineAt(closing) - 1 : lineAt(closing) };
  };
  const forms = allForms(syntax.items).map(({ start, end, close }) =>
    untilClosing(start, close?.start ?? end),
  );
  const blocks = syntax.fields
    .flatMap((field) => ('body' in field ? flatBlocks(field.body) : []))
    .map(({ start, end }) => untilClosing(start, end));
  return largestByLine([...forms, ...blocks, ...commentRanges(syntax, lineAt)]);
}

function allForms(items: readonly WatItem[]): WatForm[] {
  const found: WatForm[] = [];
  const open = items.filter((item) => item.kind === 'form');
  for (let form = open.pop(); form !== undefined; form = open.pop()) {
    found.push(form);
    for (const item of form.items) if (item.kind === 'form') open.push(item);
    for (const annotation of form.annotations) open.push(annotation);
  }
  return found;
}

/** From the keyword of each block that is not folded to what ends it; `else` and `catch` part it. */
function flatBlocks(body: readonly WatInstruction[]): WatSpan[] {
  const found: WatSpan[] = [];
  const open: WatInstruction[] = [];
  for (const instruction of body) {
    const { name, isBlock, start } = instruction;
    const begun = open.at(-1);
    const ends = name === 'end' || name === 'delegate';
    const parts = ends || name === 'else' || name === 'catch' || name === 'catch_all';
    if (parts && begun !== undefined) {
      if (begun.form === undefined) found.push({ start: begun.start, end: start });
      open.pop();
      if (!ends) open.push(begun.form === undefined ? instruction : begun);
    }
    if (isBlock) open.push(instruction);
  }
  return found;
}

/** Block comments, line comments that follow one another, and regions. */
function commentRanges({ text, comments }: WatSyntax, lineAt: (offset: number) => number): FoldingRange[] {
  const ranges: FoldingRange[] = [];
  const regions: number[] = [];
  let run: { startLine: number; endLine: number; readonly kind: string } | undefined;
  for (const { start, end } of comments) {
    const startLine = lineAt(start);
    const comment = text.slice(start, Math.min(end, start + 80));
    const region = /^;;\s*#(end)?region\b/.exec(comment);
    const begun = region?.[1] ? regions.pop() : undefined;
    if (region && !region[1]) regions.push(startLine);
    if (begun !== undefined)
      ranges.push({ startLine: begun, endLine: startLine, kind: FoldingRangeKind.Region });
    const isLine = comment.startsWith(';;') && !region;
    if (run !== undefined && isLine && startLine === run.endLine + 1) run.endLine = startLine;
    else {
      if (run !== undefined) ranges.push(run);
      run = isLine ? { startLine, endLine: startLine, kind: FoldingRangeKind.Comment } : undefined;
      if (!isLine) ranges.push({ startLine, endLine: lineAt(end), kind: FoldingRangeKind.Comment });
    }
  }
  return run === undefined ? ranges : [...ranges, run];
}
