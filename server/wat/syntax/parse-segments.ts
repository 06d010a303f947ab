import type { Cursor } from './cursor.ts';
import { readBody } from './parse-body.ts';
import { isValueType, valueType } from './parse-types.ts';
import type { WatToken } from './tokens.ts';
import type { WatInstruction } from './tree.ts';

/** What is read of a segment. */
interface Segment {
  readonly id?: WatToken;
  /** The instructions of its offset and of its elements. */
  readonly body: readonly WatInstruction[];
}

/** Reads the inside of `(elem …)`. */
export function readElements(cursor: Cursor): Segment {
  const id = cursor.id();
  const body: WatInstruction[] = [];
  const isDeclared = cursor.keyword('declare') !== undefined;
  const table = cursor.formOf('table');
  if (table !== undefined) {
    table.needIndex('table');
    table.end('one index');
  }
  // What only declares or is passive has no place in a table.
  const item = cursor.peek();
  const isOffset = item?.kind === 'form' && item.head !== 'ref' && item.head !== 'item';
  if (!isDeclared && (table !== undefined || isOffset || isOldTable(cursor))) {
    if (table === undefined && cursor.isIndex()) cursor.index('table');
    body.push(...offset(cursor));
  }
  body.push(...elementList(cursor, { isFunctions: false }));
  return { ...(id && { id }), body };
}

/** Whether an index of a table stands before an offset, as older texts write it. */
function isOldTable(cursor: Cursor): boolean {
  const after = cursor.peek(1);
  return cursor.isIndex() && after?.kind === 'form';
}

/** Reads `(offset …)` or one folded instruction. */
function offset(cursor: Cursor): WatInstruction[] {
  const inside = cursor.formOf('offset');
  if (inside !== undefined) return readBody(inside);
  const item = cursor.peek();
  if (item?.kind !== 'form') {
    cursor.expected('where it goes, such as (i32.const 0)');
    return [];
  }
  cursor.next();
  return readBody(cursor.only(item));
}

/** Reads `func $f…`, `$f…`, or a type and expressions. */
export function elementList(
  cursor: Cursor,
  { isFunctions }: { readonly isFunctions: boolean },
): WatInstruction[] {
  const body: WatInstruction[] = [];
  const hasWord = cursor.keyword('func') !== undefined;
  if (hasWord || cursor.isIndex()) {
    while (cursor.index('func'));
    cursor.end('names or numbers of functions');
    return body;
  }
  if (!isFunctions && isValueType(cursor.peek())) valueType(cursor);
  for (let item = cursor.peek(); item?.kind === 'form'; item = cursor.peek()) {
    cursor.next();
    body.push(...readBody(item.head === 'item' ? cursor.into(item) : cursor.only(item)));
  }
  cursor.end('functions by their names or numbers, or expressions such as (ref.func $f)');
  return body;
}

/** Reads the inside of `(data …)`. */
export function readData(cursor: Cursor): Segment {
  const id = cursor.id();
  const memory = cursor.formOf('memory');
  if (memory !== undefined) {
    memory.needIndex('memory');
    memory.end('one index');
  } else if (cursor.isIndex()) cursor.index('memory');
  const item = cursor.peek();
  const isOffset = memory !== undefined || (item?.kind === 'form' && !NUMBER_LISTS.has(item.head));
  const body = isOffset ? offset(cursor) : [];
  dataStrings(cursor);
  return { ...(id && { id }), body };
}

const NUMBER_LISTS = new Set(['i8', 'i16', 'i32', 'i64', 'f32', 'f64', 'v128']);

/** Reads bytes: strings, and numbers in forms such as `(i32 1 2)`. */
export function dataStrings(cursor: Cursor): void {
  while (cursor.string() !== undefined || cursor.formOf(...NUMBER_LISTS) !== undefined);
  cursor.end('strings in quotes');
}
