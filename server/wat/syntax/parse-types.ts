import type { Cursor } from './cursor.ts';
import { placeOf, written } from './cursor.ts';
import type { TypeShape, TypeUse, WatForm, WatItem, WatSpan, WatVariable } from './tree.ts';

/** Types of values that have one word. */
export const VALUE_TYPES: ReadonlySet<string> = new Set([
  ...['i32', 'i64', 'f32', 'f64', 'v128', 'funcref', 'externref', 'anyref', 'eqref', 'i31ref', 'structref'],
  ...[
    'arrayref',
    'nullref',
    'nullfuncref',
    'nullexternref',
    'exnref',
    'nullexnref',
    'contref',
    'nullcontref',
  ],
]);

/** What a reference may point to beside types that the module defines. */
export const HEAP_TYPES: ReadonlySet<string> = new Set([
  ...['func', 'extern', 'any', 'eq', 'i31', 'struct', 'array', 'none', 'nofunc', 'noextern', 'exn', 'noexn'],
  ...['cont', 'nocont'],
]);

const PACKED_TYPES = new Set(['i8', 'i16']);

/** Whether a type of values begins with an item. */
export function isValueType(item: WatItem | undefined): boolean {
  if (item?.kind === 'form') return item.head === 'ref';
  return item?.kind === 'keyword' && VALUE_TYPES.has(item.text);
}

/** Reads a type of values; what stands in its place is read as one, and told. Its span is empty where it is missing. */
export function valueType(cursor: Cursor, what = 'a type such as i32'): WatSpan {
  const item = cursor.peek();
  if (item?.kind === 'form') {
    if (item.head === 'ref') {
      cursor.next();
      referenceType(cursor, item);
      return item;
    }
  } else if (item?.kind === 'keyword') {
    cursor.next();
    if (!VALUE_TYPES.has(item.text)) cursor.fault(item, `${written(item)} is no type: expected ${what}.`);
    return item;
  }
  cursor.expected(what);
  const { start } = cursor.restSpan();
  return { start, end: start };
}

/** Reads what a reference points to. */
export function heapType(cursor: Cursor): void {
  const item = cursor.peek();
  if (item?.kind === 'keyword' && HEAP_TYPES.has(item.text)) {
    cursor.next();
    return;
  }
  const exact = cursor.formOf('exact');
  if (exact) {
    exact.needIndex('type');
    exact.end('nothing more');
  } else if (cursor.formOf('shared') === undefined && cursor.index('type') === undefined) {
    cursor.expected('what it refers to: a type of the module, or a word such as func, extern or any');
  }
}

/** Whether a form is the beginning of the type of a function, block or tag. */
export function isTypeUse(item: WatItem | undefined): boolean {
  return item?.kind === 'form' && ['type', 'param', 'result'].includes(item.head);
}

/** Reads `(type …) (param …)… (result …)…`, each of which may be missing. */
export function typeUse(cursor: Cursor): TypeUse {
  const used = cursor.formOf('type');
  const type = used?.needIndex('type');
  used?.end('one index');
  return { ...(type && { type }), ...signature(cursor) };
}

/** Reads `(param …)… (result …)…`. */
export function signature(cursor: Cursor): Pick<TypeUse, 'parameters' | 'results'> {
  const parameters: WatVariable[] = [];
  const results: WatSpan[] = [];
  for (;;) {
    const item = cursor.peek();
    if (item?.kind !== 'form') break;
    if (item.head === 'param') {
      if (results.length > 0)
        cursor.fault(placeOf(item), 'A parameter stands behind the results: put it before them.');
      parameters.push(...variables(cursor, item));
    } else if (item.head === 'result') {
      const inside = cursor.into(item);
      while (!inside.isAtEnd && isTypeLike(inside.peek())) results.push(valueType(inside));
      inside.end('types of results');
    } else break;
    cursor.next();
  }
  return { parameters, results };
}

/** Reads the inside of `(param …)` or `(local …)`: a name and its type, or any number of types. */
export function variables(cursor: Cursor, form: WatForm): WatVariable[] {
  const inside = cursor.into(form);
  const id = inside.id();
  if (id !== undefined) {
    const type = valueType(inside);
    inside.end('one type for one name');
    return [{ id, type, form }];
  }
  const found: WatVariable[] = [];
  while (!inside.isAtEnd && isTypeLike(inside.peek())) found.push({ type: valueType(inside), form });
  inside.end('types such as i32');
  return found;
}

/** A type, or something that was meant as one. */
function isTypeLike(item: WatItem | undefined): boolean {
  return item?.kind === 'keyword' || isValueType(item);
}

/** Reads what a type is: the inside of `(type $t …)`. */
export function typeDefinition(cursor: Cursor): TypeShape {
  const sub = cursor.formOf('sub');
  if (sub === undefined) return typeShape(cursor);
  sub.keyword('final');
  while (sub.isIndex()) sub.index('type');
  const shape = typeShape(sub);
  sub.end('nothing more');
  return shape;
}

function typeShape(cursor: Cursor): TypeShape {
  for (let clause = descriptor(cursor); clause !== undefined; clause = descriptor(cursor)) {
    clause.needIndex('type');
    clause.end('one index');
  }
  const func = cursor.formOf('func');
  if (func) {
    const typeUse = signature(func);
    func.end('(param …) and (result …)');
    return { kind: 'func', typeUse };
  }
  const struct = cursor.formOf('struct');
  if (struct) return { kind: 'struct', fields: structFields(struct) };
  const array = cursor.formOf('array');
  if (array) {
    const element = fieldType(array);
    array.end('one type of its elements');
    return { kind: 'array', element };
  }
  const continuation = cursor.formOf('cont', 'shared');
  if (continuation === undefined) cursor.expected('(func …), (struct …), (array …) or (sub …)');
  else continuation.index('type');
  return { kind: 'unknown' };
}

function descriptor(cursor: Cursor): Cursor | undefined {
  return cursor.formOf('describes', 'descriptor');
}

function structFields(struct: Cursor): WatVariable[] {
  const fields: WatVariable[] = [];
  for (let item = struct.peek(); item?.kind === 'form' && item.head === 'field'; item = struct.peek()) {
    struct.next();
    const inside = struct.into(item);
    const id = inside.id();
    if (id !== undefined) {
      fields.push({ id, type: fieldType(inside), form: item });
      inside.end('one type for one name');
      continue;
    }
    while (!inside.isAtEnd && isFieldType(inside.peek()))
      fields.push({ type: fieldType(inside), form: item });
    inside.end('types such as i32');
  }
  struct.end('(field …)');
  return fields;
}

function isFieldType(item: WatItem | undefined): boolean {
  return isTypeLike(item) || (item?.kind === 'form' && item.head === 'mut');
}

function fieldType(cursor: Cursor): WatSpan {
  const item = cursor.peek();
  const mutable = cursor.formOf('mut');
  if (mutable === undefined || item === undefined) return storageType(cursor);
  storageType(mutable);
  mutable.end('one type');
  return item;
}

function storageType(cursor: Cursor): WatSpan {
  const item = cursor.peek();
  if (item?.kind !== 'keyword' || !PACKED_TYPES.has(item.text)) return valueType(cursor);
  cursor.next();
  return item;
}

/** Reads the inside of `(ref null? …)`. */
function referenceType(cursor: Cursor, form: WatForm): void {
  const inside = cursor.into(form);
  inside.keyword('null');
  heapType(inside);
  inside.end('nothing more');
}
