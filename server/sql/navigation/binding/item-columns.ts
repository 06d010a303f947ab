import { sameName } from '../../syntax/scope.ts';
import type { Block, SelectItem } from '../../syntax/tree.ts';
import { type Binder, distinct } from './binder.ts';
import type { Output, OutputColumn } from './meaning.ts';
import type { Scope } from './scope.ts';

/** The columns of a SELECT list whose names are bound. */
export function selectOutput(binder: Binder, block: Block, scope: Scope): Output {
  const outputs = block.items.map((item) => itemOutput(binder, item, scope));
  const columns = outputs.flatMap((output) => output.columns);
  binder.countClashes(columns.map(({ name }) => name));
  return {
    columns,
    isOpen: outputs.some((output) => output.isOpen),
  };
}

/** The columns of `*`. */
export function starOutput({ relations, merged }: Scope): Output {
  const columns = new Map<string, OutputColumn>();
  for (const [index, relation] of relations.entries()) {
    for (const column of relation.output.columns) {
      const name = column.name.toLowerCase();
      const isMerged = merged === 'all' || merged.has(name);
      const known = isMerged ? columns.get(name) : undefined;
      // Columns of one name are both there, unless a join makes one of them.
      const key = isMerged ? name : `${name} ${index}`;
      const meanings = distinct([...(known?.meanings ?? []), ...column.meanings]);
      columns.set(key, { name: known?.name ?? column.name, meanings });
    }
  }
  return { columns: [...columns.values()], isOpen: relations.some(({ output }) => output.isOpen) };
}

function itemOutput(binder: Binder, item: SelectItem, scope: Scope): Output {
  if (item.isStar) return starItem(binder, item, scope);
  const { name } = item;
  if (name === undefined) return { columns: [], isOpen: false };
  const place = item.alias ?? lastName(binder, item);
  const meanings = place === undefined ? [] : (binder.at(place.start)?.meanings ?? []);
  return { columns: [{ name, meanings }], isOpen: false };
}

function lastName(binder: Binder, { expression }: SelectItem): { readonly start: number } | undefined {
  return binder.list.at(binder.indexAt(expression.end) - 1);
}

/** `*`, `t.*` with EXCLUDE and RENAME; what `columns(…)` gives is not known. */
function starItem(binder: Binder, { expression }: SelectItem, scope: Scope): Output {
  const { list } = binder;
  const first = binder.indexAt(expression.start);
  const last = binder.indexAt(expression.end);
  if (list.isOpen(first + 1)) return { columns: [], isOpen: true };
  let star = first;
  while (star < last && !list.isMark(star, '*')) star++;
  const qualifier = star > first ? list.name(star - 2) : undefined;
  const relations = scope.relations.filter(
    ({ name }) => qualifier === undefined || sameName(name, qualifier.text),
  );
  const output = starOutput({ ...scope, relations });
  const excluded = excludedNames(binder, star + 1, last);
  const columns = output.columns.filter(({ name }) => !excluded.has(name.toLowerCase()));
  return { columns, isOpen: output.isOpen || hasRename(binder, star + 1, last) };
}

function excludedNames(binder: Binder, first: number, last: number): Set<string> {
  const { list } = binder;
  for (let at = first; at < last; at = list.next(at, last)) {
    if (!list.isWord(at, 'EXCLUDE', 'EXCEPT', 'RENAME')) continue;
    const single = list.name(at + 1);
    const names = list.isOpen(at + 1) ? list.names(at + 1) : single === undefined ? [] : [single];
    return new Set(names.map((name) => name.text.toLowerCase()));
  }
  return new Set();
}

function hasRename(binder: Binder, first: number, last: number): boolean {
  for (let at = first; at < last; at = binder.list.next(at, last)) {
    if (binder.list.isWord(at, 'RENAME')) return true;
  }
  return false;
}
