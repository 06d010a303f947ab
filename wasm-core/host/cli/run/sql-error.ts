import type { CoreError } from '../../../protocol/errors.ts';
import { failureLines } from '../failure-text.ts';
import { displayWidth, visible } from '../text-table.ts';
import type { SqlSource } from './sql-source.ts';

/** The most of a line that is shown, columns. */
const MAX_LINE_WIDTH = 160;

/**
 * A statement's error with its place, line and caret, as compilers show them, and what is known of a plugin's failure.
 *
 * @returns lines without a final LF; the bare message for an error without a place
 */
export function sqlErrorText(error: CoreError, source: SqlSource): string {
  const { start, end } = error.details as { readonly start?: unknown; readonly end?: unknown };
  const more = failureLines(error);
  if (typeof start !== 'number') return [`${source.name}: ${error.message}`, ...more].join('\n');
  const lineStart = source.text.lastIndexOf('\n', start - 1) + 1;
  const lineNumber = source.text.slice(0, lineStart).split('\n').length;
  const newline = source.text.indexOf('\n', start);
  const line = source.text.slice(lineStart, newline < 0 ? undefined : newline).trimEnd();
  const column = start - lineStart;
  const head = `${source.name}:${lineNumber}:${column + 1}: ${error.message}`;
  const length = typeof end === 'number' ? Math.min(end - lineStart, line.length) - column : 1;
  return [head, ...excerpt(line, column, length), ...more].join('\n');
}

/** The line and, below it, carets; of a long line the part around them. */
function excerpt(line: string, column: number, length: number): string[] {
  const from = column > MAX_LINE_WIDTH - 40 ? column - 40 : 0;
  const shown = visible(line.slice(from, from + MAX_LINE_WIDTH));
  const before = displayWidth(visible(line.slice(from, column)));
  const marked = displayWidth(visible(line.slice(column, column + Math.max(1, length))));
  const carets = '^'.repeat(Math.max(1, Math.min(marked, MAX_LINE_WIDTH - before)));
  return [`  ${shown}`, `  ${' '.repeat(before)}${carets}`];
}
