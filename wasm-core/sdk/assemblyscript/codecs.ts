/*
 * How values of AssemblyScript stand for SQL's, after the table in docs/plugin-abi.md.
 */

/** What crosses as pointer to 16 bytes. */
export type BlockName = 'i128' | 'u128' | 'uuid' | 'interval';

/** How a value is read from a column and put into one; see `codecSource`. */
export type Shape =
  | { readonly kind: 'number'; readonly wasm: 'i32' | 'i64' | 'f32' | 'f64'; readonly bytes: number }
  | { readonly kind: 'bool' }
  | { readonly kind: 'text' }
  | { readonly kind: 'bytes' }
  | { readonly kind: 'block'; readonly name: BlockName }
  /** `string | null` and the like, and `Opt<T>`. */
  | { readonly kind: 'null' | 'opt'; readonly base: Codec }
  /** `length` of an ARRAY; undefined for a LIST. */
  | { readonly kind: 'list'; readonly element: Codec; readonly length: number | undefined }
  | { readonly kind: 'map'; readonly key: Codec; readonly value: Codec }
  | { readonly kind: 'struct'; readonly fields: readonly StructField[]; readonly construct: boolean };

export interface StructField {
  readonly name: string;
  readonly codec: Codec;
}

/** An AssemblyScript type together with the SQL type that it stands for. */
export interface Codec {
  /** Numbers the functions that are generated for it. */
  readonly id: number;
  /** The type in AssemblyScript. */
  readonly as: string;
  /** The type in SQL. */
  readonly sql: string;
  readonly shape: Shape;
}

/** Types of AssemblyScript's without parts: what they are in SQL, by default and by option. */
export interface PlainType {
  readonly sql: string;
  readonly others: RegExp;
  readonly shape: Shape;
}

/** The plain type of a name; undefined when it is none. */
export function plainType(name: string): PlainType | undefined {
  return PLAIN.get(name);
}

/** The types that a function for SQL may use, for messages. */
export const SUPPORTED_TYPES =
  'bool, i8, i16, i32, i64, u8, u16, u32, u64, f32, f64, string, Uint8Array, Date32, Time, Timestamp, Interval, Uuid, I128, U128, Opt<T>, Array<T>, Map<K, V>, and a class of this file with public fields of such types';

/** The element type of a typed array other than `Uint8Array`, which is a BLOB. */
export function typedElement(name: string): string | undefined {
  return TYPED.get(name);
}

/** Whether a value may be NULL. */
export function isNullable(codec: Codec): boolean {
  return codec.shape.kind === 'null' || codec.shape.kind === 'opt';
}

/** The WebAssembly parameters of a value in the row form; undefined when there is none. */
export function rowParameter({
  shape,
}: Codec): 'i32' | 'i64' | 'f32' | 'f64' | 'bytes' | 'block' | undefined {
  switch (shape.kind) {
    case 'number':
      return shape.wasm;
    case 'bool':
      return 'i32';
    case 'text':
    case 'bytes':
      return 'bytes';
    case 'block':
      return 'block';
    default:
      return undefined;
  }
}

/** The same for a result, which may be NULL where it crosses by a pointer. */
export function rowResult(codec: Codec): ReturnType<typeof rowParameter> {
  const { shape } = codec;
  if (shape.kind !== 'null') return rowParameter(codec);
  const form = rowParameter(shape.base);
  return form === 'bytes' || form === 'block' ? form : undefined;
}

const DECIMAL_SMALL = /^DECIMAL\((?:[1-9]|1[0-8]),\d+\)$/;
const DECIMAL_LARGE = /^DECIMAL\((?:19|2\d|3[0-8]),\d+\)$/;
const INSTANTS = /^(?:TIME|TIMESTAMP|TIMESTAMP_S|TIMESTAMP_MS|TIMESTAMP_NS|TIMESTAMP WITH TIME ZONE)$/;
const NOTHING_ELSE = /^(?!)/;

function number(
  sql: string,
  wasm: 'i32' | 'i64' | 'f32' | 'f64',
  bytes: number,
  others: RegExp = NOTHING_ELSE,
): PlainType {
  return { sql, others, shape: { kind: 'number', wasm, bytes } };
}

function plain(sql: string, shape: Shape, others: RegExp = NOTHING_ELSE): PlainType {
  return { sql, others, shape };
}

const INTEGER = number('INTEGER', 'i32', 4, /^DATE$/);
const WHOLE = new RegExp(`${DECIMAL_SMALL.source}|${INSTANTS.source}`);

const PLAIN: ReadonlyMap<string, PlainType> = new Map([
  ['bool', plain('BOOLEAN', { kind: 'bool' })],
  ['boolean', plain('BOOLEAN', { kind: 'bool' })],
  ['i8', number('TINYINT', 'i32', 1)],
  ['i16', number('SMALLINT', 'i32', 2)],
  ['i32', INTEGER],
  ['isize', INTEGER],
  ['u8', number('UTINYINT', 'i32', 1)],
  ['u16', number('USMALLINT', 'i32', 2)],
  ['u32', number('UINTEGER', 'i32', 4)],
  ['usize', number('UINTEGER', 'i32', 4)],
  ['i64', number('BIGINT', 'i64', 8, WHOLE)],
  ['u64', number('UBIGINT', 'i64', 8)],
  ['f32', number('FLOAT', 'f32', 4)],
  ['f64', number('DOUBLE', 'f64', 8)],
  ['number', number('DOUBLE', 'f64', 8)],
  ['Date32', number('DATE', 'i32', 4)],
  ['Time', number('TIME', 'i64', 8)],
  ['Timestamp', number('TIMESTAMP', 'i64', 8)],
  ['TimestampS', number('TIMESTAMP_S', 'i64', 8)],
  ['TimestampMs', number('TIMESTAMP_MS', 'i64', 8)],
  ['TimestampNs', number('TIMESTAMP_NS', 'i64', 8)],
  ['TimestampTz', number('TIMESTAMP WITH TIME ZONE', 'i64', 8)],
  ['string', plain('VARCHAR', { kind: 'text' })],
  ['String', plain('VARCHAR', { kind: 'text' })],
  ['Uint8Array', plain('BLOB', { kind: 'bytes' })],
  ['I128', plain('HUGEINT', { kind: 'block', name: 'i128' }, DECIMAL_LARGE)],
  ['U128', plain('UHUGEINT', { kind: 'block', name: 'u128' })],
  ['Uuid', plain('UUID', { kind: 'block', name: 'uuid' })],
  ['Interval', plain('INTERVAL', { kind: 'block', name: 'interval' })],
]);

const TYPED: ReadonlyMap<string, string> = new Map([
  ['Int8Array', 'i8'],
  ['Int16Array', 'i16'],
  ['Uint16Array', 'u16'],
  ['Int32Array', 'i32'],
  ['Uint32Array', 'u32'],
  ['Int64Array', 'i64'],
  ['Uint64Array', 'u64'],
  ['Float32Array', 'f32'],
  ['Float64Array', 'f64'],
]);
