import type { RelationSyntax } from './tree.ts';

/** A relation in its place among those that are joined. */
interface JoinedColumns<T extends { readonly name: string } = { readonly name: string }> {
  readonly merges?: RelationSyntax['merges'];
  readonly columns: readonly T[];
}

/**
 * Which columns USING and NATURAL make one with those of relations before, so that they are no columns of their own.
 *
 * @param relations in the order of the text
 * @returns of each relation the names, in lower case
 */
export function absorbedColumns(relations: readonly JoinedColumns[]): ReadonlySet<string>[] {
  const before = new Set<string>();
  return relations.map(({ merges, columns }) => {
    const own = columns.map(({ name }) => name.toLowerCase());
    const named = merges === 'shared' ? own : (merges ?? []).map(({ text }) => text.toLowerCase());
    const absorbed = new Set(named.filter((name) => before.has(name) && own.includes(name)));
    for (const name of own) before.add(name);
    return absorbed;
  });
}

/** The columns that are there after joins, those that are one given once. */
export function joinedColumns<T extends { readonly name: string }>(
  relations: readonly JoinedColumns<T>[],
): T[] {
  const absorbed = absorbedColumns(relations);
  return relations.flatMap(({ columns }, index) =>
    columns.filter(({ name }) => absorbed[index]?.has(name.toLowerCase()) !== true),
  );
}
