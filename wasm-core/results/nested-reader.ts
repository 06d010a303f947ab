import { type Data, type Field, Type } from 'apache-arrow';
import type { ReadColumn } from './column-reader.ts';
import { type TypeNode, UNKNOWN_TYPE } from './type-text.ts';
import { isNullAt, typeMembers, type ValueReader } from './value-reader.ts';

/*
 * Lists, structs, maps and unions, written as DuckDB's cast to VARCHAR writes them: see `nested_to_varchar_cast` and
 * its neighbours in DuckDB's sources.
 */

/** Buffers of values with parts, and their type in DuckDB's words. */
export interface NestedColumn {
  readonly data: Data;
  readonly type: TypeNode;
}

/** A LIST, or an ARRAY, which DuckDB writes without quotes: `[1, NULL, 'it\'s']`. */
export function listReader(column: NestedColumn, read: ReadColumn): ValueReader {
  const { data } = column;
  const child = partReader(column, { index: 0, read });
  const asIs = child.bare === 'lists' || data.type.typeId === Type.FixedSizeList;
  const element = (i: number) => (asIs ? child.text(i) : partText(child, i));
  return partsReader(data, {
    text: (row) => `[${elements(data, row).map(element).join(', ')}]`,
    json: (row) => `[${elements(data, row).map(child.json).join(',')}]`,
  });
}

/** A STRUCT: `{'a': 1, 'b': NULL}`, or `(1, NULL)` when its members have no names. */
export function structReader(column: NestedColumn, read: ReadColumn): ValueReader {
  // An empty name is none in Arrow's schema.
  const names = fields(column.data).map((field) => (field.name as string | null) ?? '');
  const children = names.map((_, index) => partReader(column, { index, read }));
  const named = names.some((name) => name !== '');
  const text = (row: number) =>
    children.map((child, index) => (named ? `${quoted(names[index] ?? '')}: ` : '') + partText(child, row));
  const json = (row: number) =>
    children.map((child, index) => (named ? `${JSON.stringify(names[index])}:` : '') + child.json(row));
  return partsReader(column.data, {
    text: (row) => (named ? `{${text(row).join(', ')}}` : `(${text(row).join(', ')})`),
    json: (row) => (named ? `{${json(row).join(',')}}` : `[${json(row).join(',')}]`),
  });
}

/** A MAP: `{key=value, 'a, b'=NULL}`; in JSON an object by the keys' texts. */
export function mapReader(column: NestedColumn, read: ReadColumn): ValueReader {
  const { data, type } = column;
  const [entries] = data.children;
  if (entries === undefined) throw new Error('an Arrow map without entries');
  const key = partReader({ data: entries, type }, { index: 0, read });
  const value = partReader({ data: entries, type }, { index: 1, read });
  const text = (i: number) => `${partText(key, i)}=${partText(value, i)}`;
  const json = (i: number) => `${JSON.stringify(key.text(i))}:${value.json(i)}`;
  return partsReader(data, {
    text: (row) => `{${elements(data, row).map(text).join(', ')}}`,
    json: (row) => `{${elements(data, row).map(json).join(',')}}`,
  });
}

/** A UNION: its present member's own text. */
export function unionReader(column: NestedColumn, read: ReadColumn): ValueReader {
  const { data } = column;
  const { typeIdToChildIndex } = typeMembers(data);
  const children = fields(data).map((_, index) => partReader(column, { index, read }));
  const tags = data.typeIds as Int8Array;
  const offsets = data.valueOffsets as Int32Array | undefined;
  const member = (row: number): { child: ValueReader; at: number } => {
    const child = children[typeIdToChildIndex[tags[row] ?? 0] ?? 0];
    if (child === undefined) throw new Error('an Arrow union without members');
    return { child, at: offsets?.[row] ?? row };
  };
  const isNull = (row: number) => {
    const { child, at } = member(row);
    return child.isNull(at);
  };
  return {
    bare: 'everywhere',
    isNull,
    text: (row) => member(row).child.text(member(row).at),
    json: (row) => member(row).child.json(member(row).at),
  };
}

function partsReader(data: Data, write: Pick<ValueReader, 'text' | 'json'>): ValueReader {
  return {
    bare: 'everywhere',
    isNull: (row) => isNullAt(data, row),
    text: (row) => (isNullAt(data, row) ? 'NULL' : write.text(row)),
    json: (row) => (isNullAt(data, row) ? 'null' : write.json(row)),
  };
}

function fields(data: Data): readonly Field[] {
  return (data.type.children ?? []) as readonly Field[];
}

function partReader(
  column: NestedColumn,
  options: { readonly index: number; readonly read: ReadColumn },
): ValueReader {
  const field = fields(column.data)[options.index];
  const data = column.data.children[options.index];
  if (field === undefined || data === undefined)
    throw new Error(`an Arrow ${column.data.type} without its child`);
  return options.read({ field, data, type: column.type.parts[options.index] ?? UNKNOWN_TYPE });
}

/** Positions of a list's elements in its child. @throws Error when they are not there, as in a damaged page */
function elements(data: Data, row: number): number[] {
  const [start, end] = extent(data, row);
  const held = data.children[0]?.length ?? 0;
  if (!(start >= 0 && start <= end && end <= held)) {
    throw new Error(`A list reaches from ${start} to ${end}, and its column holds ${held} elements.`);
  }
  return Array.from({ length: end - start }, (_, i) => start + i);
}

function extent(data: Data, row: number): readonly [start: number, end: number] {
  if (data.type.typeId === Type.FixedSizeList) {
    const { listSize } = typeMembers(data);
    return [row * listSize, (row + 1) * listSize];
  }
  const offsets = data.valueOffsets as ArrayLike<number | bigint>;
  return [Number(offsets[row]), Number(offsets[row + 1])];
}

function partText(reader: ValueReader, row: number): string {
  const text = reader.text(row);
  if (reader.bare === 'everywhere' || reader.isNull(row)) return text;
  return needsQuotes(text) ? quoted(text) : text;
}

/** Texts that could be taken for NULL, for a part of the notation, or lose their spaces. */
function needsQuotes(text: string): boolean {
  if (text === '' || /^null$/i.test(text)) return true;
  return /^[ \t-\r]|[ \t-\r]$|["'(),:=[\]{}]/.test(text);
}

function quoted(text: string): string {
  return `'${text.replace(/['\\]/g, '\\$&')}'`;
}
