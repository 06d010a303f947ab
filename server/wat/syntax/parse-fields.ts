import { type Cursor, placeOf, written } from './cursor.ts';
import { readBody } from './parse-body.ts';
import { dataStrings, elementList, readData, readElements } from './parse-segments.ts';
import { isTypeUse, isValueType, typeDefinition, typeUse, valueType, variables } from './parse-types.ts';
import type { WatToken } from './tokens.ts';
import type {
  ImportNames,
  TypeUse,
  WatField,
  WatForm,
  WatInstruction,
  WatReference,
  WatSpan,
  WatVariable,
} from './tree.ts';

/** Reads one field of a module; a `rec` has several. @returns what it defines, nothing for what is no field */
export function readField(parent: Cursor, form: WatForm): WatField[] {
  const references: WatReference[] = [];
  const cursor = parent.into(form).noting(references);
  const base = { form, references };
  switch (form.head) {
    case 'type':
      return [typeField(cursor, base)];
    case 'rec':
      return recursiveTypes(cursor, form);
    case 'import':
      return importField(cursor);
    case 'func':
    case 'table':
    case 'memory':
    case 'global':
    case 'tag':
      return [entity(cursor, { ...base, kind: form.head })];
    case 'export':
      return [exportField(cursor, base)];
    case 'start':
      cursor.needIndex('func');
      cursor.end('nothing more');
      return [{ kind: 'start', ...base }];
    case 'elem':
      return [{ kind: 'elem', ...base, ...readElements(cursor) }];
    case 'data':
      return [{ kind: 'data', ...base, ...readData(cursor) }];
    default:
      cursor.fault(placeOf(form), `${written(form)} is no field of a module: expected ${FIELD_WORDS}.`);
      return [];
  }
}

/** What may stand in a module, for messages. */
export const FIELD_WORDS =
  '(func, (type, (rec, (import, (table, (memory, (global, (tag, (export, (start, (elem or (data';

interface Base {
  readonly form: WatForm;
  readonly references: WatReference[];
}

type EntityKind = 'func' | 'table' | 'memory' | 'global' | 'tag';

function typeField(cursor: Cursor, base: Base): WatField {
  const id = cursor.id();
  const shape = typeDefinition(cursor);
  cursor.end('nothing more');
  return { kind: 'type', ...base, ...(id && { id }), shape };
}

function recursiveTypes(cursor: Cursor, rec: WatForm): WatField[] {
  const types: WatField[] = [];
  for (let item = cursor.peek(); item?.kind === 'form' && item.head === 'type'; item = cursor.peek()) {
    cursor.next();
    const references: WatReference[] = [];
    const field = typeField(cursor.into(item).noting(references), { form: item, references });
    types.push(field.kind === 'type' ? { ...field, rec } : field);
  }
  cursor.end('(type …)');
  return types;
}

function importField(cursor: Cursor): WatField[] {
  const imported = importNames(cursor);
  const item = cursor.peek();
  if (item?.kind !== 'form' || !isEntity(item.head)) {
    cursor.expected('what is imported: (func …), (table …), (memory …), (global …) or (tag …)');
    return [];
  }
  cursor.next();
  const references: WatReference[] = [];
  const inside = cursor.into(item).noting(references);
  const field = entity(inside, { form: item, references, kind: item.head, imported });
  cursor.end('nothing more');
  return [field];
}

function isEntity(head: string): head is EntityKind {
  return ['func', 'table', 'memory', 'global', 'tag'].includes(head);
}

function importNames(cursor: Cursor): ImportNames | undefined {
  const module = cursor.needString('the name of a module, in quotes');
  const name = module && cursor.needString('the name of what is imported, in quotes');
  return module && name && { module, name };
}

/** Reads the inside of a function, table, memory, global or tag, imported or not. */
function entity(
  cursor: Cursor,
  given: Base & { readonly kind: EntityKind; readonly imported?: ImportNames | undefined },
): WatField {
  const { form, references, kind } = given;
  const id = cursor.id();
  const exports: WatToken[] = [];
  let imported = given.imported;
  for (let item = cursor.peek(); item?.kind === 'form'; item = cursor.peek()) {
    const inline = cursor.formOf('export', 'import');
    if (inline === undefined) break;
    const name = item.head === 'export' ? inline.needString('the name of the export, in quotes') : undefined;
    if (name !== undefined) exports.push(name);
    if (item.head === 'import') imported = importNames(inline);
    inline.end('nothing more');
  }
  const isImported = imported !== undefined || given.form.parent?.head === 'import';
  const base = { form, references, exports, ...(id && { id }), ...(imported && { imported }) };
  switch (kind) {
    case 'func':
      return { kind, ...base, ...functionParts(cursor, { isImported }) };
    case 'tag': {
      const type = typeUse(cursor);
      cursor.end('(type …), (param …) and (result …)');
      return { kind, ...base, typeUse: type };
    }
    case 'global':
      return { kind, ...base, ...globalParts(cursor, { isImported }) };
    case 'table':
      return { kind, ...base, ...tableParts(cursor, { isImported }) };
    case 'memory':
      return { kind, ...base, ...memoryParts(cursor) };
  }
}

function functionParts(
  cursor: Cursor,
  { isImported }: { readonly isImported: boolean },
): { typeUse: TypeUse; locals: WatVariable[]; body: WatInstruction[] } {
  const exact = isImported ? cursor.formOf('exact') : undefined;
  const type = typeUse(exact ?? cursor);
  exact?.end('the type of a function');
  const locals: WatVariable[] = [];
  for (let item = cursor.peek(); item?.kind === 'form' && item.head === 'local'; item = cursor.peek()) {
    cursor.next();
    locals.push(...variables(cursor, item));
  }
  const late = cursor.peek();
  if (isImported) cursor.end('the type of a function alone, since it is imported');
  else if (isTypeUse(late) && late !== undefined) {
    const order = 'the order is (export), (import), (type), (param), (result), (local), instructions';
    cursor.fault(placeOf(late), `${written(late)} stands too late: ${order}.`);
    while (isTypeUse(cursor.peek())) typeUse(cursor);
  }
  return { typeUse: type, locals, body: readBody(cursor) };
}

function globalParts(
  cursor: Cursor,
  { isImported }: { readonly isImported: boolean },
): { type: WatSpan; body: WatInstruction[] } {
  cursor.keyword('shared');
  const item = cursor.peek();
  const mutable = cursor.formOf('mut');
  const type = mutable !== undefined && item !== undefined ? item : valueType(cursor);
  if (mutable !== undefined) {
    valueType(mutable);
    mutable.end('one type');
  }
  if (isImported) {
    cursor.end('its type alone, since it is imported');
    return { type, body: [] };
  }
  return { type, body: readBody(cursor) };
}

function tableParts(
  cursor: Cursor,
  { isImported }: { readonly isImported: boolean },
): { type: WatSpan; hasSegment: boolean; body: WatInstruction[] } {
  const { start } = cursor.restSpan();
  cursor.keyword('shared');
  if (cursor.keyword('i32') === undefined) cursor.keyword('i64');
  if (isValueType(cursor.peek())) {
    valueType(cursor);
    const elements = cursor.formOf('elem');
    const type = cursor.spanFrom(start);
    if (elements === undefined) cursor.expected('(elem …), or the size of the table before its type');
    else elementList(elements, { isFunctions: true });
    cursor.end('nothing more');
    return { type, hasSegment: true, body: [] };
  }
  limits(cursor, 'elements');
  if (!isValueType(cursor.peek())) cursor.expected('the type of its elements, such as funcref');
  else valueType(cursor);
  const type = cursor.spanFrom(start);
  if (isImported) cursor.end('its type alone, since it is imported');
  return { type, hasSegment: false, body: readBody(cursor) };
}

function memoryParts(cursor: Cursor): { type: WatSpan; hasSegment: boolean; body: WatInstruction[] } {
  const { start } = cursor.restSpan();
  if (cursor.keyword('i32') === undefined) cursor.keyword('i64');
  const early = pageSize(cursor);
  const data = cursor.formOf('data');
  if (data !== undefined) dataStrings(data);
  else {
    limits(cursor, 'pages');
    cursor.keyword('shared');
    if (!early) pageSize(cursor);
  }
  const type = cursor.spanFrom(start);
  cursor.end('nothing more');
  return { type, hasSegment: data !== undefined, body: [] };
}

function pageSize(cursor: Cursor): boolean {
  const size = cursor.formOf('pagesize');
  if (size === undefined) return false;
  if (size.number() === undefined) size.expected('the size of a page in bytes');
  size.end('one number');
  return true;
}

function limits(cursor: Cursor, unit: string): void {
  if (cursor.number() === undefined) cursor.expected(`its smallest size, a number of ${unit}`);
  cursor.number();
}

function exportField(cursor: Cursor, base: Base): WatField {
  const name = cursor.needString('the name of the export, in quotes');
  const item = cursor.peek();
  if (item?.kind === 'form' && isEntity(item.head)) {
    cursor.next();
    const inside = cursor.into(item);
    inside.needIndex(item.head);
    inside.end('one index');
    cursor.end('nothing more');
  } else cursor.expected('what is exported: (func …), (table …), (memory …), (global …) or (tag …)');
  return { kind: 'export', ...base, ...(name && { name }) };
}
