import type { CatalogNamedTable } from '../../../wasm-core/protocol/catalog.ts';
import type { SqlKnowledge } from '../knowledge.ts';
import { sameName } from '../syntax/scope.ts';

/** The table of `quern.json` that a name means, where no table of the session hides it. */
export async function namedTable(
  knowledge: Pick<SqlKnowledge, 'catalog'>,
  name: string,
): Promise<CatalogNamedTable | undefined> {
  const { named, tables } = await knowledge.catalog();
  if (tables.some((table) => sameName(table.name, name))) return undefined;
  return named.find((table) => sameName(table.name, name));
}
