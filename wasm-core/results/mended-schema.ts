import {
  Bool,
  type DataType,
  Field,
  FixedSizeList,
  List,
  Map_,
  MessageReader,
  Schema,
  Struct,
  Table,
  Type,
  tableToIPC,
  Union,
} from 'apache-arrow';
import type { ColumnInfo } from '../protocol/methods.ts';
import { extensionMetadata } from './extension-types.ts';
import { parseType, type TypeNode, UNKNOWN_TYPE } from './type-text.ts';

/**
 * Mends the schema of a stream of DuckDB-Wasm 1.32, which declares BOOLEAN as `arrow.bool8`, a byte a value, and then
 * sends a bit a value. With Arrow's own `Bool` in its place every reader of Arrow gets the values right. Below maps it
 * puts back what tells HUGEINT and the like from bytes.
 *
 * @param schema the schema message
 * @param columns the statement's columns: inside maps only their types tell a BOOLEAN from a TINYINT; the fields get their
 *   names
 * @returns a schema message for the same record batches; `schema` itself when nothing is to be mended
 * @throws Error when the bytes are not a schema message
 */
export function mendedSchema(schema: Uint8Array, columns: readonly ColumnInfo[]): Uint8Array {
  const read = new MessageReader(schema).readSchema();
  if (!read) throw new Error('these bytes are no Arrow schema');
  const fields = read.fields.map((field, i) =>
    named(mendField(field, parseType(columns[i]?.type ?? '')), columns[i]?.name),
  );
  if (fields.every((field, i) => field === read.fields[i])) return schema;
  const stream = tableToIPC(new Table(new Schema(fields, read.metadata)), 'stream');
  return stream.slice(0, firstMessageLength(stream));
}

/** The same field when it has the name already. */
function named(field: Field, name = field.name): Field {
  return name === field.name ? field : new Field(name, field.type, field.nullable, field.metadata);
}

/** The same field when nothing in it is to be mended. */
function mendField(field: Field, type: TypeNode): Field {
  const isBool8 = field.metadata.get('ARROW:extension:name') === 'arrow.bool8';
  if (isBool8 || (type.name === 'BOOLEAN' && field.type.typeId === Type.Int)) {
    return new Field(field.name, new Bool(), field.nullable);
  }
  const marks = field.metadata.size === 0 ? extensionMetadata(type.name) : field.metadata;
  if (marks.size > field.metadata.size) return new Field(field.name, field.type, field.nullable, marks);
  const children: readonly Field[] = field.type.children ?? [];
  const isMap = field.type.typeId === Type.Map;
  const mended = children.map((child, i) =>
    mendField(child, isMap ? entries(type) : (type.parts[i] ?? UNKNOWN_TYPE)),
  );
  if (mended.every((child, i) => child === children[i])) return field;
  return new Field(field.name, withChildren(field.type, mended), field.nullable, field.metadata);
}

/** A map's only child is the struct of its keys and values. */
function entries(type: TypeNode): TypeNode {
  return { name: 'STRUCT', parts: type.parts };
}

/** The same type over other children. Arrow's types form a union by class that cannot be narrowed by `typeId`. */
function withChildren(type: DataType, children: readonly Field[]): DataType {
  const [only] = children;
  if (only === undefined) return type;
  if (type instanceof List) return new List(only);
  if (type instanceof FixedSizeList) return new FixedSizeList(type.listSize, only);
  if (type instanceof Map_) return new Map_(only as Field<Struct>, type.keysSorted);
  if (type instanceof Struct) return new Struct([...children]);
  if (type instanceof Union) return new Union(type.mode, type.typeIds, [...children]);
  return type;
}

/** A message is the bytes FFFFFFFF, its metadata's length in 32 bits, and the metadata; a schema has no body. */
function firstMessageLength(stream: Uint8Array): number {
  return 8 + new DataView(stream.buffer, stream.byteOffset).getInt32(4, true);
}
