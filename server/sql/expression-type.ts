import type { SqlKnowledge } from './knowledge.ts';
import { levelsAt, queryWithTables, textOf } from './syntax/scope.ts';
import type { Span, StatementSyntax } from './syntax/tree.ts';

/**
 * What type the engine gives to an expression where it stands.
 *
 * @param expression in the statement, UTF-16 code units
 * @returns undefined when it needs more than the FROM clause beside it, such as a query around
 */
export async function expressionType(
  { statement, knowledge }: { readonly statement: StatementSyntax; readonly knowledge: SqlKnowledge },
  expression: Span,
): Promise<string | undefined> {
  const levels = levelsAt(statement, expression.start);
  const from = levels[0]?.block?.clauses.find(({ keyword }) => keyword === 'FROM');
  const relations = from === undefined ? '' : textOf(statement.text, from);
  const query = `select (${textOf(statement.text, expression)}) ${relations}`;
  const [column, ...others] = await knowledge.columns(queryWithTables(statement, query, levels));
  return others.length > 0 ? undefined : column?.type;
}
