import type { RelationSource, RelationSyntax } from './tree.ts';

/** A source as the only relation of a FROM clause. */
export function loneRelation(source: RelationSource): RelationSyntax {
  const { start, end } = source;
  return {
    start,
    end,
    source,
    alias: undefined,
    columns: [],
    joined: 'first',
    hasCondition: false,
    merges: undefined,
  };
}
