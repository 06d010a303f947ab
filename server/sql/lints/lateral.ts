import { relationName, sameName } from '../syntax/scope.ts';
import type { RelationSyntax, StatementSyntax } from '../syntax/tree.ts';
import { identifier, isMark } from '../tokens.ts';

/** Words that stand for values, and are no columns. */
const VALUES = /^(true|false|null)$/i;

/**
 * Whether a relation behind a comma is made from the row before it: a function whose arguments name anything, as what
 * they name is a column of an earlier relation, or a subquery that names an earlier relation.
 *
 * @param earlier the relations before it
 */
export function isLateral(
  { tokens }: StatementSyntax,
  { source }: RelationSyntax,
  earlier: readonly RelationSyntax[],
): boolean {
  if (source.kind !== 'function' && source.kind !== 'query') return false;
  const from = source.kind === 'function' ? source.name.end : source.start;
  return tokens.some((token, index) => {
    const name = identifier(token);
    if (name === undefined || token.start < from || token.end > source.end) return false;
    const next = tokens[index + 1];
    if (source.kind === 'query') {
      return isMark(next, '.') && earlier.some((relation) => sameName(relationName(relation), name));
    }
    // `header = true` and `header := true` name a parameter, `f(` a function.
    const isOther =
      isMark(next, '(') || isMark(next, '=') || (isMark(next, ':') && isMark(tokens[index + 2], '='));
    return !isOther && !(token.kind === 'word' && VALUES.test(name));
  });
}
