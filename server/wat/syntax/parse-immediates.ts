import { type Cursor, placeOf, written } from './cursor.ts';
import type { Immediate } from './instruction-table.ts';
import { heapType, isTypeUse, isValueType, typeUse, valueType } from './parse-types.ts';
import type { WatToken } from './tokens.ts';
import type { IndexSpace, TypeUse } from './tree.ts';

/** What is read behind an instruction's keyword, beside what it names. */
export interface Immediates {
  readonly label?: WatToken;
  readonly typeUse?: TypeUse;
}

/**
 * Reads what follows an instruction's keyword.
 *
 * @param name of the instruction, for what is told
 */
export function readImmediates(cursor: Cursor, name: string, kinds: readonly Immediate[]): Immediates {
  let found: Immediates = {};
  let type: WatToken | undefined;
  for (const [at, kind] of kinds.entries()) {
    if (kind === 'blocktype') {
      const label = cursor.id();
      found = { ...(label && { label }), typeUse: typeUse(cursor) };
    } else if (kind === 'typeuse') found = { typeUse: typeUse(cursor) };
    else if (kind === 'type') type = cursor.needIndex('type')?.token ?? type;
    else if (kind === 'field') cursor.needIndex('field', type);
    else if (kind === 'table?' || kind === 'memory?') optionalIndex(cursor, kind, kinds[at + 1]);
    else readers[kind](cursor, name);
  }
  return found;
}

type Reader = (cursor: Cursor, name: string) => void;
type Other = Exclude<Immediate, 'blocktype' | 'typeuse' | 'type' | 'field' | 'table?' | 'memory?'>;

const readers: Readonly<Record<Other, Reader>> = {
  func: (cursor) => cursor.needIndex('func'),
  global: (cursor) => cursor.needIndex('global'),
  local: (cursor) => cursor.needIndex('local'),
  label: (cursor) => cursor.needIndex('label'),
  labels: (cursor) => {
    cursor.needIndex('label');
    while (cursor.index('label'));
  },
  tag: (cursor) => cursor.needIndex('tag'),
  elem: (cursor) => cursor.needIndex('elem'),
  data: (cursor) => cursor.needIndex('data'),
  'tables?': (cursor) => pair(cursor, 'table'),
  'memories?': (cursor) => pair(cursor, 'memory'),
  memarg: memoryArgument,
  integer: (cursor, name) => number(cursor, name, { isWhole: true }),
  float: (cursor, name) => number(cursor, name, { isWhole: false }),
  vector,
  lane: (cursor) => natural(cursor, 'the number of a lane'),
  lanes: (cursor) => {
    for (let lane = 0; lane < 16; lane++) if (!natural(cursor, `the number of a lane, 16 in all`)) return;
  },
  count: (cursor) => natural(cursor, 'the number of elements'),
  heaptype: heapType,
  reftype: (cursor) => {
    if (isValueType(cursor.peek())) valueType(cursor);
    else cursor.expected('a type of references, such as (ref $t) or anyref');
  },
  catches,
  results: (cursor) => {
    for (let inside = cursor.formOf('result'); inside !== undefined; inside = cursor.formOf('result')) {
      while (isValueType(inside.peek())) valueType(inside);
      inside.end('types of the result');
    }
  },
};

/** An index that may be left out, also where another index follows. */
function optionalIndex(cursor: Cursor, kind: 'table?' | 'memory?', next: Immediate | undefined): void {
  const space: IndexSpace = kind === 'table?' ? 'table' : 'memory';
  const isOnly = next === undefined || next === 'typeuse';
  const isBeforeIndex = next === 'elem' || next === 'data';
  // `v128.load8_lane 1` has a lane alone; `v128.load 1` names a memory.
  const isLane = !isOnly && !isBeforeIndex && cursor.peek()?.kind === 'number' && !isFollowed(cursor);
  if (isBeforeIndex && !cursor.isIndex(1)) return;
  if (!isLane || next !== 'memarg') cursor.index(space);
}

/** Whether an offset, alignment or further number stands behind the next item. */
function isFollowed(cursor: Cursor): boolean {
  const item = cursor.peek(1);
  return item?.kind === 'number' || (item?.kind === 'keyword' && /^(?:offset|align)=/.test(item.text));
}

function pair(cursor: Cursor, space: IndexSpace): void {
  if (cursor.index(space) !== undefined) cursor.needIndex(space);
}

function memoryArgument(cursor: Cursor): void {
  for (const word of ['offset', 'align']) {
    const item = cursor.peek();
    if (item?.kind !== 'keyword' || !item.text.startsWith(`${word}=`)) continue;
    cursor.next();
    if (!NATURAL.test(item.text.slice(word.length + 1))) {
      cursor.fault(item, `${written(item)} is no number: write it as in ${word}=4.`);
    }
  }
}

const NATURAL = /^(?:0x[0-9a-f](?:_?[0-9a-f])*|[0-9](?:_?[0-9])*)$/i;
const WHOLE = /^[+-]?(?:0x[0-9a-f](?:_?[0-9a-f])*|[0-9](?:_?[0-9])*)$/i;
const FLOAT =
  /^[+-]?(?:inf|nan(?::0x[0-9a-f](?:_?[0-9a-f])*)?|nan:canonical|nan:arithmetic|0x[0-9a-f](?:_?[0-9a-f])*(?:\.(?:[0-9a-f](?:_?[0-9a-f])*)?)?(?:p[+-]?[0-9](?:_?[0-9])*)?|[0-9](?:_?[0-9])*(?:\.(?:[0-9](?:_?[0-9])*)?)?(?:e[+-]?[0-9](?:_?[0-9])*)?)$/i;

function number(cursor: Cursor, name: string, { isWhole }: { readonly isWhole: boolean }): boolean {
  const item = cursor.peek();
  const example = isWhole ? 'a whole number such as 1 or 0xff' : 'a number such as 1.5 or 0x1p-2';
  if (item?.kind !== 'number') {
    cursor.expected(`${example} for ${name}`);
    return false;
  }
  cursor.next();
  if (!(isWhole ? WHOLE : FLOAT).test(item.text))
    cursor.fault(item, `${name} takes ${example}, not ${written(item)}.`);
  return true;
}

function natural(cursor: Cursor, what: string): boolean {
  const item = cursor.peek();
  if (item?.kind !== 'number') {
    cursor.expected(what);
    return false;
  }
  cursor.next();
  if (!NATURAL.test(item.text)) cursor.fault(item, `Expected ${what}, not ${written(item)}.`);
  return true;
}

const SHAPES: ReadonlyMap<string, number> = new Map([
  ['i8x16', 16],
  ['i16x8', 8],
  ['i32x4', 4],
  ['i64x2', 2],
  ['f32x4', 4],
  ['f64x2', 2],
]);

function vector(cursor: Cursor): void {
  const item = cursor.peek();
  const lanes = item?.kind === 'keyword' ? SHAPES.get(item.text) : undefined;
  if (item === undefined || item.kind === 'form' || lanes === undefined) {
    cursor.expected('a shape such as i32x4');
    return;
  }
  cursor.next();
  for (let lane = 0; lane < lanes; lane++) {
    const name = `a lane of ${item.text}, ${lanes} in all`;
    if (!number(cursor, name, { isWhole: item.text.startsWith('i') })) return;
  }
}

/** The clauses of a `try_table`. */
function catches(cursor: Cursor): void {
  for (let item = cursor.peek(); item?.kind === 'form'; item = cursor.peek()) {
    const clause = cursor.formOf('catch', 'catch_ref', 'catch_all', 'catch_all_ref');
    if (clause === undefined) break;
    if (!item.head.startsWith('catch_all')) clause.needIndex('tag');
    clause.needIndex('label');
    clause.end('a label');
  }
  const stray = cursor.peek();
  if (isTypeUse(stray) && stray !== undefined) {
    cursor.fault(placeOf(stray), 'The type of a block stands before what it catches.');
    typeUse(cursor);
  }
}
