import { commonTableOf, contains, type Level, textOf } from '../syntax/scope.ts';
import type { Block, Query, RelationSyntax, StatementSyntax } from '../syntax/tree.ts';
import { isKeyword } from '../tokens.ts';
import type { LintInput } from './lint.ts';

/**
 * Whether a relation is a query that gives one row at most, such as `(select max(x) from t)` or `(select 1 as one)`, which
 * may be joined with anything.
 */
export async function isSingleRow(
  { statement, knowledge }: Pick<LintInput, 'statement' | 'knowledge'>,
  { relation, levels }: { readonly relation: RelationSyntax; readonly levels: readonly Level[] },
): Promise<boolean> {
  const { source } = relation;
  const query = source.kind === 'query' ? source.query : commonTableOf(relation, levels)?.query;
  const block = query === undefined ? undefined : onlyBlock(query);
  if (block === undefined) return false;
  const limit = block.clauses.find(({ keyword }) => keyword === 'LIMIT');
  if (limit !== undefined && /^limit\s+[01]\s*$/i.test(textOf(statement.text, limit))) return true;
  const keywords = block.clauses.map(({ keyword }) => keyword);
  if (!keywords.includes('SELECT') || keywords.includes('GROUP')) return false;
  const calls = callsIn(statement, block);
  if (!keywords.includes('FROM')) return !calls.some((name) => /^(unnest|generate_series|range)$/.test(name));
  if (calls.length === 0) return false;
  const aggregates = await aggregateNames({ knowledge });
  return calls.some((name) => aggregates.has(name));
}

function onlyBlock({ blocks }: Query): Block | undefined {
  return blocks.length === 1 ? blocks[0] : undefined;
}

/** The functions that the block's own items call, but over windows; in lower case. */
function callsIn({ calls, tokens }: StatementSyntax, { items, queries }: Block): string[] {
  const own = calls.filter(
    (call) =>
      items.some((item) => contains(item, call.start)) &&
      !queries.some((query) => contains(query, call.start)),
  );
  const overWindow = (end: number) => {
    const next = tokens.findIndex((token) => token.start >= end);
    const behind = isKeyword(tokens[next], 'FILTER')
      ? tokens.slice(next, next + 200)
      : tokens.slice(next, next + 1);
    return behind.some((token) => isKeyword(token, 'OVER'));
  };
  return own.filter(({ end }) => !overWindow(end)).map(({ name }) => name.text.toLowerCase());
}

async function aggregateNames({ knowledge }: Pick<LintInput, 'knowledge'>): Promise<Set<string>> {
  const [{ functions }, plugins] = await Promise.all([knowledge.catalog(), knowledge.functions()]);
  const engine = functions.filter(({ kind }) => kind === 'aggregate').map(({ name }) => name.toLowerCase());
  return new Set([
    ...engine,
    ...plugins.filter(({ fn }) => fn.kind === 'aggregate').map(({ fn }) => fn.name),
  ]);
}
