import { sameName } from '../../syntax/scope.ts';
import type { Name, SelectItem } from '../../syntax/tree.ts';
import { columnsNamed, type Declared, type Meaning, type Output } from './meaning.ts';

/** A relation whose columns may be named. */
export interface BoundRelation {
  /** Empty when it has none. */
  readonly name: string;
  readonly meaning?: Meaning;
  readonly output: Output;
}

/** A common table that may be named. */
export interface BoundTable {
  readonly declared: Declared;
  /** Of a recursive one, what is known so far. */
  output: Output;
}

/** What names may mean at a place: of a block, of a macro, or of a lambda, inside of another. */
export interface Scope {
  readonly relations: readonly BoundRelation[];
  /** Aliases of the SELECT list. */
  readonly items: readonly { readonly item: SelectItem; readonly declared: Declared }[];
  readonly variables: readonly Declared[];
  /** Columns that USING or NATURAL makes one of several; `all`: every one that is there twice. */
  readonly merged: ReadonlySet<string> | 'all';
  /** The clause that the place is in. */
  readonly clause: string;
  readonly outer?: Scope;
}

/** What a name means, and whether that is sure. */
export interface Found {
  readonly meanings: readonly Meaning[];
  readonly isCertain: boolean;
}

/** A scope with nothing in it. */
export const EMPTY_SCOPE: Scope = { relations: [], items: [], variables: [], merged: new Set(), clause: '' };

/** What a name without a qualifier means; undefined when nothing of that name is known. */
export function findName(scope: Scope, name: Name): Found | undefined {
  let isCertain = true;
  for (let at: Scope | undefined = scope; at !== undefined; at = at.outer) {
    const found = findIn(at, name);
    if (found !== undefined) return { meanings: found.meanings, isCertain: found.isCertain && isCertain };
    isCertain &&= !isOpen(at);
  }
  return undefined;
}

/** The innermost relation of a name. */
export function findRelation(scope: Scope, name: string): BoundRelation | undefined {
  for (let at: Scope | undefined = scope; at !== undefined; at = at.outer) {
    const found = at.relations.find((relation) => relation.name !== '' && sameName(relation.name, name));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The innermost relations with columns that are not known. */
export function openRelations(scope: Scope): readonly BoundRelation[] {
  for (let at: Scope | undefined = scope; at !== undefined; at = at.outer) {
    const open = at.relations.filter(({ output }) => output.isOpen);
    if (open.length > 0) return open;
  }
  return [];
}

/** The columns of several relations of a name as one. */
export function findColumn(
  { relations, merged }: Pick<Scope, 'relations' | 'merged'>,
  name: string,
): readonly Meaning[] {
  const found = relations.flatMap(({ output }) => columnsNamed(output, name).slice(0, 1));
  const isMerged = merged === 'all' || merged.has(name.toLowerCase());
  return (isMerged ? found : found.slice(0, 1)).flatMap((column) => column.meanings);
}

/**
 * Where ORDER BY names nothing else an alias goes before a column, elsewhere behind it; in a SELECT list only those
 * before are known. As the engine does.
 */
function findIn(scope: Scope, name: Name): Found | undefined {
  const variable = scope.variables.find((declared) => sameName(declared.name, name.text));
  if (variable !== undefined) return { meanings: [variable], isCertain: true };
  const alias = visibleItem(scope, name);
  const column = findColumn(scope, name.text);
  const takesAlias = alias !== undefined && (scope.clause === 'ORDER' || column.length === 0);
  if (takesAlias) {
    return { meanings: [alias], isCertain: scope.clause === 'ORDER' || !isOpen(scope) };
  }
  return column.length === 0 ? undefined : { meanings: column, isCertain: true };
}

function visibleItem({ items, clause }: Scope, name: Name): Declared | undefined {
  if (/^(FROM|VALUES|LIMIT|OFFSET|WINDOW)$/.test(clause)) return undefined;
  const isBefore = ({ item }: { readonly item: SelectItem }) => clause !== 'SELECT' || item.end <= name.start;
  return items.find((entry) => isBefore(entry) && sameName(entry.declared.name, name.text))?.declared;
}

function isOpen({ relations }: Scope): boolean {
  return relations.some(({ output }) => output.isOpen);
}
