import { relationName, relationQuery, textOf } from '../syntax/scope.ts';
import type { Block, RelationSyntax } from '../syntax/tree.ts';
import { blockLevels, queriesOf, type VisitedQuery } from '../syntax/walk.ts';
import { linksOf } from './condition-links.ts';
import { Groups, joinGroups } from './join-groups.ts';
import { isLateral } from './lateral.ts';
import type { Lint, LintFinding, LintInput } from './lint.ts';
import { isSingleRow } from './single-row.ts';

/** Relations joined by a comma of which no condition says which rows belong together. */
export const commaJoin: Lint = {
  code: 'comma-join',
  level: 'hint',
  find: async (input) => {
    const found: LintFinding[] = [];
    for (const visited of queriesOf(input.statement)) {
      for (const block of visited.query.blocks) {
        if (block.relations.some(({ joined }) => joined === 'comma')) {
          found.push(...(await findIn(input, visited, block)));
        }
      }
    }
    return found;
  },
};

async function findIn(input: LintInput, visited: VisitedQuery, block: Block): Promise<LintFinding[]> {
  const levels = blockLevels(visited, block);
  const relations = joinGroups(block.relations);
  const groups = new Groups(relations.length);
  for (const [index, members] of relations.entries()) {
    const earlier = relations.slice(0, index).flat();
    const [only] = members;
    if (members.some((relation) => isLateral(input.statement, relation, earlier)))
      groups.linkToNeighbour(index);
    if (members.length === 1 && only && (await isSingleRow(input, { relation: only, levels }))) {
      groups.linkToNeighbour(index);
    }
  }
  const links = await linksOf({ ...input, block, levels, relations });
  // Names that cannot be told may link anything.
  if (links === undefined) return [];
  for (const link of links) groups.link(link);
  const found: LintFinding[] = [];
  for (const set of groups.sets()) {
    const [first] = set.map((index) => relations[index]?.[0]);
    const others = set.every((index) => relations[index]?.[0]?.joined === 'comma');
    if (first === undefined || !others) continue;
    // A subquery that does not stand for itself names what is around it.
    const isQuery = first.source.kind === 'query';
    const sql = isQuery ? relationQuery(input.statement, first, levels) : '';
    if (isQuery && (await input.knowledge.columns(sql)).length === 0) continue;
    found.push(finding(input, block, first));
  }
  return found;
}

function finding(input: LintInput, block: Block, relation: RelationSyntax): LintFinding {
  const name = (r: RelationSyntax) => relationName(r) || shortened(textOf(input.statement.text, r.source));
  const before = block.relations[block.relations.indexOf(relation) - 1];
  const others = before === undefined ? 'those before it' : name(before);
  const message = `Every row of ${name(relation)} is joined with every row of ${others}: nothing in WHERE links them. Write CROSS JOIN when that is meant.`;
  return { start: relation.start, end: relation.end, message };
}

function shortened(text: string): string {
  return text.length <= 30 ? text : `${text.slice(0, 29)}…`;
}
