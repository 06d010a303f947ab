import { Cursor, placeOf, written } from './cursor.ts';
import { readForms } from './forms.ts';
import { FIELD_WORDS, readField } from './parse-fields.ts';
import { tokenizeWat, type WatToken } from './tokens.ts';
import type { SyntaxFault, WatField, WatForm, WatItem, WatSyntax } from './tree.ts';

/**
 * Reads WebAssembly text, valid or not: what can be read of it, and what is wrong. Takes time linear in its length, and
 * never fails. A text of a component has no fields and no faults beside those of its tokens and parentheses.
 */
export function parseWat(text: string): WatSyntax {
  const lexed = tokenizeWat(text);
  const { tokens, comments } = lexed;
  const { items, faults: unbalanced } = readForms(lexed);
  const faults: SyntaxFault[] = [...lexed.faults, ...unbalanced];
  const isBalanced = faults.length === 0 && !lexed.hidesText;
  const read = readModule(items, faults);
  const isRegular = isBalanced && faults.length < FEW_FAULTS && hasFieldsAlone(read, items);
  return { text, tokens, comments, items, ...read, faults: firstAtEachPlace(faults), isRegular };
}

/** Messages have more in them while the faults are fewer than this. */
export const FEW_FAULTS = 5;

/** Whether a text is one module with nothing in it but its name and what may be fields. */
function hasFieldsAlone({ module, moduleId }: ReadModule, items: readonly WatItem[]): boolean {
  if (module === undefined || module.close === undefined || items.length > 1) return false;
  return module.items.slice(moduleId === undefined ? 1 : 2).every(({ kind }) => kind === 'form');
}

type ReadModule = Pick<WatSyntax, 'module' | 'moduleId' | 'fields'>;

function readModule(items: readonly WatItem[], faults: SyntaxFault[]): ReadModule {
  const [first] = items;
  const top = new Cursor(items, undefined, faults, []);
  if (first?.kind === 'form' && first.head === 'component') return { fields: [] };
  if (first?.kind !== 'form' || first.head !== 'module') return { fields: readFields(top, items) };
  const inside = top.into(first);
  inside.keyword('definition');
  const moduleId = inside.id();
  const behind = items.slice(1);
  const found = { module: first, ...(moduleId && { moduleId }) };
  const isQuoted = inside.keyword('binary') ?? inside.keyword('quote');
  if (isQuoted) {
    while (inside.string() !== undefined);
    inside.end('strings in quotes');
    return { ...found, fields: [] };
  }
  const rest: WatItem[] = [];
  for (let item = inside.next(); item !== undefined; item = inside.next()) rest.push(item);
  return { ...found, fields: [...readFields(inside, rest), ...fieldsBehind(top, first, behind)] };
}

/** What stands behind the module is read as if its parenthesis did, where that is what is wrong. */
function fieldsBehind(top: Cursor, module: WatForm, items: readonly WatItem[]): WatField[] {
  const [second] = items;
  if (second === undefined) return [];
  if (second.kind === 'form' && second.head === 'module') {
    top.fault(placeOf(second), 'A file holds one module: put this one into a file of its own.');
    return [];
  }
  const what = `${written(second)} and what follows it stand outside`;
  top.fault(
    module.close ?? placeOf(second),
    `The module ends at this ), so that ${what}: one ) before it is too many.`,
  );
  return readFields(top, items);
}

function readFields(cursor: Cursor, items: readonly WatItem[]): WatField[] {
  let told: WatToken | undefined;
  return items.flatMap((item) => {
    if (item.kind === 'form') {
      told = undefined;
      return readField(cursor, item);
    }
    // One fault for the tokens that stand together.
    if (told === undefined) {
      cursor.fault(item, `${written(item)} does not belong here: expected a field, ${FIELD_WORDS}.`);
    }
    told = item;
    return [];
  });
}

/** Of faults at one place the first was found by what knows most of it. */
export function firstAtEachPlace(faults: readonly SyntaxFault[]): SyntaxFault[] {
  const byPlace = new Map<number, SyntaxFault>();
  for (const fault of faults) if (!byPlace.has(fault.start)) byPlace.set(fault.start, fault);
  return [...byPlace.values()].sort((a, b) => a.start - b.start);
}
