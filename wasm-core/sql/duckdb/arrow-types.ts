import { type DataType, type Field, MessageReader, type Schema, Type } from 'apache-arrow';
import type { ColumnInfo } from '../../protocol/methods.ts';
import { quoteName } from './logical-type.ts';

/*
 * DuckDB's types read back from the Arrow schema that it sends with `arrowLosslessConversion`: what Arrow cannot say is
 * in the field's extension metadata.
 */

/** The schema message at the start of a stream. */
export function readSchema(bytes: Uint8Array): Schema {
  const schema = new MessageReader(bytes).readSchema();
  if (schema === null) throw new Error('the engine sent no schema');
  return schema as Schema;
}

/** Rows in the record batch messages of one fetch. */
export function countRows(bytes: Uint8Array): number {
  let rows = 0;
  const reader = new MessageReader(bytes);
  for (let message = reader.readMessage(); message !== null; message = reader.readMessage()) {
    if (message.isRecordBatch()) rows += Number(message.header().length);
    reader.readMessageBody(Number(message.bodyLength));
  }
  return rows;
}

/** The columns of a schema, types in DuckDB's words. */
export function schemaColumns(schema: Schema): ColumnInfo[] {
  return schema.fields.map((field) => ({ name: field.name, type: fieldType(field) }));
}

/**
 * Whether a schema has ENUM or MAP columns, at any depth: the first come without their dictionaries, and below the second
 * the extension metadata that tells types apart is lost.
 */
export function isLossy(fields: readonly Field[]): boolean {
  return fields.some(
    ({ type }) => type.typeId === Type.Dictionary || type.typeId === Type.Map || isLossy(type.children ?? []),
  );
}

const OPAQUE: Readonly<Record<string, string>> = {
  hugeint: 'HUGEINT',
  uhugeint: 'UHUGEINT',
  bignum: 'BIGNUM',
  bit: 'BIT',
  time_tz: 'TIME WITH TIME ZONE',
  time_ns: 'TIME_NS',
};

const EXTENSIONS: Readonly<Record<string, string>> = {
  'arrow.bool8': 'BOOLEAN',
  'arrow.uuid': 'UUID',
  'arrow.json': 'JSON',
};

function fieldType(field: Field): string {
  const extension = field.metadata.get('ARROW:extension:name');
  if (extension === 'arrow.opaque') {
    const { type_name } = JSON.parse(field.metadata.get('ARROW:extension:metadata') ?? '{}') as {
      type_name?: string;
    };
    return OPAQUE[type_name ?? ''] ?? (type_name ?? 'BLOB').toUpperCase();
  }
  return EXTENSIONS[extension ?? ''] ?? typeText(field.type);
}

const SIMPLE: Readonly<Partial<Record<Type, string>>> = {
  [Type.Bool]: 'BOOLEAN',
  [Type.Int8]: 'TINYINT',
  [Type.Int16]: 'SMALLINT',
  [Type.Int32]: 'INTEGER',
  [Type.Int64]: 'BIGINT',
  [Type.Uint8]: 'UTINYINT',
  [Type.Uint16]: 'USMALLINT',
  [Type.Uint32]: 'UINTEGER',
  [Type.Uint64]: 'UBIGINT',
  [Type.Float32]: 'FLOAT',
  [Type.Float64]: 'DOUBLE',
  [Type.Utf8]: 'VARCHAR',
  [Type.LargeUtf8]: 'VARCHAR',
  [Type.Binary]: 'BLOB',
  [Type.LargeBinary]: 'BLOB',
  [Type.DateDay]: 'DATE',
  [Type.TimeMicrosecond]: 'TIME',
  [Type.TimeNanosecond]: 'TIME_NS',
  [Type.Null]: '"NULL"',
};

/** The members of Arrow's type classes; each family has some of them. */
interface TypeMembers {
  readonly typeId: Type;
  readonly bitWidth: number;
  readonly isSigned: boolean;
  readonly precision: number;
  readonly scale: number;
  readonly unit: number;
  readonly timezone?: string | null;
  readonly listSize: number;
  readonly children: readonly Field[] | null;
}

function typeText(dataType: DataType): string {
  // Arrow's types form a union by class that TypeScript cannot narrow by `typeId`.
  const type = dataType as unknown as TypeMembers;
  const simple = SIMPLE[typeKey(type)];
  if (simple !== undefined) return simple;
  const children = type.children ?? [];
  const child = (index: number) => {
    const field = children[index];
    return field === undefined ? 'UNKNOWN' : fieldType(field);
  };
  if (type.typeId === Type.Decimal) return `DECIMAL(${type.precision},${type.scale})`;
  if (type.typeId === Type.Timestamp) return timestampText(type);
  if (type.typeId === Type.Interval) return 'INTERVAL';
  if (type.typeId === Type.List) return `${child(0)}[]`;
  if (type.typeId === Type.FixedSizeList) return `${child(0)}[${type.listSize}]`;
  if (type.typeId === Type.FixedSizeBinary) return 'BLOB';
  if (type.typeId === Type.Map) return mapText(children[0]);
  const members = children.map((field) => `${quoteName(field.name)} ${fieldType(field)}`).join(', ');
  if (type.typeId === Type.Struct) return `STRUCT(${members})`;
  if (type.typeId === Type.Union) return `UNION(${members})`;
  return 'UNKNOWN';
}

/** Arrow's sub-type ids (Int32, TimeMicrosecond …), which `typeId` folds into families. */
function typeKey(type: TypeMembers): Type {
  if (type.typeId === Type.Int) return intKey(type.bitWidth, type.isSigned);
  if (type.typeId === Type.Float) return type.precision === 1 ? Type.Float32 : Type.Float64;
  if (type.typeId === Type.Date) return Type.DateDay;
  if (type.typeId === Type.Time)
    return type.bitWidth === 64 && type.unit === 3 ? Type.TimeNanosecond : Type.TimeMicrosecond;
  return type.typeId;
}

function intKey(bitWidth: number, signed: boolean): Type {
  const signedKeys: Record<number, Type> = { 8: Type.Int8, 16: Type.Int16, 32: Type.Int32, 64: Type.Int64 };
  const unsignedKeys: Record<number, Type> = {
    8: Type.Uint8,
    16: Type.Uint16,
    32: Type.Uint32,
    64: Type.Uint64,
  };
  return (signed ? signedKeys : unsignedKeys)[bitWidth] ?? Type.Int64;
}

function timestampText(type: TypeMembers): string {
  if (type.timezone) return 'TIMESTAMP WITH TIME ZONE';
  return ['TIMESTAMP_S', 'TIMESTAMP_MS', 'TIMESTAMP', 'TIMESTAMP_NS'][type.unit] ?? 'TIMESTAMP';
}

function mapText(entries: Field | undefined): string {
  const [key, value] = (entries?.type.children ?? []) as readonly Field[];
  if (key === undefined || value === undefined) return 'UNKNOWN';
  return `MAP(${fieldType(key)}, ${fieldType(value)})`;
}
