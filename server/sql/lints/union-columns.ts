import type { SqlKnowledge } from '../knowledge.ts';
import { queryWithTables, sameName, textOf } from '../syntax/scope.ts';
import type { Block, Query, SetOperator, StatementSyntax } from '../syntax/tree.ts';
import { blockLevels, isWrapped, queriesOf, type VisitedQuery } from '../syntax/walk.ts';

/** A place where the blocks beside a set operator name their columns differently. */
export interface NameDifference {
  /** From 0. */
  readonly column: number;
  /** As the first block of the query has it, which is the name in the result. */
  readonly left: string;
  readonly right: string;
}

/** A set operator that matches columns by their places, and the columns whose names differ beside it. */
export interface UnionColumns {
  readonly operator: SetOperator;
  readonly visited: VisitedQuery;
  /** The first block of the query, and the one behind the operator. */
  readonly blocks: readonly [Block, Block];
  /** The names of both; undefined for a column without a name of its own, such as that of `1 + 1`. */
  readonly names: readonly [ColumnNames, ColumnNames];
  readonly differences: readonly NameDifference[];
}

type ColumnNames = readonly (string | undefined)[];

/** The set operators of a statement beside which names of columns differ. */
export async function unionColumns(
  statement: StatementSyntax,
  knowledge: SqlKnowledge,
): Promise<UnionColumns[]> {
  const found: UnionColumns[] = [];
  for (const visited of queriesOf(statement)) {
    const { operators, blocks } = visited.query;
    const [first] = blocks;
    if (first === undefined || operators.every(({ byName }) => byName)) continue;
    const left = await blockNames({ statement, knowledge }, visited, first);
    for (const [index, operator] of operators.entries()) {
      const block = blocks[index + 1];
      if (left === undefined || block === undefined || operator.byName) continue;
      const right = await blockNames({ statement, knowledge }, visited, block);
      const differences = differencesOf(left, right ?? []);
      if (right === undefined || differences.length === 0) continue;
      found.push({ operator, visited, blocks: [first, block], names: [left, right], differences });
    }
  }
  return found;
}

/** Whether a difference is one of order: the other block has the name, too, in another place. */
export function isMisplaced({ names: [left] }: UnionColumns, { column, right }: NameDifference): boolean {
  return left.some((name, index) => index !== column && name !== undefined && sameName(name, right));
}

function differencesOf(left: ColumnNames, right: ColumnNames): NameDifference[] {
  // Blocks of different lengths are the engine's affair.
  if (left.length !== right.length) return [];
  return left.flatMap((name, column) => {
    const other = right[column];
    if (name === undefined || other === undefined || sameName(name, other)) return [];
    return [{ column, left: name, right: other }];
  });
}

interface Source {
  readonly statement: StatementSyntax;
  readonly knowledge: SqlKnowledge;
}

/** The names of a block's columns; undefined when they cannot be told. */
async function blockNames(
  source: Source,
  visited: VisitedQuery,
  block: Block,
): Promise<ColumnNames | undefined> {
  const [inner] = block.queries;
  if (isWrapped(block) && inner !== undefined) return queryNames(source, visited, { block, inner });
  if (block.clauses.some(({ keyword }) => /^(VALUES|PIVOT|UNPIVOT|INSERT)$/.test(keyword))) return undefined;
  if (block.items.length > 0 && block.items.every(({ isStar }) => !isStar)) {
    return block.items.map(({ name }) => name);
  }
  const sql = queryWithTables(
    source.statement,
    selectText(source.statement, block),
    blockLevels(visited, block),
  );
  const columns = await source.knowledge.columns(sql);
  return columns.length === 0 ? undefined : columns.map(({ name }) => ownName(name));
}

function queryNames(
  source: Source,
  visited: VisitedQuery,
  { block, inner }: { readonly block: Block; readonly inner: Query },
): Promise<ColumnNames | undefined> {
  const nested = { query: inner, use: { kind: 'block' }, outer: blockLevels(visited, block) } as const;
  const [first] = inner.blocks;
  return first === undefined ? Promise.resolve(undefined) : blockNames(source, nested, first);
}

/** A block without what belongs to the whole query behind it. */
function selectText({ text }: StatementSyntax, block: Block): string {
  const after = block.clauses.find(({ keyword }) => /^(ORDER|LIMIT|OFFSET)$/.test(keyword));
  return textOf(text, { start: block.start, end: after?.start ?? block.end });
}

/** The engine names a column without a name after its expression. */
function ownName(name: string): string | undefined {
  return /^[\p{L}_][\p{L}\p{N}_ ]*$/u.test(name) && !/^null$/i.test(name) ? name : undefined;
}
