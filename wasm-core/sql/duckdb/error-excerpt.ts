import { utf16Offset } from '../positions.ts';

/** No more of a line is shown, characters. */
const MAX_WIDTH = 120;

/**
 * The line of a statement at which an error is, with a mark below, as DuckDB writes it behind its messages; after
 * `QueryErrorContext::Format` in DuckDB's sources.
 *
 * @param position of the error, bytes of UTF-8
 * @returns empty when the position is not in the text
 */
export function errorExcerpt(sql: string, position: number): string {
  const at = utf16Offset(sql, position);
  if (at >= sql.length) return '';
  const lineStart = sql.lastIndexOf('\n', at - 1) + 1;
  const nextLine = sql.indexOf('\n', at);
  const lineEnd = nextLine < 0 ? sql.length : nextLine;
  const number = sql.slice(0, lineStart).split('\n').length;
  const start = Math.max(lineStart, Math.min(at - MAX_WIDTH / 2, lineEnd - MAX_WIDTH));
  const end = Math.min(lineEnd, start + MAX_WIDTH);
  const head = `LINE ${number}: ${start > lineStart ? '...' : ''}`;
  const line = head + sql.slice(start, end) + (end < lineEnd ? '...' : '');
  return `\n\n${line}\n${' '.repeat(head.length + at - start)}^`;
}
