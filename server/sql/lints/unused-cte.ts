import { commonTableOf, contains, findCommonTable, type Level, sameName } from '../syntax/scope.ts';
import type { CommonTable, RelationSyntax, StatementSyntax } from '../syntax/tree.ts';
import { blockLevels, queriesOf } from '../syntax/walk.ts';
import { identifier } from '../tokens.ts';
import type { Lint, LintFinding } from './lint.ts';

/** A common table that nothing reads. */
export const unusedCte: Lint = {
  code: 'unused-cte',
  level: 'warning',
  isUnnecessary: true,
  find: ({ statement }) => unusedTables(statement).map(finding),
};

/** The common tables of a statement that nothing but themselves reads. */
export function unusedTables(statement: StatementSyntax): CommonTable[] {
  const queries = queriesOf(statement);
  const tables = queries.flatMap(({ query }) => query.tables);
  // These take the name of a relation, or a whole query, as text.
  if (tables.length === 0 || statement.calls.some(({ name }) => /^query(_table)?$/i.test(name.text)))
    return [];
  const used = new Set<CommonTable>();
  const read = new Set<number>();
  for (const visited of queries) {
    for (const block of visited.query.blocks) {
      const levels = blockLevels(visited, block);
      for (const relation of block.relations) {
        read.add(relation.source.start);
        const table = tableRead(relation, levels);
        if (table !== undefined && !contains(table, relation.start)) used.add(table);
      }
    }
  }
  return tables.filter((table) => !used.has(table) && !isNamedElsewhere(statement, table, read));
}

function finding({ name }: CommonTable): LintFinding {
  return { start: name.start, end: name.end, message: `Nothing reads the common table ${name.text}.` };
}

/** The common table that a relation reads; DuckDB takes a name in single quotes for one, too. */
function tableRead(relation: RelationSyntax, levels: readonly Level[]): CommonTable | undefined {
  const { source } = relation;
  return source.kind === 'file' ? findCommonTable(source.file, levels) : commonTableOf(relation, levels);
}

/** Words that a relation may follow where the syntax tree has none, such as in `(summarize t)`. */
const BEFORE_RELATIONS =
  /^(FROM|JOIN|TABLE|DESCRIBE|DESC|SUMMARIZE|SHOW|PIVOT|UNPIVOT|INTO|UPDATE|USING|IN)$/i;

/** Whether a relation of the table's name stands where the syntax tree knows of none. */
function isNamedElsewhere(
  { tokens }: StatementSyntax,
  table: CommonTable,
  read: ReadonlySet<number>,
): boolean {
  return tokens.some((token, index) => {
    const before = tokens[index - 1];
    const isRelation = before?.kind === 'word' && BEFORE_RELATIONS.test(before.text);
    const isElsewhere = isRelation && !read.has(token.start) && !contains(table, token.start);
    return isElsewhere && sameName(identifier(token) ?? '', table.name.text);
  });
}
