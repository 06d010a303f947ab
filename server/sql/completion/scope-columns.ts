import type { ColumnInfo } from '../../../wasm-core/protocol/methods.ts';
import { type Level, relationName, sameName } from '../syntax/scope.ts';
import type { Block, RelationSyntax } from '../syntax/tree.ts';
import type { ColumnReader } from './column-reader.ts';
import type { Cursor } from './cursor.ts';

/** A relation whose columns may stand at a position. */
export interface ScopeRelation {
  /** By which its columns are qualified; empty when it has no name. */
  readonly name: string;
  readonly columns: readonly ColumnInfo[];
  /** 0 for the query that the position is in, 1 for the one around it, and so on. */
  readonly depth: number;
  /** What a statement writes to: `insert into t`, `update t`. */
  readonly isTarget: boolean;
  readonly merges?: RelationSyntax['merges'];
}

/** The relations around a position with their columns, those of the innermost query first. */
export async function relationsInScope(cursor: Cursor, reader: ColumnReader): Promise<ScopeRelation[]> {
  const levels = cursor.levels.map((level, depth) =>
    visibleRelations(cursor, level).map(async (relation) => ({
      name: relationName(relation),
      columns: await reader.columnsOf(relation, cursor.levels.slice(depth)),
      depth,
      isTarget: isTarget(level.block, relation),
      ...(relation.merges !== undefined && { merges: relation.merges }),
    })),
  );
  return Promise.all(levels.flat());
}

/** In FROM a relation sees those before it alone; behind it all of them are seen. */
function visibleRelations({ offset }: Cursor, { block }: Level): readonly RelationSyntax[] {
  if (block === undefined) return [];
  const inside = block.relations.find(({ start, end }) => offset > start && offset <= end);
  return inside === undefined
    ? block.relations.filter(({ start }) => start !== offset)
    : block.relations.filter((relation) => relation.end <= inside.start);
}

function isTarget(block: Block | undefined, relation: RelationSyntax): boolean {
  const clause = block?.clauses.find(({ start, end }) => relation.start >= start && relation.start < end);
  const head = block?.clauses[0]?.keyword ?? '';
  return (
    clause?.keyword === 'INTO' ||
    clause?.keyword === 'UPDATE' ||
    (head === 'DELETE' && clause?.keyword === 'FROM')
  );
}

/** The column of a name in the innermost query that has one, when a qualifier is given in that relation. */
export function findColumn(
  relations: readonly ScopeRelation[],
  name: string,
  qualifier?: string,
): ColumnInfo | undefined {
  for (const relation of relations) {
    if (qualifier !== undefined && !sameName(relation.name, qualifier)) continue;
    const found = relation.columns.find((column) => sameName(column.name, name));
    if (found !== undefined) return found;
  }
  return undefined;
}
