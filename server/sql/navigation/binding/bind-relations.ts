import { absorbedColumns } from '../../syntax/merged-columns.ts';
import { relationName, sameName } from '../../syntax/scope.ts';
import type { TokenList } from '../../syntax/token-list.ts';
import type { Block, Name, RelationSyntax } from '../../syntax/tree.ts';
import type { Around, Binder } from './binder.ts';
import { type Meaning, OPEN, type Output, renamed } from './meaning.ts';
import type { BoundRelation, Scope } from './scope.ts';

/** Binds the relations of a block, each of which may use those before it. */
export function bindRelations(binder: Binder, block: Block, around: Around): BoundRelation[] {
  const bound: BoundRelation[] = [];
  const isPivoted = block.clauses.some(
    ({ keyword, first, last }) => /PIVOT/.test(keyword) || hasPivot(binder.list, first, last),
  );
  for (const relation of block.relations) {
    const scope: Scope = {
      relations: [...bound],
      items: [],
      variables: [],
      merged: new Set(),
      clause: 'FROM',
      outer: around.scope,
    };
    const next = bindRelation(binder, relation, { scope, tables: around.tables });
    bound.push(isPivoted ? { ...next, output: { ...next.output, isOpen: true } } : next);
  }
  binder.countClashes(bound.flatMap(({ name }) => (name === '' ? [] : [name])));
  return bound;
}

/**
 * The columns that USING and NATURAL make one of two.
 *
 * @param bound the block's relations, bound
 */
export function mergedColumns(
  { relations }: Block,
  bound: readonly BoundRelation[],
): ReadonlySet<string> | 'all' {
  const joined = relations.map(({ merges }, index) => ({
    ...(merges !== undefined && { merges }),
    columns: bound[index]?.output.columns ?? [],
  }));
  const isNatural = relations.some(({ merges }) => merges === 'shared');
  if (isNatural && bound.some(({ output }) => output.isOpen)) return 'all';
  // Those of USING are merged whether they are known or not.
  const named = relations.flatMap(({ merges }) => (merges === 'shared' ? [] : (merges ?? [])));
  const shared = absorbedColumns(joined).flatMap((names) => [...names]);
  return new Set([...named.map(({ text }) => text.toLowerCase()), ...shared]);
}

function hasPivot(list: TokenList, first: number, last: number): boolean {
  for (let at = first; at < last; at = list.next(at, last)) {
    if (list.isWord(at, 'PIVOT', 'UNPIVOT') && list.isOpen(at + 1)) return true;
  }
  return false;
}

function bindRelation(binder: Binder, relation: RelationSyntax, around: Around): BoundRelation {
  const { meaning, output } = bindSource(binder, relation, around);
  if (relation.alias === undefined) {
    return { name: relationName(relation), ...(meaning !== undefined && { meaning }), output };
  }
  const declared = binder.declare({ kind: 'alias', relation }, relation.alias);
  const names = relation.columns.map((name) => binder.declare({ kind: 'columnName' }, name));
  binder.countClashes(names.map(({ name }) => name));
  return { name: relation.alias.text, meaning: declared, output: renamed(output, names) };
}

function bindSource(
  binder: Binder,
  relation: RelationSyntax,
  around: Around,
): { readonly meaning?: Meaning; readonly output: Output } {
  const { source } = relation;
  const outside = (): Output => {
    binder.sources.push(relation);
    const columns = binder.options.columns(relation);
    return columns === undefined ? OPEN : { columns, isOpen: false };
  };
  switch (source.kind) {
    case 'table':
      return bindTable(binder, source.path, { around, outside });
    case 'file': {
      const meaning = { kind: 'file', name: relationName(relation), file: source.file } as const;
      binder.name({ text: source.file, start: source.start, end: source.end }, meaning);
      return { meaning, output: outside() };
    }
    case 'function':
      // Its arguments are bound with the rest of the clause.
      return { meaning: { kind: 'function', name: source.name.text }, output: outside() };
    case 'query':
      return { output: binder.bind(source.query, around) };
    case 'other':
      return { output: OPEN };
  }
}

function bindTable(
  binder: Binder,
  path: readonly Name[],
  { around, outside }: { readonly around: Around; readonly outside: () => Output },
): { readonly meaning?: Meaning; readonly output: Output } {
  const name = path.at(-1);
  if (name === undefined) return { output: OPEN };
  const common =
    path.length === 1
      ? around.tables.findLast(({ declared }) => sameName(declared.name, name.text))
      : undefined;
  const meaning: Meaning = common?.declared ?? { kind: 'table', name: name.text };
  binder.refer(name, { meanings: [meaning], isCertain: true });
  return { meaning, output: common?.output ?? outside() };
}
