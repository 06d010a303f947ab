import type { FoldingRange } from 'vscode-languageserver';

/** Of ranges that begin on one line the largest, which is the one that an editor shows; by line. */
export function largestByLine(ranges: readonly FoldingRange[]): FoldingRange[] {
  const largest = new Map<number, FoldingRange>();
  for (const range of ranges) {
    const other = largest.get(range.startLine);
    if (range.endLine > range.startLine && (other === undefined || other.endLine < range.endLine))
      largest.set(range.startLine, range);
  }
  return [...largest.values()].sort((a, b) => a.startLine - b.startLine);
}
