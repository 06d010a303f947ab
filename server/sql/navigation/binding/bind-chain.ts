import type { Name } from '../../syntax/tree.ts';
import type { Binder } from './binder.ts';
import { columnsNamed, type Meaning } from './meaning.ts';
import { type BoundRelation, findName, findRelation, openRelations, type Scope } from './scope.ts';
import { HALF_RESERVED } from './words.ts';

/** Binds `t.*`, whose names are a relation's. */
export function bindStar(binder: Binder, names: readonly Name[], scope: Scope): void {
  const name = names.at(-1);
  const meaning = name && findRelation(scope, name.text)?.meaning;
  if (name !== undefined && meaning !== undefined)
    binder.refer(name, { meanings: [meaning], isCertain: true });
}

/**
 * Binds names joined by dots: a column with the fields in it, qualified or not.
 *
 * @param isQualifier whether they stand before a function, where they may be a schema
 */
export function bindChain(
  binder: Binder,
  names: readonly Name[],
  { scope, isQualifier }: { readonly scope: Scope; readonly isQualifier: boolean },
): void {
  const [first, second] = names;
  if (first === undefined) return;
  // `schema.table.column`, too.
  const at = names.findIndex((name, index) => index < 2 && findRelation(scope, name.text) !== undefined);
  const [qualifier, column, ...fields] = at < 0 ? [] : names.slice(at);
  const relation = qualifier && findRelation(scope, qualifier.text);
  if (relation !== undefined && qualifier !== undefined && column !== undefined) {
    if (bindQualified(binder, { relation, qualifier, column })) {
      bindFields(binder, fields);
      return;
    }
  }
  const found = findName(scope, first);
  if (found !== undefined) {
    binder.refer(first, found);
    bindFields(binder, names.slice(1));
    return;
  }
  if (relation?.meaning !== undefined && qualifier !== undefined) {
    binder.refer(qualifier, { meanings: [relation.meaning], isCertain: true });
    return;
  }
  if (second === undefined && !isQualifier) bindGuess(binder, first, scope);
}

function bindQualified(
  binder: Binder,
  {
    relation,
    qualifier,
    column,
  }: { readonly relation: BoundRelation; readonly qualifier: Name; readonly column: Name },
): boolean {
  const known = columnsNamed(relation.output, column.text)[0];
  if (known === undefined && !relation.output.isOpen) return false;
  const meanings = known?.meanings ?? outsideColumn(binder, relation, column);
  if (relation.meaning !== undefined)
    binder.refer(qualifier, { meanings: [relation.meaning], isCertain: true });
  binder.refer(column, { meanings, isCertain: known !== undefined });
  return true;
}

function bindFields(binder: Binder, fields: readonly Name[]): void {
  for (const field of fields) binder.name(field, { kind: 'field', name: field.text });
}

/** A name that nothing is known of can only be a column of what has columns that are not known. */
function bindGuess(binder: Binder, name: Name, scope: Scope): void {
  const token = binder.list.at(binder.indexAt(name.start));
  const word = token?.kind === 'word' ? name.text.toUpperCase() : '';
  if (HALF_RESERVED.has(word) || GRAMMAR.has(word) || /^\d/.test(word)) return;
  const [relation, ...others] = openRelations(scope);
  if (relation === undefined) return;
  // Of which of several it is, nobody can say.
  const source = others.length === 0 ? binder.sourceText(relation.meaning) : '';
  binder.refer(name, { meanings: [{ kind: 'column', name: name.text, source }], isCertain: false });
}

function outsideColumn(binder: Binder, relation: BoundRelation, { text }: Name): Meaning[] {
  return [{ kind: 'column', name: text, source: binder.sourceText(relation.meaning) }];
}

/** Words that are part of the grammar more often than they are columns. */
const GRAMMAR = new Set(
  `BY SETS NEXT ROWS ROW ONLY NOTHING UPDATE MATCHED INSERT DELETE CONFLICT KEY RECURSIVE MATERIALIZED SAMPLE REPLACE
  RENAME EXCLUDE ESCAPE FILTER WITHIN OVER IGNORE RESPECT NULLS FIRST LAST PARTITION RANGE GROUPS UNBOUNDED PRECEDING
  FOLLOWING CURRENT TIES OTHERS NO ORDINALITY SET CURRENT_DATE CURRENT_TIME CURRENT_TIMESTAMP LOCALTIME LOCALTIMESTAMP
  CURRENT_USER SESSION_USER USER PERCENT RESERVOIR REPEATABLE IF ZONE SQL_TSI_DAY`.split(/\s+/),
);
