import { isQuery } from '../../wasm-core/protocol/query.ts';
import type { ExportedQuery } from '../export/export-source.ts';

/**
 * The query for selected rows of a statement, with the comments above the statement, which may be directives.
 *
 * @param sql the clauses that select, as `result/rows` tells them
 * @returns undefined for a statement that cannot stand inside of another
 */
export function selectionQuery(
  { text, piece }: Pick<ExportedQuery, 'text' | 'piece'>,
  sql: string,
): string | undefined {
  const statement = text.slice(piece.start, piece.end);
  if (!isQuery(statement)) return undefined;
  const comments = text.slice(piece.from, piece.start).trim();
  // A comment may end the statement.
  return `${comments === '' ? '' : `${comments}\n`}from (\n${statement}\n)\n${sql};\n`;
}
