import { textOf } from '../syntax/scope.ts';
import type { Block, StatementSyntax } from '../syntax/tree.ts';
import type { Lint, LintFinding } from './lint.ts';
import { isMisplaced, type UnionColumns, unionColumns } from './union-columns.ts';

/** A set operation whose blocks have columns of the same names in different places. */
export const unionOrder: Lint = {
  code: 'union-order',
  level: 'warning',
  find: async ({ statement, knowledge }) => {
    const found = await unionColumns(statement, knowledge);
    return found.filter((union) => !isDeliberate(statement, union)).flatMap(finding);
  },
};

function finding(union: UnionColumns): LintFinding[] {
  const { operator, differences } = union;
  const misplaced = differences.filter((difference) => isMisplaced(union, difference));
  if (misplaced.length === 0) return [];
  const pairs = misplaced.map(
    ({ column, left, right }) => `${right} goes into ${left} (column ${column + 1})`,
  );
  const advice =
    operator.kind === 'UNION' ? 'Write BY NAME, or put them in one order.' : 'Put them in one order.';
  const message = `${operator.kind} matches columns by their places: ${pairs.join(', ')}. ${advice}`;
  return [{ start: operator.start, end: operator.end, message }];
}

/** Whoever lists columns of one relation both ways round, as for the edges of a graph, means it. */
function isDeliberate(statement: StatementSyntax, { blocks: [left, right] }: UnionColumns): boolean {
  const isListed = [left, right].every(
    ({ items }) => items.length > 0 && items.every(({ isStar }) => !isStar),
  );
  return isListed && left.relations.length > 0 && sources(statement, left) === sources(statement, right);
}

function sources({ text }: StatementSyntax, { relations }: Block): string {
  return relations.map(({ source }) => textOf(text, source).toLowerCase()).join(', ');
}
