import { commonTableOf } from '../syntax/scope.ts';
import { blockLevels } from '../syntax/walk.ts';
import type { Lint, LintFinding } from './lint.ts';
import { isMisplaced, type UnionColumns, unionColumns } from './union-columns.ts';

/** A set operation whose blocks give the same place different names, of which the first block's is used. */
export const unionNames: Lint = {
  code: 'union-names',
  level: 'hint',
  find: async ({ statement, knowledge }) => {
    const found = await unionColumns(statement, knowledge);
    return found.filter((union) => namesMatter(union)).flatMap(finding);
  },
};

function finding(union: UnionColumns): LintFinding[] {
  const { operator, differences } = union;
  if (differences.some((difference) => isMisplaced(union, difference))) return [];
  const columns = differences.map(
    ({ column, left, right }) => `column ${column + 1} is ${left} above and ${right} below`,
  );
  const message = `The result has the names of the first SELECT: ${columns.join(', ')}. Give both the same name.`;
  return [{ start: operator.start, end: operator.end, message }];
}

/** Whether anybody sees the names: they may be given elsewhere, or be of no use. */
function namesMatter({ visited, blocks }: UnionColumns): boolean {
  const { use } = visited;
  if (use.kind === 'expression') return false;
  if (use.kind === 'relation') return use.relation.columns.length === 0;
  if (use.kind === 'statement') return blocks[0].clauses.every(({ keyword }) => keyword !== 'INTO');
  if (use.kind !== 'common') return true;
  // In a recursive table the second SELECT goes on from the columns of the first, by whatever names it has.
  const goesOn = blocks[1].relations.some(
    (relation) => commonTableOf(relation, blockLevels(visited, blocks[1])) === use.table,
  );
  return use.table.columns.length === 0 && !goesOn;
}
