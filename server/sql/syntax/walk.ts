import type { Level } from './scope.ts';
import type { Block, CommonTable, Query, RelationSyntax, StatementSyntax } from './tree.ts';

/** What a query is in its statement. */
export type QueryUse =
  | { readonly kind: 'statement' }
  | { readonly kind: 'common'; readonly table: CommonTable }
  | { readonly kind: 'relation'; readonly relation: RelationSyntax }
  /** A block of a set operation in parentheses. */
  | { readonly kind: 'block' }
  /** `(select …)`, `exists (select …)`, `in (select …)`. */
  | { readonly kind: 'expression' };

/** A query of a statement, with what is around it. */
export interface VisitedQuery {
  readonly query: Query;
  readonly use: QueryUse;
  /** The levels around the query, the innermost first. */
  readonly outer: readonly Level[];
}

/** Every query of a statement, those inside of others behind them. */
export function queriesOf(statement: StatementSyntax): VisitedQuery[] {
  return visit({ query: statement.query, use: { kind: 'statement' }, outer: [] });
}

/** The levels that are around the parts of a block. */
export function blockLevels({ query, outer }: VisitedQuery, block: Block): Level[] {
  return [{ query, tables: query.tables, block }, ...outer];
}

/** Whether a block is nothing but a query in parentheses. */
export function isWrapped(block: Block): boolean {
  return block.clauses.length === 0 && block.queries.length === 1;
}

function visit(visited: VisitedQuery): VisitedQuery[] {
  const { query, outer } = visited;
  const common = query.tables.flatMap((table, index) => {
    if (table.query === undefined) return [];
    // Each can name those before it, and itself where that is said.
    const tables = query.tables.slice(0, query.isRecursive ? index + 1 : index);
    return visit({
      query: table.query,
      use: { kind: 'common', table },
      outer: [{ query, tables }, ...outer],
    });
  });
  const inner = query.blocks.flatMap((block) =>
    block.queries.flatMap((nested) =>
      visit({ query: nested, use: useIn(block, nested), outer: blockLevels(visited, block) }),
    ),
  );
  return [visited, ...common, ...inner];
}

function useIn(block: Block, nested: Query): QueryUse {
  if (isWrapped(block)) return { kind: 'block' };
  const relation = block.relations.find(({ source }) => source.kind === 'query' && source.query === nested);
  return relation === undefined ? { kind: 'expression' } : { kind: 'relation', relation };
}
